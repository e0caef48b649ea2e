package camlab.evaluation;

import java.util.Objects;

/**
 * A name for people, and an identity for the file: names may be short and change, and two things of
 * one identity are the same whatever they are called.
 *
 * @param name such as {@code FEM}
 * @param identity such as {@code Fem(sigmas=2.0)}; never empty
 */
public record Named(String name, String identity) {

  /**
   * Line breaks would break the lines of a file, and outer spaces would be lost in it.
   *
   * @param name such as {@code FEM}
   * @param identity such as {@code Fem(sigmas=2.0)}
   */
  public Named {
    Objects.requireNonNull(name, "name");
    name = oneLine(name);
    identity = oneLine(identity);
    if (identity.isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' has an empty identity, so what is kept of it could not be found again."
              .formatted(name));
    }
  }

  static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
