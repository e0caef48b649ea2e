package camlab.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every epoch once, wherever a training was ended. */
class CurveFileTest {

  private static final String HEADER = "epoch,crop,loss,accuracy,seconds";
  private static final String FIRST = "1,64,0.5000,0.7500,3";
  private static final String SECOND = "2,64,0.2500,0.8750,4";

  @TempDir Path folder;

  @Test
  void anEpochThatIsTrainedAgainIsToldOnce() throws IOException {
    CurveFile before = new CurveFile(folder);
    before.goOnAfter(0);
    before.epoch(new CurveLog.Epoch(1, 64, 0.5, 0.75, 3));
    before.epoch(new CurveLog.Epoch(2, 64, 0.3, 0.8, 9)); // ended before its checkpoint
    CurveFile after = new CurveFile(folder);
    after.goOnAfter(1);
    assertEquals(List.of(HEADER, FIRST), rows());
    after.epoch(new CurveLog.Epoch(2, 64, 0.25, 0.875, 4));
    assertEquals(List.of(HEADER, FIRST, SECOND), rows());
  }

  @Test
  void aTrainingFromTheStartForgetsTheCurveOfAnother() throws IOException {
    CurveFile before = new CurveFile(folder);
    before.goOnAfter(0);
    before.epoch(new CurveLog.Epoch(1, 64, 0.5, 0.75, 3));
    new CurveFile(folder).goOnAfter(0);
    assertEquals(List.of(HEADER), rows());
  }

  private List<String> rows() throws IOException {
    return Files.readAllLines(folder.resolve("curve.csv"));
  }
}
