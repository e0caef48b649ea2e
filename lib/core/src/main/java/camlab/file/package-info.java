/**
 * Small text files in whatever encoding they were saved, files that are written whole or not at
 * all, and places that a person has named.
 */
package camlab.file;
