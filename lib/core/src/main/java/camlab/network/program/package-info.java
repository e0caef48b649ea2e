/**
 * What a program of PyTorch computes, call by call, and where the rows and columns of the picture
 * lie on the way: for exported programs and for traced ones.
 */
package camlab.network.program;
