package camlab.picture;

/** Where black and white lie before a mean is subtracted. */
public enum PixelScale {
  /** Black is 0 and white is 1, as torchvision's {@code ToTensor} has them. */
  ZERO_TO_ONE("0–1", 1),
  /** Black is 0 and white is 255, as Caffe has them. */
  ZERO_TO_255("0–255", 255);

  private final String words;
  private final float white;

  PixelScale(String words, float white) {
    this.words = words;
    this.white = white;
  }

  /** {@return the value of white} */
  public float white() {
    return white;
  }

  /** The value of one from 0 to 255. */
  float of(float value) {
    return this == ZERO_TO_ONE ? value / 255f : value;
  }

  @Override
  public String toString() {
    return words;
  }
}
