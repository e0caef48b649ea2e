package camlab.network.torchscript;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the calls and the ReLUs in the text of a method. PyTorch writes this text itself, in a
 * regular form: submodules are bound as {@code x = self.name} or {@code x = getattr(self, "0")},
 * and called as {@code (x).forward(argument, )}; functions are called by their full names, or bound
 * to a variable first.
 */
final class ScriptText {

  private static final Pattern BINDING = Pattern.compile("^ *(\\w+) = (\\S.*)$", Pattern.DOTALL);
  private static final Pattern ATTRIBUTE = Pattern.compile("^(.+)\\.(\\w+)$", Pattern.DOTALL);
  private static final Pattern GETATTR =
      Pattern.compile("^getattr\\((.+), \"([^\"]+)\"\\)$", Pattern.DOTALL);
  private static final Pattern METHOD = Pattern.compile("\\.(\\w+)\\(");
  private static final Pattern FUNCTION = Pattern.compile("^__torch__\\.[\\w.]+$");

  /** The types of the functions that are a ReLU. */
  private static final Map<String, String> RECTIFIERS =
      Map.of(
          "torch.relu", "ReLU",
          "torch.relu_", "ReLU",
          "torch.relu6", "ReLU6",
          "torch.relu6_", "ReLU6",
          "torch.nn.functional.relu", "ReLU",
          "torch.nn.functional.relu6", "ReLU6");

  /** No program nests so far; a file that does was made to exhaust its reader. */
  private static final int DEEPEST = 200;

  private static final int LONGEST_PATH = 1000;

  private final String owner;
  private final String text;
  private final Map<Integer, Integer> closings;

  /** The variables that stand for a module, with the attributes that lead to it. */
  private final Map<String, List<String>> bound = new HashMap<>();

  /** The variables that stand for a function, with its full name. */
  private final Map<String, String> functions = new HashMap<>();

  private int position;

  /**
   * A reader of code.
   *
   * @param owner the class, for messages
   * @param text the code
   */
  ScriptText(String owner, String text) {
    this.owner = owner;
    this.text = text;
    this.closings = pairs();
  }

