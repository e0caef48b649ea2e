package camlab.network.torchscript;

import camlab.heatmap.Region;
import camlab.picture.Channels;
import camlab.picture.PixelScale;
import camlab.picture.Preprocessing;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The picture that an exported program was made for, as its file declares it, compared with what a
 * preprocessing makes.
 *
 * @param what the program, for messages
 * @param input what is declared
 */
record DeclaredPicture(String what, Exported.Input input) {

  /** Of (N, C, H, W). */
  private static final int DIMENSIONS = 4;

  /** How many channels a picture has as a rule: where they come last, this is what is last. */
  private static final List<Long> USUAL = List.of(1L, 3L, 4L);

  private static final long FREE = -1;

  /** The lengths, (N, C, H, W); none if the file does not say them. */
  List<Long> lengths() {
    return input.lengths().filter(all -> all.size() == DIMENSIONS).orElse(List.of());
  }

  /**
   * Requires that a preprocessing makes such pictures.
   *
   * @throws IllegalArgumentException if it does not; the message says what to do
   */
  void require(Preprocessing preprocessing) {
    if (input.lengths().isPresent()) {
      requirePictures(preprocessing, input.lengths().get());
    }
    boolean bytes =
        preprocessing.scale() == PixelScale.ZERO_TO_255
            && preprocessing.mean().isEmpty()
            && preprocessing.std().isEmpty();
    if (input.isWhole() && !bytes) {
      throw new IllegalArgumentException(
          "%s was exported for pictures of whole numbers (%s), which are 0–255 as a rule, but its preprocessing says %s. Say preprocessing.toBuilder().scale255().mean().deviation().build(), or export it for floats."
              .formatted(what, input.type().orElseThrow(), preprocessing));
    }
  }

  private void requirePictures(Preprocessing preprocessing, List<Long> lengths) {
    if (lengths.size() != DIMENSIONS) {
      throw new IllegalArgumentException(
          "%s was exported for an array of shape %s as '%s'. CamLab gives a batch of pictures, shape (N, C, H, W).%s"
              .formatted(what, shape(lengths), input.name(), oneMore(lengths)));
    }
    long channels = preprocessing.channels().count();
    long first = lengths.get(1);
    long last = lengths.get(DIMENSIONS - 1);
    if (!fits(first, channels) && (last == channels || USUAL.contains(last))) {
      throw new IllegalArgumentException(
          "%s was exported for pictures of shape %s: their channels come last. CamLab gives (N, C, H, W). Export a module whose forward is: return network(x.permute(0, 2, 3, 1))."
              .formatted(what, shape(lengths)));
    }
    Optional<Region.Size> size = preprocessing.size();
    boolean sameSize =
        size.isEmpty()
            || (fits(lengths.get(2), size.get().height()) && fits(last, size.get().width()));
    if (!fits(first, channels) || !sameSize) {
      throw new IllegalArgumentException(
          "%s was exported for pictures of shape %s, (N, C, H, W)%s, but its preprocessing makes %s channels%s (it says %s). Say %s."
              .formatted(
                  what,
                  shape(lengths),
                  lengths.contains(FREE) ? ", of any length where it says any" : "",
                  channels,
                  size.map(one -> " of %s × %s pixels".formatted(one.height(), one.width()))
                      .orElse(""),
                  preprocessing,
                  advice(preprocessing, fits(first, channels), lengths)));
    }
  }

  private static boolean fits(long declared, long found) {
    return declared == FREE || declared == found;
  }

  /**
   * What to write instead, with the size that the file has; dots for what only the reader knows.
   */
  private static String advice(
      Preprocessing preprocessing, boolean sameChannels, List<Long> lengths) {
    StringBuilder text = new StringBuilder();
    if (sameChannels) {
      text.append("preprocessing.toBuilder()");
    } else {
      text.append("Preprocessing.builder()").append(channels(lengths.get(1)));
    }
    long height = lengths.get(2);
    long width = lengths.get(DIMENSIONS - 1);
    if (height != FREE && width != FREE) {
      text.append(".size(").append(height).append(", ").append(width).append(")");
    } else if (!sameChannels) {
      text.append(preprocessing.size().isPresent() ? ".size(height, width)" : ".ownSize()");
    }
    if (!sameChannels) {
      text.append(".mean(…).deviation(…)");
    }
    return text.append(".build()")
        .append(sameChannels ? "" : ", with its means and deviations")
        .toString();
  }

  private static String channels(long count) {
    if (count == Channels.GREY.count()) {
      return ".grey()";
    }
    return count == Channels.RGB.count() ? ".rgb()" : ".arrays(" + count + ")";
  }

  private static String oneMore(List<Long> lengths) {
    return lengths.size() == DIMENSIONS - 1
        ? " Export a module whose forward is: return network(x[0])[None]."
        : "";
  }

  /** A shape in words, with the lengths that are free. */
  static String shape(List<Long> lengths) {
    return lengths.stream()
        .map(length -> length == FREE ? "any" : String.valueOf(length))
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
