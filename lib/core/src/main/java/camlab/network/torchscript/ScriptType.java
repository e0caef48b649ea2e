package camlab.network.torchscript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The type of what a method takes or returns, as far as there can be tensors in it. */
sealed interface ScriptType {

  /** One tensor. */
  record Tensor() implements ScriptType {}

  /** A value or {@code None}. */
  record Maybe(ScriptType value) implements ScriptType {}

  /** Several values, as many as the program says. */
  record Several(List<ScriptType> elements) implements ScriptType {}

  /** A named tuple. */
  record Named(Map<String, ScriptType> fields) implements ScriptType {}

  /** As many values of one type as there are. */
  record Sequence(ScriptType element) implements ScriptType {}

  /** Values under keys of the type {@code str}, {@code int}, … */
  record Keyed(String key, ScriptType value) implements ScriptType {}

  /**
   * One of several: {@code Union[Tensor, Tuple[Tensor, Tensor]]}. The step to what is inside is
   * which of them it is.
   *
   * @param alternatives the types by their texts
   */
  record Either(Map<String, ScriptType> alternatives) implements ScriptType {

    /** The text of one of the types, as its step says. */
    String text(String step) {
      return List.copyOf(alternatives.keySet()).get(Integer.parseInt(step));
    }
  }

  /** Without tensors, or unknown. */
  record Other() implements ScriptType {}

  /** Types in types; a file that goes deeper was made to exhaust its reader. */
  int DEEPEST = 20;

  /** Reads types, of which those with a name may be named tuples. */
  final class Reader {

    private static final Pattern NAMED = Pattern.compile("^class (\\w+)\\(NamedTuple\\):$");
    private static final Pattern FIELD = Pattern.compile("^  (\\w+) : ([^=]+?)( = .*)?$");
    private static final Pattern GENERIC = Pattern.compile("^(\\w+)\\[(.*)]$", Pattern.DOTALL);

    private final Map<String, Map<String, String>> named = new LinkedHashMap<>();

    /** Finds the named tuples of a program. */
    Reader(TorchScriptArchive archive) {
      archive.code().forEach((file, text) -> read(archive.prefix(file), text));
    }

    private void read(String prefix, String text) {
      Map<String, String> fields = null;
      for (String line : text.split("\n", -1)) {
        Matcher head = NAMED.matcher(line);
        Matcher field = FIELD.matcher(line);
        if (head.matches()) {
          fields = new LinkedHashMap<>();
          named.put(prefix + "." + head.group(1), fields);
        } else if (!line.startsWith(" ") && !line.isEmpty()) {
          fields = null;
        } else if (fields != null && field.matches()) {
          fields.put(field.group(1), field.group(2));
        }
      }
    }

    /** The names of a named tuple's fields; none if there is no such tuple. */
    List<String> fields(String name) {
      return List.copyOf(named.getOrDefault(name, Map.of()).keySet());
    }

    /** The type that a text stands for. */
    ScriptType type(String text) {
      return type(text.strip(), 0);
    }

    private ScriptType type(String text, int depth) {
      if (text.equals("Tensor")) {
        return new Tensor();
      }
      if (depth > DEEPEST) {
        return new Other();
      }
      if (named.containsKey(text)) {
        Map<String, ScriptType> fields = new LinkedHashMap<>();
        named.get(text).forEach((field, type) -> fields.put(field, type(type, depth + 1)));
        return new Named(fields);
      }
      Matcher generic = GENERIC.matcher(text);
      if (!generic.matches()) {
        return new Other();
      }
      List<String> parts = parts(generic.group(2));
      List<ScriptType> types = parts.stream().map(part -> type(part, depth + 1)).toList();
      return switch (generic.group(1)) {
        case "Optional" -> new Maybe(types.get(0));
        case "Tuple" -> new Several(types);
        case "Union" -> either(parts, types);
        case "List" -> new Sequence(types.get(0));
        case "Dict" -> new Keyed(parts.get(0), types.get(types.size() - 1));
        default -> new Other();
      };
    }

    private static Either either(List<String> parts, List<ScriptType> types) {
      Map<String, ScriptType> alternatives = new LinkedHashMap<>();
      for (int i = 0; i < parts.size(); i++) {
        alternatives.put(parts.get(i), types.get(i));
      }
      return new Either(alternatives);
    }

    /** What stands between commas that are in no bracket. */
    private static List<String> parts(String text) {
      List<String> parts = new ArrayList<>();
      int depth = 0;
      int start = 0;
      for (int i = 0; i < text.length(); i++) {
        switch (text.charAt(i)) {
          case '[', '(' -> depth++;
          case ']', ')' -> depth--;
          case ',' -> {
            if (depth == 0) {
              parts.add(text.substring(start, i).strip());
              start = i + 1;
            }
          }
          default -> {}
        }
      }
      parts.add(text.substring(start).strip());
      return parts;
    }
  }

  /**
   * The names under which a value inside one of this type may be asked for.
   *
   * @param steps the keys, fields and places that lead to it, and which of several types it is
   * @return its names, the steps with dots between them; the field of a named tuple goes by its
   *     place, too
   */
  default List<String> names(List<String> steps) {
    if (this instanceof Maybe maybe) {
      return maybe.value().names(steps);
    }
    if (steps.isEmpty()) {
      return List.of("");
    }
    String first = steps.get(0);
    List<String> rest = inside(first).names(steps.subList(1, steps.size()));
    if (this instanceof Either) {
      return rest;
    }
    List<String> names = new ArrayList<>(join(first, rest));
    if (this instanceof Named tuple) {
      int place = List.copyOf(tuple.fields().keySet()).indexOf(first);
      names.addAll(join(String.format(Locale.ROOT, "%d", place), rest));
    }
    return names;
  }

  private static List<String> join(String first, List<String> rest) {
    return rest.stream().map(name -> name.isEmpty() ? first : first + "." + name).toList();
  }

  /** Those of some steps that are keys, fields and places, and not which of several types it is. */
  default List<String> named(List<String> steps) {
    if (this instanceof Maybe maybe) {
      return maybe.value().named(steps);
    }
    if (steps.isEmpty()) {
      return List.of();
    }
    List<String> named = new ArrayList<>(this instanceof Either ? List.of() : steps.subList(0, 1));
    named.addAll(inside(steps.get(0)).named(steps.subList(1, steps.size())));
    return named;
  }

  /** The type of what a key, a field or a place leads to. */
  default ScriptType inside(String step) {
    if (this instanceof Maybe maybe) {
      return maybe.value().inside(step);
    }
    if (this instanceof Several several) {
      return several.elements().get(Integer.parseInt(step));
    }
    if (this instanceof Either either) {
      return either.alternatives().get(either.text(step));
    }
    if (this instanceof Named tuple) {
      return tuple.fields().get(step);
    }
    if (this instanceof Sequence sequence) {
      return sequence.element();
    }
    return this instanceof Keyed keyed ? keyed.value() : new Other();
  }
}
