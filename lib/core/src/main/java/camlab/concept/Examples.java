package camlab.concept;

import camlab.picture.Picture;
import java.util.List;
import java.util.Objects;

/**
 * Pictures that have something in common, such as stripes, or nothing, such as random ones.
 *
 * @param name what to call them
 * @param pictures at least 3, since every third tells how well the others are told apart
 */
public record Examples(String name, List<Picture> pictures) {

  /** Every so manyth picture is held back. */
  static final int HELD_BACK = 3;

  /**
   * Requires a name and enough pictures.
   *
   * @param name what to call them
   * @param pictures at least 3
   */
  public Examples {
    Objects.requireNonNull(name, "name");
    pictures = List.copyOf(pictures);
    if (pictures.size() < HELD_BACK) {
      throw new IllegalArgumentException(
          "A concept is told by at least 3 pictures (every third is held back), found %s of '%s'. Some tens are usual."
              .formatted(pictures.size(), name));
    }
  }
}
