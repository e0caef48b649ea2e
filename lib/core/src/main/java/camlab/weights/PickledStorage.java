package camlab.weights;

/**
 * A storage, or a stretch of one, as a pickle describes it.
 *
 * @param key its name within the file
 * @param type what its elements are
 * @param rootCount elements in the whole storage
 * @param offset first element of the stretch; 0 but in very old files
 * @param count elements in the stretch
 */
record PickledStorage(String key, ElementType type, long rootCount, long offset, long count) {}
