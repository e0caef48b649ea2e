package camlab.picture;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/** The kinds of picture files, told by their first bytes: a name may lie. */
enum PictureFormat {
  PNG("PNG", "png", "png"),
  JPEG("JPEG", "jpeg", "jpe?g"),
  GIF("GIF", "gif", "gif"),
  BMP("BMP", "bmp", "bmp"),
  TIFF("TIFF", "tiff", "tiff?"),
  WEBP("WebP", "webp", "webp"),
  HEIC("HEIC", "heic", "hei[cf]"),
  AVIF("AVIF", "avif", "avif"),
  JPEG_XL("JPEG XL", "jpeg xl", "jxl"),
  JPEG_2000("JPEG 2000", "jpeg 2000", "jp2|j2k");

  /** How a message begins that tells what is read. */
  static final String EXPECTED = "Expected a PNG, JPEG, GIF, BMP or TIFF picture";

  private static final int BRANDS = 64;

  private final String shown;
  private final String imageIoName;
  private final Pattern named;

  PictureFormat(String shown, String imageIoName, String ending) {
    this.shown = shown;
    this.imageIoName = imageIoName;
    this.named = Pattern.compile(".*\\.(?:" + ending + ")");
  }

  /** {@return the format by the name of a file, in any case} */
  static Optional<PictureFormat> named(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.named.matcher(name).matches())
        .findFirst();
  }

  /** The name ImageIO's readers go by. */
  String imageIoName() {
    return imageIoName;
  }

  /** The name people use. */
  String shown() {
    return shown;
  }

  /** Java reads the first five; others if a reader for ImageIO is there. */
  boolean isReadable() {
    return ImageIO.getImageReadersByFormatName(imageIoName).hasNext();
  }

  /**
   * How many pixels one byte of a file can hold at most. PNG: deflate makes 1,032 bytes of one, and
   * a byte is eight pixels of black and white. JPEG: each 8×8 block takes a bit at least, and
   * colours may be told for four times four blocks. GIF: a code of 12 bits stands for 4,096 pixels.
   * The others can leave pixels out, so that there is no such number.
   */
  long mostPixelsOfByte() {
    return switch (this) {
      case PNG -> 1_032 * 8;
      case JPEG -> 8 * 64 * 16;
      case GIF -> 4_096;
      default -> Integer.MAX_VALUE;
    };
  }

  /**
   * The format of a file.
   *
   * @throws PictureException if it is no picture; says what it seems to be instead
   */
  static PictureFormat of(byte[] file, Path path) {
    String start = new String(file, 0, Math.min(file.length, 256), StandardCharsets.ISO_8859_1);
    return known(start)
        .orElseThrow(
            () ->
                new PictureException(
                    "%s, found %s: %s. Save it as PNG or JPEG; changing the name is not enough."
                        .formatted(EXPECTED, describe(start), path)));
  }

  private static Optional<PictureFormat> known(String start) {
    if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    } else if (start.startsWith("\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    } else if (start.startsWith("GIF8")) {
      return Optional.of(GIF);
    } else if (start.startsWith("BM")) {
      return Optional.of(BMP);
    } else if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
      return Optional.of(TIFF);
    } else if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
      return Optional.of(WEBP);
    } else if (start.startsWith("\u00ff\n") || start.startsWith("\0\0\0\fJXL ")) {
      return Optional.of(JPEG_XL);
    } else if (start.startsWith("\0\0\0\fjP  ") || start.startsWith("\u00ffO\u00ffQ")) {
      return Optional.of(JPEG_2000);
    } else if (start.startsWith("ftyp", 4)) {
      return ofBrands(start.substring(8, Math.min(start.length(), BRANDS)));
    }
    return Optional.empty();
  }

  /** HEIC, AVIF and video share one container, whose brands say what is inside. */
  private static Optional<PictureFormat> ofBrands(String brands) {
    if (brands.contains("avif") || brands.contains("avis")) {
      return Optional.of(AVIF);
    }
    return List.of("heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1").stream()
            .anyMatch(brands::contains)
        ? Optional.of(HEIC)
        : Optional.empty();
  }

  /** What to do about a picture of this kind, which nothing here reads. */
  PictureException unread(Path path) {
    String saved = "Save it as PNG or JPEG in any picture program";
    String advice =
        switch (this) {
          case WEBP ->
              saved
                  + ", or with ImageMagick: magick picture.webp picture.png. A program that has com.twelvemonkeys.imageio:imageio-webp on its class path reads it as it is.";
          case HEIC ->
              saved
                  + ", or with libheif: heif-convert picture.heic picture.jpg. An iPhone takes JPEG itself: Settings, Camera, Formats, Most Compatible.";
          case AVIF -> saved + ", or with libavif: avifdec picture.avif picture.png.";
          case JPEG_XL -> saved + ", or with libjxl: djxl picture.jxl picture.png.";
          case JPEG_2000 -> saved + ", or with ImageMagick: magick picture.jp2 picture.png.";
          default -> saved + ".";
        };
    return new PictureException(
        "%s, found %s %s: %s. %s Changing the name is not enough."
            .formatted(EXPECTED, this == AVIF ? "an" : "a", shown, path, advice));
  }

  private static String describe(String start) {
    if (start.startsWith("ftyp", 4)) {
      return "a video file";
    } else if (start.startsWith("%PDF")) {
      return "a PDF";
    } else if (start.startsWith("8BPS")) {
      return "a Photoshop file";
    }
    if (start.startsWith("II+\0") || start.startsWith("MM\0+")) {
      return "a BigTIFF";
    }
    String lower = start.stripLeading().toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return "a web page";
    } else if (lower.startsWith("<svg") || (lower.startsWith("<?xml") && lower.contains("<svg"))) {
      return "an SVG drawing";
    }
    return start
            .chars()
            .allMatch(c -> c >= 0xA0 || (c >= ' ' && c < 0x7F) || Character.isWhitespace(c))
        ? "text"
        : "something else";
  }
}
