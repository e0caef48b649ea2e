package camlab.figure;

import camlab.picture.Picture;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.Element;

/**
 * A picture as the file that a page or a notebook holds: as short as it can be with nothing lost
 * that one could see. Every picture goes through here on its way to a cell; the same pixels give
 * the same bytes.
 *
 * <ul>
 *   <li>What is wider than {@value #SHOWN_WIDTH} pixels is scaled down to that: notebooks show no
 *       more; and what has more than {@value #SHOWN_PIXELS} pixels in all, to as many.
 *   <li>A picture of at most 256 colours is a PNG with a palette. So are charts, maps and grids,
 *       where 256 colours are enough: nine pixels in ten exact, and no red, green or blue of the
 *       others more than 3 of 255 off, or 15 at the soft edges of letters and lines.
 *   <li>What has more colours, photographs and drawings, alone or beside text, is JPEG with colour
 *       at full resolution, if it is at most two thirds of the PNG (with a palette, where that is
 *       enough), and if the root mean square of its errors, as measured after decoding it, is at
 *       most {@value #MOST_ERROR} of 255 (at least 36 dB).
 *   <li>Anything else is a PNG in true colour, without loss.
 * </ul>
 */
public final class PictureFile {

  /**
   * The most columns of a picture in a notebook. JupyterLab shows a cell's output about 1,000 to
   * 1,100 pixels wide in a window of 1,440, and scales down what is wider.
   */
  public static final int SHOWN_WIDTH = 1200;

  /** The most pixels of a picture in a notebook: without loss, 12 MB. */
  public static final int SHOWN_PIXELS = 4_000_000;

  private static final int MOST_ERROR = 4;
  private static final float[] QUALITIES = {0.76f, 0.88f, 0.95f};
  private static final double WORTH_A_LOSS = 2.0 / 3;
  private static final String JPEG_METADATA = "javax_imageio_jpeg_image_1.0";

  private final String type;
  private final byte[] bytes;
  private final int width;
  private final int height;

  private PictureFile(String type, byte[] bytes, Picture shown) {
    this.type = type;
    this.bytes = bytes;
    this.width = shown.width();
    this.height = shown.height();
  }

  /**
   * Encodes a picture.
   *
   * @param picture the picture, of any size
   * @return its file; equal pictures have equal files
   */
  public static PictureFile of(Picture picture) {
    Picture shown = shown(Picture.required(picture));
    Optional<Picture> few = NearColors.of(shown);
    if (few.isPresent()) {
      byte[] png = few.get().png();
      // That of a chart is so short that the first JPEG is too long already.
      return few.get().equals(shown)
          ? png(png, shown)
          : jpeg(shown, (int) (WORTH_A_LOSS * png.length))
              .map(jpeg -> jpeg(jpeg, shown))
              .orElseGet(() -> png(png, shown));
    }
    Optional<byte[]> jpeg = jpeg(shown, Integer.MAX_VALUE);
    if (jpeg.isEmpty()) {
      return png(shown.png(), shown);
    }
    // That of a photograph is so long that a part of it is enough to see that.
    int length = jpeg.get().length;
    return shown
        .png((int) Math.ceil(length / WORTH_A_LOSS))
        .filter(png -> length > WORTH_A_LOSS * png.length)
        .map(png -> png(png, shown))
        .orElseGet(() -> jpeg(jpeg.get(), shown));
  }

  private static PictureFile png(byte[] bytes, Picture shown) {
    return new PictureFile("image/png", bytes, shown);
  }

  private static PictureFile jpeg(byte[] bytes, Picture shown) {
    return new PictureFile("image/jpeg", bytes, shown);
  }

  /** {@return its type, {@code image/png} or {@code image/jpeg}} */
  public String type() {
    return type;
  }

  /** {@return how many columns are shown} */
  public int width() {
    return width;
  }

  /** {@return how many rows are shown} */
  public int height() {
    return height;
  }

  /** {@return its bytes in Base64, in one line} */
  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** An address that holds all of it. */
  String uri() {
    return "data:" + type + ";base64," + base64();
  }

  private static Picture shown(Picture picture) {
    double pixels = (double) picture.width() * picture.height();
    int most = (int) (picture.width() * Math.sqrt(SHOWN_PIXELS / pixels));
    int width = Math.max(1, Math.min(SHOWN_WIDTH, most));
    if (picture.width() <= width) {
      return picture;
    }
    long height = Math.round((double) picture.height() * width / picture.width());
    return picture.resized(width, (int) Math.max(1, height));
  }

  /** The shortest that is good enough, of at most so many bytes: better ones are longer. */
  private static Optional<byte[]> jpeg(Picture picture, int most) {
    BufferedImage image = picture.toImage();
    try {
      for (float quality : QUALITIES) {
        byte[] jpeg = jpeg(image, quality);
        if (jpeg.length > most) {
          return Optional.empty();
        }
        if (squaredError(image, decoded(jpeg, image)) <= MOST_ERROR * MOST_ERROR) {
          return Optional.of(jpeg);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // cannot happen: nothing leaves the memory
    }
    return Optional.empty();
  }

  private static byte[] jpeg(BufferedImage image, float quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var output = new MemoryCacheImageOutputStream(bytes)) {
      JPEGImageWriteParam settings = (JPEGImageWriteParam) writer.getDefaultWriteParam();
      settings.setCompressionMode(JPEGImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(quality);
      settings.setProgressiveMode(JPEGImageWriteParam.MODE_DEFAULT); // a little shorter
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), settings);
      writer.setOutput(output);
      writer.write(null, new IIOImage(image, null, inFullColor(metadata)), settings);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** By default one colour serves four pixels, which blurs the edges of coloured things. */
  private static IIOMetadata inFullColor(IIOMetadata metadata) throws IOException {
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(JPEG_METADATA);
    var components = root.getElementsByTagName("componentSpec");
    for (int i = 0; i < components.getLength(); i++) {
      Element component = (Element) components.item(i);
      component.setAttribute("HsamplingFactor", "1");
      component.setAttribute("VsamplingFactor", "1");
    }
    metadata.setFromTree(JPEG_METADATA, root);
    return metadata;
  }

  /** Red, green and blue of each pixel: in this order the reader copies them row by row. */
  private static byte[] decoded(byte[] jpeg, BufferedImage size) throws IOException {
    DataBufferByte colors = new DataBufferByte(3 * size.getWidth() * size.getHeight());
    int width = size.getWidth();
    WritableRaster raster =
        Raster.createInterleavedRaster(
            colors, width, size.getHeight(), 3 * width, 3, new int[] {0, 1, 2}, null);
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_BYTE);
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))) {
      ImageReadParam into = reader.getDefaultReadParam();
      into.setDestination(new BufferedImage(model, raster, false, null));
      reader.setInput(input, true, true);
      reader.read(0, into);
      return colors.getData();
    } finally {
      reader.dispose();
    }
  }

  /** Mean over all pixels and their three colours. */
  private static double squaredError(BufferedImage image, byte[] found) {
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    long sum = 0;
    for (int i = 0; i < pixels.length; i++) {
      int red = (pixels[i] >> 16 & 0xFF) - (found[3 * i] & 0xFF);
      int green = (pixels[i] >> 8 & 0xFF) - (found[3 * i + 1] & 0xFF);
      int blue = (pixels[i] & 0xFF) - (found[3 * i + 2] & 0xFF);
      sum += red * red + green * green + blue * blue;
    }
    return sum / (3.0 * pixels.length);
  }
}
