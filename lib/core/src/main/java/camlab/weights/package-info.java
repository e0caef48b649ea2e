/**
 * Weights in and out of files: PyTorch's {@code .pth} (zip and legacy) and safetensors, as plain
 * Java values.
 *
 * <p>A weights file comes from somewhere else, so it is treated as input that may be broken or
 * hostile: nothing in it is ever executed, every declared size is checked against the file before
 * memory is taken, and whatever is wrong ends in a {@link camlab.weights.WeightsException}.
 */
package camlab.weights;
