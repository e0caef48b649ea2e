package camlab.network.torchscript;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Code that takes tensors out of what a program returns, in the form PyTorch writes: all of them
 * with their names, or one.
 */
final class OutputCode {

  /** The method that returns all tensors by their names. */
  static final String ALL = "camlab_outputs";

  /** The method that returns the one that is explained, of the program as it is. */
  static final String ONE = "camlab_output";

  /** Stands between the steps of a name, in front of each, for keys may hold any other sign. */
  static final String STEP = "\n";

  private final StringBuilder text = new StringBuilder();
  private int variables;

  private OutputCode() {}

  /**
   * The method {@link #ALL}. The name of a tensor is its place and the steps that lead to it.
   *
   * @param owner the full name of the network's class
   * @param arguments what its {@code forward} takes
   * @param type what that returns
   */
  static String all(String owner, ScriptArguments arguments, ScriptType type) {
    OutputCode code = new OutputCode();
    code.line(1, "def %s(self: %s%s) -> Dict[str, Tensor]:", ALL, owner, arguments.parameters());
    code.line(2, "found = annotate(Dict[str, Tensor], {})");
    code.line(2, "output = (self).forward(%s)", arguments.call());
    code.line(2, "steps = \"\"");
    code.collect(type, "output", "steps", 2);
    code.line(2, "return found");
    return code.text.toString();
  }

  /**
   * The method {@link #ONE}.
   *
   * @param owner the full name of the network's class
   * @param arguments what its {@code forward} takes
   * @param choice which tensor
   */
  static String one(String owner, ScriptArguments arguments, ScriptOutputs.Choice choice) {
    OutputCode code = new OutputCode();
    code.line(1, "def %s(self: %s%s) -> Tensor:", ONE, owner, arguments.parameters());
    code.line(2, "output = (self).forward(%s)", arguments.call());
    code.text.append(pick(choice, "output"));
    code.line(2, "return picked");
    return code.text.toString();
  }

  /** Statements that put the chosen tensor of a variable into the variable {@code picked}. */
  static String pick(ScriptOutputs.Choice choice, String variable) {
    OutputCode code = new OutputCode();
    String from = variable;
    ScriptType type = choice.type();
    for (String step : choice.steps()) {
      from = code.unwrapped(type, from, 2);
      ScriptType whole = type instanceof ScriptType.Maybe maybe ? maybe.value() : type;
      from =
          whole instanceof ScriptType.Either either
              ? code.required(either.text(step), from, 2)
              : code.bound(2, element(whole, from, step));
      type = whole.inside(step);
    }
    from = code.unwrapped(type, from, 2);
    code.line(2, "picked = __torch__.camlab_hooks.by_picture(%s, picture, )", from);
    return code.text.toString();
  }

  private String unwrapped(ScriptType type, String from, int depth) {
    // Of what may be None; where it is, this raises an error.
    return type instanceof ScriptType.Maybe
        ? bound(depth, "torch._unwrap_optional(%s)".formatted(from))
        : from;
  }

  /** One of several types, where it is that one; else this raises an error. */
  private String required(String type, String from, int depth) {
    line(depth, "if torch.__not__(isinstance(%s, %s)):", from, type);
    line(
        depth + 1,
        "ops.prim.RaiseException(%s, \"builtins.RuntimeError\")",
        quoted("It put out something else than for the picture that was tried, " + type + "."));
    line(depth, "else:");
    line(depth + 1, "pass");
    return cast(type, from, depth);
  }

  private String cast(String type, String from, int depth) {
    return bound(depth, "unchecked_cast(%s, %s)".formatted(type, from));
  }

  private static String element(ScriptType type, String from, String step) {
    if (type instanceof ScriptType.Named) {
      return "(%s).%s".formatted(from, step);
    }
    if (type instanceof ScriptType.Keyed keyed && keyed.key().equals("str")) {
      return "%s[%s]".formatted(from, quoted(step));
    }
    return "(%s)[%s]".formatted(from, step);
  }

  /** A text as the program writes it. */
  static String quoted(String text) {
    return '"'
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r")
        + '"';
  }

