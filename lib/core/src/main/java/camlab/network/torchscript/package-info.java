/** Networks from TorchScript files, hooked by giving their program hooks before it is loaded. */
package camlab.network.torchscript;
