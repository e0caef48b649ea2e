package camlab.weights;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Why weights do not fit a network: what was counted, and a cause only where the counts show it.
 *
 * @param found shapes by name in the file, without counters of batches
 * @param expected shapes by name in the network, without counters of batches
 */
record Mismatch(Map<String, long[]> found, Map<String, long[]> expected) {

  /** Below this share of the network's names, the file is said to be another network's. */
  private static final double FEW = 0.1;

  static Mismatch of(Map<String, Tensor> tensors, Map<String, long[]> expected) {
    Map<String, long[]> shapes = new HashMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    Map<String, long[]> wanted = new HashMap<>(expected);
    shapes.keySet().removeIf(StateDict::isCounter);
    wanted.keySet().removeIf(StateDict::isCounter);
    return new Mismatch(shapes, wanted);
  }

  String text() {
    Set<String> both = new HashSet<>(expected.keySet());
    both.retainAll(found.keySet());
    return String.format(
            Locale.ROOT,
            "the weights do not fit the network: it has %,d parameters, the file %,d; %,d names are in both.",
            expected.size(),
            found.size(),
            both.size())
        + " "
        + cause(both);
  }

  private String cause(Set<String> both) {
    if (both.size() == expected.size() && both.size() == found.size()) {
      return otherShapes();
    }
    List<String> prefixes = bestPrefixes();
    String best = prefixes.isEmpty() ? "" : prefixes.get(0);
    long matches = matches(best);
    if (matches > both.size() && matches == expected.size() && prefixes.size() > 1) {
      return String.format(
          Locale.ROOT,
          "All %,d are there after each of %s: several networks, or copies of one, such as an average of its weights, which is not always ready to be used. Take the one that is meant: StateDict.read(file).under(\"…\").",
          matches,
          prefixes.stream()
              .map(prefix -> '"' + Messages.shown(prefix) + '"')
              .collect(Collectors.joining(", ")));
    } else if (matches > both.size() && matches == expected.size()) {
      return String.format(
          Locale.ROOT,
          "All %,d are there after \"%s\", which not all of the file's names start with. Take that part: StateDict.read(file).under(\"%s\").",
          matches,
          Messages.shown(best),
          Messages.shown(best));
    } else if (Math.max(matches, both.size()) < FEW * expected.size()) {
      return "So few names in common, with whatever stands before them, show that they are another"
          + " network's. Choose the network the weights were trained for.";
    } else if (matches > both.size()) {
      return String.format(
          Locale.ROOT,
          "After \"%s\" there are %,d of the network's names. Part of the network is missing or has other names: see the lists.",
          Messages.shown(best),
          matches);
    }
    return "Some parts are the same, others are missing or have other names: see the lists.";
  }

  /** All names agree. One other number of rows wherever shapes differ is a number of classes. */
  private String otherShapes() {
    Set<List<Long>> rows = new LinkedHashSet<>();
    Set<String> layers = new HashSet<>();
    boolean onlyRows = true;
    int count = 0;
    for (Map.Entry<String, long[]> entry : expected.entrySet()) {
      long[] here = found.get(entry.getKey());
      long[] wanted = entry.getValue();
      if (!Arrays.equals(here, wanted)) {
        count++;
        layers.add(entry.getKey().substring(0, entry.getKey().lastIndexOf('.') + 1));
        onlyRows &= here.length == wanted.length && here.length > 0;
        if (onlyRows) {
          rows.add(List.of(here[0], wanted[0]));
          onlyRows = Arrays.equals(here, 1, here.length, wanted, 1, wanted.length);
        }
      }
    }
    if (onlyRows && rows.size() == 1 && layers.size() == 1) {
      List<Long> pair = rows.iterator().next();
      return String.format(
          Locale.ROOT,
          "Only the layer \"%s\" differs: it puts out %,d values in the file and %,d in the network. If it is the last one, the file is for another number of classes: name as many.",
          layers.iterator().next().replaceFirst("[.]$", ""),
          pair.get(0),
          pair.get(1));
    }
    return String.format(
        Locale.ROOT,
        "The layers have the same names, but %,d of them other sizes: a wider, narrower or otherwise changed version of the network.",
        count);
  }

  /** The starts of the file's names after which most of the network's names come. */
  private List<String> bestPrefixes() {
    Map<String, Integer> counts = new TreeMap<>();
    for (String name : found.keySet()) {
      for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
        if (expected.containsKey(name.substring(dot + 1))) {
          counts.merge(name.substring(0, dot + 1), 1, Integer::sum);
        }
      }
    }
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return counts.keySet().stream().filter(prefix -> counts.get(prefix) == most).toList();
  }

  private long matches(String prefix) {
    return expected.keySet().stream().filter(name -> found.containsKey(prefix + name)).count();
  }
}
