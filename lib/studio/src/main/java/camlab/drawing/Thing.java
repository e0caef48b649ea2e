package camlab.drawing;

import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;

/**
 * Something that lies about.
 *
 * @param figure how it is drawn
 * @param x its middle
 * @param y the ground it lies on
 * @param scale its size
 * @param mirrored whether it is turned round
 */
record Thing(Figure figure, double x, double y, double scale, boolean mirrored) {

  private AffineTransform transform() {
    return Forms.place(x, y, 0, mirrored ? -scale : scale, scale);
  }

  private Rectangle2D box() {
    return Forms.bounds(transform().createTransformedShape(figure.bounds()));
  }

  /** Whether it would stand before too much of an animal. */
  boolean hides(Placement animal) {
    if (y <= animal.y()) {
      return false;
    }
    Rectangle2D body = animal.box();
    Rectangle2D both = box().createIntersection(body);
    return both.getWidth() > 0
        && both.getHeight() > 0
        && both.getWidth() * both.getHeight() > 0.17 * body.getWidth() * body.getHeight();
  }

  void paint(Stage stage, Light light) {
    Landscape.shadow(stage.brush(), light, x, y, box().getWidth() * 0.55);
    stage.paint(figure, transform(), 0);
  }
}
