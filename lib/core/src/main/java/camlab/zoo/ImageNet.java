package camlab.zoo;

import camlab.network.Classes;
import camlab.network.Meaning;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The 1000 classes of ImageNet's challenge of 2012, in the order of the published networks. */
public final class ImageNet {

  private ImageNet() {}

  /**
   * {@return their names; 281 is {@code tabby}, 386 {@code African elephant}} The challenge was to
   * name one class for each picture, so that exactly one of them is meant.
   */
  public static Classes classes() {
    try (InputStream in = ImageNet.class.getResourceAsStream("imagenet-classes.txt")) {
      String names = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Classes(names.lines().toList(), Meaning.ONE_OF_SEVERAL);
    } catch (IOException e) {
      throw new UncheckedIOException("The library's own list of classes cannot be read.", e);
    }
  }
}
