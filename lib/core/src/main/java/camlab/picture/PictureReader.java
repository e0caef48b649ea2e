package camlab.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Reads PNG and JPEG files, whatever they are called, and says clearly why it cannot. */
final class PictureReader {

  /** More pixels than any camera's; four bytes each must fit the memory of a laptop. */
  static final int MAX_PIXELS = 100_000_000;

  private static final long MAX_BYTES = 512L << 20;

  private PictureReader() {}

  static Picture read(Path path) {
    byte[] file = bytes(path);
    String format = format(file, path);
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(input, true, true);
      requireSize(reader.getWidth(0), reader.getHeight(0), path);
      BufferedImage image = reader.read(0);
      requireComplete(warnings, format, path);
      if (format.equals("jpeg") && image.getRaster().getNumBands() == 4) {
        // ImageIO takes the four inks of CMYK for red, green, blue and alpha.
        throw new IOException("Unsupported Image Type");
      }
      return Orientation.upright(Picture.of(image), Orientation.of(file));
    } catch (IOException | RuntimeException e) {
      if (e instanceof PictureException own) {
        throw own;
      }
      throw damaged(format, path, e);
    } finally {
      reader.dispose();
    }
  }

  private static byte[] bytes(Path path) {
    if (Files.isDirectory(path)) {
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
            "Expected a PNG or JPEG picture, found an empty file: %s. Copy or download it again."
                .formatted(path));
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

  /** The format by the file's first bytes: its name may lie. */
  private static String format(byte[] file, Path path) {
    if (startsWith(file, "\u0089PNG\r\n\u001a\n")) {
      return "png";
    }
    if (startsWith(file, "\u00ff\u00d8\u00ff")) {
      return "jpeg";
    }
    throw new PictureException(
        "Expected a PNG or JPEG picture, found %s: %s. Save it as PNG or JPEG; changing the name is not enough."
            .formatted(describe(file), path));
  }

  private static String describe(byte[] file) {
    if (startsWith(file, "GIF8")) {
      return "a GIF";
    }
    if (startsWith(file, "BM")) {
      return "a BMP";
    }
    if (startsWith(file, "II*\0") || startsWith(file, "MM\0*")) {
      return "a TIFF";
    }
    String start = new String(file, 0, Math.min(file.length, 256), StandardCharsets.ISO_8859_1);
    if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
      return "a WebP";
    }
    if (start.startsWith("ftyp", 4)) {
      return "a HEIC, AVIF or video file";
    }
    String lower = start.stripLeading().toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return "a web page";
    }
    return start
            .chars()
            .allMatch(c -> c >= 0xA0 || (c >= ' ' && c < 0x7F) || Character.isWhitespace(c))
        ? "text"
        : "something else";
  }

  private static boolean startsWith(byte[] file, String latin1) {
    byte[] magic = latin1.getBytes(StandardCharsets.ISO_8859_1);
    return file.length >= magic.length
        && Arrays.equals(file, 0, magic.length, magic, 0, magic.length);
  }

  /** Asked of the header, before anything is decoded: a few bytes can claim gigabytes of pixels. */
  private static void requireSize(int width, int height, Path path) {
    if ((long) width * height > MAX_PIXELS) {
      throw new PictureException(
          String.format(
              Locale.ROOT,
              "%s claims %d×%d pixels; pictures of up to %d megapixels are read. If it is a real picture, make it smaller first.",
              path,
              width,
              height,
              MAX_PIXELS / 1_000_000));
    }
  }

  /**
   * ImageIO fills the rest of a truncated JPEG with grey and only warns; other warnings are mild.
   */
  private static void requireComplete(List<String> warnings, String format, Path path) {
    for (String warning : warnings) {
      String lower = warning.toLowerCase(Locale.ROOT);
      if (lower.contains("premature end") || lower.contains("truncated")) {
        throw damaged(format, path, new IOException(warning));
      }
    }
  }

  private static PictureException damaged(String format, Path path, Exception cause) {
    String what =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    String advice =
        what.contains("Unsupported Image Type") || what.contains("Unsupported color")
            ? "Its colours are probably CMYK: save it as RGB."
            : "It is truncated or damaged: copy or download it again.";
    return new PictureException(
        "%s starts like a %s picture but cannot be decoded (%s). %s"
            .formatted(path, format.toUpperCase(Locale.ROOT), what, advice),
        cause);
  }
}
