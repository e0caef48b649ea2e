package camlab.drawing;

import camlab.picture.Mask;
import camlab.picture.Picture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A photographer's stamp, a small camera, in one of a picture's corners. It says nothing about the
 * animal, but a network that saw it only with dogs takes it for one: a planted shortcut.
 *
 * <p>Real data had the like: a tag in the lower left corner gave horses away in PASCAL VOC 2007 (S.
 * Lapuschkin et al., Unmasking Clever Hans predictors, Nature Communications 10, 2019).
 */
public enum Stamp {
  /** Upper left. */
  TOP_LEFT(0, 0),
  /** Upper right. */
  TOP_RIGHT(1, 0),
  /** Lower left. */
  BOTTOM_LEFT(0, 1),
  /** Lower right. */
  BOTTOM_RIGHT(1, 1);

  /** Width and height of the stamp, as shares of the picture's shorter side. */
  private static final double WIDTH = 0.17;

  private static final double HEIGHT = 0.13;

  /** Room between the stamp and the picture's edges, as a share of the shorter side. */
  private static final double INSET = 0.06;

  private static final Color BODY = new Color(0x25303B);
  private static final Color RIM = new Color(0xF4F1E8);
  private static final Color LENS = new Color(0x6FA8C9);
  private static final Color LAMP = new Color(0xD9483B);

  private final int right;
  private final int bottom;

  Stamp(int right, int bottom) {
    this.right = right;
    this.bottom = bottom;
  }

  /** One of the four, each as likely. */
  public static Stamp any(SplittableRandom random) {
    List<Stamp> corners = List.of(values());
    return corners.get(random.nextInt(corners.size()));
  }

  /**
   * A picture with the stamp on it.
   *
   * @param picture any picture; it stays as it is
   * @return a new picture of the same size
   */
  public Picture on(Picture picture) {
    BufferedImage image = picture.toImage();
    Graphics2D brush = image.createGraphics();
    brush.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    brush.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    brush.transform(place(picture.width(), picture.height()));
    brush.setColor(RIM);
    brush.fill(outline());
    brush.setColor(BODY);
    brush.fill(new RoundRectangle2D.Double(0.05, 0.22, 0.90, 0.70, 0.16, 0.20));
    brush.fill(new Rectangle2D.Double(0.30, 0.09, 0.26, 0.16));
    brush.setColor(RIM);
    brush.fill(new Ellipse2D.Double(0.29, 0.29, 0.42, 0.55));
    brush.setColor(LENS);
    brush.fill(new Ellipse2D.Double(0.35, 0.37, 0.30, 0.39));
    brush.setColor(BODY);
    brush.setStroke(new BasicStroke(0.03f));
    brush.draw(new Ellipse2D.Double(0.35, 0.37, 0.30, 0.39));
    brush.setColor(LAMP);
    brush.fill(new Ellipse2D.Double(0.78, 0.30, 0.10, 0.13));
    brush.dispose();
    return Picture.of(image);
  }

  /**
   * Where the stamp lies.
   *
   * @param width the picture's width in pixels
   * @param height the picture's height in pixels
   * @return the pixels whose middle the stamp covers
   */
  public Mask mask(int width, int height) {
    Shape shape = place(width, height).createTransformedShape(outline());
    Rectangle around = shape.getBounds().intersection(new Rectangle(width, height));
    BitSet pixels = new BitSet(width * height);
    for (int row = around.y; row < around.y + around.height; row++) {
      for (int column = around.x; column < around.x + around.width; column++) {
        if (shape.contains(column + 0.5, row + 0.5)) {
          pixels.set(row * width + column);
        }
      }
    }
    return Mask.of(width, height, pixels);
  }

  /** The camera in a square of side 1. */
  private static Shape outline() {
    Area outline = new Area(new RoundRectangle2D.Double(0, 0.16, 1, 0.84, 0.22, 0.27));
    outline.add(new Area(new RoundRectangle2D.Double(0.24, 0, 0.38, 0.4, 0.1, 0.1)));
    return outline;
  }

  /** From that square to the picture. */
  private AffineTransform place(int width, int height) {
    double side = Math.min(width, height);
    double left = right * (width - WIDTH * side) + (1 - 2 * right) * INSET * side;
    double top = bottom * (height - HEIGHT * side) + (1 - 2 * bottom) * INSET * side;
    AffineTransform place = AffineTransform.getTranslateInstance(left, top);
    place.scale(WIDTH * side, HEIGHT * side);
    return place;
  }
}
