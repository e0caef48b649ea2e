package camlab.picture;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.lang.ByteArrayReader;
import com.drew.lang.KeyValuePair;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import com.drew.metadata.png.PngDirectory;
import com.drew.metadata.xmp.XmpDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * How a camera was held: the EXIF tag Orientation (0x0112), a number from 1 (upright) to 8. A file
 * stores the sensor's rows as they are; the tag says how to turn them before looking.
 */
final class Orientation {

  private static final int UPRIGHT = 1;

  /** Opacity by which the colours were multiplied already, and by which they were not. */
  private static final int ASSOCIATED = 1;

  private static final int UNASSOCIATED = 2;

  /** The tag of a palette, ColorMap. */
  private static final int PALETTE = 320;

  private static final String EXIF_TEXT = "Raw profile type exif";

  /** What stands before EXIF in a segment of a JPEG, and in that text. */
  private static final int EXIF_NAME = "Exif\0\0".length();

  private Orientation() {}

  /**
   * The orientation a file declares; 1 if it declares none, or none that makes sense. It may stand
   * in EXIF, also in the text that ImageMagick writes into PNG, or else in XMP.
   */
  static int of(byte[] file) {
    Optional<Metadata> all = metadata(file);
    return tag(all, ExifIFD0Directory.TAG_ORIENTATION)
        .or(() -> all.flatMap(Orientation::inText))
        .or(() -> all.flatMap(Orientation::inXmp))
        .filter(tag -> tag >= 1 && tag <= 8)
        .orElse(UPRIGHT);
  }

  /** From the EXIF that a PNG holds as hexadecimal digits, behind its name and its length. */
  private static Optional<Integer> inText(Metadata all) {
    for (PngDirectory part : all.getDirectoriesOfType(PngDirectory.class)) {
      if (part.getObject(PngDirectory.TAG_TEXTUAL_DATA) instanceof List<?> texts) {
        for (Object text : texts) {
          if (text instanceof KeyValuePair pair && pair.getKey().equals(EXIF_TEXT)) {
            return orientation(pair.getValue().toString());
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Integer> orientation(String text) {
    String digits = text.strip().replaceFirst("exif\\s+\\d+\\s+", "").replaceAll("\\s", "");
    if (!digits.matches("(?i)457869660000([0-9a-f]{2})+")) {
      return Optional.empty();
    }
    byte[] bytes = HexFormat.of().parseHex(digits);
    Metadata read = new Metadata();
    new ExifReader().extract(new ByteArrayReader(bytes), read, EXIF_NAME);
    return tag(Optional.of(read), ExifIFD0Directory.TAG_ORIENTATION);
  }

  private static Optional<Integer> inXmp(Metadata all) {
    return all.getDirectoriesOfType(XmpDirectory.class).stream()
        .map(part -> part.getXmpProperties().get("tiff:Orientation"))
        .filter(value -> value != null && value.matches("[1-8]"))
        .map(Integer::valueOf)
        .findFirst();
  }

  /** Whether the first image of a TIFF file says that it is a smaller version of another one. */
  static boolean isPreview(byte[] file) {
    return tag(file, ExifIFD0Directory.TAG_NEW_SUBFILE_TYPE)
        .filter(tag -> (tag & 1) == 1)
        .isPresent();
  }

  /** Whether a TIFF file says that the sample behind its colours is opacity. */
  static boolean hasOpacity(byte[] file) {
    return tag(file, ExifIFD0Directory.TAG_EXTRA_SAMPLES)
        .filter(kind -> kind == ASSOCIATED || kind == UNASSOCIATED)
        .isPresent();
  }

  /** The palette of a TIFF file: all reds, all greens, all blues; empty if it has none. */
  static int[] palette(byte[] file) {
    return metadata(file)
        .map(all -> all.getFirstDirectoryOfType(ExifIFD0Directory.class))
        .map(exif -> exif.getIntArray(PALETTE))
        .orElse(new int[0]);
  }

  private static Optional<Integer> tag(byte[] file, int number) {
    return tag(metadata(file), number);
  }

  private static Optional<Integer> tag(Optional<Metadata> all, int number) {
    return all.map(found -> found.getFirstDirectoryOfType(ExifIFD0Directory.class))
        .map(exif -> exif.getInteger(number));
  }

  private static Optional<Metadata> metadata(byte[] file) {
    try {
      return Optional.of(
          ImageMetadataReader.readMetadata(new ByteArrayInputStream(file), file.length));
    } catch (ImageProcessingException | IOException e) {
      // Broken metadata say nothing about the pixels, which are read separately.
      return Optional.empty();
    }
  }

  /** The picture turned upright, as Pillow's {@code ImageOps.exif_transpose} does. */
  static Picture upright(Picture stored, int orientation) {
    if (orientation == UPRIGHT) {
      return stored;
    }
    int w = stored.width();
    int h = stored.height();
    boolean sideways = orientation >= 5;
    int width = sideways ? h : w;
    int height = sideways ? w : h;
    return Picture.of(
        width,
        height,
        (row, column) -> {
          int r = height - 1 - row;
          int c = width - 1 - column;
          return switch (orientation) {
            case 2 -> stored.rgb(row, c); // mirrored left to right
            case 3 -> stored.rgb(r, c); // upside down
            case 4 -> stored.rgb(r, column); // mirrored top to bottom
            case 5 -> stored.rgb(column, row); // rows are columns
            case 6 -> stored.rgb(c, row); // to be turned clockwise
            case 7 -> stored.rgb(c, r); // rows are columns, from the other corner
            default -> stored.rgb(column, r); // 8: to be turned anticlockwise
          };
        });
  }
}
