package camlab.drawing;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * The picture being painted, 1000 units wide and high whatever its pixels, together with a second
 * picture that says for each pixel which animal is seen there (0 for none).
 */
final class Stage implements AutoCloseable {
  static final double UNITS = 1000;

  private final int size;
  private final BufferedImage image;
  private final BufferedImage layer;
  private final BufferedImage owners;
  private final Graphics2D imageGraphics;
  private final Graphics2D layerGraphics;
  private final Graphics2D ownerGraphics;
  private final Brush brush;
  private final Brush layerBrush;
  private final AffineTransform scale;

  Stage(int size, boolean masks) {
    this.size = size;
    image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    layer = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB);
    owners = masks ? new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB) : null;
    imageGraphics = image.createGraphics();
    layerGraphics = layer.createGraphics();
    ownerGraphics = masks ? owners.createGraphics() : null;
    if (masks) {
      Brush.of(ownerGraphics, false);
    }
    brush = Brush.of(imageGraphics, true);
    layerBrush = Brush.of(layerGraphics, true);
    scale = AffineTransform.getScaleInstance(size / UNITS, size / UNITS);
    imageGraphics.setTransform(scale);
  }

  /** For painting the background directly. */
  Brush brush() {
    return brush;
  }

  /** Paints a figure; {@code owner} is what its pixels are noted as. */
  void paint(Figure figure, AffineTransform place, int owner) {
    for (Part part : figure.parts()) {
      AffineTransform toPixels = new AffineTransform(scale);
      toPixels.concatenate(place);
      toPixels.concatenate(part.place());
      if (part.loose()) {
        imageGraphics.setTransform(toPixels);
        part.details().accept(brush);
        imageGraphics.setTransform(scale);
      } else {
        paint(part, toPixels, owner);
      }
    }
  }

  private void paint(Part part, AffineTransform toPixels, int owner) {
    Rectangle2D exact = Forms.bounds(toPixels.createTransformedShape(part.outline()));
    if (part.edge() != null) {
      exact.add(Forms.bounds(toPixels.createTransformedShape(part.edge())));
    }
    Rectangle box = exact.getBounds();
    box.grow(2, 2);
    box = box.intersection(new Rectangle(size, size));
    if (box.isEmpty()) {
      return;
    }
    layerGraphics.setTransform(new AffineTransform());
    layerGraphics.setClip(box);
    layerGraphics.setComposite(AlphaComposite.Clear);
    layerGraphics.fill(box);
    layerGraphics.setComposite(AlphaComposite.SrcOver);
    layerGraphics.setTransform(toPixels);
    layerBrush.fill(part.outline(), part.base());
    if (part.edge() != null) {
      layerBrush.fill(part.edge(), part.base());
    }
    layerGraphics.setComposite(AlphaComposite.SrcAtop);
    part.details().accept(layerBrush);
    int right = box.x + box.width;
    int bottom = box.y + box.height;
    imageGraphics.setTransform(new AffineTransform());
    imageGraphics.drawImage(layer, box.x, box.y, right, bottom, box.x, box.y, right, bottom, null);
    imageGraphics.setTransform(scale);
    note(part.outline(), toPixels, owner);
    if (part.edge() != null) {
      note(part.edge(), toPixels, owner);
    }
  }

  private void note(Shape shape, AffineTransform toPixels, int owner) {
    if (ownerGraphics != null) {
      ownerGraphics.setTransform(toPixels);
      ownerGraphics.setColor(new Color(owner));
      ownerGraphics.fill(shape);
    }
  }

  /** Colour of the light, a vignette and a fine grain, so that flat areas are not quite flat. */
  BufferedImage finish(Light light, double vignette, double grain, long seed) {
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    double red = light.brightness() * (1 + 0.07 * light.warmth());
    double green = light.brightness() * (1 + 0.015 * light.warmth());
    double blue = light.brightness() * (1 - 0.09 * light.warmth());
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int at = y * size + x;
        int p = pixels[at];
        double u = (x + 0.5) / size - 0.5;
        double v = (y + 0.5) / size - 0.5;
        double k = 1 - vignette * (u * u + v * v);
        long h = (seed + at) * 0x9E3779B97F4A7C15L;
        h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
        double noise = grain * ((h >>> 40) * 0x1p-24 - 0.5);
        pixels[at] =
            channel((p >> 16 & 255) * red * k + noise) << 16
                | channel((p >> 8 & 255) * green * k + noise) << 8
                | channel((p & 255) * blue * k + noise);
      }
    }
    return image;
  }

  private static int channel(double value) {
    return (int) Math.max(0, Math.min(255, value + 0.5));
  }

  /** Which animal is seen at each pixel, row by row. */
  int[] owners() {
    int[] copy = ((DataBufferInt) owners.getRaster().getDataBuffer()).getData().clone();
    for (int i = 0; i < copy.length; i++) {
      copy[i] &= 0xFFFFFF;
    }
    return copy;
  }

  @Override
  public void close() {
    imageGraphics.dispose();
    layerGraphics.dispose();
    if (ownerGraphics != null) {
      ownerGraphics.dispose();
    }
  }
}
