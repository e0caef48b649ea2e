package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Preprocessing;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an exported program declares of its picture, against what a preprocessing makes. */
class DeclaredPictureTest {

  private static final Preprocessing SQUARE = Preprocessing.builder().size(64, 64).build();
  private static final Preprocessing BYTES = SQUARE.toBuilder().scale255().build();

  private static DeclaredPicture declared(String type, long... lengths) {
    List<Long> all = Arrays.stream(lengths).boxed().toList();
    return new DeclaredPicture(
        "net.pt2", new Exported.Input("x", Optional.of(type), Optional.of(all)));
  }

  private static void assertRefused(
      DeclaredPicture picture, Preprocessing preprocessing, String advice) {
    IllegalArgumentException problem =
        assertThrows(IllegalArgumentException.class, () -> picture.require(preprocessing));
    assertTrue(problem.getMessage().contains(advice), problem.getMessage());
  }

  @Test
  void whatFitsIsTaken() {
    assertDoesNotThrow(() -> declared("Float", 1, 3, 64, 64).require(SQUARE));
    assertDoesNotThrow(() -> declared("Float", -1, 3, -1, 64).require(SQUARE));
    assertDoesNotThrow(() -> declared("Half", 2, 3, -1, -1).require(SQUARE));
    assertDoesNotThrow(
        () -> declared("Float", 1, 3, 64, 64).require(Preprocessing.builder().ownSize().build()));
    assertDoesNotThrow(
        () ->
            new DeclaredPicture("", new Exported.Input("x", Optional.empty(), Optional.empty()))
                .require(SQUARE));
  }

  @Test
  void wholeNumbersAreTakenForBytes() {
    DeclaredPicture picture = declared("Byte", 1, 3, 64, 64);
    assertRefused(picture, SQUARE, "preprocessing.toBuilder().scale255().mean().deviation()");
    assertRefused(picture, BYTES.toBuilder().mean(128).build(), "whole numbers (Byte)");
    assertDoesNotThrow(() -> picture.require(BYTES));
  }

  @Test
  void channelsThatComeLast() {
    assertRefused(declared("Float", 1, 64, 64, 3), SQUARE, "network(x.permute(0, 2, 3, 1))");
    assertRefused(declared("Float", 1, 64, 64, 1), SQUARE, "(1, 64, 64, 1): their channels");
  }

  @Test
  void oneWithoutABatch() {
    assertRefused(declared("Float", 3, 64, 64), SQUARE, "network(x[0])[None]");
    assertRefused(declared("Float", 1, 3, 8, 64, 64), SQUARE, "(1, 3, 8, 64, 64) as 'x'");
  }

  @Test
  void anotherSizeOrOtherChannels() {
    assertRefused(
        declared("Float", 1, 3, 96, 128),
        SQUARE,
        "Say preprocessing.toBuilder().size(96, 128).build().");
    assertRefused(
        declared("Float", -1, 3, 64, 64),
        Preprocessing.MNIST,
        "Say Preprocessing.builder().rgb().size(64, 64).mean(…).deviation(…).build()");
    assertRefused(declared("Float", 1, 1, -1, -1), SQUARE, "builder().grey().size(height, width)");
    assertRefused(declared("Float", 1, 5, 64, 64), SQUARE, "builder().arrays(5).size(64, 64)");
  }
}
