package camlab.weights;

import java.util.Locale;

/** Makes text that comes from a file fit for a message. */
final class Messages {

  private static final int LONGEST = 200;

  private Messages() {}

  /** The text, shortened, and with control characters made visible. */
  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c)) {
        shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return text.length() > LONGEST ? shown + "…" : shown.toString();
  }

  /** What kind of value a pickle held, never its content: a container may hold itself. */
  static String kind(Object value) {
    if (value == null) {
      return "None";
    } else if (value instanceof String) {
      return "a string";
    } else if (value instanceof Number) {
      return "a number";
    } else if (value instanceof Boolean) {
      return "a truth value";
    } else if (value instanceof java.util.Map) {
      return "a dictionary";
    } else if (value instanceof java.util.List) {
      return "a list";
    } else if (value instanceof Object[]) {
      return "a tuple";
    } else if (value instanceof PickledTensor) {
      return "a tensor";
    } else if (value instanceof Opaque opaque) {
      return "an object of " + shown(opaque.name());
    }
    return "something else";
  }
}
