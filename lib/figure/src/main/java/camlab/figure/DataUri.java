package camlab.figure;

import camlab.picture.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as addresses that hold all of their bytes, for pages without other files. */
final class DataUri {

  private static final float JPEG_QUALITY = 0.9f;

  private DataUri() {}

  /** As PNG or as JPEG, whichever is shorter: cells of few colours, or a photograph. */
  static String of(Picture picture) {
    byte[] png = picture.png();
    byte[] jpeg = encoded(picture.toImage(), "jpeg");
    return png.length <= jpeg.length ? uri("png", png) : uri("jpeg", jpeg);
  }

  /** As PNG, with transparency if the image has any. */
  static String png(BufferedImage image) {
    return uri("png", encoded(image, "png"));
  }

  private static String uri(String format, byte[] bytes) {
    return "data:image/" + format + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] encoded(BufferedImage image, String format) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var output = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        settings.setCompressionQuality(JPEG_QUALITY);
      }
      writer.setOutput(output);
      writer.write(null, new IIOImage(image, null, null), settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // cannot happen: nothing leaves the memory
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
