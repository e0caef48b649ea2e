/** Small text files in whatever encoding they were saved, and places that a person has named. */
package camlab.file;
