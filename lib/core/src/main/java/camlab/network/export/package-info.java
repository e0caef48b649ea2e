/**
 * Networks from the files of {@code torch.export.save}: read, written as TorchScript, run with
 * hooks.
 */
package camlab.network.export;
