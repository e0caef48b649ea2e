/** Does a map tell the truth, and does it lie on the object. */
package camlab.measure;
