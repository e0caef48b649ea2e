package camlab.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.awt.color.ICC_Profile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PictureReaderTest {

  @TempDir private Path folder;

  /** Width, height and the corners top left, top right, bottom left, as Pillow turns them. */
  @ParameterizedTest
  @CsvSource({
    "1, 32, 16, red, green, blue",
    "2, 32, 16, green, red, white",
    "3, 32, 16, white, blue, green",
    "4, 32, 16, blue, white, red",
    "5, 16, 32, red, blue, green",
    "6, 16, 32, blue, red, white",
    "7, 16, 32, white, green, blue",
    "8, 16, 32, green, white, red"
  })
  void turnsPhotographsUpright(
      int orientation, int width, int height, String topLeft, String topRight, String bottomLeft) {
    Picture picture = Resources.read(String.format(Locale.ROOT, "orientation-%d.jpg", orientation));
    assertEquals(width, picture.width());
    assertEquals(height, picture.height());
    assertEquals(topLeft, name(picture.rgb(3, 3)));
    assertEquals(topRight, name(picture.rgb(3, width - 4)));
    assertEquals(bottomLeft, name(picture.rgb(height - 4, 3)));
  }

  private static String name(int rgb) {
    return switch (rgb & 0x808080) {
      case 0x800000 -> "red";
      case 0x008000 -> "green";
      case 0x000080 -> "blue";
      default -> "white";
    };
  }

  /** Every kind of pixel as 8-bit RGB; transparency over white. */
  @ParameterizedTest
  @CsvSource({
    "grey.png, 808080",
    "grey.jpg, 808080",
    "grey-16bit.png, 808080", // 0x8040, of which the upper byte stays
    "grey-alpha.png, E0E0E0", // 100 at 20 %: 224
    "alpha.png, E3B17F", // 200, 100, 0 at 128/255: 227, 177, 127
    "one-bit.png, FFFFFF",
    "indexed.png, 0A141E",
  })
  void readsEveryKindOfPixel(String name, String rgb) {
    Picture picture = Resources.read(name);
    assertEquals(rgb, String.format(Locale.ROOT, "%06X", picture.rgb(2, 2)));
  }

  @Test
  void aTransparentColourIsLaidOverWhite() {
    Picture picture = Resources.read("one-transparent-colour.png");
    assertEquals(0xFFFFFF, picture.rgb(0, 0));
    assertEquals(0x0A141E, picture.rgb(0, 1));
  }

  /**
   * As in a telephone's photograph; the numbers in the file are the picture's, as Pillow has it.
   */
  @ParameterizedTest
  @CsvSource({"orientation-1.jpg, 1004", "orientation-6.jpg, 1004", "grey.jpg, 1003"})
  void aColourProfileChangesNoNumber(String name, int space) throws IOException {
    byte[] plain = Files.readAllBytes(Resources.path(name));
    byte[] profile = ICC_Profile.getInstance(space).getData();
    byte[] told = "ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
    int length = 2 + told.length + profile.length;
    ByteBuffer file = ByteBuffer.allocate(plain.length + 2 + length);
    file.put(plain, 0, 2).putShort((short) 0xFFE2).putShort((short) length).put(told).put(profile);
    file.put(plain, 2, plain.length - 2);
    assertEquals(Resources.read(name), Picture.read(file("profile.jpg", file.array())));
  }

  @Test
  void theContentCountsAndNotTheName() throws IOException {
    Path path = folder.resolve("really-a-png.jpg");
    Files.copy(Resources.path("source.png"), path);
    assertEquals(Resources.read("source.png"), Picture.read(path));
  }

  @Test
  void textCalledPng() throws IOException {
    Path path = file("notes.png", "Not a picture at all.\n".getBytes(StandardCharsets.UTF_8));
    assertMessage(
        path,
        "Expected a PNG, JPEG, GIF, BMP or TIFF picture, found text",
        "notes.png",
        "Save it as");
  }

  @ParameterizedTest
  @CsvSource({"format.bmp", "format.gif", "format.tiff"})
  void otherFormatsAreRead(String name) {
    Picture picture = Resources.read(name);
    assertEquals("Picture 8×6", picture.toString());
    assertEquals(0xC86400, picture.rgb(0, 3));
    assertEquals(0x0A141E, picture.rgb(5, 4));
  }

  /** The frame lies where it says; around it is the first colour, as Pillow has it. */
  @ParameterizedTest
  @CsvSource({
    "frame-inside.gif, 8, 6, 2, 1, 00C800, 0A141E",
    "frame-inside-transparent.gif, 8, 6, 2, 1, FFFFFF, FFFFFF",
    "frame-beyond.gif, 10, 7, 6, 4, 00C800, 0A141E"
  })
  void aFrameMayBeSmallerThanTheGif(
      String name, int width, int height, int left, int top, String second, String around) {
    Picture picture = Resources.read(name);
    assertEquals(width, picture.width());
    assertEquals(height, picture.height());
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        boolean inside = row >= top && row < top + 3 && column >= left && column < left + 4;
        String colour = !inside ? around : (column - left) % 2 == 0 ? "C86400" : second;
        assertEquals(colour, String.format(Locale.ROOT, "%06X", picture.rgb(row, column)));
      }
    }
  }

  /** A GIF may be said to be as large as one likes around a frame of a few pixels. */
  @Test
  void theSizeOfAGifIsNoMoreThanItCanHold() throws IOException {
    byte[] bytes = Files.readAllBytes(Resources.path("frame-inside.gif"));
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(6, (short) 30_000);
    assertEquals(30_000, Picture.read(file("wide.gif", bytes)).width());
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(8, (short) 12_000);
    assertMessage(file("large.gif", bytes), "it claims 360,000,000 pixels, and has 49 bytes");
  }

  /** Sixteen bits for each colour of a palette, of which the upper eight stay. */
  @Test
  void thePaletteOfATiffKeepsItsNumbers() {
    Picture picture = Resources.read("format-indexed.tiff");
    assertEquals(0xC86400, picture.rgb(0, 3));
    assertEquals(0x0A141E, picture.rgb(5, 4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "format-upside-down.tiff",
        "format-upside-down-in-text.png",
        "format-upside-down-in-xmp.png",
        "format-upside-down-in-xmp.jpg"
      })
  void anOrientationCountsInEveryFormat(String name) {
    assertNear(0x0A141E, Resources.read(name).rgb(0, 0));
    assertNear(0xC86400, Resources.read(name).rgb(5, 7));
  }

  /** What it is, the file does not say; Java takes it for opacity. */
  @Test
  void aFourthSampleThatIsNoOpacityIsLeftOut() {
    Picture picture = Resources.read("format-fourth-sample.tiff");
    assertEquals(0xC86400, picture.rgb(0, 3));
    assertEquals(0x0A141E, picture.rgb(5, 4));
  }

  /** Java takes the brightness and colours of such a file for red, green and blue, or refuses. */
  @ParameterizedTest
  @ValueSource(strings = {"format-numbered-from-0.jpg", "format-two-markers.jpg"})
  void theColoursOfAJpegAreThoseThatOthersSee(String name) {
    Picture picture = Resources.read(name);
    assertNear(0xC86400, picture.rgb(0, 0));
    assertNear(0x0A141E, picture.rgb(5, 7));
  }

  private static void assertNear(int expected, int found) {
    for (int shift : new int[] {0, 8, 16}) {
      assertEquals(expected >> shift & 0xFF, found >> shift & 0xFF, 3);
    }
  }

  /** Twelve bits for each sample, as scanners in hospitals write them, are no damage. */
  @Test
  void aKindOfJpegThatJavaDoesNotReadIsNotToldAsDamaged() throws IOException {
    byte[] bytes = Files.readAllBytes(Resources.path("grey.jpg"));
    int frame = 0;
    while (bytes[frame] != (byte) 0xFF || bytes[frame + 1] != (byte) 0xC0) {
      frame++;
    }
    bytes[frame + 4] = 12;
    String message =
        assertThrows(PictureException.class, () -> Picture.read(file("scan.jpg", bytes)))
            .getMessage();
    assertTrue(message.contains("a kind of JPEG that Java does not read"), message);
    assertFalse(message.contains("damaged"), message);
  }

  @Test
  void formatsThatNothingReadsAreNamedWithWhatToDo() throws IOException {
    assertMessage(
        Resources.path("format.webp"), "found a WebP", "magick", "imageio-webp", "format.webp");
    assertMessage(Resources.path("format.avif"), "found an AVIF", "avifdec");
    assertMessage(container("heic", "mif1heic"), "found a HEIC", "heif-convert", "Most Compatible");
    assertMessage(container("mif1", "mif1avif"), "found an AVIF", "avifdec");
    assertMessage(container("isom", "isomavc1"), "a video file", "Save it as PNG or JPEG");
    assertMessage(Resources.path("format-cmyk.tiff"), "not in 8 or 16 bits of red, green and blue");
    assertMessage(
        Resources.path("format-float.tiff"), "not in 8 or 16 bits of red, green and blue");
    assertMessage(Resources.path("format-preview.tiff"), "raw file", "Save it as");
    assertMessage(file("c.jpg", "<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8)), "a web page");
    assertMessage(file("s.png", "<svg>".getBytes(StandardCharsets.UTF_8)), "an SVG drawing");
    assertMessage(file("d.jpg", new byte[] {0, 1, 2, 3}), "found something else");
    assertMessage(
        file("a.png", "GIF89a....".getBytes(StandardCharsets.UTF_8)), "starts like a GIF picture");
  }

  /** The start of a file in the container of HEIC, AVIF and MP4. */
  private Path container(String brand, String others) throws IOException {
    String start = "\0\0\0\030ftyp" + brand + "\0\0\0\0" + others + "\0\0\0\1meta";
    return file("container.jpg", start.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void emptyMissingAndFolder() throws IOException {
    assertMessage(file("empty.png", new byte[0]), "found an empty file");
    assertMessage(folder.resolve("missing.png"), "There is no picture at", "missing.png");
    assertMessage(folder, "found a folder", "PictureFolder");
  }

  @ParameterizedTest
  @CsvSource({"source.png", "source-130x90.png", "orientation-1.jpg", "grey.jpg"})
  void truncatedAnywhere(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Resources.path(name));
    // The last dozen bytes of a PNG hold no pixels.
    for (int length = 9; length < whole.length - 24; length += 1 + whole.length / 60) {
      Path path = file("cut-" + name, Arrays.copyOf(whole, length));
      assertMessage(path, "cannot be decoded", "truncated or damaged");
    }
  }

  @Test
  void damagedPixels() throws IOException {
    byte[] bytes = Files.readAllBytes(Resources.path("source.png"));
    Arrays.fill(bytes, 60, 200, (byte) 0x5A);
    assertMessage(file("damaged.png", bytes), "truncated or damaged");
  }

  @Test
  void printingColoursAreRefusedClearly() {
    assertMessage(Resources.path("cmyk.jpg"), "CMYK", "save it as RGB", "convert(\"RGB\")");
  }

  @Test
  void aBombIsRefusedByItsHeader() throws IOException {
    byte[] bytes = Files.readAllBytes(Resources.path("source.png"));
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.putInt(16, 60_000).putInt(20, 60_000);
    CRC32 check = new CRC32();
    check.update(bytes, 12, 17);
    header.putInt(29, (int) check.getValue());
    assertMessage(file("bomb.png", bytes), "60000×60000", "500 megapixels");
  }

  @Test
  void brokenMetadataLeaveThePixels() throws IOException {
    byte[] bytes = Files.readAllBytes(Resources.path("orientation-6.jpg"));
    int exif = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("Exif");
    Arrays.fill(bytes, exif + 6, exif + 20, (byte) 0xFF);
    assertEquals(32, Picture.read(file("odd.jpg", bytes)).width());
  }

  @Test
  void theEmptyFolderIsNamed() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    var none = assertThrows(PictureException.class, () -> PictureFolder.of(empty));
    assertTrue(none.getMessage().contains("no picture in"), none.getMessage());
    Path missing = folder.resolve("missing");
    var gone = assertThrows(PictureException.class, () -> PictureFolder.of(missing));
    assertTrue(gone.getMessage().contains("found nothing"), gone.getMessage());
    Path text = file("a.txt", new byte[1]);
    var file = assertThrows(PictureException.class, () -> PictureFolder.of(text));
    assertTrue(file.getMessage().contains("found a file"), file.getMessage());
  }

  @Test
  void aFolderIsSortedAndFiltered() throws IOException {
    for (String name :
        new String[] {"b.PNG", "a.jpeg", "c.Jpg", ".hidden.png", "notes.txt", "d.HEIC"}) {
      Files.copy(
          Resources.path(name.endsWith("PNG") ? "grey.png" : "grey.jpg"), folder.resolve(name));
    }
    Files.createDirectory(folder.resolve("folder.png"));
    assertEquals(
        List.of("noending", "a.b"),
        new PictureFolder(folder, List.of(Path.of("noending"), Path.of("a.b.png")), List.of())
            .names());
    PictureFolder pictures = PictureFolder.of(folder);
    assertEquals(List.of("a", "b", "c"), pictures.names());
    assertEquals(List.of(folder.resolve("d.HEIC")), pictures.leftOut());
    assertEquals(3, pictures.read().size());
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static void assertMessage(Path path, String... parts) {
    PrintStream error = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      var thrown = assertThrows(PictureException.class, () -> Picture.read(path));
      for (String part : parts) {
        assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
      }
    } finally {
      System.setErr(error);
    }
    assertEquals("", printed.toString(StandardCharsets.UTF_8));
  }

  /** A header alone may claim any size; nothing is made ready for it. */
  @ParameterizedTest
  @ValueSource(strings = {"source-23x17.png", "orientation-1.jpg", "format.gif"})
  void aSizeThatTheFileCannotHoldTakesNoMemory(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(Resources.path(name));
    ByteBuffer header = ByteBuffer.wrap(bytes);
    if (name.endsWith(".png")) {
      header.putInt(16, 12_000).putInt(20, 9_000);
      CRC32 checksum = new CRC32();
      checksum.update(bytes, 12, 17);
      header.putInt(29, (int) checksum.getValue());
    } else if (name.endsWith(".gif")) {
      int image = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(',');
      header.order(ByteOrder.LITTLE_ENDIAN).putShort(image + 5, (short) 12_000);
      header.putShort(image + 7, (short) 9_000);
    } else {
      int frame = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0");
      header.putShort(frame + 5, (short) 9_000).putShort(frame + 7, (short) 12_000);
    }
    Path file = Files.write(folder.resolve(name), bytes);
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertThrows(PictureException.class, () -> Picture.read(file));
    long before = memory.getCurrentThreadAllocatedBytes();
    String message = assertThrows(PictureException.class, () -> Picture.read(file)).getMessage();
    assertTrue(memory.getCurrentThreadAllocatedBytes() - before < 3_000_000, message);
    assertTrue(message.contains("it claims 108,000,000 pixels, and has "), message);
  }

  /** ImageIO would take a gigabyte for a part of which there are ten bytes. */
  @Test
  void aPartOfAPngIsAsLongAsItSays() throws IOException {
    byte[] whole = Files.readAllBytes(Resources.path("source-23x17.png"));
    int end = whole.length - 12;
    ByteBuffer claiming = ByteBuffer.allocate(end + 18);
    claiming
        .put(whole, 0, end)
        .putInt(1_023_410_182)
        .put("PLTE".getBytes(StandardCharsets.US_ASCII));
    assertMessage(
        file("claiming.png", claiming.array()), "a part claims 1,023,410,182 bytes", "damaged");
    byte[] longer = Arrays.copyOf(whole, whole.length + 100);
    assertEquals(
        Picture.read(Resources.path("source-23x17.png")).checksum(),
        Picture.read(file("longer.png", longer)).checksum());
  }
}
