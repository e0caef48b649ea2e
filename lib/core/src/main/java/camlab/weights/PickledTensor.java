package camlab.weights;

/**
 * A tensor as a pickle describes it; its bytes lie elsewhere in the file.
 *
 * @param storage which storage holds its elements
 * @param layout where in that storage
 */
record PickledTensor(PickledStorage storage, Layout layout) {}
