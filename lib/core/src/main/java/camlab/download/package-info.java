/**
 * Files that are too large or too restricted to ship: fetched once over HTTP, verified, and kept in
 * a folder of the user's.
 */
package camlab.download;
