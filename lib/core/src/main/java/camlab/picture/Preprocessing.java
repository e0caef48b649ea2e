package camlab.picture;

import camlab.heatmap.Region;
import camlab.identity.Identified;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * All of what goes into a network: which channels, at which size, on which scale.
 *
 * <pre>{@code
 * Preprocessing.IMAGENET                                    // torchvision's
 * Preprocessing.builder().shortSide(256).crop(224)          // the same, spelled out
 *     .mean(0.485, 0.456, 0.406).deviation(0.229, 0.224, 0.225).build()
 * Preprocessing.builder().grey().size(28, 28).mean(0.5).deviation(0.5).build()
 * Preprocessing.builder().bgr().scale255().size(180, 320).mean(104, 117, 123).build()
 * }</pre>
 *
 * <p>A picture becomes numbers in this order: it is made grey where the network takes grey, brought
 * to the size, put on the scale, and then for each channel the mean is subtracted and what is left
 * is divided by the deviation.
 *
 * @param channels what the network's channels are
 * @param fit how a picture is brought to the network's size
 * @param interpolation what a resized picture's pixels are made of
 * @param scale where black and white lie before the mean is subtracted
 * @param mean what is subtracted from each channel, on that scale, in the order of the channels;
 *     empty for nothing
 * @param std what each channel is divided by, on the same scale; empty for nothing
 */
