package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import camlab.network.CaseFiles;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.Stated;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a program may look like, and still be the program it is. */
class ProgramFormsTest {

  private static final float CLOSE = 1e-4f;

  private static Network load(String file, int classes, Stated stated) {
    return TorchScript.load(CaseFiles.path(file), Classes.numbered(classes), half(32), stated);
  }

  private static Preprocessing half(int size) {
    return new Preprocessing(size, size, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));
  }

  private static Picture picture() {
    return Picture.read(CaseFiles.path("arguments/in.png"));
  }

  private static float[] logits(Network network) {
    try (NDManager scope = network.newScope()) {
      return network.run(network.input(scope, List.of(picture()))).toFloatArray();
    }
  }

  /** Python gives a module's first parameter any name. */
  @Test
  void selfByAnotherName() {
    try (Network network = load("self-by-another-name/model.pt", 3, Stated.NOTHING)) {
      assertArrayEquals(new float[] {0.1916f, 0.0664f, -0.0208f}, logits(network), CLOSE);
      assertEquals(List.of("body.0", "body.1", "body", "a"), network.layers());
    }
  }
}
