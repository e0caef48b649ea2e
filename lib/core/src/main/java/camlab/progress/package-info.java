/** How far long work has come, and how it is stopped. */
package camlab.progress;
