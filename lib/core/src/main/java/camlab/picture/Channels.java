package camlab.picture;

import java.util.Locale;

/** What the channels are that a network takes, in their order. */
public sealed interface Channels {

  /**
   * One channel, 0.299 R + 0.587 G + 0.114 B in 8 bits, as Pillow's {@code convert("L")},
   * torchvision's {@code Grayscale} and OpenCV make it. Views are grey.
   */
  Channels GREY = Colours.GREY;

  /**
   * One channel, (R + G + B) / 3, as {@code array.mean(2)} makes it. It is not rounded to 8 bits:
   * so views keep their colours, of which the network takes the mean.
   */
  Channels MEAN_GREY = Colours.MEAN_GREY;

  /** Red, green, blue, as torchvision and timm have them. */
  Channels RGB = Colours.RGB;

  /** Blue, green, red, as Caffe and OpenCV have them. */
  Channels BGR = Colours.BGR;

  /**
   * {@return channels that no picture has, such as those of a satellite: the network is given
   * arrays, {@code Recording.of(network, array, layers)}}
   *
   * @param count how many, at least 1
   */
  static Channels arrays(int count) {
    return new Arrays(count);
  }

  /** {@return how many there are} */
  int count();

  /** Channels that a picture has. */
  enum Colours implements Channels {
    /** The one channel of a grey picture. */
    GREY("grey", 1),
    /** The mean of the three colours. */
    MEAN_GREY("the mean of red, green and blue", 1),
    /** Red, green, blue. */
    RGB("RGB", 3),
    /** Blue, green, red. */
    BGR("BGR", 3);

    private final String words;
    private final int count;

    Colours(String words, int count) {
      this.words = words;
      this.count = count;
    }

    @Override
    public int count() {
      return count;
    }

    /** How many levels a channel has. */
    int levels() {
      return this == MEAN_GREY ? 3 * 255 + 1 : 256;
    }

    /**
     * Looks up the level of a channel in every pixel of a picture. Every pass through a network
     * begins with this, so what differs between channels stays outside the loops.
     *
     * @param numbers one for each level
     * @param values takes the number of each pixel
     * @param start where the first of them goes
     */
    void look(Picture picture, int channel, float[] numbers, float[] values, int start) {
      int size = picture.width() * picture.height();
      if (count == 1) {
        for (int pixel = 0; pixel < size; pixel++) {
          values[start + pixel] = numbers[level(picture.rgb(pixel))];
        }
      } else {
        int shift = this == RGB ? 16 - 8 * channel : 8 * channel;
        for (int pixel = 0; pixel < size; pixel++) {
          values[start + pixel] = numbers[picture.rgb(pixel) >> shift & 0xFF];
        }
      }
    }

    /** The level of the one channel in a packed pixel, from 0. */
    private int level(int rgb) {
      return this == GREY
          ? Pixels.grey(rgb)
          : (rgb >> 16 & 0xFF) + (rgb >> 8 & 0xFF) + (rgb & 0xFF);
    }

    /** The value of a level, from 0 to 255. */
    float value(int level) {
      return this == MEAN_GREY ? level / 3f : level;
    }

    /** A packed pixel of one 8-bit value for each channel. */
    int rgb(int[] values) {
      return switch (this) {
        case GREY, MEAN_GREY -> values[0] * 0x010101;
        case RGB -> values[0] << 16 | values[1] << 8 | values[2];
        case BGR -> values[2] << 16 | values[1] << 8 | values[0];
      };
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * Channels that no picture has.
   *
   * @param count how many
   */
  record Arrays(int count) implements Channels {

    /**
     * Requires one.
     *
     * @param count how many, at least 1
     */
    public Arrays {
      if (count < 1) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "A network takes at least 1 channel, found %d.", count));
      }
    }

    @Override
    public String toString() {
      return "arrays of " + count + (count == 1 ? " channel" : " channels");
    }
  }
}
