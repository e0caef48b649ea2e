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

  /** The functions that may hold a ReLU, by their full names. */
  private final Set<String> suspects = new HashSet<>();

  /** Reads the functions of a program. */
  ScriptFunctions(TorchScriptArchive archive) {
    Map<String, Set<String>> callers = new HashMap<>();
    archive
        .code()
        .forEach(
            (file, text) ->
                functions(archive.prefix(file), text)
                    .forEach(
                        (name, body) -> {
                          references(body)
                              .forEach(
                                  called ->
                                      callers
                                          .computeIfAbsent(called, key -> new HashSet<>())
                                          .add(name));
                          if (OTHERS.matcher(body).find() || RELU.matcher(body).find()) {
                            suspects.add(name);
                          }
                        }));
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
   * {@return the functions of a program, by their full names}
   *
   * @param archive the program
   * @throws TorchScriptException if its code is not of the form that PyTorch writes
   */
  static Map<String, Function> of(TorchScriptArchive archive) {
    Map<String, Function> functions = new HashMap<>();
    archive
        .code()
        .forEach(
            (file, text) -> {
              String prefix = archive.prefix(file);
              functions(prefix, text)
                  .forEach((name, rest) -> functions.put(name, function(name, rest)));
            });
    return functions;
  }

  /**
   * {@return the text of the values of a program's enumerations, by the full names}
   *
   * @param archive the program
   */
  static Map<String, String> enumerations(TorchScriptArchive archive) {
    Map<String, String> values = new HashMap<>();
    archive
        .code()
        .forEach(
            (file, text) ->
                ENUMERATION
                    .matcher(text)
                    .results()
                    .forEach(
                        type ->
                            MEMBER
                                .matcher(type.group(2))
                                .results()
                                .forEach(
                                    member ->
                                        values.put(
                                            "%s.%s.%s"
                                                .formatted(
                                                    archive.prefix(file),
                                                    type.group(1),
                                                    member.group(1)),
                                            member.group(2)))));
    return values;
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
