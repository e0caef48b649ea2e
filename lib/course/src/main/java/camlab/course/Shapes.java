package camlab.course;

import camlab.picture.Picture;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Pictures of which the right answer is known, and the right reason: 64×64 pixels, four quarters,
 * in each of them a disc, a square, a triangle or nothing. Sizes, places and colours are drawn by
 * lot.
 */
public final class Shapes {

  /** Pixels along a side. */
  public static final int SIDE = 64;

  private static final int QUARTER = SIDE / 2;

  /** The smallest shape, and how many pixels more the largest has, along a side. */
  private static final int SMALLEST = 14;

  private static final int MORE = 12;

  private Shapes() {}

  /**
   * {@return a picture with these shapes}
   *
   * @param random what colours, sizes and places are drawn by
   * @param quarters what stands in each quarter, top left, top right, bottom left, bottom right:
   *     {@code disc}, {@code square}, {@code triangle}, or nothing for an empty one
   * @throws IllegalArgumentException if there are not four, or one is none of these
   */
  public static Picture picture(Random random, List<String> quarters) {
    Objects.requireNonNull(random, "Expected what to draw by, found null: new Random(1), say.");
    if (quarters.size() != 4) {
      throw new IllegalArgumentException("Four quarters are needed, found " + quarters + ".");
    }
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setPaint(
          new GradientPaint(0, 0, color(random, 0.1f), SIDE, SIDE, color(random, 0.1f)));
      graphics.fillRect(0, 0, SIDE, SIDE);
      for (int quarter = 0; quarter < quarters.size(); quarter++) {
        int side = SMALLEST + random.nextInt(MORE);
        int x = quarter % 2 * QUARTER + random.nextInt(QUARTER - side);
        int y = quarter / 2 * QUARTER + random.nextInt(QUARTER - side);
        graphics.setColor(color(random, 0.7f));
        paint(graphics, quarters.get(quarter), x, y, side);
      }
    } finally {
      graphics.dispose();
    }
    return Picture.of(image);
  }

  /**
   * {@return four quarters with these shapes, each in one of its own, in an order drawn by lot}
   *
   * @param random what the order is drawn by
   * @param kinds at most four shapes, see {@link #picture}
   */
  public static List<String> shuffled(Random random, String... kinds) {
    if (kinds.length > 4) {
      throw new IllegalArgumentException(
          "Four quarters hold at most four shapes, found " + List.of(kinds) + ".");
    }
    List<String> quarters = new ArrayList<>(Collections.nCopies(4, ""));
    for (int i = 0; i < kinds.length; i++) {
      quarters.set(i, kinds[i]);
    }
    Collections.shuffle(quarters, random);
    return quarters;
  }

  private static void paint(Graphics2D graphics, String kind, int x, int y, int side) {
    switch (String.valueOf(kind)) {
      case "disc" -> graphics.fillOval(x, y, side, side);
      case "square" -> graphics.fillRect(x, y, side, side);
      case "triangle" ->
          graphics.fillPolygon(
              new int[] {x, x + side, x + side / 2}, new int[] {y + side, y + side, y}, 3);
      case "" -> {} // an empty quarter
      default ->
          throw new IllegalArgumentException(
              "A quarter holds 'disc', 'square', 'triangle' or '', found '" + kind + "'.");
    }
  }

  /** A pale colour, at least that bright. */
  private static Color color(Random random, float darkest) {
    float brightness = darkest + 0.3f * random.nextFloat();
    return Color.getHSBColor(random.nextFloat(), 0.6f * random.nextFloat(), brightness);
  }
}
