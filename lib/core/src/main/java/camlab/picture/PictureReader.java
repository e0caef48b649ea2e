package camlab.picture;

import camlab.file.Places;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Reads picture files, whatever they are called, and says clearly why it cannot. */
final class PictureReader {

  /** Bytes for each pixel while it is decoded: three or four samples. */
  private static final int DECODED_BYTES = 4;

  private static final long MAX_BYTES = 512L << 20;

  private static final int PNG_SIGNATURE = 8;

  /** The length, and the name. */
  private static final int CHUNK_HEADER = 8;

  private static final int CHUNK_CHECKSUM = 4;

  /** IEND. What stands behind it is no part of the picture. */
  private static final int LAST_CHUNK = 0x49454e44;

  private static final long UNSIGNED = 0xffffffffL;

  private PictureReader() {}

  /** The picture as it is. */
  static Picture read(Path path) {
    return read(path, Integer.MAX_VALUE);
  }

  /**
   * The picture, reduced by a whole factor if that leaves its shorter side at least so long: the
   * image in full size is let go before the next is read.
   */
  static Picture read(Path path, int shorterSide) {
    byte[] file = bytes(path);
    PictureFormat format = PictureFormat.of(file, path);
    if (!format.isReadable()) {
      throw format.unread(path);
    }
    ImageReader reader = ImageIO.getImageReadersByFormatName(format.imageIoName()).next();
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    long pixels = 0;
    byte[] read = format == PictureFormat.JPEG ? JpegFile.asOthersRead(file) : file;
    try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(read))) {
      requireChunks(format, file);
      reader.setInput(input, true, format != PictureFormat.GIF);
      Optional<GifFrame> frame =
          format == PictureFormat.GIF ? Optional.of(GifFrame.of(reader)) : Optional.empty();
      int width = frame.isPresent() ? frame.get().width() : reader.getWidth(0);
      int height = frame.isPresent() ? frame.get().height() : reader.getHeight(0);
      pixels = (long) width * height;
      requireSize(width, height, path);
      requireContent(pixels, file.length, format, path);
      int factor = Reduction.factor(width, height, shorterSide);
      requireMemory(pixels, factor, path);
      requireWhole(format, file, path);
      BufferedImage image = withoutUnknown(format, withPalette(format, reader.read(0), file), file);
      requireComplete(warnings, format, path);
      requireColours(format, image);
      BufferedImage whole = frame.isPresent() ? frame.get().inItsPlace(image) : image;
      return Orientation.upright(Reduction.of(whole, factor), Orientation.of(file));
    } catch (OutOfMemoryError | Pixels.NoRoom e) {
      // One array was too large; what was asked for before it has been let go.
      throw tooLarge(pixels, path, e);
    } catch (IOException | RuntimeException e) {
      if (e instanceof PictureException own) {
        throw own;
      }
      throw damaged(format, path, e);
    } finally {
      reader.dispose();
    }
  }

  /** The preview that a camera's raw file begins with is not its picture. */
  private static void requireWhole(PictureFormat format, byte[] file, Path path) {
    if (format == PictureFormat.TIFF && Orientation.isPreview(file)) {
      throw new PictureException(
          "%s is a camera's raw file or begins with a small preview of its picture. Save it as PNG or JPEG."
              .formatted(path));
    }
  }

  /** With the upper eight of a palette's sixteen bits, of which the reader makes a share of 255. */
  private static BufferedImage withPalette(PictureFormat format, BufferedImage image, byte[] file) {
    int[] palette = format == PictureFormat.TIFF ? Orientation.palette(file) : new int[0];
    if (!(image.getColorModel() instanceof IndexColorModel read)
        || palette.length != 3 * read.getMapSize()) {
      return image;
    }
    int size = read.getMapSize();
    int[] colours = new int[size];
    for (int i = 0; i < size; i++) {
      colours[i] =
          (palette[i] & 0xFF00) << 8 | (palette[size + i] & 0xFF00) | palette[2 * size + i] >> 8;
    }
    ColorModel kept =
        new IndexColorModel(
            read.getPixelSize(), size, colours, 0, false, -1, read.getTransferType());
    return new BufferedImage(kept, image.getRaster(), false, null);
  }

  /**
   * Without a last sample of which a TIFF file does not say that it is opacity, as infrared light
   * is none: the reader takes it for that all the same.
   */
  private static BufferedImage withoutUnknown(
      PictureFormat format, BufferedImage image, byte[] file) {
    boolean unknown =
        format == PictureFormat.TIFF
            && image.getColorModel() instanceof ComponentColorModel colours
            && colours.hasAlpha()
            && !Orientation.hasOpacity(file);
    if (!unknown) {
      return image;
    }
    WritableRaster all = image.getRaster();
    int[] bands = IntStream.range(0, all.getNumBands() - 1).toArray();
    ColorModel colours =
        new ComponentColorModel(
            image.getColorModel().getColorSpace(),
            false,
            false,
            Transparency.OPAQUE,
            all.getTransferType());
    WritableRaster rest =
        all.createWritableChild(0, 0, all.getWidth(), all.getHeight(), 0, 0, bands);
    return new BufferedImage(colours, rest, false, null);
  }

  private static void requireColours(PictureFormat format, BufferedImage image) throws IOException {
    // ImageIO takes the four inks of CMYK for red, green, blue and alpha.
    boolean inks = format == PictureFormat.JPEG && image.getRaster().getNumBands() == 4;
    int kind = image.getColorModel().getColorSpace().getType();
    int samples = image.getRaster().getTransferType();
    if (inks || (kind != ColorSpace.TYPE_RGB && kind != ColorSpace.TYPE_GRAY)) {
      throw new IOException("Unsupported Image Type");
    } else if (image.getColorModel() instanceof ComponentColorModel
        && samples != DataBuffer.TYPE_BYTE
        && samples != DataBuffer.TYPE_USHORT) {
      throw new IOException("Unsupported color depth");
    }
  }

  private static byte[] bytes(Path path) {
    if (Files.isDirectory(Places.required(path, "a picture"))) {
      throw new PictureException(
          "Expected a picture file, found a folder: %s. Name one file in it, or use PictureFolder for all of them."
              .formatted(path));
    }
    if (!Files.exists(path)) {
      throw new PictureException(
          "There is no picture at %s. Check the name; a relative one starts at %s."
              .formatted(path, Path.of("").toAbsolutePath()));
    }
    try {
      long size = Files.size(path);
      if (size == 0) {
        throw new PictureException(
            "%s, found an empty file: %s. Copy or download it again."
                .formatted(PictureFormat.EXPECTED, path));
      }
      if (size > MAX_BYTES) {
        throw new PictureException(
            String.format(
                Locale.ROOT,
                "%s has %d MB; pictures of up to %d MB are read. Is it a picture? If so, make it smaller first.",
                path,
                size >> 20,
                MAX_BYTES >> 20));
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new PictureException(
          "%s is there but cannot be read (%s). Check its permissions.".formatted(path, e), e);
    }
  }

  /** A PNG's chunk says how long it is, and ImageIO takes that much memory before it reads on. */
  private static void requireChunks(PictureFormat format, byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    long at = format == PictureFormat.PNG ? PNG_SIGNATURE : file.length;
    while (at + CHUNK_HEADER <= file.length) {
      long length = bytes.getInt((int) at) & UNSIGNED;
      if (bytes.getInt((int) at + Integer.BYTES) == LAST_CHUNK) {
        return;
      }
      if (at + CHUNK_HEADER + length > file.length) {
        throw new IOException(
            String.format(
                Locale.ROOT, "a part claims %,d bytes, and the file has %,d", length, file.length));
      }
      at += CHUNK_HEADER + length + CHUNK_CHECKSUM;
    }
  }

  /** Asked of the header, before anything is decoded: a few bytes can claim gigabytes of pixels. */
  private static void requireSize(int width, int height, Path path) {
    if ((long) width * height > Picture.MAX_PIXELS) {
      throw new PictureException(
          String.format(
              Locale.ROOT,
              "%s claims %d×%d pixels; pictures of up to %d megapixels are read. If it is a real picture, make it smaller first.",
              path,
              width,
              height,
              Picture.MAX_PIXELS / 1_000_000));
    }
  }

  /** A file that claims more pixels than its bytes can hold would take memory for nothing. */
  private static void requireContent(long pixels, long bytes, PictureFormat format, Path path) {
    if (pixels > bytes * format.mostPixelsOfByte()) {
      throw damaged(
          format,
          path,
          new IOException(
              String.format(
                  Locale.ROOT, "it claims %,d pixels, and has %,d bytes", pixels, bytes)));
    }
  }

  private static void requireMemory(long pixels, int factor, Path path) {
    long own = pixels / ((long) factor * factor) * Integer.BYTES;
    if (pixels * (DECODED_BYTES - 1) + own > Runtime.getRuntime().maxMemory()) {
      throw tooLarge(pixels, path, null);
    }
  }

  private static PictureException tooLarge(long pixels, Path path, Throwable cause) {
    return new PictureException(
        String.format(
            Locale.ROOT,
            "%s has %,d megapixels, which take about %,d MB to read, and Java may use %,d MB in all. Read a reduced copy, Picture.readReduced(path); or start Java with more memory, such as -Xmx%dg.",
            path,
            pixels / 1_000_000,
            (pixels * (DECODED_BYTES + Integer.BYTES)) >> 20,
            Runtime.getRuntime().maxMemory() >> 20,
            2 + ((pixels * 2 * (DECODED_BYTES + Integer.BYTES)) >> 30)),
        cause);
  }

  /**
   * ImageIO fills the rest of a truncated JPEG with grey and only warns; other warnings are mild.
   */
  private static void requireComplete(List<String> warnings, PictureFormat format, Path path) {
    for (String warning : warnings) {
      String lower = warning.toLowerCase(Locale.ROOT);
      if (lower.contains("premature end") || lower.contains("truncated")) {
        throw damaged(format, path, new IOException(warning));
      }
    }
  }

  private static PictureException damaged(PictureFormat format, Path path, Exception cause) {
    String what =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    String advice =
        what.contains("Unsupported JPEG")
            ? "It is a kind of JPEG that Java does not read (it reads 8 bits for each sample, in Huffman's code): save it as PNG, in an image editor."
            : what.contains("Unsupported Image Type") || what.contains("Unsupported color")
                // A decoder of these would be six more libraries, as large as this one's jar
                // together.
                ? "It is not in 8 or 16 bits of red, green and blue, or grey (print shops use four inks, CMYK): save it as RGB, in an image editor or with Pillow: Image.open(\"in.jpg\").convert(\"RGB\").save(\"out.png\")."
                : "It is truncated or damaged: copy or download it again.";
    return new PictureException(
        "%s starts like a %s picture but cannot be decoded (%s). %s"
            .formatted(path, format.shown(), what, advice),
        cause);
  }
}
