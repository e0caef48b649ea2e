package camlab.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.course.Models;
import camlab.evaluation.MapVerdict.Side;
import camlab.evaluation.VerdictTrial;
import camlab.network.Network;
import camlab.training.ExamineMaps.Case;
import java.util.List;
import java.util.Optional;
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
        Network prepared = first("wrong preprocessing").network().get()) {
      assertEquals(sound.parameterCount(), untrained.parameterCount());
      assertNotEquals(sound.model().checksum(), untrained.model().checksum());
      assertEquals(sound.model().checksum(), prepared.model().checksum());
      assertNotEquals(sound.preprocessing(), prepared.preprocessing());
    }
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
