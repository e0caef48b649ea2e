package camlab.figure;

import camlab.picture.Picture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.font.LineMetrics;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleToIntFunction;

/**
 * A white sheet that figures are drawn on, and the one place for their fonts and greys.
 *
 * <p>Positions and lengths are in units that become {@code scale} pixels each, so that the same
 * layout serves ordinary and high-resolution screens.
 */
public final class Canvas implements AutoCloseable {

  /** What everything is drawn on. */
  static final int PAPER = 0xFFFFFF;

  /** Text and outlines. */
  public static final Color INK = new Color(0x2B2F36);

  /** Text that stands back. */
  public static final Color MUTED = new Color(0x6B7280);

  /** Frames and rules. */
  public static final Color LINE = new Color(0xD5D9E0);

  /** What the eye is led to. */
  public static final Color ACCENT = new Color(0xE8590C);

  /** A figure's title. */
  public static final Font TITLE = bold(15);

  private static final FontRenderContext TEXT = new FontRenderContext(null, true, true);

  private final int scale;
  private final BufferedImage image;
  private final Graphics2D graphics;
  private final List<String> said = new ArrayList<>();

  /**
   * A white sheet.
   *
   * @param width in units, at least 1
   * @param height in units, at least 1
   * @param scale pixels per unit, at least 1
   * @throws IllegalArgumentException if one of them is less, or that are more than 500 million
   *     pixels
   */
  public Canvas(int width, int height, int scale) {
    requireRoom(width, height, scale);
    this.scale = scale;
    image = new BufferedImage(width * scale, height * scale, BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    fill(0, 0, width, height, new Color(PAPER));
  }

  /** Requires a size that a picture may have. */
  static void requireRoom(int width, int height, int scale) {
    if (width < 1
        || height < 1
        || scale < 1
        || (double) width * scale * height * scale > Picture.MAX_PIXELS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A figure has at least 1×1 and at most %,d pixels; found %,d×%,d units of %,d pixels each. Make its parts or its resolution smaller, or show fewer of them.",
              Picture.MAX_PIXELS,
              width,
              height,
              scale));
    }
  }

  /**
   * {@return a length that a figure may have}
   *
   * @param units the length
   * @throws IllegalArgumentException if it is longer than any
   */
  static int length(long units) {
    if (units > Picture.MAX_PIXELS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A figure is at most %,d pixels long; found %,d. Make its parts smaller, or show fewer of them.",
              Picture.MAX_PIXELS,
              units));
    }
    return (int) units;
  }

  /**
   * {@return the palette of Okabe and Ito (2008), which colour-blind readers can tell apart; its
   * yellow comes last because lines of it are hard to see on white} A grey behind it makes nine; it
   * is dark, since to many a lighter one looks like the palette's purple.
   */
  public static Color[] seriesColors() {
    return new Color[] {
      new Color(0x0072B2), new Color(0xE69F00), new Color(0x009E73), new Color(0xD55E00),
      new Color(0x56B4E9), new Color(0xCC79A7), new Color(0x000000), new Color(0xF0E442),
      new Color(0x606060)
    };
  }

  /**
   * {@return the figures' font}
   *
   * @param size the size in points
   */
  public static Font plain(int size) {
    return new Font(Font.SANS_SERIF, Font.PLAIN, size);
  }

  /**
   * {@return the figures' font, bold}
   *
   * @param size the size in points
   */
  public static Font bold(int size) {
    return new Font(Font.SANS_SERIF, Font.BOLD, size);
  }

  /**
   * {@return how wide a line of text is, in units, rounded up}
   *
   * @param text the text
   * @param font the font
   * @throws IllegalStateException if the system has no font; says what to install
   */
  public static int textWidth(String text, Font font) {
    Fonts.require();
    return (int) Math.ceil(font.getStringBounds(text, TEXT).getWidth());
  }

  /**
   * {@return the distance from one line to the next}
   *
   * @param font the font
   */
  public static int lineHeight(Font font) {
    return Math.round(font.getSize2D() * 1.35f);
  }

  /**
   * {@return text in at most two lines of a width, broken at spaces and behind hyphens and
   * underscores; what does not fit ends in an ellipsis}
   *
   * @param text the text
   * @param font the font
   * @param width the width of a line
   */
  public static List<String> wrap(String text, Font font, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text.strip();
    if (textWidth(rest, font) > width) {
      int end = rest.length() - 1;
      while (end > 0
          && !(breakable(rest, end) && textWidth(rest.substring(0, end), font) <= width)) {
        end--;
      }
      if (end > 0) {
        lines.add(rest.substring(0, end));
        rest = rest.substring(end).strip();
      }
    }
    if (!rest.isEmpty()) {
      lines.add(fit(rest, font, width));
    }
    return lines;
  }

  private static boolean breakable(String text, int at) {
    return text.charAt(at) == ' ' || text.charAt(at - 1) == '-' || text.charAt(at - 1) == '_';
  }

  /**
   * {@return one line of text, with an ellipsis if it is too long for the width}
   *
   * @param text the text
   * @param font the font
   * @param width the width there is
   */
  public static String fit(String text, Font font, int width) {
    if (text.isEmpty() || textWidth(text, font) <= width) {
      return text;
    }
    int end = text.length() - 1;
    while (end > 1 && textWidth(text.substring(0, end) + "…", font) > width) {
      end--;
    }
    return text.substring(0, end).strip() + "…";
  }

  /**
   * A filled rectangle.
   *
   * @param left its left edge
   * @param top its upper edge
   * @param width the width
   * @param height the height
   * @param color the colour
   */
  public void fill(int left, int top, int width, int height, Color color) {
    graphics.setColor(color);
    graphics.fillRect(left * scale, top * scale, width * scale, height * scale);
  }

  /**
   * A frame of a thickness just outside a rectangle.
   *
   * @param left its left edge
   * @param top its upper edge
   * @param width the width
   * @param height the height
   * @param thickness how thick it is
   * @param color the colour
   */
  public void frame(int left, int top, int width, int height, int thickness, Color color) {
    fill(left - thickness, top - thickness, width + 2 * thickness, thickness, color);
    fill(left - thickness, top + height, width + 2 * thickness, thickness, color);
    fill(left - thickness, top, thickness, height, color);
    fill(left + width, top, thickness, height, color);
  }

  /**
   * A line with a head at its end.
   *
   * @param path the line
   * @param angle where its end points, in radians clockwise from the right
   * @param color the colour
   */
  public void arrow(Path2D path, double angle, Color color) {
    AffineTransform before = graphics.getTransform();
    graphics.scale(scale, scale);
    graphics.setColor(color);
    graphics.setStroke(new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
    graphics.draw(path);
    graphics.translate(path.getCurrentPoint().getX(), path.getCurrentPoint().getY());
    graphics.rotate(angle);
    graphics.fill(new Polygon(new int[] {3, -6, -6}, new int[] {0, -4, 4}, 3));
    graphics.setTransform(before);
  }

  /**
   * A picture brought to a size: smoothly, except by whole factors upwards, where cells stay.
   *
   * @param picture the picture
   * @param left its left edge
   * @param top its upper edge
   * @param width the width it is brought to
   * @param height the height it is brought to
   */
  public void picture(Picture picture, int left, int top, int width, int height) {
    int w = width * scale;
    int h = height * scale;
    boolean whole = w % picture.width() == 0 && h % picture.height() == 0;
    if (whole) {
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
      graphics.drawImage(picture.toImage(), left * scale, top * scale, w, h, null);
    } else {
      graphics.drawImage(picture.resized(w, h).toImage(), left * scale, top * scale, null);
    }
  }

  /**
   * One line of text whose line box starts at {@code top}.
   *
   * @param text the text
   * @param left where it starts
   * @param top the upper edge of its line box
   * @param font the font
   * @param color the colour
   */
  public void text(String text, int left, int top, Font font, Color color) {
    said.add(text);
    draw(text, left, top, font, color);
  }

  /**
   * Lines of one text below one another.
   *
   * @param lines the lines, such as {@link #wrap} gives them
   * @param left where they start
   * @param top the upper edge of the first one's line box
   * @param font the font
   * @param color the colour
   */
  public void lines(List<String> lines, int left, int top, Font font, Color color) {
    said.add(Words.ofLines(lines));
    int y = top;
    for (String line : lines) {
      draw(line.strip(), left, y, font, color);
      y += lineHeight(font);
    }
  }

  private void draw(String text, int left, int top, Font font, Color color) {
    Fonts.require();
    Font scaled = font.deriveFont(font.getSize2D() * scale);
    LineMetrics metrics = scaled.getLineMetrics(text, TEXT);
    float free = lineHeight(font) * scale - metrics.getAscent() - metrics.getDescent();
    graphics.setFont(scaled);
    graphics.setColor(color);
    graphics.drawString(text, left * scale, top * scale + free / 2 + metrics.getAscent());
  }

  /**
   * Lines of one text centred in a width.
   *
   * @param lines the lines
   * @param left its left edge
   * @param top its upper edge
   * @param width the width they are centred in
   * @param font the font
   * @param color the colour
   */
  public void centred(List<String> lines, int left, int top, int width, Font font, Color color) {
    said.add(Words.ofLines(lines));
    int y = top;
    for (String line : lines) {
      draw(line, left + (width - textWidth(line, font)) / 2, y, font, color);
      y += lineHeight(font);
    }
  }

  /**
   * Colours from left to right.
   *
   * @param colors the colours by value, from 0 at the left to 1 at the right
   * @param left its left edge
   * @param top its upper edge
   * @param width the width
   * @param height the height
   */
  public void gradient(DoubleToIntFunction colors, int left, int top, int width, int height) {
    for (int x = 0; x < width * scale; x++) {
      graphics.setColor(new Color(colors.applyAsInt((x + 0.5) / (width * scale))));
      graphics.fillRect(left * scale + x, top * scale, 1, height * scale);
    }
  }

  /** {@return what has been drawn, described by the words in it, in the order they were drawn} */
  public Picture finish() {
    return Picture.of(image).described(Words.of(said));
  }

  @Override
  public void close() {
    graphics.dispose();
  }
}
