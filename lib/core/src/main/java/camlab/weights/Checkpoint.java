package camlab.weights;

import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the named tensors in what a PyTorch file holds. */
final class Checkpoint {

  /** The names under which training scripts put the weights beside epoch, optimizer and so on. */
  private static final List<String> WRAPPERS = List.of("state_dict", "model", "model_state_dict");

  /** What DataParallel puts before each name. */
  private static final String PARALLEL_PREFIX = "module.";

  private Checkpoint() {}

  /** Finds the bytes of a storage that a pickle has described. */
  interface StorageFinder {
    Storage find(PickledStorage storage);
  }

  static Map<String, Tensor> tensors(
      WeightsFile file, Object root, ByteOrder order, StorageFinder finder) {
    Map<?, ?> dictionary = unwrapped(file, root);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
      if (!(entry.getKey() instanceof String name)
          || !(entry.getValue() instanceof PickledTensor tensor)) {
        throw file.problem(
            "expected a state_dict, where every name stands for a tensor; found that \"%s\" is %s. Save model.state_dict() alone, or under the name \"state_dict\"."
                .formatted(
                    Messages.shown(String.valueOf(entry.getKey())),
                    Messages.kind(entry.getValue())));
      }
      Storage storage = finder.find(tensor.storage());
      tensors.put(
          name, new StoredTensor(file, storage, tensor.storage().type(), order, tensor.layout()));
    }
    if (tensors.isEmpty()) {
      throw file.problem("the file is whole, but holds no tensors. Save model.state_dict().");
    }
    return withoutParallelPrefix(tensors);
  }

  private static Map<?, ?> unwrapped(WeightsFile file, Object root) {
    if (!(root instanceof Map<?, ?> dictionary)) {
      throw file.problem(
          "expected a state_dict, a dictionary of named tensors; found %s. Save model.state_dict()."
              .formatted(Messages.kind(root)));
    }
    for (String wrapper : WRAPPERS) {
      if (dictionary.get(wrapper) instanceof Map<?, ?> wrapped) {
        return wrapped;
      }
    }
    return dictionary;
  }

  private static Map<String, Tensor> withoutParallelPrefix(Map<String, Tensor> tensors) {
    if (!tensors.keySet().stream().allMatch(name -> name.startsWith(PARALLEL_PREFIX))) {
      return tensors;
    }
    Map<String, Tensor> stripped = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> stripped.put(name.substring(PARALLEL_PREFIX.length()), tensor));
    return stripped;
  }
}
