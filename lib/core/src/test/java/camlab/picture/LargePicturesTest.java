package camlab.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.FullHeap;
import camlab.capture.OwnProcess;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Pictures for which there is no room are refused with a sentence, however they come about. */
class LargePicturesTest {

  /** A picture takes 22 MB, and 92 have room for a copy or two of it. */
  @Test
  void copiesForWhichThereIsNoRoomAreRefused() throws IOException, InterruptedException {
    OwnProcess.Ended ended = OwnProcess.run(Copying.class);
    String output = ended.output();
    assertEquals(
        "A picture of 3,000×2,000 pixels takes 22 MB, for which Java has no room left: it may use 92 MB in all. Take a smaller one: a reduced copy, Picture.readReduced(path), or what the network saw, preprocessing().view(picture). Or start Java with more memory, such as -Xmx2g.",
        output.lines().findFirst().orElse(""));
    assertEquals(8, output.lines().count(), output);
    assertTrue(
        output.lines().allMatch(line -> line.matches("A picture of .* no room left: .*")), output);
    assertEquals(0, ended.status());
  }

  /** Copies of a picture, in every way there is. */
  static final class Copying {

    private Copying() {}

    public static void main(String[] none) {
      Picture picture = Picture.of(3000, 2000, (row, column) -> row * column);
      FullHeap.printRefusals(
          List.<Supplier<?>>of(
              () -> Picture.of(3000, 2000, (row, column) -> picture.rgb(row, column)),
              () -> Picture.of(3000, 1, new int[3000]).resized(3000, 2000),
              picture::grey,
              picture::flipped,
              () -> picture.cropped(1, 1, 2999, 1999),
              () -> picture.centreCrop(2999),
              () -> picture.resized(2999, 2000),
              () -> picture.cropped(0, 0, 30, 20).enlarged(100)));
    }
  }
}
