/** Tests of the jar that kernels load. */
package camlab.kernel;
