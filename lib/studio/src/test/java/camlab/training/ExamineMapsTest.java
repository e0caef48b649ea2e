package camlab.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.CamMethod;
import camlab.course.Models;
import camlab.drawing.Animal;
import camlab.drawing.DrawingGenerator;
import camlab.drawing.Fauna;
import camlab.evaluation.MapExamination;
import camlab.evaluation.MapReport;
import camlab.evaluation.MapVerdict;
import camlab.evaluation.MapVerdict.Side;
import camlab.evaluation.VerdictTrial;
import camlab.evaluation.VerdictTrial.Row;
import camlab.network.Fact;
import camlab.network.Network;
import camlab.picture.Picture;
import camlab.training.ExamineMaps.Case;
import camlab.training.ExamineMaps.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

class ExamineMapsTest {

  private static final List<String> KNOWN =
      List.of("picture", "picture and mask", "picture, mask, 20 labelled");

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
   * Each row is of a network in {@code models/} as it is now, of the layer that is asked, of the
   * picture that its number draws, and of the methods of an examination. The identity of a file
   * which is written here is left out: its bytes may be another Java's.
   */
  @Test
  void theShippedRowsAreOfTheShippedNetworks() throws IOException {
    List<List<Object>> expected = new ArrayList<>();
    Map<List<Object>, Shown> drawn = new HashMap<>();
    MapExamination examination = new MapExamination();
    List<String> others = examination.others().stream().map(CamMethod::identity).toList();
    for (Case planted : ExamineMaps.cases()) {
      try (Network network = planted.network().get()) {
        String identity = written(planted.fault()) ? "" : network.identity();
        for (int i = 0; i < pictures(planted); i++) {
          // Several faults are asked of the same pictures.
          Shown shown =
              drawn.computeIfAbsent(
                  List.of(planted.fauna(), planted.stamped(), i),
                  key -> ExamineMaps.shown(planted, (int) key.get(2)));
          for (String known : KNOWN) {
            expected.add(
                List.of(
                    planted.fault(),
                    planted.how(),
                    planted.right(),
                    planted.name(),
                    identity,
                    planted.layer().orElseGet(network::targetLayer),
                    shown.name(),
                    shown.picture().checksum(),
                    shown.mask().checksum(),
                    examination.method().identity(),
                    others,
                    known));
          }
        }
      }
    }
    List<List<Object>> found = new ArrayList<>();
    for (Row row : shipped().rows()) {
      String classIdentity = row.className().identity();
      int in = classIdentity.indexOf(" in ");
      found.add(
          List.of(
              row.fault(),
              row.how(),
              row.right(),
              row.network().name(),
              written(row.fault()) ? "" : row.network().identity(),
              row.layer(),
              row.picture().name(),
              row.picture().identity(),
              classIdentity.substring(in + 4),
              row.method(),
              row.others(),
              row.known()));
      boolean firstClass = Set.of("cat", "African elephant").contains(row.className().name());
      assertEquals(firstClass ? "0" : "1", classIdentity.substring(0, in), row.picture().name());
    }
    assertEquals(expected, found);
  }

  private static boolean written(String fault) {
    return fault.equals("traced in training mode");
  }

  /** Of 21 pictures as many for each case of a fault, and none left over. */
  private static int pictures(Case planted) {
    long same =
        ExamineMaps.cases().stream().filter(each -> each.fault().equals(planted.fault())).count();
    return (int) Math.ceil(21.0 / same);
  }

  private static VerdictTrial shipped() throws IOException {
    return VerdictTrial.read(ShippedRows.file("verdicts.csv"));
  }

  /** The verdict and its reasons in a row are what the rules make of the numbers in it. */
  @Test
  void theShippedVerdictsFollowFromTheirNumbers() throws IOException {
    List<CSVRecord> cells = ShippedRows.of("verdicts.csv");
    List<Row> rows = shipped().rows();
    assertEquals(cells.size(), rows.size());
    for (int i = 0; i < rows.size(); i++) {
      MapVerdict verdict = rows.get(i).verdict();
      String said = verdict.side().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      assertEquals(said, cells.get(i).get("verdict"), "row " + i);
      assertEquals(String.join("; ", verdict.reasons()), cells.get(i).get("reasons"), "row " + i);
    }
  }

  /** The table of the library's page is counted from the rows. */
  @Test
  void thePageHasTheTotals() throws IOException {
    List<String> expected = new ArrayList<>();
    List<VerdictTrial.Line> lines = shipped().lines();
    for (int i = 0; i < lines.size(); i += KNOWN.size()) {
      VerdictTrial.Line line = lines.get(i);
      StringBuilder cells = new StringBuilder();
      cells.append("| ").append(line.right().name().toLowerCase(Locale.ROOT));
      cells.append(" | ").append(line.total()).append(" |");
      for (int j = 0; j < KNOWN.size(); j++) {
        VerdictTrial.Line other = lines.get(i + j);
        assertEquals(KNOWN.get(j), other.known());
        assertEquals(line.fault(), other.fault());
        cells.append(
            String.format(
                Locale.ROOT, " %d [%.2f, %.2f] |", other.hits(), other.low(), other.high()));
      }
      expected.add(cells.toString().replace('_', ' '));
    }
    Path page =
        ShippedRows.file("verdicts.csv").resolve("../../../lib/evaluation/README.md").normalize();
    List<String> table =
        Files.readAllLines(page).stream()
            .dropWhile(text -> !text.startsWith("| planted |"))
            .takeWhile(text -> text.startsWith("|"))
            .skip(2)
            .map(text -> text.substring(text.indexOf('|', 1)))
            .toList();
    assertEquals(expected, table);
  }

  /** With a mask, the stamp is the network's fault; without, nobody can know. */
  @Test
  void theShortcutTakesAMask() throws IOException {
    Case shortcut = first("shortcut");
    VerdictTrial trial = new VerdictTrial();
    try (Network network = shortcut.network().get()) {
      ExamineMaps.examine(trial, shortcut, network, 2);
    }
    List<VerdictTrial.Line> lines = trial.lines();
    assertEquals(KNOWN, lines.stream().map(VerdictTrial.Line::known).toList());
    assertTrue(lines.get(1).share() > lines.get(0).share());
    assertEquals(2, lines.get(1).total());
    // What is asked now is what was asked for the shipped rows.
    Map<List<String>, Row> shipped =
        shipped().rows().stream()
            .filter(row -> row.fault().equals("shortcut"))
            .collect(
                Collectors.toMap(
                    row -> List.of(row.picture().identity(), row.known()), row -> row));
    assertEquals(6, trial.rows().size());
    for (Row row : trial.rows()) {
      Row before = shipped.get(List.of(row.picture().identity(), row.known()));
      assertEquals(before.verdict().side(), row.verdict().side());
      assertEquals(before.evidence().covering(), row.evidence().covering(), 0.01);
      assertEquals(
          before.evidence().meanAgreement().orElseThrow(),
          row.evidence().meanAgreement().orElseThrow(),
          0.01);
      assertEquals(before.evidence().inside().keySet(), row.evidence().inside().keySet());
    }
  }
}
