package camlab.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.evaluation.MapVerdict.Side;
import camlab.evaluation.VerdictTrial.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictTrialTest {

  private static final OptionalDouble NONE = OptionalDouble.empty();

  /** Numbers against which nothing can be said, but for the order of the cells. */
  private static MapEvidence scrambled(int count) {
    return new MapEvidence(
        false, Map.of(), 0.8, 0.5, NONE, NONE, count, Map.of(), Optional.empty());
  }

  private static MapEvidence denied() {
    return new MapEvidence(true, Map.of(), 0.4, 0.5, NONE, NONE, 9, Map.of(), Optional.empty());
  }

  private static Row row(String picture, String network, MapEvidence evidence) {
    return new Row(
        "stamp",
        "on dogs",
        Side.NETWORK,
        new Named("small", network),
        "features.2",
        new Named(picture, "sum of " + picture),
        new Named("dog", "1 in mask"),
        "GradCam()",
        List.of("LayerCam()"),
        "picture",
        evidence);
  }

  /** Two of three right: Wilson's interval is [0.208, 0.939]. */
  @Test
  void totalsAreCountedFromTheRows() {
    VerdictTrial trial = new VerdictTrial();
    trial.add(row("a", "one", denied()));
    trial.add(row("b", "other", scrambled(5)));
    trial.add(row("c", "one", denied()));
    assertEquals(1, trial.lines().size());
    VerdictTrial.Line line = trial.lines().get(0);
    assertEquals(3, line.total());
    assertEquals(2, line.hits());
    assertEquals(
        Map.of(Side.NETWORK, 2, Side.METHOD, 0, Side.NOTHING_AGAINST, 0, Side.UNDECIDED, 1),
        line.said());
    assertEquals(2.0 / 3, line.share(), 1e-12);
    assertEquals(0.2077, line.low(), 1e-4);
    assertEquals(0.9385, line.high(), 1e-4);
    assertEquals(List.of("one", "other"), line.networks());
    assertTrue(trial.rows().get(0).isRight());
    assertFalse(trial.rows().get(1).isRight());
  }

  @Test
  void nothingCountsTwice() {
    VerdictTrial trial = new VerdictTrial();
    trial.add(row("a", "one", denied()));
    trial.add(row("a", "other", denied()));
    String message =
        assertThrows(IllegalArgumentException.class, () -> trial.add(row("a", "one", scrambled(0))))
            .getMessage();
    assertTrue(message.contains("count twice"), message);
    assertEquals(2, trial.rows().size());
  }

  /** What is read is what was written, to six digits; and it is written again as it was. */
  @Test
  void whatWasWrittenIsRead(@TempDir Path folder) throws IOException {
    Map<String, Double> agreement = new LinkedHashMap<>();
    agreement.put("LayerCAM", -0.25);
    agreement.put("Grad-CAM++", 1 / 3.0);
    MapEvidence all =
        new MapEvidence(
            true,
            agreement,
            0.8,
            0.5,
            OptionalDouble.of(-1e-9),
            OptionalDouble.of(0.125),
            7,
            Map.of(MapEvidence.COVERING, 0.5),
            Optional.of(new LabelledAnswers(12, 20, 2, OptionalDouble.of(0.3))));
    MapEvidence uncertain =
        new MapEvidence(
            false,
            Map.of(),
            0.8,
            0.5,
            NONE,
            NONE,
            0,
            Map.of(),
            Optional.of(new LabelledAnswers(20, 20, 2, NONE)));
    VerdictTrial trial = new VerdictTrial();
    trial.add(row("a, with a comma", "one", all));
    trial.add(row("b", "one", uncertain));
    Path file = folder.resolve("verdicts.csv");
    Files.writeString(file, String.join("\n", trial.csv()) + "\n");
    VerdictTrial read = VerdictTrial.read(file);
    assertEquals(trial.csv(), read.csv());
    Row first = read.rows().get(0);
    assertEquals(0.333333, first.evidence().agreement().get("Grad-CAM++"));
    assertEquals(
        List.copyOf(agreement.keySet()), List.copyOf(first.evidence().agreement().keySet()));
    assertEquals(all.labelled(), first.evidence().labelled());
    assertEquals(trial.rows().get(0).verdict(), first.verdict());
    assertEquals(trial.rows().get(1), read.rows().get(1));
    assertEquals(
        "stamp,on dogs,small,features.2,b,dog,picture,network,nothing against,,false,,0.800000,0.500000,,,0,,20,20,2,,one,sum of b,1 in mask,GradCam(),LayerCam()",
        trial.csv().get(2));
  }

  @Test
  void otherFilesAreRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("other.csv");
    Files.writeString(file, "fault,share\nstamp,1\n");
    String message =
        assertThrows(IllegalArgumentException.class, () -> VerdictTrial.read(file)).getMessage();
    assertTrue(message.startsWith("other.csv is no file of verdicts"), message);
  }
}
