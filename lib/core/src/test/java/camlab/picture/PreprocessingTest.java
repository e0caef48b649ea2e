package camlab.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class PreprocessingTest {

  @Test
  void normalisesColourByColour() {
    Preprocessing tiny = new Preprocessing(2, 2, List.of(0f, 0.5f, 1f), List.of(1f, 0.5f, 2f));
    float[] values =
        tiny.apply(Picture.of(2, 2, new int[] {0xFF0000, 0x00FF00, 0x0000FF, 0x330000}));
    float[] expected = {1, 0, 0, 0.2f, -1, 1, -1, -1, -0.5f, -0.5f, 0, -0.5f};
    assertEquals(expected.length, values.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], values[i], 1e-7f);
    }
  }

  /** To the bit; of a network that takes grey, the grey. */
  @Test
  void whatWasNormalisedIsFoundAgain() {
    Picture noise = Picture.of(8, 6, new Random(1).ints(48, 0, 1 << 24).toArray());
    for (Preprocessing each :
        List.of(
            Preprocessing.IMAGENET,
            Preprocessing.INCEPTION,
            Preprocessing.CAFFE,
            Preprocessing.PLAIN)) {
      assertEquals(noise, each.denormalize(each.normalize(noise), 8, 6), each.identity());
    }
    Preprocessing grey = Preprocessing.MNIST;
    assertEquals(noise.grey(), grey.denormalize(grey.normalize(noise), 8, 6));
    float[] outside = {-9, 9, 0};
    assertEquals(
        0x00FF00 | Math.round(255 * 0.406f),
        Preprocessing.IMAGENET.denormalize(outside, 1, 1).rgb(0, 0));
    assertThrows(
        IllegalStateException.class,
        () -> Preprocessing.builder().arrays(3).size(1, 1).build().denormalize(outside, 1, 1));
  }

  @Test
  void aViewIsMadeOfAsManyNumbersAsItHas() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Preprocessing.IMAGENET.denormalize(new float[5], 2, 2))
            .getMessage();
    assertEquals(
        "A view of 2×2 pixels (width × height, at least 1×1) is made of 12 numbers, one for each pixel of its 3 channels (RGB); found 5.",
        message);
    assertEquals(
        "A view of -2×-2 pixels (width × height, at least 1×1) is made of 12 numbers, one for each pixel of its 3 channels (RGB); found 12.",
        assertThrows(
                IllegalArgumentException.class,
                () -> Preprocessing.IMAGENET.denormalize(new float[12], -2, -2))
            .getMessage());
    String missing =
        assertThrows(NullPointerException.class, () -> Preprocessing.IMAGENET.normalize(null))
            .getMessage();
    assertTrue(missing.startsWith("Expected a picture, found null"), missing);
  }

  @Test
  void imageNetOfGrey() {
    float[] values = Preprocessing.IMAGENET.apply(Resources.read("grey.png"));
    assertEquals(3 * 224 * 224, values.length);
    assertEquals((128 / 255.0 - 0.485) / 0.229, values[0], 1e-6);
    assertEquals((128 / 255.0 - 0.456) / 0.224, values[224 * 224], 1e-6);
    assertEquals((128 / 255.0 - 0.406) / 0.225, values[3 * 224 * 224 - 1], 1e-6);
  }

  @Test
  void theRegionIsTheMiddleSquare() {
    Preprocessing same = new Preprocessing(256, 256, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    var wide = same.region(Picture.of(600, 300, new int[600 * 300]));
    assertEquals(region(150, 0, 300, 300, 600, 300, 256), wide);
    var tall = Preprocessing.IMAGENET.region(Picture.of(256, 512, new int[256 * 512]));
    assertEquals(region(16, 144, 224, 224, 256, 512, 224), tall);
  }

  /** A picture of 40×20 becomes 20×10, and the columns 5 to 14 of that are the view. */
  @Test
  void theRegionOfASmallPicture() {
    Region region = view(10, 10).region(Picture.of(40, 20, new int[800]));
    assertEquals(region(10, 0, 20, 20, 40, 20, 10), region);
    assertFalse(region.isWhole());
  }

  /** 2/3 of the size: 5×3 becomes 3×2 (3.33 rounded down), so that a column is 5/3 wide. */
  @Test
  void theLongerSideIsRoundedDown() {
    Region region = view(2, 2).region(Picture.of(5, 3, new int[15]));
    // Half a column is left over on each side: the crop starts at the even one, 0.
    assertEquals(region(0, 0, 10 / 3.0, 3, 5, 3, 2), region);
  }

  /** What is padded lies outside the picture. */
  @Test
  void theRegionReachesBeyondASmallPicture() {
    Region region = view(2, 4).region(Picture.of(4, 4, new int[16]));
    assertEquals(region(-2, -2, 8, 8, 4, 4, 4), region);
    assertTrue(region.isWhole());
  }

  private static Region region(
      double left, double top, double width, double height, int columns, int rows, int view) {
    return new Region(
        left, top, width, height, new Region.Size(columns, rows), new Region.Size(view, view));
  }

  /** A mask of 6×2 with its left half set: of the two columns in the middle, the left one. */
  @Test
  void theMaskIsCroppedAsThePictureIs() {
    BitSet pixels = new BitSet();
    pixels.set(0, 3);
    pixels.set(6, 9);
    Mask view = view(2, 2).view(Mask.of(6, 2, pixels));
    assertEquals(2, view.width());
    assertEquals(2, view.height());
    assertEquals(Picture.of(2, 2, new int[] {0xFFFFFF, 0, 0xFFFFFF, 0}), view.toPicture());
  }

  /** 16×16 at a quarter of the size: a cell of 4×4 counts from half of it on. */
  @Test
  void halfCoveredPixelsBelongToTheView() {
    BitSet pixels = new BitSet();
    for (int row = 0; row < 16; row++) {
      pixels.set(row * 16, row * 16 + 7); // the second column of cells is covered by more than half
      pixels.set(row * 16 + 13, row * 16 + 14); // the fourth by a quarter
    }
    Mask view = view(4, 4).view(Mask.of(16, 16, pixels));
    for (int row = 0; row < 4; row++) {
      assertTrue(view.contains(row, 0));
      assertTrue(view.contains(row, 1));
      assertFalse(view.contains(row, 2));
      assertFalse(view.contains(row, 3));
    }
  }

  private static Preprocessing view(int resize, int crop) {
    return new Preprocessing(resize, crop, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
  }

  @Test
  void isImmutableAndChecked() {
    List<Float> mean = new ArrayList<>(List.of(0f, 0f, 0f));
    Preprocessing made = new Preprocessing(2, 2, mean, List.of(1f, 1f, 1f));
    mean.set(0, 9f);
    assertEquals(List.of(0f, 0f, 0f), made.mean());
    assertThrows(IllegalArgumentException.class, () -> new Preprocessing(0, 2, mean, mean));
    assertThrows(
        IllegalArgumentException.class, () -> new Preprocessing(2, 2, mean, List.of(1f, 0f, 1f)));
    assertThrows(
        IllegalArgumentException.class, () -> new Preprocessing(2, 2, List.of(1f), List.of(1f)));
  }

  /** Pillow's own results are in the resources, see make.py there. */
  @Test
  void viewsAreTorchvisions() {
    Picture source = Resources.read("source.png");
    Preprocessing whole = Preprocessing.builder().size(17, 23).build();
    assertEquals(Resources.read("source-23x17.png"), whole.view(source));
    assertEquals(
        Resources.read("source-bicubic-23x17.png"),
        whole.toBuilder().bicubic().build().view(source));
    assertEquals(
        Resources.read("source-bicubic-130x90.png"),
        Preprocessing.builder().size(90, 130).bicubic().build().view(source));
    assertEquals(
        Resources.read("source-middle-24x10.png"),
        Preprocessing.builder().shortSide(20).crop(10, 24).build().view(source));
    assertEquals(
        Resources.read("source-grey.png"),
        Preprocessing.builder().grey().ownSize().build().view(source));
    assertEquals(source, Preprocessing.builder().ownSize().build().view(source));
  }

  /** Figures of torchvision's Grayscale, Resize((17, 23)), ToTensor and Normalize. */
  @Test
  void greyAsTorchvisionHasIt() {
    Preprocessing digits = Preprocessing.MNIST.toBuilder().size(17, 23).build();
    float[] values = digits.apply(Resources.read("source.png"));
    assertEquals(17 * 23, values.length);
    assertEquals(-0.18237650, values[0], 1e-6);
    assertEquals(0.64495873, values[100], 1e-6);
    assertEquals(1.25591409, values[390], 1e-6);
    assertSums(397.7516479, 398.9302673, values);
    assertEquals(-0.1307 / 0.3081, digits.black()[0], 1e-6);
    assertEquals(0x212121, digits.zero()); // 255 · 0.1307 = 33.3
  }

  /** Figures of torchvision's Resize((17, 23), BICUBIC) and PILToTensor, with Caffe's means. */
  @Test
  void blueFirstFrom0To255() {
    Preprocessing caffe = Preprocessing.CAFFE.toBuilder().size(17, 23).bicubic().build();
    float[] values = caffe.apply(Resources.read("source.png"));
    assertEquals(3 * 17 * 23, values.length);
    assertEquals(24.060997, values[0], 1e-4);
    assertEquals(-111.778999, values[391], 1e-4);
    assertEquals(3.32, values[1172], 1e-4);
    assertSums(6852.38232, 64155.44531, values);
    assertEquals(-103.939f, caffe.black()[0]);
    assertEquals(0x7C7568, caffe.zero()); // 123.68, 116.779, 103.939
  }

  private static void assertSums(double sum, double magnitude, float[] values) {
    double foundSum = 0;
    double foundMagnitude = 0;
    for (float value : values) {
      foundSum += value;
      foundMagnitude += Math.abs(value);
    }
    assertEquals(sum, foundSum, 1e-5 * magnitude);
    assertEquals(magnitude, foundMagnitude, 1e-5 * magnitude);
  }

  @Test
  void nothingSubtractedAndNothingDivided() {
    Preprocessing plain = Preprocessing.builder().ownSize().build();
    Picture pixel = Picture.of(1, 1, new int[] {0xFF8033});
    assertArrayEquals(new float[] {1, 128 / 255f, 0.2f}, plain.apply(pixel));
    assertArrayEquals(
        new float[] {51, 128, 255}, plain.toBuilder().bgr().scale255().build().apply(pixel));
    assertArrayEquals(
        new float[] {0.5f, 64, 127.5f},
        plain.toBuilder().scale255().mean(254, 0, -204).deviation(2).build().apply(pixel));
    assertEquals(0, plain.zero());
    assertArrayEquals(new float[3], plain.black());
  }

  /** Every level that a channel can have, each by the formula, to the last bit. */
  @Test
  void everyLevel() {
    Picture greys =
        Picture.of(16, 16, IntStream.range(0, 256).map(level -> level * 0x010101).toArray());
    for (Channels channels : List.of(Channels.GREY, Channels.RGB, Channels.BGR)) {
      float[] values =
          Preprocessing.builder()
              .channels(channels)
              .ownSize()
              .mean(0.1307)
              .deviation(0.3081)
              .build()
              .apply(greys);
      for (int i = 0; i < values.length; i++) {
        assertEquals((i % 256 / 255f - 0.1307f) / 0.3081f, values[i]);
      }
    }
    int[] sums = IntStream.range(0, 766).map(PreprocessingTest::ofSum).toArray();
    float[] means =
        Preprocessing.builder().meanGrey().ownSize().build().apply(Picture.of(766, 1, sums));
    for (int sum = 0; sum < 766; sum++) {
      assertEquals(sum / 3f / 255f, means[sum]);
    }
  }

  /** A colour whose red, green and blue have this sum. */
  private static int ofSum(int sum) {
    int red = Math.min(255, sum);
    int green = Math.min(255, sum - red);
    return red << 16 | green << 8 | (sum - red - green);
  }

  /** 0.299 · 255 + 0.587 · 128 + 0.114 · 51 = 157.2. */
  @Test
  void greyIsTheEyesBrightness() {
    Picture pixel = Picture.of(1, 1, new int[] {0xFF8033});
    assertEquals(157, pixel.grey().rgb(0, 0) & 0xFF);
    assertEquals(0x9D9D9D, pixel.grey().rgb(0, 0));
    assertEquals(pixel.grey(), pixel.grey().grey());
    Preprocessing mean = Preprocessing.builder().meanGrey().scale255().ownSize().build();
    assertEquals((255 + 128 + 51) / 3f, mean.apply(pixel)[0]);
    assertEquals(pixel, mean.view(pixel));
    assertEquals(157f, mean.toBuilder().grey().build().apply(pixel)[0]);
  }

  /** All of 40×20 as 10 rows of 10: a column of the view is 4 wide, a row 2 high. */
  @Test
  void theRegionOfAResizedPictureIsAllOfIt() {
    Picture picture = Picture.of(40, 20, new int[800]);
    Region region = Preprocessing.builder().size(10, 8).build().region(picture);
    assertEquals(new Region(0, 0, 40, 20, new Region.Size(40, 20), new Region.Size(8, 10)), region);
    assertTrue(region.isWhole());
    assertEquals(Region.whole(40, 20), Preprocessing.builder().ownSize().build().region(picture));
  }

  /** 40×20 becomes 20×10; of that the rows 2 to 7 and the columns 6 to 13 are seen. */
  @Test
  void theRegionOfARectangleInTheMiddle() {
    Preprocessing part = Preprocessing.builder().shortSide(10).crop(6, 8).build();
    Region region = part.region(Picture.of(40, 20, new int[800]));
    assertEquals(new Region(12, 4, 16, 12, new Region.Size(40, 20), new Region.Size(8, 6)), region);
    BitSet pixels = new BitSet();
    for (int row = 4; row < 16; row++) {
      pixels.set(row * 40 + 12, row * 40 + 20); // the left half of the region
    }
    Mask seen = part.view(Mask.of(40, 20, pixels));
    assertEquals(8, seen.width());
    assertEquals(6, seen.height());
    assertEquals(4 * 6, seen.count());
    assertTrue(seen.contains(5, 3));
    assertFalse(seen.contains(0, 4));
  }

  /** Numbers that were kept before there were rectangles, grey or Caffe are found again. */
  @Test
  void torchvisionsIdentityIsAsItWas() {
    assertEquals(
        "Preprocessing(crop=224, mean=[0.485, 0.456, 0.406], resize=256, std=[0.229, 0.224, 0.225])",
        Preprocessing.IMAGENET.identity());
    assertEquals(
        "Preprocessing(crop=299, mean=[0.5, 0.5, 0.5], resize=333, std=[0.5, 0.5, 0.5])",
        new Preprocessing(333, 299, List.of(.5f, .5f, .5f), List.of(.5f, .5f, .5f)).identity());
  }

  @Test
  void everySettingIsPartOfTheIdentity() {
    assertEquals(
        6,
        Preprocessing.class.getRecordComponents().length,
        "a new setting belongs to the identity, and to the list below");
    Preprocessing usual = Preprocessing.IMAGENET;
    List<Preprocessing> all =
        List.of(
            usual,
            usual.toBuilder().bgr().build(),
            usual.toBuilder().crop(200).build(),
            usual.toBuilder().crop(200, 224).build(),
            usual.toBuilder().crop(224, 200).build(),
            usual.toBuilder().shortSide(224).crop(224).build(),
            usual.toBuilder().size(224, 224).build(),
            usual.toBuilder().ownSize().build(),
            usual.toBuilder().bicubic().build(),
            usual.toBuilder().mean().build(),
            usual.toBuilder().deviation().build(),
            usual.toBuilder().mean().scale255().build(),
            usual.toBuilder().arrays(3).build(),
            Preprocessing.MNIST,
            Preprocessing.MNIST.toBuilder().arrays(1).build(),
            Preprocessing.MNIST.toBuilder().meanGrey().build(),
            Preprocessing.MNIST.toBuilder().size(28, 29).build());
    assertEquals(all.size(), all.stream().map(Preprocessing::identity).distinct().count());
    assertEquals(
        "Preprocessing(channels=BGR, crop=224, interpolation=bicubic, mean=[103.939, 116.779, 123.68], resize=256, scale=0–255, std=[])",
        Preprocessing.CAFFE.toBuilder().bicubic().build().identity());
    assertEquals(
        "Preprocessing(channels=GREY, mean=[0.1307], size=28×28, std=[0.3081])",
        Preprocessing.MNIST.identity());
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    Preprocessing.Builder builder = Preprocessing.builder().size(8, 8);
    assertRefused(
        "Each channel has its own mean: RGB has 3, found 2 ([0.1, 0.2])", builder.mean(0.1, 0.2));
    assertRefused("has 1, found 3", builder.grey().mean(0.1, 0.2, 0.3));
    assertRefused("deviations above 0; found [] and [0.0]", builder.mean().deviation(0));
    assertRefused("say so: builder()….scale255()", builder.rgb().deviation().mean(104, 117, 123));
    assertRefused("Leave scale255() out", builder.scale255().mean(0.5));
    assertRefused("at least 1 pixel, found 0×3", () -> Preprocessing.builder().size(0, 3));
    assertRefused("at least 1 channel, found 0", () -> Preprocessing.builder().arrays(0));
    assertRefused("Say which size the network's pictures have", Preprocessing.builder());
    assertRefused("brought to 9: say what is cut out", Preprocessing.builder().shortSide(9));
    assertRefused("say shortSide(256).crop(224)", () -> Preprocessing.builder().crop(3));
    Preprocessing wide = Preprocessing.builder().size(4, 8).build();
    assertRefused("There is no 'crop'", wide::crop);
    assertRefused("There is no 'resize'", wide::resize);
    assertEquals(8, wide.toBuilder().size(8, 8).build().crop());
    assertEquals(256, Preprocessing.CAFFE.resize());
    Preprocessing six = Preprocessing.builder().arrays(6).size(4, 4).build();
    assertRefused(
        "Give it arrays of shape (N, 6, H, W)", () -> six.apply(Picture.of(1, 1, new int[1])));
  }

  private static void assertRefused(String words, Preprocessing.Builder builder) {
    assertRefused(words, builder::build);
  }

  private static void assertRefused(String words, Executable call) {
    String message = assertThrows(RuntimeException.class, call).getMessage();
    assertTrue(message.contains(words), message);
  }

  @Test
  void whatIsSaidInWords() {
    assertEquals(
        "RGB 0–1, mean [0.485, 0.456, 0.406], deviation [0.229, 0.224, 0.225], 224×224 (height × width) cut out of the middle, the shorter side resized to 256 before, bilinear",
        Preprocessing.IMAGENET.toString());
    assertEquals(
        "arrays of 6 channels 0–255, mean none, deviation none, the picture's own size, bilinear",
        Preprocessing.builder().arrays(6).scale255().ownSize().build().toString());
  }

  /** The part that is seen is that of the whole resized picture, which nobody has to hold. */
  @Test
  void theMiddleIsThatOfTheWhole() {
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      int width = 1 + random.nextInt(60);
      int height = 1 + random.nextInt(60);
      Picture noise =
          Picture.of(width, height, random.ints((long) width * height, 0, 1 << 24).toArray());
      Fit.ShortSide part =
          new Fit.ShortSide(1 + random.nextInt(40), 1 + random.nextInt(40), 1 + random.nextInt(40));
      Interpolation how = i % 2 == 0 ? Interpolation.BILINEAR : Interpolation.BICUBIC;
      assertEquals(
          noise.resizedShortSide(part.resize(), how).centreCrop(part.width(), part.height()),
          noise.middle(part, how),
          () -> noise + " " + part);
    }
  }

  /** Its longer side would be 1,280,000 pixels, or more than any picture has. */
  @Test
  void aThinPictureTakesNoMoreThanItsMiddle() {
    for (int length : new int[] {5_000, 3_000_000}) {
      int[] rgb = new int[length];
      Arrays.fill(rgb, length / 2 - 1, length / 2 + 1, 0xFFFFFF);
      Picture thin = Picture.of(1, length, rgb);
      long before = allocated();
      Picture view = Preprocessing.IMAGENET.view(thin);
      assertTrue(allocated() - before < 10_000_000, () -> allocated() - before + " bytes");
      assertEquals(0xFFFFFF, view.rgb(112, 0));
      Region region = Preprocessing.IMAGENET.region(thin);
      assertEquals(length / 2.0, region.top() + region.height() / 2, 0.01);
      assertEquals(224.0 / 256, region.height(), 1e-6);
    }
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean)
            java.lang.management.ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }
}
