package camlab.network.export;

import camlab.network.Fact;
import camlab.network.torchscript.Exported;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which sizes an exported program was declared to take, where some are dynamic: the file has a
 * symbol for each of these, and the least and the most that it may be.
 */
final class DeclaredSizes {

  /** A symbol, or a multiple of one; PyTorch writes symbols in two ways. */
  private static final Pattern LENGTH =
      Pattern.compile("(?:Mul\\(Integer\\((\\d+)\\), )?(?:Symbol\\('(\\w+)'[^()]*\\)|(\\w+))\\)?");

  private DeclaredSizes() {}

  /**
   * {@return what the file declares of an input}
   *
   * @param root the file's tree
   * @param input one with tensor values
   */
  static Optional<Fact> fact(JsonObject root, Exported.Input input) {
    if (input.lengths().filter(lengths -> lengths.contains(-1L)).isEmpty()) {
      return Optional.empty();
    }
    JsonObject graph = root.getAsJsonObject("graph_module").getAsJsonObject("graph");
    if (!(graph.getAsJsonObject("tensor_values").get(input.name()) instanceof JsonObject tensor)
        || !(tensor.get("sizes") instanceof JsonArray sizes)) {
      return Optional.empty();
    }
    List<String> lengths = new ArrayList<>();
    for (JsonElement size : sizes) {
      lengths.add(length(root, size.getAsJsonObject()));
    }
    return Optional.of(
        new Fact(
            "declared sizes",
            "%s: (%s)".formatted(input.name(), String.join(", ", lengths)),
            Fact.Origin.READ,
            "its dynamic_shapes; nothing is known beyond"));
  }

  private static String length(JsonObject root, JsonObject size) {
    if (size.has("as_int")) {
      return size.get("as_int").getAsString();
    }
    String text = size.getAsJsonObject("as_expr").get("expr_str").getAsString();
    Matcher found = LENGTH.matcher(text);
    if (!found.matches()) {
      return "what %s gives".formatted(text);
    }
    String symbol = found.group(2) == null ? found.group(3) : found.group(2);
    long factor = found.group(1) == null ? 1 : Long.parseLong(found.group(1));
    return range(root, symbol, factor) + (factor == 1 ? "" : " in steps of " + factor);
  }

  /** The least and the most that a multiple of a symbol may be. */
  private static String range(JsonObject root, String symbol, long factor) {
    if (!(root.get("range_constraints") instanceof JsonObject ranges)
        || !(ranges.get(symbol) instanceof JsonObject range)) {
      return "any";
    }
    Optional<Long> least = end(range, "min_val", factor);
    Optional<Long> most = end(range, "max_val", factor);
    String from = least.map(end -> "from " + end).orElse("any");
    return most.map(end -> from + " to " + end).orElse(from);
  }

  /** Where there is none the file has nothing, or the largest number there is. */
  private static Optional<Long> end(JsonObject range, String name, long factor) {
    JsonElement end = range.get(name);
    if (end == null || end.isJsonNull() || end.getAsLong() >= Integer.MAX_VALUE) {
      return Optional.empty();
    }
    return Optional.of(end.getAsLong() * factor);
  }
}
