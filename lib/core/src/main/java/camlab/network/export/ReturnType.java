package camlab.network.export;

import camlab.network.program.Graph.Argument;
import camlab.network.program.Graph.Literal;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * In which tuples, lists and dictionaries a program's outputs lie, as far as TorchScript has them:
 * a dictionary in which not all values are tensors becomes a tuple.
 */
final class ReturnType {

  private static final int DEEPEST = 20;

  /** One output, or several with the names of their places; no names in a list or a tuple. */
  private record Part(int output, String kind, List<String> keys, List<Part> parts) {

    boolean isOutput() {
      return output >= 0;
    }
  }

  private final Part whole;
  private final List<Argument> outputs;

  private ReturnType(Part whole, List<Argument> outputs) {
    this.whole = whole;
    this.outputs = outputs;
  }

  /** The one output, or a tuple of all. */
  static ReturnType flat(List<Argument> outputs) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      parts.add(new Part(i, "", List.of(), List.of()));
    }
    return new ReturnType(
        parts.size() == 1 ? parts.get(0) : new Part(-1, "tuple", List.of(), parts), outputs);
  }

  /**
   * Reads a description, such as {@code [1, {"type": "builtins.tuple", …}]}.
   *
   * @param text the description
   * @param outputs the outputs, in order
   * @return what it says; a tuple of all where it does not fit the outputs
   */
  static ReturnType read(String text, List<Argument> outputs) {
    try {
      JsonArray versioned = JsonParser.parseString(text).getAsJsonArray();
      int[] next = new int[1];
      Part whole = part(versioned.get(1).getAsJsonObject(), next, 0);
      return next[0] == outputs.size() ? new ReturnType(whole, outputs) : flat(outputs);
    } catch (JsonParseException
        | IllegalStateException
        | IndexOutOfBoundsException
        | NullPointerException
        | UnsupportedOperationException e) {
      return flat(outputs);
    }
  }

  private static Part part(JsonObject specification, int[] next, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalStateException("deeper than " + DEEPEST);
    }
    JsonElement type = specification.get("type");
    if (type == null || type.isJsonNull()) {
      return new Part(next[0]++, "", List.of(), List.of());
    }
    List<Part> parts = new ArrayList<>();
    for (JsonElement child : specification.getAsJsonArray("children_spec")) {
      parts.add(part(child.getAsJsonObject(), next, depth + 1));
    }
    List<String> keys = keys(specification.get("context"), parts.size());
    String kind = !keys.isEmpty() ? "dict" : type.getAsString().endsWith("list") ? "list" : "tuple";
    return new Part(-1, kind, keys, parts);
  }

  /** The keys of a dictionary, or of a class that is kept like one; none if there are none. */
  private static List<String> keys(JsonElement context, int count) {
    try {
      JsonElement read =
          context.isJsonPrimitive() ? JsonParser.parseString(context.getAsString()) : context;
      List<String> keys = new ArrayList<>();
      read.getAsJsonArray().forEach(key -> keys.add(key.getAsString()));
      return keys.size() == count ? keys : List.of();
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | UnsupportedOperationException e) {
      return List.of();
    }
  }

  /** The type, as TorchScript writes it. */
  String type() {
    return type(whole);
  }

  private String type(Part part) {
    if (part.isOutput()) {
      return outputs.get(part.output()) instanceof Literal literal ? type(literal) : "Tensor";
    }
    boolean tensors =
        !part.parts().isEmpty() && part.parts().stream().map(this::type).allMatch("Tensor"::equals);
    if (part.kind().equals("dict") && tensors) {
      return "Dict[str, Tensor]";
    }
    if (part.kind().equals("list") && tensors) {
      return "List[Tensor]";
    }
    return part.parts().stream().map(this::type).collect(Collectors.joining(", ", "Tuple[", "]"));
  }

  private static String type(Literal literal) {
    String text = literal.text();
    if (text.equals("None")) {
      return "NoneType";
    }
    if (text.equals("True") || text.equals("False")) {
      return "bool";
    }
    if (text.startsWith("\"")) {
      return "str";
    }
    return text.matches("-?\\d+") ? "int" : "float";
  }

  /**
   * The value, as TorchScript writes it.
   *
   * @param values what stands for each output
   */
  String value(List<String> values) {
    return value(whole, values);
  }

  private String value(Part part, List<String> values) {
    if (part.isOutput()) {
      return values.get(part.output());
    }
    String type = type(part);
    List<String> inside = part.parts().stream().map(each -> value(each, values)).toList();
    if (type.startsWith("Dict")) {
      List<String> entries = new ArrayList<>();
      for (int i = 0; i < inside.size(); i++) {
        entries.add(ProgramText.quoted(part.keys().get(i)) + ": " + inside.get(i));
      }
      return "{" + String.join(", ", entries) + "}";
    }
    if (type.startsWith("List")) {
      return "[" + String.join(", ", inside) + "]";
    }
    return "(" + String.join(", ", inside) + (inside.size() == 1 ? "," : "") + ")";
  }
}
