package camlab.zoo;

import camlab.network.Classes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The 1000 classes of ImageNet's challenge of 2012, in the order of the published networks. */
public final class ImageNet {

  private ImageNet() {}

  /** {@return their names; 281 is {@code tabby}, 386 {@code African elephant}} */
  public static Classes classes() {
    try (InputStream in = ImageNet.class.getResourceAsStream("imagenet-classes.txt")) {
      return new Classes(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("The library's own list of classes cannot be read.", e);
    }
  }
}
