package camlab.drawing;

import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;

/**
 * A figure put into the picture.
 *
 * @param animal its kind
 * @param figure how it is drawn
 * @param x where its own x = 0 goes
 * @param y the ground it stands on
 * @param scale its size
 * @param mirrored whether it faces left
 * @param portrait whether only head and shoulders are shown
 */
record Placement(
    Animal animal,
    Figure figure,
    double x,
    double y,
    double scale,
    boolean mirrored,
    boolean portrait) {

  AffineTransform transform() {
    return Forms.place(x, y, 0, mirrored ? -scale : scale, scale);
  }

  Rectangle2D box() {
    return Forms.bounds(transform().createTransformedShape(figure.bounds()));
  }

  /** The same figure with the left edge of its box at another place. */
  Placement leftAt(double left, double ground) {
    return new Placement(
        animal, figure, x + left - box().getMinX(), ground, scale, mirrored, portrait);
  }
}
