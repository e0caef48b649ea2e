package camlab.figure;

import java.awt.font.FontRenderContext;
import java.util.Optional;

/**
 * Whether words can be drawn: Java has no font of its own, and small containers have none either.
 */
final class Fonts {

  /** What Java throws differs by its version; what it throws the next time says less. */
  private static final Optional<Throwable> PROBLEM = problem();

  private Fonts() {}

  /**
   * Requires a font.
   *
   * @throws IllegalStateException if there is none; says what to install
   */
  static void require() {
    if (PROBLEM.isPresent()) {
      Throwable cause = PROBLEM.get();
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new IllegalStateException(
          "No words can be drawn here, for Java finds no font (%s). Install fontconfig and a font (Debian and Ubuntu: fontconfig and fonts-dejavu-core; Alpine: fontconfig and ttf-dejavu); a map over its picture, Overlay, needs none."
              .formatted(cause),
          PROBLEM.get());
    }
  }

  private static Optional<Throwable> problem() {
    try {
      Canvas.plain(12).getStringBounds("x", new FontRenderContext(null, true, true));
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      return Optional.of(e);
    }
  }
}
