package camlab.drawing;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** An animal or a thing as pieces from back to front; the ground is y = 0, up is negative. */
final class Figure {
  private final List<Part> parts = new ArrayList<>();
  private Rectangle2D bounds;
  private AffineTransform current = new AffineTransform();

  /** Pieces added from now on are placed by this. */
  void within(AffineTransform place) {
    current = place;
  }

  void add(Shape outline, Color base, Consumer<Brush> details) {
    add(outline, null, base, details);
  }

  void add(Shape outline, Shape edge, Color base, Consumer<Brush> details) {
    parts.add(new Part(outline, edge, current, base, details, false));
    Rectangle2D box = Forms.bounds(current.createTransformedShape(outline));
    bounds = bounds == null ? box : bounds.createUnion(box);
  }

  void addLoose(Consumer<Brush> details) {
    parts.add(new Part(null, null, current, null, details, true));
  }

  List<Part> parts() {
    return parts;
  }

  Rectangle2D bounds() {
    return bounds;
  }
}
