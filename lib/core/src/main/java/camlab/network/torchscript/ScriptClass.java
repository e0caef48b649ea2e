package camlab.network.torchscript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A module's class as a TorchScript file writes it down: which submodules it has and what its
 * methods do.
 *
 * @param name the full name, such as {@code
 *     __torch__.torch.nn.modules.conv.___torch_mangle_3.Conv2d}
 * @param modules the full names of the classes of its attributes, by attribute; an attribute whose
 *     class is none of the file's modules is no submodule
 * @param methods its methods by name
 */
record ScriptClass(String name, Map<String, String> modules, Map<String, ScriptMethod> methods) {

  private static final Pattern HEAD = Pattern.compile("^class (\\w+)\\(Module\\):$");
  private static final Pattern ATTRIBUTE = Pattern.compile("^  (\\w+) : (__torch__\\.[\\w.]+)$");
  private static final Pattern QUOTED_ATTRIBUTE =
      Pattern.compile("^  __annotations__\\[\"([^\"]+)\"\\] = (__torch__\\.[\\w.]+)$");

  /** PyTorch tells classes of one name apart by a part like this. */
  private static final Pattern MANGLE = Pattern.compile("___torch_mangle_\\d+\\.");

  /** The class as one calls it, such as {@code Conv2d}. */
  String type() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** A file's module of code, such as {@code torchvision.models.resnet}. */
  static String readable(String name) {
    return MANGLE.matcher(name).replaceAll("").replaceFirst("^__torch__\\.", "");
  }

  /**
   * Reads all modules' classes of one code file.
   *
   * @param prefix the file's part of the full names, such as {@code __torch__.torchvision}
   * @param text the code
   * @return the classes by their full names
   * @throws TorchScriptException if the code is not of the form that PyTorch writes
   */
  static Map<String, ScriptClass> read(String prefix, String text) {
    Map<String, ScriptClass> classes = new LinkedHashMap<>();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      Matcher head = HEAD.matcher(lines[i]);
      if (head.matches()) {
        int end = i + 1;
        while (end < lines.length && isInside(lines[end])) {
          end++;
        }
        String name = prefix + "." + head.group(1);
        classes.put(name, read(name, List.of(lines).subList(i + 1, end)));
        i = end - 1;
      }
    }
    return classes;
  }

  private static boolean isInside(String line) {
    return line.isEmpty() || line.startsWith(" ");
  }

  private static ScriptClass read(String name, List<String> lines) {
    Map<String, String> modules = new LinkedHashMap<>();
    Map<String, ScriptMethod> methods = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      for (Pattern pattern : List.of(ATTRIBUTE, QUOTED_ATTRIBUTE)) {
        Matcher attribute = pattern.matcher(lines.get(i));
        if (attribute.matches()) {
          modules.put(attribute.group(1), attribute.group(2));
        }
      }
      if (lines.get(i).startsWith("  def ")) {
        List<String> definition = new ArrayList<>(List.of(lines.get(i)));
        while (i + 1 < lines.size() && lines.get(i + 1).startsWith("    ")) {
          definition.add(lines.get(++i));
        }
        ScriptMethod method = ScriptMethod.read(name, String.join("\n", definition));
        methods.put(method.name(), method);
      }
    }
    return new ScriptClass(name, modules, methods);
  }
}
