package camlab.drawing;

import camlab.picture.Mask;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;

/**
 * A drawn picture with its ground truth.
 *
 * @param image the picture, which the receiver owns
 * @param animals what is seen in it, from back to front; empty if the masks were not asked for
 * @param scene a short description, for example {@code cat+dog in a meadow}
 * @param seed the seed it was drawn from
 */
public record Drawing(BufferedImage image, List<DrawnAnimal> animals, String scene, long seed) {

  /** Keeps an unmodifiable copy of the list. */
  public Drawing {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(scene, "scene");
    animals = List.copyOf(animals);
  }

  /** {@return where any of the animals is seen} */
  public Mask mask() {
    return Mask.union(animals.stream().map(DrawnAnimal::mask).toList());
  }
}
