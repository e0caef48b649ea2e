package camlab.figure;

import camlab.heatmap.Heatmap;
import camlab.picture.Picture;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * How the numbers in a chart's cells are written: all with the same number of decimals, and very
 * small or large ones in units of a power of ten, so that they are short and can be compared.
 *
 * @param exponent the unit is 10 to this power, a multiple of 3
 * @param decimals digits behind the point
 */
record CellNumbers(int exponent, int decimals) {

  private static final int CELL = 34;

  static CellNumbers of(Heatmap map) {
    double most = Math.max(Math.abs(map.max()), Math.abs(map.min()));
    int exponent =
        most == 0 || (most >= 0.1 && most < 10_000)
            ? 0
            : 3 * (int) Math.floor(Math.log10(most) / 3);
    double unit = Math.pow(10, exponent);
    boolean whole = true;
    for (float value : map.values()) {
      whole &= value / unit == Math.rint(value / unit);
    }
    int integerDigits = (int) Math.max(1, Math.floor(Math.log10(most / unit)) + 1);
    // Three digits, or four where cells are wide or the first one is only a zero.
    int digits = map.width() <= 8 || most < unit ? 4 : 3;
    return new CellNumbers(exponent, whole ? 0 : Math.max(0, digits - integerDigits));
  }

  /** A value, such as {@code 11.40}; zero is {@code 0}. */
  String text(double value) {
    if (value == 0) {
      return "0";
    }
    String format = "%." + decimals + "f";
    return Numbers.minus(String.format(Locale.ROOT, format, value / Math.pow(10, exponent)));
  }

  /** What a reader has to know about the numbers, such as {@code ", values in 10⁻³"}. */
  String unit() {
    if (exponent == 0) {
      return "";
    }
    StringBuilder power = new StringBuilder(" (numbers in units of 10");
    String.valueOf(exponent)
        .chars()
        .forEach(c -> power.append(c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0')));
    return power.append(')').toString();
  }

  /** Every value of a map as a square with its number in it. */
  Picture picture(Heatmap map, ColorMap colors, Range range) {
    BufferedImage image = colors.paint(map, range, CELL).toImage();
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    draw(graphics, map, colors, range, new Rectangle(image.getWidth(), image.getHeight()));
    graphics.dispose();
    return Picture.of(image);
  }

  /** Writes the values of a map into its cells, which are painted and fill an area. */
  void draw(Graphics2D graphics, Heatmap map, ColorMap colors, Range range, Rectangle2D area) {
    double width = area.getWidth() / map.width();
    double height = area.getHeight() / map.height();
    graphics.setFont(font(map, width));
    for (int row = 0; row < map.height(); row++) {
      for (int column = 0; column < map.width(); column++) {
        double x = area.getX() + column * width;
        double y = area.getY() + row * height;
        float value = map.at(row, column);
        Rectangle2D cell = new Rectangle2D.Double(x, y, width, height);
        draw(graphics, cell, value, colors.rgb(range.scale(value)));
      }
    }
  }

  /** One font for all numbers of a map, so small that the widest of them fits into its cell. */
  private Font font(Heatmap map, double cellWidth) {
    Font font = Canvas.plain(12);
    for (float value : map.values()) {
      while (font.getSize() > 7 && Canvas.textWidth(text(value), font) > cellWidth - 4) {
        font = Canvas.plain(font.getSize() - 1);
      }
    }
    return font;
  }

  /** A value in the middle of a cell, light on a dark background and dark on a light one. */
  private void draw(Graphics2D graphics, Rectangle2D cell, double value, int background) {
    String text = text(value);
    Font font = graphics.getFont();
    graphics.setColor(Rgb.luma(background) < 140 ? Color.WHITE : Canvas.INK);
    graphics.drawString(
        text,
        (float) (cell.getCenterX() - Canvas.textWidth(text, font) / 2.0),
        (float) (cell.getCenterY() + font.getSize() * 0.36));
  }
}
