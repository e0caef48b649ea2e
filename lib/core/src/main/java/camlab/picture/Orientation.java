package camlab.picture;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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

  private Orientation() {}

  /** The orientation a file declares; 1 if it declares none, or none that makes sense. */
  static int of(byte[] file) {
    return tag(file, ExifIFD0Directory.TAG_ORIENTATION)
        .filter(tag -> tag >= 1 && tag <= 8)
        .orElse(UPRIGHT);
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

  private static Optional<Integer> tag(byte[] file, int number) {
    try {
      return Optional.ofNullable(
              ImageMetadataReader.readMetadata(new ByteArrayInputStream(file), file.length)
                  .getFirstDirectoryOfType(ExifIFD0Directory.class))
          .map(exif -> exif.getInteger(number));
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
