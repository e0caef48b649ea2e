/** The hook: what layers put out during a forward pass, and the gradients of a score there. */
package camlab.capture;
