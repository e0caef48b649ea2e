package camlab.drawing;

import camlab.picture.Mask;
import java.awt.Rectangle;
import java.util.Objects;

/**
 * One animal in a drawing, and where it is seen.
 *
 * @param animal its kind
 * @param box the smallest box around its visible pixels
 * @param mask its visible pixels
 */
public record DrawnAnimal(Animal animal, Rectangle box, Mask mask) {

  /** Copies the box, which is mutable. */
  public DrawnAnimal {
    Objects.requireNonNull(animal, "animal");
    Objects.requireNonNull(mask, "mask");
    box = new Rectangle(box);
  }

  /**
   * The smallest box around the visible pixels, in pixels.
   *
   * @return a copy
   */
  @Override
  public Rectangle box() {
    return new Rectangle(box);
  }
}