  /** For every opening bracket and quote the position of the one that closes it. */
  private Map<Integer, Integer> pairs() {
    Map<Integer, Integer> found = new HashMap<>();
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '(', '[', '{' -> open.push(i);
        case ')', ']', '}' -> {
          if (open.isEmpty()) {
            throw unexpected("a bracket was not opened", i);
          }
          found.put(open.pop(), i);
        }
        case '"' -> {
          int end = endOfString(i);
          found.put(i, end);
          i = end;
        }
        default -> {}
      }
      if (open.size() > DEEPEST) {
        throw unexpected("brackets in brackets go deeper than " + DEEPEST, i);
      }
    }
    if (!open.isEmpty()) {
      throw unexpected("a bracket is not closed", open.peek());
    }
    return found;
  }

  private int endOfString(int quote) {
    for (int i = quote + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == '"') {
        return i;
      }
    }
    throw unexpected("a text is not closed", quote);
  }

  /** The position of the bracket or quote that closes the one at a position. */
  int closing(int open) {
    Integer close = closings.get(open);
    if (close == null) {
      throw unexpected("a bracket is expected", open);
    }
    return close;
  }

  /** Whether a bracket or quote opens at a position, and is not itself inside a text. */
  boolean opens(int place) {
    return closings.containsKey(place);
  }

  /** A part of the text. */
  record Range(int from, int to) {}

  /** What stands between commas. */
  List<String> parts(int from, int to) {
    return ranges(from, to).stream()
        .map(part -> text.substring(part.from(), part.to()).strip())
        .toList();
  }

  /** Where what stands between commas is; nothing between two is left out. */
  List<Range> ranges(int from, int to) {
    List<Range> parts = new ArrayList<>();
    int start = from;
    for (int i = from; i < to; i++) {
      switch (text.charAt(i)) {
        case '(', '[', '{', '"' -> i = closing(i);
        case ',' -> {
          parts.add(new Range(start, i));
          start = i + 1;
        }
        default -> {}
      }
    }
    parts.add(new Range(start, to));
    parts.removeIf(part -> text.substring(part.from(), part.to()).isBlank());
    return parts;
  }

  /** A part without the spaces around it. */
  Range stripped(Range part) {
    int from = part.from();
    int to = part.to();
    while (from < to && Character.isWhitespace(text.charAt(from))) {
      from++;
    }
    while (from < to && Character.isWhitespace(text.charAt(to - 1))) {
      to--;
    }
    return new Range(from, to);
  }

  /** All statements, however far they are indented, without the spaces before them. */
  List<Range> statements() {
    List<Range> statements = new ArrayList<>();
    for (int line = 0; line < text.length(); ) {
      int start = line + indentation(line);
      int end = endOfStatement(start);
      statements.add(new Range(start, end));
      line = end + 1;
    }
    return statements;
  }

  /**
   * All calls and ReLUs of the text, which is the body of a method.
   *
   * @param self the name that the module itself has there
   */
  List<ScriptMethod.Step> steps(String self) {
    bound.put(self, List.of());
    return block(indentation(0));
  }

  /** Reads the statements that are indented as far as the first one, or further. */
  private List<ScriptMethod.Step> block(int indentation) {
    List<ScriptMethod.Step> steps = new ArrayList<>();
    while (position < text.length() && indentation(position) >= indentation) {
      int start = position + indentation(position);
      int end = endOfStatement(start);
      String statement = text.substring(start, end);
      position = Math.min(end + 1, text.length());
      calls(start, end, steps);
      if (statement.startsWith("if ")) {
        List<ScriptMethod.Step> then = inner(indentation);
        List<ScriptMethod.Step> otherwise = List.of();
        if (text.startsWith(" ".repeat(indentation) + "else:\n", position)) {
          position = text.indexOf('\n', position) + 1;
          otherwise = inner(indentation);
        }
        steps.add(new ScriptMethod.Branch(then, otherwise));
      } else if (statement.startsWith("for ") || statement.startsWith("while ")) {
        steps.add(new ScriptMethod.Loop(inner(indentation)));
      } else if (statement.endsWith(":")) {
        steps.addAll(inner(indentation));
      } else {
        bind(statement);
      }
    }
    return List.copyOf(steps);
  }

  private List<ScriptMethod.Step> inner(int outer) {
    int indentation = position < text.length() ? indentation(position) : 0;
    if (indentation <= outer) {
      throw unexpected("a block is empty", Math.min(position, text.length() - 1));
    }
    return block(indentation);
  }

  private int indentation(int line) {
    int i = line;
    while (i < text.length() && text.charAt(i) == ' ') {
      i++;
    }
    return i - line;
  }

  /** A statement ends with its line; brackets and texts may go over several. */
  private int endOfStatement(int start) {
    int i = start;
    while (i < text.length() && text.charAt(i) != '\n') {
      switch (text.charAt(i)) {
        case '(', '[', '{', '"' -> i = closing(i);
        default -> {}
      }
      i++;
    }
    return i;
  }

  private void calls(int from, int to, List<ScriptMethod.Step> steps) {
    int i = from;
    while (i < to) {
      if (text.charAt(i) == '"') {
        i = closing(i);
      } else if (text.charAt(i) == '(') {
        int close = closing(i);
        Matcher method = METHOD.matcher(text).region(close + 1, to);
        Optional<List<String>> receiver =
            method.lookingAt() ? module(text.substring(i + 1, close)) : Optional.empty();
        if (receiver.isPresent()) {
          int end = closing(method.end() - 1);
          // Arguments are computed before the call.
          calls(method.end(), end, steps);
          steps.add(
              new ScriptMethod.Call(receiver.get(), method.group(1), i, method.start(1), end + 1));
          i = end;
        } else {
          int start = startOfName(i);
          String type = rectifier(text.substring(start, i));
          if (!type.isEmpty()) {
            calls(i + 1, close, steps);
            steps.add(new ScriptMethod.Rectifier(type, start, close + 1));
            i = close;
          }
        }
      }
      i++;
    }
  }

  private int startOfName(int end) {
    int start = end;
    while (start > 0 && isPartOfName(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static boolean isPartOfName(char c) {
    return c == '.' || c == '_' || Character.isLetterOrDigit(c);
  }

  /** The type of the ReLU that a function is; empty if it is none. */
  private String rectifier(String function) {
    return rectifierType(functions.getOrDefault(function, function));
  }

  /** The type of the ReLU that a function is, by its full name; empty if it is none. */
  static String rectifierType(String name) {
    return RECTIFIERS.getOrDefault(ScriptClass.readable(name), "");
  }

  private void bind(String statement) {
    Matcher binding = BINDING.matcher(statement);
    if (binding.matches()) {
      if (FUNCTION.matcher(binding.group(2)).matches()) {
        functions.put(binding.group(1), binding.group(2));
      }
      module(binding.group(2))
          .ifPresentOrElse(
              path -> bound.put(binding.group(1), path), () -> bound.remove(binding.group(1)));
    }
  }

  /** The attributes that lead from the module itself to the one an expression stands for. */
  private Optional<List<String>> module(String expression) {
    if (expression.length() > LONGEST_PATH) {
      return Optional.empty();
    }
    if (bound.containsKey(expression)) {
      return Optional.of(bound.get(expression));
    }
    for (Pattern pattern : List.of(GETATTR, ATTRIBUTE)) {
      Matcher access = pattern.matcher(expression);
      if (access.matches()) {
        return module(access.group(1))
            .map(
                path -> {
                  List<String> longer = new ArrayList<>(path);
                  longer.add(access.group(2));
                  return List.copyOf(longer);
                });
      }
    }
    return Optional.empty();
  }

  private TorchScriptException unexpected(String what, int at) {
    int end = text.indexOf('\n', at);
    return new TorchScriptException(
        "The code of %s is not of the form that PyTorch writes: %s in '%s'. Is the file damaged?"
            .formatted(owner, what, text.substring(at, end < 0 ? text.length() : end)));
  }
}
