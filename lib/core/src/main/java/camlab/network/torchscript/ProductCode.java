package camlab.network.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Products of matrices whose second factor can be held: the keys and the values of attention, while
 * what asks, the first factor, goes on. Row for row a product has the places of its first factor.
 */
final class ProductCode {

  /** The products, with the places of the factors that can be held. */
  private static final Map<String, List<Integer>> FACTORS =
      Map.of(
          "torch.matmul", List.of(1),
          "torch.bmm", List.of(1),
          "torch.scaled_dot_product_attention", List.of(1, 2));

  private static final Pattern CALL =
      Pattern.compile("(?<![\\w.])(torch\\.(?:matmul|bmm|scaled_dot_product_attention))\\(");

  /** Before an argument that is given by its name: {@code other=v0}. */
  private static final Pattern NAME = Pattern.compile("\\s*\\w+=");

  private ProductCode() {}

  /**
   * {@return whether there is a product in some code}
   *
   * @param body the body of a method
   */
  static boolean isIn(String body) {
    return CALL.matcher(body).find();
  }

  /**
   * {@return code in which the hooks are asked for the second factor of each product}
   *
   * @param owner the class, for messages
   * @param body the body of a method that has the hooks
   */
  static String in(String owner, String body) {
    if (!isIn(body)) {
      return body;
    }
    List<TextEdit> edits = new ArrayList<>();
    ScriptText source = new ScriptText(owner, body);
    Matcher call = CALL.matcher(body);
    while (call.find()) {
      int open = call.end() - 1;
      // A text, such as that of an error, may read like a call.
      if (source.opens(open)) {
        List<ScriptText.Range> arguments = source.ranges(open + 1, source.closing(open));
        for (int place : FACTORS.get(call.group(1))) {
          if (place >= arguments.size()) {
            break; // the engine says so when it loads the file
          }
          ScriptText.Range factor = arguments.get(place);
          Matcher name = NAME.matcher(body).region(factor.from(), factor.to());
          int from = name.lookingAt() ? name.end() : factor.from();
          edits.add(new TextEdit(from, from, HookCode.FACTOR));
          edits.add(new TextEdit(factor.to(), factor.to(), ", )"));
        }
      }
    }
    return TextEdit.applied(body, edits);
  }
}
