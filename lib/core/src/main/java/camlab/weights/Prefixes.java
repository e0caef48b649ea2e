package camlab.weights;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What stands before the names of tensors because their network was part of something else. */
final class Prefixes {

  /** Wrappers that hold nothing but the network. */
  private static final List<String> WRAPPERS =
      List.of("module.", "model.", "net.", "network.", "_orig_mod.");

  /** What PyTorch itself puts between a module and its wrapped self, at any place of a name. */
  private static final Pattern REWRITTEN =
      Pattern.compile("(^|(?<=[.]))(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)[.]");

  private Prefixes() {}

  /** The tensors under their names without the wrappers that all of them have. */
  static Map<String, Tensor> unwrapped(Map<String, Tensor> tensors) {
    List<String> names = new ArrayList<>();
    for (String name : tensors.keySet()) {
      names.add(REWRITTEN.matcher(name).replaceAll(""));
    }
    boolean found = true;
    while (found) {
      List<String> now = names;
      Optional<String> wrapper =
          WRAPPERS.stream()
              .filter(prefix -> now.stream().allMatch(name -> startsWith(name, prefix)))
              .findFirst();
      wrapper.ifPresent(prefix -> now.replaceAll(name -> name.substring(prefix.length())));
      found = wrapper.isPresent();
    }
    return withNames(tensors, names).orElse(tensors);
  }

  /** The tensors under the expected names, if only what stands before all of them differs. */
  static Optional<Map<String, Tensor>> renamed(
      Map<String, Tensor> tensors, Collection<String> expected) {
    List<String> found = withoutCounters(tensors.keySet());
    List<String> wanted = withoutCounters(expected);
    if (found.isEmpty() || wanted.isEmpty()) {
      return Optional.empty();
    }
    String foundPrefix = common(found);
    String wantedPrefix = common(wanted);
    Set<String> left = new LinkedHashSet<>(rest(found, foundPrefix));
    if (foundPrefix.equals(wantedPrefix)
        || !left.equals(new LinkedHashSet<>(rest(wanted, wantedPrefix)))) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (String name : tensors.keySet()) {
      names.add(
          name.startsWith(foundPrefix)
              ? wantedPrefix + name.substring(foundPrefix.length())
              : name);
    }
    return withNames(tensors, names);
  }

  /** What all names start with, up to a dot; empty if nothing. */
  static String common(Collection<String> names) {
    String first = names.iterator().next();
    String prefix = first.substring(0, first.lastIndexOf('.') + 1);
    for (String name : names) {
      while (!startsWith(name, prefix)) {
        prefix = prefix.substring(0, prefix.lastIndexOf('.', prefix.length() - 2) + 1);
      }
    }
    return prefix;
  }

  private static boolean startsWith(String name, String prefix) {
    return name.startsWith(prefix) && name.length() > prefix.length();
  }

  private static List<String> rest(List<String> names, String prefix) {
    return names.stream().map(name -> name.substring(prefix.length())).toList();
  }

  private static List<String> withoutCounters(Collection<String> names) {
    return names.stream().filter(name -> !StateDict.isCounter(name)).toList();
  }

  /** New names in the same order; nothing if two tensors would get the same. */
  private static Optional<Map<String, Tensor>> withNames(
      Map<String, Tensor> tensors, List<String> names) {
    Map<String, Tensor> renamed = new LinkedHashMap<>();
    int i = 0;
    for (Tensor tensor : tensors.values()) {
      if (renamed.put(names.get(i++), tensor) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(renamed);
  }
}
