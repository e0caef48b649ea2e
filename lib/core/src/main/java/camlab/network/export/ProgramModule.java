package camlab.network.export;

import camlab.weights.RawTensors.Raw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A module of the program that is written: its class, its tensors, and the modules in it. */
final class ProgramModule {

  /** Words that mean something to the language; an attribute called so is asked for by text. */
  private static final Set<String> KEYWORDS =
      Set.of(
          "and",
          "as",
          "assert",
          "async",
          "await",
          "break",
          "class",
          "continue",
          "def",
          "del",
          "elif",
          "else",
          "except",
          "finally",
          "for",
          "from",
          "global",
          "if",
          "import",
          "in",
          "is",
          "lambda",
          "nonlocal",
          "not",
          "or",
          "pass",
          "raise",
          "return",
          "try",
          "while",
          "with",
          "yield",
          "None",
          "True",
          "False",
          "inf",
          "nan");

  /**
   * A tensor of a module.
   *
   * @param raw its bytes
   * @param trained whether it is a parameter
   */
  record Held(Raw raw, boolean trained) {}

  private final String type;
  private final Map<String, Held> tensors = new LinkedHashMap<>();
  private final Map<String, ProgramModule> children = new LinkedHashMap<>();
  private final String className;
  private String forward = "";

  /**
   * A module.
   *
   * @param type the full name of its class in Python, such as {@code torch.nn.modules.conv.Conv2d}
   * @param mangle what stands before the last part of its class's name here; may be empty
   */
  ProgramModule(String type, String mangle) {
    this.type = type;
    String speakable =
        type.replaceFirst("^__main__\\.", "")
            .replaceAll("[^\\w.]", "_")
            .replaceAll("^\\.+|\\.+$", "")
            .replaceAll("\\.{2,}", ".")
            .replaceAll("(?<=^|\\.)(?=\\d)", "_");
    int dot = speakable.lastIndexOf('.');
    className =
        "__torch__." + speakable.substring(0, dot + 1) + mangle + speakable.substring(dot + 1);
  }

  String type() {
    return type;
  }

  /** The full name of its class in the program. */
  String className() {
    return className;
  }

  /** Gives it a {@code forward}: all lines behind its head. Where there is none, nothing calls. */
  void forward(String text) {
    forward = text;
  }

  Map<String, Held> tensors() {
    return tensors;
  }

  Map<String, ProgramModule> children() {
    return children;
  }

  /** The text of its class. */
  String text() {
    List<String> trained = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    StringBuilder attributes = new StringBuilder();
    tensors.forEach(
        (name, held) -> {
          (held.trained() ? trained : kept).add(name);
          attributes.append(declared(name, "Tensor"));
        });
    attributes.append("  training : bool\n  _is_full_backward_hook : Optional[bool]\n");
    children.forEach((name, child) -> attributes.append(declared(name, child.className())));
    return "class %s(Module):\n  __parameters__ = %s\n  __buffers__ = %s\n%s%s"
        .formatted(
            className.substring(className.lastIndexOf('.') + 1),
            list(trained),
            list(kept),
            attributes,
            forward);
  }

  private static String list(List<String> names) {
    StringBuilder text = new StringBuilder("[");
    names.forEach(name -> text.append(ProgramText.quoted(name)).append(", "));
    return text.append("]").toString();
  }

  private static String declared(String name, String type) {
    return isWord(name)
        ? "  %s : %s\n".formatted(name, type)
        : "  __annotations__[%s] = %s\n".formatted(ProgramText.quoted(name), type);
  }

  private static boolean isWord(String name) {
    return name.matches("[A-Za-z_]\\w*") && !KEYWORDS.contains(name);
  }

  /** How a variable's attribute is read. */
  static String attribute(String variable, String name) {
    return isWord(name)
        ? variable + "." + name
        : "getattr(%s, %s)".formatted(variable, ProgramText.quoted(name));
  }
}
