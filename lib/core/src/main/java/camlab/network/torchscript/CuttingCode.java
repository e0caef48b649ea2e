package camlab.network.torchscript;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Steps that keep a part of what lies along a dimension, as a program does that cuts pictures
 * itself. What is kept may follow a picture's size, and still be no more than its middle.
 */
final class CuttingCode {

  /** The functions, with the place of the dimension among their arguments. */
  private static final Map<String, Integer> DIMENSIONS =
      Map.of(
          "slice", 1,
          "narrow", 1,
          "split", 2,
          "split_with_sizes", 2,
          "chunk", 2,
          "tensor_split", 2);

  /** A padding of a negative length cuts. */
  private static final Pattern CALL =
      Pattern.compile(
          "(?<![\\w.])torch\\.(slice|narrow|split|split_with_sizes|chunk|tensor_split|pad|constant_pad_nd)\\(");

  private static final Pattern NEGATIVE = Pattern.compile("-\\d");

  /** Pictures and, where they come first, channels. */
  private static final Set<String> OTHERS = Set.of("0", "1");

  private static final Set<String> FIRST = Set.of("0", "None");
  private static final Set<String> LAST = Set.of(Long.toString(Long.MAX_VALUE), "None");

  private final String code;
  private final ScriptText text;

  private CuttingCode(String owner, String code) {
    this.code = code;
    this.text = new ScriptText(owner, code);
  }

  /**
   * {@return whether some code may keep a part of the rows or columns only}
   *
   * @param owner whose code it is, for messages
   * @param code the text
   */
  static boolean isIn(String owner, String code) {
    Matcher call = CALL.matcher(code);
    return call.find() && new CuttingCode(owner, code).cuts(call.reset());
  }

  private boolean cuts(Matcher call) {
    while (call.find()) {
      int open = call.end() - 1;
      // A text, such as that of an error, may read like a call.
      if (text.opens(open) && cuts(call.group(1), arguments(open))) {
        return true;
      }
    }
    return false;
  }

  private List<String> arguments(int open) {
    return text.ranges(open + 1, text.closing(open)).stream()
        .map(range -> code.substring(range.from(), range.to()).strip())
        .toList();
  }

  private static boolean cuts(String function, List<String> arguments) {
    Integer place = DIMENSIONS.get(function);
    if (place == null) {
      return arguments.size() > 1 && NEGATIVE.matcher(arguments.get(1)).find();
    }
    if (arguments.size() <= place || OTHERS.contains(arguments.get(place))) {
      return false; // the first dimension is the one that is meant if none is named
    }
    boolean all =
        function.equals("slice")
            && (arguments.size() < 3 || FIRST.contains(arguments.get(2)))
            && (arguments.size() < 4 || LAST.contains(arguments.get(3)));
    return !all;
  }
}