public record Preprocessing(
    Channels channels,
    Fit fit,
    Interpolation interpolation,
    PixelScale scale,
    List<Float> mean,
    List<Float> std)
    implements Identified {

  /** The side in pixels of the square that most published networks were trained with. */
  public static final int USUAL_SIDE = 224;

  /** That of torchvision's networks: 224 of 256, ImageNet's own colours. */
  public static final Preprocessing IMAGENET =
      builder()
          .shortSide(256)
          .crop(224)
          .mean(0.485, 0.456, 0.406)
          .deviation(0.229, 0.224, 0.225)
          .build();

  /** That of timm's Inception networks: 299 of 341, bicubic, colours from −1 to 1. */
  public static final Preprocessing INCEPTION =
      builder().shortSide(341).crop(299).bicubic().mean(0.5).deviation(0.5).build();

  /** That of OpenAI's CLIP at 224 pixels: bicubic, the colours of its own pictures. */
  public static final Preprocessing CLIP =
      builder()
          .shortSide(224)
          .crop(224)
          .bicubic()
          .mean(0.48145466, 0.4578275, 0.40821073)
          .deviation(0.26862954, 0.26130258, 0.27577711)
          .build();

  /** That of Caffe's ImageNet networks: blue first, 0–255, minus the mean; 224 of 256. */
  public static final Preprocessing CAFFE =
      builder().bgr().shortSide(256).crop(224).scale255().mean(103.939, 116.779, 123.68).build();

  /** Plain colours from 0 to 1: 224 of 256. */
  public static final Preprocessing PLAIN = builder().shortSide(256).crop(224).build();

  /** That of networks for MNIST's digits: 28×28, grey, the mean and deviation of its pictures. */
  public static final Preprocessing MNIST =
      builder().grey().size(28, 28).mean(0.1307).deviation(0.3081).build();

  /**
   * Checks and copies.
   *
   * @param channels what the network's channels are
   * @param fit how a picture is brought to the network's size
   * @param interpolation what a resized picture's pixels are made of
   * @param scale where black and white lie before the mean is subtracted
   * @param mean what is subtracted from each channel; empty for nothing
   * @param std what each channel is divided by; empty for nothing
   * @throws IllegalArgumentException if there are neither as many means or deviations as channels
   *     nor none, a deviation is not above 0, or the means are on another scale than is stated
   */
  public Preprocessing {
    Objects.requireNonNull(channels, "channels");
    Objects.requireNonNull(fit, "fit");
    Objects.requireNonNull(interpolation, "interpolation");
    Objects.requireNonNull(scale, "scale");
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    requireOneEach("mean", channels, mean);
    requireOneEach("deviation", channels, std);
    if (!std.stream().allMatch(s -> s > 0 && Float.isFinite(s))
        || !mean.stream().allMatch(Float::isFinite)) {
      throw new IllegalArgumentException(
          "Means are finite and deviations above 0; found %s and %s.".formatted(mean, std));
    }
    if (channels instanceof Channels.Colours && !mean.isEmpty()) {
      requireOnScale(scale, Collections.max(mean), mean);
    }
  }

  private static void requireOneEach(String what, Channels channels, List<Float> values) {
    if (!values.isEmpty() && values.size() != channels.count()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Each channel has its own %s: %s has %d, found %d (%s). Give one for each, one for all, or none.",
              what,
              channels,
              channels.count(),
              values.size(),
              values));
    }
  }

  /** A mean of the other scale would put every pixel of every picture far outside. */
  private static void requireOnScale(PixelScale scale, float largest, List<Float> mean) {
    if (scale == PixelScale.ZERO_TO_ONE && largest > 1) {
      throw new IllegalArgumentException(
          "Pixels go from 0 to 1, and no mean of theirs is above 1; found %s. If the network was trained on pixels from 0 to 255, say so: builder()….scale255()."
              .formatted(mean));
    }
    if (scale == PixelScale.ZERO_TO_255 && largest > 0 && largest <= 1) {
      throw new IllegalArgumentException(
          "Pixels go from 0 to 255, and these means are of pixels from 0 to 1: %s. Leave scale255() out, or give the means times 255."
              .formatted(mean));
    }
  }

  /**
   * As torchvision has it, for a square: the shorter side is brought to {@code resize}, the square
   * of {@code crop} is cut out of the middle, and red, green and blue are taken from 0 to 1.
   *
   * @param resize length of the shorter side after resizing, in pixels
   * @param crop side of the square that the network sees, in pixels
   * @param mean what is subtracted from red, green and blue, on the scale [0, 1]
   * @param std what red, green and blue are divided by, on the same scale
   * @throws IllegalArgumentException if a size is less than 1, there are not three means and three
   *     deviations, or a deviation is not positive
   */
  public Preprocessing(int resize, int crop, List<Float> mean, List<Float> std) {
    this(
        Channels.RGB,
        new Fit.ShortSide(resize, crop, crop),
        Interpolation.BILINEAR,
        PixelScale.ZERO_TO_ONE,
        mean,
        std);
    if (mean.size() != 3 || std.size() != 3) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Red, green and blue need 3 means and 3 deviations, found %d and %d. For other channels, or none of them, use Preprocessing.builder().",
              mean.size(),
              std.size()));
    }
  }

  /**
   * {@return a builder: RGB from 0 to 1, bilinear, no mean and no deviation; the size is to be
   * said}
   */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return a builder that has all of this already} */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.channels = channels;
    builder.interpolation = interpolation;
    builder.scale = scale;
    builder.mean = oneForAll(mean);
    builder.std = oneForAll(std);
    builder.fit = Optional.of(fit);
    if (fit instanceof Fit.ShortSide square) {
      builder.resize = square.resize();
    }
    return builder;
  }

  /** So that what was said once for all channels counts for other channels, too. */
  private static List<Float> oneForAll(List<Float> values) {
    return Set.copyOf(values).size() == 1 ? values.subList(0, 1) : values;
  }

  /** {@return the size of every view; empty where each picture keeps its own} */
  public Optional<Region.Size> size() {
    return fit.size();
  }

  /**
   * {@return the size of a picture to try a network with: that of every view, or where each picture
   * keeps its own a square of {@value #USUAL_SIDE} pixels}
   */
  public Region.Size sizeToTry() {
    return size().orElse(new Region.Size(USUAL_SIDE, USUAL_SIDE));
  }

  /**
   * {@return the side of the square that the network sees, in pixels}
   *
   * @throws IllegalStateException if it sees no square; {@link #size} gives any size
   */
  public int crop() {
    Region.Size size = size().orElseThrow(() -> noSquare("crop"));
    if (size.width() != size.height()) {
      throw noSquare("crop");
    }
    return size.width();
  }

  /**
   * {@return the length that the shorter side is brought to, in pixels}
   *
   * @throws IllegalStateException if the picture is brought to its size otherwise; see {@link #fit}
   */
  public int resize() {
    if (fit instanceof Fit.ShortSide square) {
      return square.resize();
    }
    throw noSquare("resize");
  }

  private IllegalStateException noSquare(String what) {
    return new IllegalStateException(
        "There is no '%s': what the network sees is %s. Take size() and fit()."
            .formatted(what, fit));
  }

  /**
   * {@return what the network sees of a picture, as a picture of the network's size, grey where the
   * network takes {@link Channels#GREY}: what its heatmaps are laid over}
   *
   * @param picture the picture
   */
  public Picture view(Picture picture) {
    Picture.required(picture);
    return seen(channels == Channels.GREY ? picture.grey() : picture, interpolation);
  }

  private Picture seen(Picture picture, Interpolation how) {
    if (fit instanceof Fit.ShortSide part) {
      return picture.middle(part, how);
    }
    return size().map(size -> picture.resized(size.width(), size.height(), how)).orElse(picture);
  }

  /**
   * {@return the part of a mask that the network sees, of the network's size} A pixel of the view
   * belongs to it if the mask, resized bilinearly, covers at least half of that pixel.
   *
   * @param mask a mask of the picture before preprocessing
   */
  public Mask view(Mask mask) {
    Picture view = seen(mask.toPicture(), Interpolation.BILINEAR);
    BitSet pixels = new BitSet(view.width() * view.height());
    for (int i = 0; i < view.width() * view.height(); i++) {
      int coverage = view.rgb(i / view.width(), i % view.width()) & 0xFF;
      pixels.set(i, coverage >= 128);
    }
    return Mask.of(view.width(), view.height(), pixels);
  }

  /**
   * The numbers that go into the network for a picture.
   *
   * @param picture the picture
   * @return values of shape {@code C × height × width}, one channel after the other, each row-major
   * @throws IllegalStateException if the network takes channels that no picture has
   */
  public float[] apply(Picture picture) {
    return normalize(view(picture));
  }

  /**
   * The numbers for a picture that is as the network sees it already: {@code (value − mean) / std},
   * each value on the {@link #scale}.
   *
   * @param view the picture as the network sees it
   * @return values of shape {@code C × height × width}, one channel after the other, each row-major
   * @throws IllegalStateException if the network takes channels that no picture has
   */
  public float[] normalize(Picture view) {
    Picture.required(view);
    Channels.Colours colours = colours();
    int size = view.width() * view.height();
    float[] values = new float[channels.count() * size];
    for (int channel = 0; channel < channels.count(); channel++) {
      colours.look(view, channel, numbers(colours, channel), values, channel * size);
    }
    return values;
  }

  /**
   * {@return the view that some numbers were made of} It is what {@link #normalize} undoes, rounded
   * to 8 bits; what no picture becomes is cut to black and white.
   *
   * @param values of shape {@code C × height × width}, one channel after the other, each row-major
   * @param width columns of the view, at least 1
   * @param height rows of the view, at least 1
   * @throws IllegalArgumentException if the number of values differs
   * @throws IllegalStateException if the network takes channels that no picture has
   */
  public Picture denormalize(float[] values, int width, int height) {
    Channels.Colours colours = colours();
    long expected = (long) channels.count() * width * height;
    if (width < 1 || height < 1 || values.length != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A view of %d×%d pixels (width × height, at least 1×1) is made of %d numbers, one for each pixel of its %s (%s); found %d.",
              width,
              height,
              expected,
              channels.count() == 1 ? "channel" : channels.count() + " channels",
              channels,
              values.length));
    }
    int[] levels = new int[channels.count()];
    return Picture.of(
        width,
        height,
        (row, column) -> {
          for (int channel = 0; channel < levels.length; channel++) {
            float value = values[(channel * height + row) * width + column];
            float scaled = std.isEmpty() ? value : value * std.get(channel);
            float whole = mean.isEmpty() ? scaled : scaled + mean.get(channel);
            levels[channel] = Math.min(255, Math.max(0, Math.round(255 / scale.white() * whole)));
          }
          return colours.rgb(levels);
        });
  }

  /** What each level becomes: a picture has many pixels, and few levels. */
  private float[] numbers(Channels.Colours colours, int channel) {
    float[] numbers = new float[colours.levels()];
    for (int level = 0; level < numbers.length; level++) {
      numbers[level] = normalized(channel, scale.of(colours.value(level)));
    }
    return numbers;
  }

  private float normalized(int channel, float value) {
    float shifted = mean.isEmpty() ? value : value - mean.get(channel);
    return std.isEmpty() ? shifted : shifted / std.get(channel);
  }

  private Channels.Colours colours() {
    if (channels instanceof Channels.Colours colours) {
      return colours;
    }
    throw new IllegalStateException(
        String.format(
            Locale.ROOT,
            "The network takes %s, and a picture has red, green and blue: which of them would be which was not said. Give it arrays of shape (N, %d, H, W), preprocessed: Recording.of(network, array, layers).",
            channels,
            channels.count()));
  }

  /** {@return what a black picture becomes: one number for each channel} */
  public float[] black() {
    float[] black = new float[channels.count()];
    for (int channel = 0; channel < black.length; channel++) {
      black[channel] = normalized(channel, 0);
    }
    return black;
  }

  /**
   * {@return the 8-bit colour, {@code 0xRRGGBB}, that becomes zero in every channel, rounded}
   *
   * @throws IllegalStateException if the network takes channels that no picture has
   */
  public int zero() {
    int[] values = new int[channels.count()];
    for (int channel = 0; channel < values.length && !mean.isEmpty(); channel++) {
      int value = Math.round(255 / scale.white() * mean.get(channel));
      values[channel] = Math.min(255, Math.max(0, value));
    }
    return colours().rgb(values);
  }

  /**
   * {@return the part of the original picture that the network sees, to find a place of the view in
   * the original: {@code x = region.left() + (viewX / view.width()) · region.width()}, and likewise
   * for y}
   *
   * @param original the picture before preprocessing
   */
  public Region region(Picture original) {
    Picture.required(original);
    Region whole = Region.whole(original.width(), original.height());
    if (!(fit instanceof Fit.ShortSide part)) {
      Region.Size view = size().orElse(whole.view());
      return new Region(0, 0, original.width(), original.height(), whole.picture(), view);
    }
    int shorter = Math.min(original.width(), original.height());
    // The longer side is rounded down to whole pixels, so the two factors differ a little.
    long width = (long) ((double) part.resize() * original.width() / shorter);
    long height = (long) ((double) part.resize() * original.height() / shorter);
    return new Region(
        (double) Picture.cropStart(width, part.width()) * original.width() / width,
        (double) Picture.cropStart(height, part.height()) * original.height() / height,
        (double) part.width() * original.width() / width,
        (double) part.height() * original.height() / height,
        whole.picture(),
        new Region.Size(part.width(), part.height()));
  }

  /**
   * {@inheritDoc}
   *
   * <p>What is as torchvision has it (RGB from 0 to 1, bilinear) is not mentioned: so numbers that
   * were kept before there was anything else are found again.
   */
  @Override
  public String identity() {
    List<String> parts = new ArrayList<>();
    if (channels != Channels.RGB) {
      parts.add(
          "channels="
              + (channels instanceof Channels.Colours colours ? colours.name() : channels.count()));
    }
    if (fit instanceof Fit.ShortSide part) {
      parts.add(
          part.width() == part.height()
              ? "crop=" + part.width()
              : "crop=" + part.height() + "×" + part.width());
    }
    if (interpolation != Interpolation.BILINEAR) {
      parts.add("interpolation=" + interpolation);
    }
    parts.add("mean=" + mean);
    if (fit instanceof Fit.ShortSide part) {
      parts.add("resize=" + part.resize());
    }
    if (scale != PixelScale.ZERO_TO_ONE) {
      parts.add("scale=" + scale);
    }
    if (!(fit instanceof Fit.ShortSide)) {
      parts.add("size=" + size().map(size -> size.height() + "×" + size.width()).orElse("own"));
    }
    parts.add("std=" + std);
    return "Preprocessing(" + String.join(", ", parts) + ")";
  }

  /** In words, such as {@code RGB 0–1, mean [0.5, 0.5, 0.5], deviation none, …}. */
  @Override
  public String toString() {
    return "%s %s, mean %s, deviation %s, %s, %s"
        .formatted(
            channels,
            scale,
            mean.isEmpty() ? "none" : mean,
            std.isEmpty() ? "none" : std,
            fit,
            interpolation);
  }

  /** Says one thing after another; what is not said stays as {@link #builder} has it. */
  public static final class Builder {

    private Channels channels = Channels.RGB;
    private Optional<Fit> fit = Optional.empty();
    private Interpolation interpolation = Interpolation.BILINEAR;
    private PixelScale scale = PixelScale.ZERO_TO_ONE;
    private List<Float> mean = List.of();
    private List<Float> std = List.of();

    /** 0 until it is said. */
    private int resize;

    private Builder() {}

    /** {@return this builder, for a network of one channel: {@link Channels#GREY}} */
    public Builder grey() {
      return channels(Channels.GREY);
    }

    /**
     * {@return this builder, for a network of one channel that is the plain mean of the colours:
     * {@link Channels#MEAN_GREY}}
     */
    public Builder meanGrey() {
      return channels(Channels.MEAN_GREY);
    }

    /** {@return this builder, for a network that takes red, green, blue} */
    public Builder rgb() {
      return channels(Channels.RGB);
    }

    /** {@return this builder, for a network that takes blue, green, red; so the means are, too} */
    public Builder bgr() {
      return channels(Channels.BGR);
    }

    /**
     * {@return this builder, for a network whose channels no picture has: it is given arrays}
     *
     * @param count how many channels
     */
    public Builder arrays(int count) {
      return channels(Channels.arrays(count));
    }

    /**
     * {@return this builder, with these channels}
     *
     * @param all of them, in their order
     */
    public Builder channels(Channels all) {
      channels = all;
      return this;
    }

    /**
     * {@return this builder: the shorter side is brought to a length} What is cut out then is to be
     * said by {@link #crop(int)}.
     *
     * @param length in pixels
     */
    public Builder shortSide(int length) {
      resize = length;
      fit = Optional.empty();
      return this;
    }

    /**
     * {@return this builder: a square is cut out of the middle}
     *
     * @param side in pixels, at least 1
     * @throws IllegalStateException if {@link #shortSide} was not said before
     */
    public Builder crop(int side) {
      return crop(side, side);
    }

    /**
     * {@return this builder: a rectangle is cut out of the middle}
     *
     * @param height rows, at least 1
     * @param width columns, at least 1
     * @throws IllegalStateException if {@link #shortSide} was not said before
     */
    public Builder crop(int height, int width) {
      if (resize < 1) {
        throw new IllegalStateException(
            "Before a part is cut out, the shorter side is brought to a length: say shortSide(256).crop(224), or size(height, width) to resize the whole picture.");
      }
      fit = Optional.of(new Fit.ShortSide(resize, height, width));
      return this;
    }

    /**
     * {@return this builder: the whole picture is resized to one size, whatever its proportions}
     *
     * @param height rows
     * @param width columns
     */
    public Builder size(int height, int width) {
      fit = Optional.of(new Fit.Whole(height, width));
      return this;
    }

    /** {@return this builder: each picture keeps its own size} */
    public Builder ownSize() {
      fit = Optional.of(new Fit.Own());
      return this;
    }

    /** {@return this builder, with bicubic interpolation} */
    public Builder bicubic() {
      return interpolation(Interpolation.BICUBIC);
    }

    /**
     * {@return this builder, with this interpolation}
     *
     * @param how what a resized picture's pixels are made of
     */
    public Builder interpolation(Interpolation how) {
      interpolation = how;
      return this;
    }

    /** {@return this builder, with pixels from 0 to 255; so the means and deviations are, too} */
    public Builder scale255() {
      return scale(PixelScale.ZERO_TO_255);
    }

    /**
     * {@return this builder, with this scale}
     *
     * @param where black and white lie
     */
    public Builder scale(PixelScale where) {
      scale = where;
      return this;
    }

    /**
     * {@return this builder, with what is subtracted}
     *
     * @param values one for each channel in their order, one for all, or none for nothing
     */
    public Builder mean(double... values) {
      mean = floats(values);
      return this;
    }

    /**
     * {@return this builder, with what is divided by}
     *
     * @param values one for each channel in their order, one for all, or none for nothing
     */
    public Builder deviation(double... values) {
      std = floats(values);
      return this;
    }

    private static List<Float> floats(double... values) {
      List<Float> floats = new ArrayList<>(values.length);
      for (double value : values) {
        floats.add((float) value);
      }
      return floats;
    }

    /**
     * {@return the preprocessing}
     *
     * @throws IllegalStateException if no size was said
     * @throws IllegalArgumentException if what was said does not fit together; the message says how
     */
    public Preprocessing build() {
      Fit said =
          fit.orElseThrow(
              () ->
                  new IllegalStateException(
                      resize < 1
                          ? "Say which size the network's pictures have: shortSide(256).crop(224) as torchvision does it, size(height, width) to resize the whole picture, or ownSize() for a network that takes any."
                          : "The shorter side is brought to %s: say what is cut out then, crop(side) or crop(height, width)."
                              .formatted(resize)));
      return new Preprocessing(channels, said, interpolation, scale, forEach(mean), forEach(std));
    }

    /** One value counts for every channel. */
    private List<Float> forEach(List<Float> values) {
      return values.size() == 1 ? Collections.nCopies(channels.count(), values.get(0)) : values;
    }
  }
}
