package camlab.picture;

/** What a resized picture's pixels are made of, always with antialiasing, as Pillow does it. */
public enum Interpolation {
  /** A triangle over the neighbours: what torchvision does by default. */
  BILINEAR("bilinear", 1) {
    @Override
    double weight(double distance) {
      return Math.max(0, 1 - distance);
    }
  },
  /** A cubic spline with a = −0.5 over two neighbours on each side: what timm and CLIP do. */
  BICUBIC("bicubic", 2) {
    @Override
    double weight(double distance) {
      if (distance < 1) {
        return ((2 + SHARPNESS) * distance - (3 + SHARPNESS)) * distance * distance + 1;
      }
      return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * SHARPNESS : 0;
    }
  };

  private static final double SHARPNESS = -0.5;

  private final String words;

  /** How far it reaches, in pixels of the picture that is made larger. */
  final double support;

  Interpolation(String words, double support) {
    this.words = words;
    this.support = support;
  }

  /** How much a pixel counts at a distance of at least 0. */
  abstract double weight(double distance);

  @Override
  public String toString() {
    return words;
  }
}
