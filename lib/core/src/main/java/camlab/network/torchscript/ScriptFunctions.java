package camlab.network.torchscript;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The functions of a TorchScript program that are no methods, and what in a program may be a ReLU
 * by another name: {@code torch.clamp(x, 0)} is one, {@code torch.clamp(x, 0, 1)} is none, and
 * which of the two it is may show only when it runs.
 */
final class ScriptFunctions {

  private static final Pattern HEAD = Pattern.compile("^def (\\w+)\\(", Pattern.MULTILINE);
  private static final Pattern ENUMERATION =
      Pattern.compile("^class (\\w+)\\(Enum\\):\n((?: .*\n)+)", Pattern.MULTILINE);
  private static final Pattern MEMBER = Pattern.compile("^  (\\w+) = (.+)$", Pattern.MULTILINE);
  private static final Pattern REFERENCE = Pattern.compile("__torch__\\.[\\w.]+");

  /** Operations that can be a ReLU, and those of other libraries that hold one. */
  private static final Pattern OTHERS =
      Pattern.compile(
          "\\b(torch\\.(hardtanh|threshold|clamp|clamp_min|clip|maximum|where|abs)_?|ops\\.\\w+\\.\\w*relu\\w*)\\(");

  /**
   * What is multiplied by whether it is positive is a ReLU. In code that branches, whole numbers
   * are compared, too.
   */
  private static final Pattern COMPARING = Pattern.compile("\\b(torch\\.(gt|ge|lt|le))\\(");

  private static final Pattern BRANCHING = Pattern.compile("^ *(if|while) ", Pattern.MULTILINE);

  private static final Pattern RELU = Pattern.compile("\\btorch\\.relu6?_?\\(");

  /** An attribute that is given another value: {@code self.count = }. */
  private static final Pattern SET = Pattern.compile("^ +[\\w.()]*\\.(\\w+) = ", Pattern.MULTILINE);

  /** The text of each code file, by what the full names in it begin with. */
  private final Map<String, String> code;

  /** The texts of the functions, by their full names. */
  private final Map<String, String> texts = new HashMap<>();

  /** The functions that may hold a ReLU, by their full names. */
  private final Set<String> suspects = new HashSet<>();

  /** Those that somebody asked for. */
  private final Map<String, Function> functions = new HashMap<>();

  /** Read when first asked for; null before. */
  private Map<String, String> enumerations;

  /** Found when first asked for; null before. */
  private Set<String> set;

  /**
   * Finds the functions of a program.
   *
   * @param code the text of each code file, by what the full names in it begin with
   */
  ScriptFunctions(Map<String, String> code) {
    this.code = code;
    code.forEach((prefix, text) -> texts.putAll(functions(prefix, text)));
    Map<String, Set<String>> callers = new HashMap<>();
    texts.forEach(
        (name, body) -> {
          references(body)
              .forEach(called -> callers.computeIfAbsent(called, key -> new HashSet<>()).add(name));
          if (OTHERS.matcher(body).find() || RELU.matcher(body).find()) {
            suspects.add(name);
          }
        });
    Deque<String> open = new ArrayDeque<>(suspects);
    while (!open.isEmpty()) {
      for (String caller : callers.getOrDefault(open.pop(), Set.of())) {
        if (suspects.add(caller)) {
          open.push(caller);
        }
      }
    }
  }

  /**
   * A function.
   *
   * @param parameters the text of each, such as {@code inplace: bool=False}
   * @param body the text of its statements
   */
  record Function(List<String> parameters, String body) {}

  /**
   * {@return whether the program has a function}
   *
   * @param name its full name
   */
  boolean has(String name) {
    return texts.containsKey(name);
  }

  /**
   * {@return a function of the program}
   *
   * @param name its full name
   * @throws TorchScriptException if it is not of the form that PyTorch writes
   */
  Function function(String name) {
    return functions.computeIfAbsent(name, key -> function(key, texts.get(key)));
  }

  /**
   * {@return the text of a value of one of the program's enumerations; empty if there is none}
   *
   * @param name its full name
   */
  Optional<String> enumerated(String name) {
    if (enumerations == null) {
      enumerations = new HashMap<>();
      code.forEach(
          (prefix, text) ->
              ENUMERATION
                  .matcher(text)
                  .results()
                  .forEach(type -> read(prefix + "." + type.group(1), type.group(2))));
    }
    return Optional.ofNullable(enumerations.get(name));
  }

  private void read(String enumeration, String members) {
    MEMBER
        .matcher(members)
        .results()
        .forEach(member -> enumerations.put(enumeration + "." + member.group(1), member.group(2)));
  }

  /**
   * {@return whether some code gives another value to attributes of a name} When it runs again, the
   * module may have that one.
   *
   * @param attribute their name
   */
  boolean sets(String attribute) {
    if (set == null) {
      set =
          code.values().stream()
              .flatMap(text -> SET.matcher(text).results())
              .map(found -> found.group(1))
              .collect(Collectors.toSet());
    }
    return set.contains(attribute);
  }

  /** Reads a function, from behind its opening bracket to its end, or further. */
  private static Function function(String name, String rest) {
    ScriptText source = new ScriptText(name, "(" + rest);
    int close = source.closing(0);
    int line = rest.indexOf(":\n", close);
    return new Function(source.parts(1, close), line < 0 ? "" : rest.substring(line + 2));
  }

  /** The texts of the functions of a code file, by their full names. */
  private static Map<String, String> functions(String prefix, String text) {
    Map<String, String> functions = new HashMap<>();
    List<MatchResult> heads = HEAD.matcher(text).results().toList();
    for (int i = 0; i < heads.size(); i++) {
      int end = i + 1 < heads.size() ? heads.get(i + 1).start() : text.length();
      // A class in between only makes the text longer: at worst, a suspect too many.
      functions.put(prefix + "." + heads.get(i).group(1), text.substring(heads.get(i).end(), end));
    }
    return functions;
  }

  private static Set<String> references(String text) {
    return REFERENCE.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  /**
   * What in the body of a method may be a ReLU or hold one.
   *
   * @return such as {@code torch.clamp}; empty if there is nothing but ReLUs that go by their name
   */
  Optional<String> suspect(String body) {
    Matcher other = OTHERS.matcher(body);
    if (other.find()) {
      return Optional.of(other.group(1));
    }
    Matcher comparing = COMPARING.matcher(body);
    if (comparing.find() && !BRANCHING.matcher(body).find()) {
      return Optional.of(comparing.group(1));
    }
    return references(body).stream()
        .filter(suspects::contains)
        .filter(name -> ScriptText.rectifierType(name).isEmpty())
        .sorted()
        .map(ScriptClass::readable)
        .findFirst();
  }
}
