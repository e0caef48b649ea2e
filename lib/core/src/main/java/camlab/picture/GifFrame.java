package camlab.picture;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.Element;

/**
 * The first frame of a GIF, which may be smaller than the GIF: where it lies. As Pillow has it,
 * what is around it is transparent if the frame has a transparent colour, and else has the first
 * colour; and a frame that reaches beyond makes the GIF larger.
 *
 * @param left columns left of the frame
 * @param top rows above it
 * @param width the columns of all
 * @param height the rows of all
 */
record GifFrame(int left, int top, int width, int height) {

  /** Where the first frame of a file lies. */
  static GifFrame of(ImageReader reader) throws IOException {
    Element screen = element(reader.getStreamMetadata(), "LogicalScreenDescriptor");
    Element frame = element(reader.getImageMetadata(0), "ImageDescriptor");
    int left = number(frame, "imageLeftPosition");
    int top = number(frame, "imageTopPosition");
    return new GifFrame(
        left,
        top,
        Math.max(number(screen, "logicalScreenWidth"), left + reader.getWidth(0)),
        Math.max(number(screen, "logicalScreenHeight"), top + reader.getHeight(0)));
  }

  private static Element element(IIOMetadata metadata, String name) {
    Element tree = (Element) metadata.getAsTree(metadata.getNativeMetadataFormatName());
    return (Element) tree.getElementsByTagName(name).item(0);
  }

  private static int number(Element element, String name) {
    return Integer.parseInt(element.getAttribute(name));
  }

  /** All of the GIF; the frame itself if it fills it. */
  BufferedImage inItsPlace(BufferedImage frame) {
    if (frame.getWidth() == width && frame.getHeight() == height) {
      return frame;
    }
    IndexColorModel colours = (IndexColorModel) frame.getColorModel();
    WritableRaster all = colours.createCompatibleWritableRaster(width, height);
    int[] around = new int[width];
    Arrays.fill(around, Math.max(0, colours.getTransparentPixel()));
    for (int row = 0; row < height; row++) {
      all.setPixels(0, row, width, 1, around);
    }
    all.setRect(left, top, frame.getRaster());
    return new BufferedImage(colours, all, false, null);
  }
}
