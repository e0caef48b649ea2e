/**
 * What DJL's PyTorch engine offers below DJL's own interfaces, and the one place that uses it. Made
 * for the other packages, not for programs: it follows the engine and may change with each version.
 */
package camlab.engine;
