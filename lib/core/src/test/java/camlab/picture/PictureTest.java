package camlab.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PictureTest {

  @Test
  void bilinearByHand() {
    // Four grey columns halved: each new pixel takes 3/8 of its two and 1/8 of a neighbour's, where
    // there is one: (3·0 + 3·80 + 1·160) / 7 and (1·80 + 3·160 + 3·240) / 7.
    Picture row = greyRow(0, 80, 160, 240);
    Picture half = row.resized(2, 1);
    assertEquals(57, half.rgb(0, 0) & 0xFF);
    assertEquals(183, half.rgb(0, 1) & 0xFF);
    // Two doubled: quarters, with the border held.
    Picture twice = greyRow(0, 100).resized(4, 1);
    assertEquals(0, twice.rgb(0, 0) & 0xFF);
    assertEquals(25, twice.rgb(0, 1) & 0xFF);
    assertEquals(75, twice.rgb(0, 2) & 0xFF);
    assertEquals(100, twice.rgb(0, 3) & 0xFF);
  }

  @ParameterizedTest
  @CsvSource({"23, 17", "130, 90", "61, 10", "7, 47"})
  void resizesLikePillow(int width, int height) {
    Picture expected =
        Resources.read(String.format(Locale.ROOT, "source-%dx%d.png", width, height));
    assertEquals(expected, Resources.read("source.png").resized(width, height));
  }

  /** Only the other side is filtered, and a quarter turn makes the one side the other. */
  @Test
  void aSideThatKeepsItsLengthStaysAsItIs() {
    Picture picture = Picture.of(9, 6, new Random(1).ints(9 * 6, 0, 1 << 24).toArray());
    assertEquals(picture, picture.resized(9, 6));
    Picture lower = picture.resized(9, 4);
    assertEquals(lower, transposed(transposed(picture).resized(4, 9)));
    assertNotEquals(picture.rgb(0, 0), lower.rgb(0, 0));
    assertEquals(picture.cropped(2, 1, 4, 4), new Preprocessing(6, 4, ONE, ONE).view(picture));
  }

  private static final List<Float> ONE = List.of(1f, 1f, 1f);

  private static Picture transposed(Picture picture) {
    int[] pixels = new int[picture.width() * picture.height()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = picture.rgb(i % picture.height(), i / picture.height());
    }
    return Picture.of(picture.height(), picture.width(), pixels);
  }

  @Test
  void aTinyPictureResizesLikeAnyOther() {
    Picture dot = Picture.of(1, 1, new int[] {0x123456});
    Picture square = dot.resizedShortSide(256).centreCrop(224);
    assertEquals(224, square.width());
    assertEquals(0x123456, square.rgb(0, 0));
    assertEquals(0x123456, square.rgb(223, 223));
  }

  @ParameterizedTest
  @CsvSource({"500, 375, 341, 256", "375, 500, 256, 341", "300, 300, 256, 256", "3, 2, 384, 256"})
  void shortSideRoundsTheLongOneDown(int width, int height, int newWidth, int newHeight) {
    Picture resized = Picture.of(width, height, new int[width * height]).resizedShortSide(256);
    assertEquals(newWidth, resized.width());
    assertEquals(newHeight, resized.height());
  }

  @ParameterizedTest
  @CsvSource({"7, 4, 2", "5, 4, 0", "9, 4, 2", "6, 4, 1", "4, 4, 0", "3, 4, 0", "2, 5, -1"})
  void centreCropStartsWherePythonRounds(int side, int size, int start) {
    assertEquals(start, Picture.cropStart(side, size));
  }

  @Test
  void centreCropPadsWithBlack() {
    Picture padded = Picture.of(2, 1, new int[] {0xFFFFFF, 0x808080}).centreCrop(5);
    assertEquals(0xFFFFFF, padded.rgb(2, 1));
    assertEquals(0x808080, padded.rgb(2, 2));
    assertEquals(0, padded.rgb(2, 0));
    assertEquals(0, padded.rgb(2, 3));
    assertEquals(0, padded.rgb(1, 1));
  }

  @Test
  void cropAndFlip() {
    Picture picture = Picture.of(3, 2, new int[] {1, 2, 3, 4, 5, 6});
    assertEquals(Picture.of(2, 1, new int[] {5, 6}), picture.cropped(1, 1, 2, 1));
    assertEquals(Picture.of(3, 2, new int[] {3, 2, 1, 6, 5, 4}), picture.flipped());
    assertThrows(IllegalArgumentException.class, () -> picture.cropped(2, 0, 2, 1));
  }

  @Test
  void aPixelBecomesASquare() {
    Picture picture = Picture.of(2, 1, new int[] {1, 2});
    assertEquals(Picture.of(4, 2, new int[] {1, 1, 2, 2, 1, 1, 2, 2}), picture.enlarged(2));
    assertEquals(picture, picture.enlarged(1));
    assertThrows(IllegalArgumentException.class, () -> picture.enlarged(0));
    // 4,294,967,296 pixels are 0 in an int.
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> Picture.of(2, 2, new int[4]).enlarged(32_768))
            .getMessage();
    assertTrue(message.contains("at most 500 million pixels; 65536×65536 was asked for"), message);
  }

  @Test
  void isImmutable() {
    int[] pixels = {1, 2};
    Picture picture = Picture.of(2, 1, pixels);
    pixels[0] = 99;
    BufferedImage image = picture.toImage();
    assertEquals(BufferedImage.TYPE_INT_RGB, image.getType());
    Picture copy = Picture.of(image);
    image.setRGB(0, 0, 0xFFFFFF);
    assertEquals(1, picture.rgb(0, 0));
    assertEquals(picture, copy);
    assertEquals(picture.hashCode(), copy.hashCode());
    assertNotEquals(picture, Picture.of(1, 2, new int[] {1, 2}));
    assertEquals("Picture 2×1", picture.toString());
  }

  /** What two pictures are compared by is what is seen. */
  @Test
  void wordsAreNoPartOfWhatIsSeen() {
    Picture picture = Picture.of(2, 1, new int[] {1, 2});
    Picture described = picture.described("Two dark pixels");
    assertEquals("", picture.description());
    assertEquals("Two dark pixels", described.description());
    assertEquals("", described.described("").description());
    assertEquals(picture, described);
    assertEquals(picture.hashCode(), described.hashCode());
    assertEquals("", described.cropped(0, 0, 1, 1).description());
    assertEquals("", described.resized(2, 1).description());
    assertTrue(
        assertThrows(NullPointerException.class, () -> picture.described(null))
            .getMessage()
            .startsWith("Expected what the picture shows"));
  }

  @Test
  void writesAndReadsTheSamePixels(@TempDir Path folder) {
    Picture picture = Resources.read("source.png");
    picture.write(folder.resolve("copy.png"));
    assertEquals(picture, Picture.read(folder.resolve("copy.png")));
    var wrongName =
        assertThrows(PictureException.class, () -> picture.write(folder.resolve("copy.jpg")));
    assertTrue(wrongName.getMessage().contains(".png"));
    String nowhere =
        assertThrows(
                PictureException.class,
                () -> picture.write(folder.resolve("nowhere").resolve("a.png")))
            .getMessage();
    assertTrue(nowhere.endsWith("may you write there, and is there room on the disk?"), nowhere);
  }

  @Test
  void refusesImpossibleSizes() {
    Picture dot = Picture.of(1, 1, new int[1]);
    assertThrows(IllegalArgumentException.class, () -> dot.resized(0, 5));
    assertThrows(IllegalArgumentException.class, () -> dot.resized(1 << 20, 1 << 20));
    assertThrows(
        IllegalArgumentException.class,
        () -> Picture.of(100_000, 1, new int[100_000]).resizedShortSide(256));
    assertThrows(IllegalArgumentException.class, () -> Picture.of(2, 2, new int[3]));
    IndexOutOfBoundsException outside =
        assertThrows(IndexOutOfBoundsException.class, () -> dot.rgb(0, 1));
    assertEquals("There is no column 1: they are counted from 0 to 0.", outside.getMessage());
  }

  @Test
  void ofAPartOfAnImageWhateverLiesAboveTheColours() {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    image.getRaster().setDataElements(0, 0, 3, 2, new int[] {1, 2, 3, 0xFF000004, 0x7F000005, 6});
    assertEquals(
        Picture.of(2, 2, new int[] {1, 2, 4, 5}), Picture.of(image.getSubimage(0, 0, 2, 2)));
    assertEquals(Picture.of(2, 1, new int[] {5, 6}), Picture.of(image.getSubimage(1, 1, 2, 1)));
  }

  @Test
  void ofAPartOfAnImageOfBytes() {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_3BYTE_BGR);
    int[] colours = {0x010203, 0x040506, 0x070809, 0xFAFBFC, 0xFDFEFF, 0x807F81};
    image.setRGB(0, 0, 3, 2, colours, 0, 3);
    assertEquals(Picture.of(3, 2, colours), Picture.of(image));
    BufferedImage part = image.getSubimage(1, 0, 2, 2).getSubimage(1, 1, 1, 1);
    assertEquals(BufferedImage.TYPE_3BYTE_BGR, part.getType());
    assertEquals(Picture.of(1, 1, new int[] {0x807F81}), Picture.of(part));
    assertEquals(
        Picture.of(2, 2, new int[] {0x010203, 0x040506, 0xFAFBFC, 0xFDFEFF}),
        Picture.of(image.getSubimage(0, 0, 2, 2)));
  }

  /**
   * Rows that lie further apart than they are wide, in an array that begins with something else.
   */
  @Test
  void ofBytesThatLieWithinOthers() {
    byte[] bytes = {9, 9, 9, 9, 3, 2, 1, 9, 9, 6, 5, 4, 9, 9};
    PixelInterleavedSampleModel model =
        new PixelInterleavedSampleModel(DataBuffer.TYPE_BYTE, 1, 2, 3, 5, new int[] {2, 1, 0});
    DataBufferByte buffer = new DataBufferByte(bytes, 10, 4);
    ColorModel colours = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR).getColorModel();
    BufferedImage image =
        new BufferedImage(colours, Raster.createWritableRaster(model, buffer, null), false, null);
    assertEquals(BufferedImage.TYPE_3BYTE_BGR, image.getType());
    assertEquals(Picture.of(1, 2, new int[] {0x010203, 0x040506}), Picture.of(image));
  }

  private static Picture greyRow(int... greys) {
    int[] pixels = new int[greys.length];
    for (int i = 0; i < greys.length; i++) {
      pixels[i] = greys[i] * 0x010101;
    }
    return Picture.of(greys.length, 1, pixels);
  }
}
