package camlab.network.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A method of a module, as a TorchScript file writes it down.
 *
 * @param name such as {@code forward}
 * @param self the name that the module itself has in it: nearly always {@code self}
 * @param parameters the text of its parameters behind that
 * @param arguments the names of these parameters
 * @param returns the type it returns, such as {@code Tensor}
 * @param body the text of its statements
 * @param steps the calls and ReLUs in it, in the order they run
 */
record ScriptMethod(
    String name,
    String self,
    List<String> parameters,
    List<String> arguments,
    String returns,
    String body,
    List<Step> steps) {

  private static final Pattern HEAD = Pattern.compile("^  def (\\w+)\\(");
  private static final Pattern RETURNS = Pattern.compile(" -> ([^\\n]+):(\\n|$)");

  /** What a method does, as far as calls of methods and ReLUs go. */
  sealed interface Step {}

  /**
   * A call of a method of this module or of a module inside it.
   *
   * @param receiver the attributes that lead from this module to the called one; none for itself
   * @param method the name of the called method
   * @param from where the expression of the module starts in the body
   * @param start where the name starts in the body
   * @param end where the call ends
   */
  record Call(List<String> receiver, String method, int from, int start, int end) implements Step {}

  /**
   * A ReLU that is no module.
   *
   * @param type {@code ReLU} or {@code ReLU6}
   * @param start where its expression starts in the body
   * @param end where it ends
   */
  record Rectifier(String type, int start, int end) implements Step {}

  /** One of two. */
  record Branch(List<Step> then, List<Step> otherwise) implements Step {}

  /** As often as it takes. */
  record Loop(List<Step> steps) implements Step {}

  /**
   * Reads a method.
   *
   * @param owner the class, for messages
   * @param text from its {@code def} to the end of its body
   */
  static ScriptMethod read(String owner, String text) {
    Matcher head = HEAD.matcher(text);
    if (!head.find()) {
      throw unexpected(owner, text);
    }
    ScriptText source = new ScriptText(owner, text);
    int close = source.closing(head.end() - 1);
    List<String> parameters = new ArrayList<>(source.parts(head.end(), close));
    Matcher returns = RETURNS.matcher(text).region(close + 1, text.length());
    if (parameters.isEmpty()
        || !parameters.get(0).contains(": __torch__.")
        || !returns.lookingAt()) {
      throw unexpected(owner, text);
    }
    String self = name(parameters.remove(0));
    String body = text.substring(returns.end());
    return new ScriptMethod(
        head.group(1),
        self,
        List.copyOf(parameters),
        parameters.stream().map(ScriptMethod::name).toList(),
        returns.group(1),
        body,
        new ScriptText(owner, body).steps(self));
  }

  private static String name(String parameter) {
    return parameter.split(":", 2)[0].strip();
  }

  private static TorchScriptException unexpected(String owner, String text) {
    return new TorchScriptException(
        "The code of %s has a method of a form that PyTorch does not write: %s"
            .formatted(owner, text.lines().findFirst().orElse("")));
  }
}
