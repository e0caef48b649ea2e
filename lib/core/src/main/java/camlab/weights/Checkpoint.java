package camlab.weights;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the named tensors in what a PyTorch file holds.
 *
 * <p>A training script keeps them beside epoch, optimizer and settings, at some depth and under
 * some name. What counts as weights is told by what is there: a dictionary, reached through names
 * only, with at least one tensor that is more than a single number. Of several, the one under a
 * name that stands for the network is taken, and copies that average it (EMA) are left; where that
 * does not decide, the reader is asked.
 *
 * @param tensors the tensors, by their names in the file
 * @param part where in the file they lie, names joined by {@code /}; empty for all of the file
 * @param others where other weights lie
 */
record Checkpoint(Map<String, Tensor> tensors, String part, List<String> others) {

  /** The names under which training scripts put the network, and no two of them in one file. */
  private static final Set<String> NETWORK =
      Set.of(
          "state_dict",
          "model",
          "model_state_dict",
          "model_state",
          "net",
          "net_state_dict",
          "network",
          "weights",
          "params",
          "module");

  private static final int DEPTH = 8;
  private static final int LISTED = 10;

  /** Finds the bytes of a storage that a pickle has described. */
  interface StorageFinder {
    Storage find(PickledStorage storage);
  }

  /** How the storages of one file are read. */
  record Bytes(WeightsFile file, ByteOrder order, StorageFinder finder) {}

  /** Weights somewhere in a file. */
  private record Candidate(List<String> path, Map<?, ?> dictionary) {

    String part() {
      return String.join("/", path);
    }

    boolean isNetwork() {
      return path.isEmpty() || (NETWORK.contains(path.get(path.size() - 1)) && !isAverage());
    }

    boolean isAverage() {
      return path.stream()
          .map(name -> name.toLowerCase(Locale.ROOT))
          .anyMatch(name -> name.matches("(.*_)?(ema|swa|averaged?|shadow)(_.*)?"));
    }
  }

  /**
   * The weights of a file.
   *
   * @param wanted which part the reader asked for; empty if the reader said nothing
   * @throws WeightsException if there are none, or several and it was not said which
   */
  static Checkpoint of(Bytes bytes, Object root, String wanted) {
    WeightsFile file = bytes.file();
    if (!(root instanceof Map<?, ?> dictionary)) {
      throw file.problem(
          "expected a state_dict, a dictionary of named tensors; found %s. Save model.state_dict()."
              .formatted(Messages.kind(root)));
    }
    List<Candidate> all = new ArrayList<>();
    collect(dictionary, List.of(), Collections.newSetFromMap(new IdentityHashMap<>()), all);
    if (all.isEmpty() && dictionary.values().stream().anyMatch(PickledTensor.class::isInstance)) {
      all.add(new Candidate(List.of(), dictionary)); // nothing but single numbers
    }
    if (all.isEmpty()) {
      throw file.problem(
          "the file is whole, but holds no weights: %s. Save model.state_dict()."
              .formatted(contents(dictionary)));
    }
    Candidate chosen = wanted.isEmpty() ? chosen(file, all) : asked(file, all, wanted);
    List<String> others =
        all.stream()
            .map(Candidate::part)
            .filter(part -> !part.isEmpty() && !part.equals(chosen.part()))
            .map(Messages::shown)
            .toList();
    return new Checkpoint(tensors(bytes, chosen.dictionary()), chosen.part(), others);
  }

  /** What the optimizer keeps for each weight looks like weights; it is known by its name. */
  private static boolean isWork(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains("optim") || lower.contains("sched") || lower.contains("scaler");
  }

  private static void collect(
      Map<?, ?> dictionary, List<String> path, Set<Object> seen, List<Candidate> found) {
    if (path.size() > DEPTH || !seen.add(dictionary)) {
      return;
    }
    if (dictionary.values().stream().anyMatch(Checkpoint::isArray)) {
      found.add(new Candidate(path, dictionary));
    }
    dictionary.forEach(
        (key, value) -> {
          if (key instanceof String name && value instanceof Map<?, ?> inner && !isWork(name)) {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            collect(inner, List.copyOf(longer), seen, found);
          }
        });
  }

  private static boolean isArray(Object value) {
    return value instanceof PickledTensor tensor && tensor.layout().shape().length > 0;
  }

  private static Candidate asked(WeightsFile file, List<Candidate> all, String wanted) {
    return all.stream()
        .filter(candidate -> candidate.part().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                file.problem(
                    "it holds no weights under \"%s\". It holds weights under: %s."
                        .formatted(Messages.shown(wanted), listed(all))));
  }

  private static Candidate chosen(WeightsFile file, List<Candidate> all) {
    List<Candidate> networks = all.stream().filter(Candidate::isNetwork).toList();
    // Tensors beside a network's dictionary, such as a mean colour, are not the network.
    List<Candidate> inner = networks.stream().filter(one -> !one.path().isEmpty()).toList();
    List<Candidate> trained = all.stream().filter(one -> !one.isAverage()).toList();
    for (List<Candidate> choice : List.of(inner, networks, trained, all)) {
      if (choice.size() == 1) {
        return choice.get(0);
      } else if (!choice.isEmpty()) {
        throw file.problem(
            String.format(
                Locale.ROOT,
                "it holds %,d sets of weights: %s. Say which one: StateDict.read(Path.of(\"%s\"), \"%s\").",
                choice.size(),
                listed(choice),
                file.path(),
                Messages.shown(choice.get(0).part())));
      }
    }
    throw new IllegalStateException("there is at least one");
  }

  private static String listed(List<Candidate> candidates) {
    return candidates.stream()
            .limit(LISTED)
            .map(
                candidate ->
                    String.format(
                        Locale.ROOT,
                        "\"%s\" (%,d tensors)",
                        Messages.shown(candidate.part()),
                        candidate.dictionary().values().stream()
                            .filter(PickledTensor.class::isInstance)
                            .count()))
            .collect(Collectors.joining(", "))
        + (candidates.size() > LISTED
            ? String.format(Locale.ROOT, " and %,d more", candidates.size() - LISTED)
            : "");
  }

  /** What a dictionary without weights holds, for a message. */
  private static String contents(Map<?, ?> dictionary) {
    return dictionary.isEmpty()
        ? "an empty dictionary"
        : dictionary.entrySet().stream()
            .limit(LISTED)
            .map(
                entry ->
                    entry.getKey() instanceof String name
                        ? "\"%s\" is %s"
                            .formatted(Messages.shown(name), Messages.kind(entry.getValue()))
                        : "%s stands for %s"
                            .formatted(
                                Messages.kind(entry.getKey()), Messages.kind(entry.getValue())))
            .collect(Collectors.joining(", "));
  }

  private static Map<String, Tensor> tensors(Bytes bytes, Map<?, ?> dictionary) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    dictionary.forEach(
        (key, value) -> {
          if (key instanceof String name && value instanceof PickledTensor tensor) {
            PickledStorage described = tensor.storage();
            tensors.put(
                name,
                new StoredTensor(
                    bytes.file(),
                    bytes.finder().find(described),
                    described.type(),
                    bytes.order(),
                    tensor.layout()));
          }
        });
    return tensors;
  }
}
