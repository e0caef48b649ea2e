package camlab.picture;

import camlab.fuzz.FuzzedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The reader of pictures. */
public final class PictureFuzz {

  private PictureFuzz() {}

  private static final FuzzedReader READER =
      new FuzzedReader(PictureFuzz::read, "", 50_000, Set.of(PictureException.class));

  private static void read(Path file) {
    Picture picture = Picture.read(file);
    picture.rgb(picture.height() - 1, picture.width() - 1);
  }

  private static List<byte[]> bytes(String... names) {
    return Stream.of(names)
        .map(
            name -> {
              try {
                return Files.readAllBytes(Resources.path(name));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  /** PNG. */
  public static final class Png {

    private Png() {}

    /** The fixtures. */
    public static List<byte[]> seeds() {
      return bytes(
          "alpha.png",
          "grey-16bit.png",
          "grey-alpha.png",
          "grey.png",
          "indexed.png",
          "one-bit.png",
          "one-transparent-colour.png",
          "source-23x17.png");
    }

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
      READER.reads(input);
    }
  }

  /** JPEG, with what cameras write into it. */
  public static final class Jpeg {

    private Jpeg() {}

    /** The fixtures. */
    public static List<byte[]> seeds() {
      return bytes("grey.jpg", "orientation-1.jpg", "orientation-6.jpg", "cmyk.jpg");
    }

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
      READER.reads(input);
    }
  }
}
