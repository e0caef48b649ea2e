package camlab.weights;

/**
 * Something a pickle holds that weights do not need, such as a date, a path or a set: its name is
 * kept and nothing else. It is never made, called or looked into. Each is equal to itself only, so
 * that it may be a key of a dictionary.
 */
final class Opaque {

  private final String name;

  Opaque(String name) {
    this.name = name;
  }

  /** What Python calls it, such as {@code builtins.set}. */
  String name() {
    return name;
  }
}