  private void collect(ScriptType type, String from, String steps, int depth) {
    if (type instanceof ScriptType.Tensor) {
      line(
          depth,
          "_%d = torch._set_item(found, torch.add(torch.str(torch.len(found)), %s), %s)",
          variables++,
          steps,
          from);
    } else if (type instanceof ScriptType.Maybe maybe && holdsTensors(maybe)) {
      line(depth, "if torch.__isnot__(%s, None):", from);
      collect(maybe.value(), unwrapped(maybe, from, depth + 1), steps, depth + 1);
      line(depth, "else:");
      line(depth + 1, "pass");
    } else if (type instanceof ScriptType.Either either) {
      int alternative = 0;
      for (Map.Entry<String, ScriptType> one : either.alternatives().entrySet()) {
        String step = String.valueOf(alternative++);
        if (holdsTensors(one.getValue())) {
          line(depth, "if isinstance(%s, %s):", from, one.getKey());
          String value = cast(one.getKey(), from, depth + 1);
          collect(one.getValue(), value, bound(depth + 1, longer(steps, quoted(step))), depth + 1);
          line(depth, "else:");
          line(depth + 1, "pass");
        }
      }
    } else if (type instanceof ScriptType.Several several) {
      for (int i = 0; i < several.elements().size(); i++) {
        collect(several.elements().get(i), several, from, String.valueOf(i), steps, depth);
      }
    } else if (type instanceof ScriptType.Named tuple) {
      for (Map.Entry<String, ScriptType> field : tuple.fields().entrySet()) {
        collect(field.getValue(), tuple, from, field.getKey(), steps, depth);
      }
    } else if (type instanceof ScriptType.Sequence sequence && holdsTensors(sequence)) {
      String place = variable();
      line(depth, "for %s in range(torch.len(%s)):", place, from);
      String element = bound(depth + 1, "%s[%s]".formatted(from, place));
      String longer = bound(depth + 1, longer(steps, "torch.str(%s)".formatted(place)));
      collect(sequence.element(), element, longer, depth + 1);
    } else if (type instanceof ScriptType.Keyed keyed && holdsTensors(keyed)) {
      String keys = bound(depth, "torch.keys(%s)".formatted(from));
      String place = variable();
      line(depth, "for %s in range(torch.len(%s)):", place, keys);
      String key = bound(depth + 1, "%s[%s]".formatted(keys, place));
      String element = bound(depth + 1, "%s[%s]".formatted(from, key));
      String word = keyed.key().equals("str") ? key : "torch.str(%s)".formatted(key);
      collect(keyed.value(), element, bound(depth + 1, longer(steps, word)), depth + 1);
    }
  }

  private void collect(
      ScriptType element, ScriptType whole, String from, String step, String steps, int depth) {
    if (holdsTensors(element)) {
      String value = bound(depth, element(whole, from, step));
      collect(element, value, bound(depth, longer(steps, quoted(step))), depth);
    }
  }

  private static String longer(String steps, String step) {
    return "torch.add(torch.add(%s, %s), %s)".formatted(steps, quoted(STEP), step);
  }

  /** Whether there may be a tensor in a value of a type. */
  static boolean holdsTensors(ScriptType type) {
    if (type instanceof ScriptType.Maybe maybe) {
      return holdsTensors(maybe.value());
    }
    if (type instanceof ScriptType.Several several) {
      return several.elements().stream().anyMatch(OutputCode::holdsTensors);
    }
    if (type instanceof ScriptType.Named tuple) {
      return tuple.fields().values().stream().anyMatch(OutputCode::holdsTensors);
    }
    if (type instanceof ScriptType.Either either) {
      return either.alternatives().values().stream().anyMatch(OutputCode::holdsTensors);
    }
    if (type instanceof ScriptType.Sequence sequence) {
      return holdsTensors(sequence.element());
    }
    if (type instanceof ScriptType.Keyed keyed) {
      return List.of("str", "int").contains(keyed.key()) && holdsTensors(keyed.value());
    }
    return type instanceof ScriptType.Tensor;
  }

  private String bound(int depth, String expression) {
    String name = variable();
    line(depth, "%s = %s", name, expression);
    return name;
  }

  private String variable() {
    return "v" + variables++;
  }

  private void line(int depth, String format, Object... values) {
    text.append("  ".repeat(depth))
        .append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
