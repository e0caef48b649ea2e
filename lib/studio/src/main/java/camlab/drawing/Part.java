package camlab.drawing;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.util.function.Consumer;

/**
 * One piece of a figure, painted on a layer of its own so that markings end softly at its outline.
 *
 * @param outline the piece in its own coordinates
 * @param edge more of the same colour, such as tufts of fur, or {@code null}
 * @param place from its own coordinates to the figure's
 * @param base the colour that fills it first
 * @param details paints on top, only where the piece is; without outline it paints freely
 * @param loose true for thin things such as whiskers, which belong to no mask and no layer
 */
record Part(
    Shape outline,
    Shape edge,
    AffineTransform place,
    Color base,
    Consumer<Brush> details,
    boolean loose) {}
