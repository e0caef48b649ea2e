package camlab.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.course.Models;
import camlab.drawing.Animal;
import camlab.drawing.DrawingGenerator;
import camlab.drawing.Fauna;
import camlab.evaluation.MapExamination;
import camlab.evaluation.MapReport;
import camlab.evaluation.MapVerdict.Side;
import camlab.evaluation.VerdictTrial;
import camlab.network.Fact;
import camlab.network.Network;
import camlab.picture.Picture;
import camlab.training.ExamineMaps.Case;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

class ExamineMapsTest {

  private static Case first(String fault) {
    return ExamineMaps.cases().stream()
        .filter(each -> each.fault().equals(fault))
        .findFirst()
        .orElseThrow();
  }

  /** What is planted is another network, or another layer, than the sound one. */
  @Test
  void whatIsPlanted() {
    assertEquals(Optional.empty(), first("none").layer());
    assertEquals(Side.NOTHING_AGAINST, first("none").right());
    assertTrue(first("layer too early").layer().isPresent());
    assertTrue(first("shortcut").stamped());
    try (Network sound = Models.load("alexnet-drawn-pets");
        Network untrained = first("untrained").network().get();
        Network prepared = first("wrong preprocessing").network().get();
        Network kept = Models.load(first("averages not kept").name());
        Network reset = first("averages not kept").network().get()) {
      assertEquals(sound.parameterCount(), untrained.parameterCount());
      assertNotEquals(sound.model().checksum(), untrained.model().checksum());
      assertEquals(sound.model().checksum(), prepared.model().checksum());
      assertNotEquals(sound.preprocessing(), prepared.preprocessing());
      assertEquals(kept.parameterCount(), reset.parameterCount());
      assertNotEquals(kept.model().checksum(), reset.model().checksum());
    }
  }

  /** The report tells what was read of the file; the map and the answer are the sound network's. */
  @Test
  void whatIsTracedInTrainingModeIsMendedAndTold() {
    Case traced = first("traced in training mode");
    Picture picture =
        Picture.of(
            new DrawingGenerator(Fauna.WILDLIFE)
                .single(Animal.ELEPHANT, 8_400_000_000L, 224)
                .image());
    MapExamination examination = new MapExamination();
    try (Network network = traced.network().get();
        Network sound = Models.load(traced.name())) {
      MapReport report = examination.of(network, picture);
      MapReport expected = examination.of(sound, picture);
      Fact mode = report.mode().orElseThrow();
      assertTrue(mode.evidence().contains("torch.batch_norm (53 calls)"), mode.toString());
      assertEquals("evaluation", expected.mode().orElseThrow().value());
      assertTrue(report.toString().contains(mode.toString()), report.toString());
      assertEquals(0, report.map().maxDifference(expected.map()));
      assertEquals(expected.confidence(), report.confidence());
      assertEquals(expected.verdict(), report.verdict());
    }
  }

  /**
   * The rows are of the networks in {@code models/}, as they are now. That of a file which is
   * written here is left out: its bytes may be another Java's.
   */
  @Test
  void theShippedRowsAreOfTheShippedNetworks() throws IOException {
    Map<String, Set<String>> expected = new LinkedHashMap<>();
    for (Case planted : ExamineMaps.cases()) {
      if (!planted.fault().equals("traced in training mode")) {
        try (Network network = planted.network().get()) {
          expected
              .computeIfAbsent(planted.fault(), fault -> new LinkedHashSet<>())
              .add(network.identity());
        }
      }
    }
    Map<String, Set<String>> found = new LinkedHashMap<>();
    for (CSVRecord row : ShippedRows.of("verdicts.csv")) {
      found
          .computeIfAbsent(row.get("fault"), fault -> new LinkedHashSet<>())
          .addAll(List.of(row.get("network identity").split("; ")));
    }
    assertEquals(1, found.remove("traced in training mode").size());
    assertEquals(expected, found);
  }

  /** With a mask, the stamp is the network's fault; without, nobody can know. */
  @Test
  void theShortcutTakesAMask() {
    Case shortcut = first("shortcut");
    VerdictTrial trial = new VerdictTrial();
    try (Network network = shortcut.network().get()) {
      ExamineMaps.examine(trial, shortcut, network, 2);
    }
    List<VerdictTrial.Line> lines = trial.lines();
    assertEquals(
        List.of("picture", "picture and mask", "picture, mask, 20 labelled"),
        lines.stream().map(VerdictTrial.Line::known).toList());
    assertTrue(lines.get(1).share() > lines.get(0).share());
    assertEquals(2, lines.get(1).total());
  }
}
