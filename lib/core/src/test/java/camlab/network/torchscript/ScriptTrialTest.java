package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.cam.Blank;
import camlab.cam.Occlusion;
import camlab.capture.Recording;
import camlab.network.Classes;
import camlab.network.GoldenNetworks;
import camlab.network.HookPoint;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.export.ExportedProgram;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.zoo.Networks;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs show when they are run more than once. */
class ScriptTrialTest {

  private static final JsonObject FIGURES = TestFiles.figures("trials/figures.json");
  private static final int SIZE = FIGURES.get("size").getAsInt();

  private static final Preprocessing MIDDLE =
      new Preprocessing(SIZE, SIZE, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));

  private static Network program(String name) {
    return TorchScript.load(TestFiles.path("trials/" + name + ".pt"), Classes.numbered(4), MIDDLE);
  }

  private static NDArray input(NDManager scope) {
    return scope.create(GoldenNetworks.input(SIZE), new Shape(1, 3, SIZE, SIZE));
  }

  private static void assertLogits(String name, NDArray logits) {
    JsonArray expected = FIGURES.getAsJsonObject("logits").getAsJsonArray(name);
    float[] found = logits.toFloatArray();
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected.get(i).getAsDouble(), found[i], 1e-5, "logit " + i);
    }
  }

  private static void assertRefused(Runnable load, String... parts) {
    // More than once, for what is decided by chance is decided otherwise at times.
    for (int i = 0; i < 3; i++) {
      RuntimeException refused = assertThrows(RuntimeException.class, load::run);
      for (String part : parts) {
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
      }
    }
  }

  /** Half of all runs would not show the dropout. */
  @ParameterizedTest
  @CsvSource({
    "half, torch.bernoulli_ (1 call)",
    "path, torch.rand (1 call)",
    "kept, 'evaluation, whatever the program''s own switches say (read: torch.nn.functional.dropout by ''always'' (1 call)'"
  })
  void whatIsDroppedAtTimesIsKept(String name, String fact) {
    try (Network network = program(name);
        NDManager scope = network.newScope()) {
      assertTrue(network.model().facts().toString().contains(fact));
      assertLogits(name, network.run(input(scope)));
    }
  }

  /** One in twenty runs would show it. */
  @Test
  void chanceIsRefusedHoweverSeldomItShows() {
    for (String name : List.of("seldom", "drawn")) {
      assertRefused(
          () -> program(name).close(),
          "draws random numbers when it is run. Chance (torch.rand) is part of the program");
    }
    assertRefused(
        () ->
            ExportedProgram.load(TestFiles.path("trials/chance.pt2"), Classes.numbered(4), MIDDLE)
                .close(),
        "draws random numbers when it is run. Chance (torch.rand) is part of the program");
  }

  @Test
  void chanceThatIsNotReachedIsNone() {
    try (Network network = program("branch");
        NDManager scope = network.newScope()) {
      assertArrayEquals(
          network.run(input(scope)).toFloatArray(), network.run(input(scope)).toFloatArray());
    }
  }

  @Test
  void whatIsKeptFromCallToCallIsRefused() {
    for (String name : List.of("counter", "average", "highest")) {
      assertRefused(
          () -> program(name).close(),
          "puts out other numbers each time it is run: of one picture, before and after others, number",
          "Its forward changes what belongs to the network");
    }
  }

  /** An exported program says which buffers it changes: each run gets them as they were saved. */
  @Test
  void exportedProgramsStartFromWhatWasSaved() {
    try (Network network =
            ExportedProgram.load(
                TestFiles.path("trials/highest.pt2"), Classes.numbered(4), MIDDLE);
        NDManager scope = network.newScope()) {
      assertTrue(
          network.model().facts().toString().contains("the program changes seen"),
          network.model().facts()::toString);
      for (int run = 0; run < 2; run++) {
        assertLogits("highest", network.run(input(scope)));
        network.run(input(scope).add(1));
      }
    }
  }

  private static NDArray two(NDManager scope) {
    NDArray one = input(scope);
    return NDArrays.concat(new NDList(one, one.mul(0.5f).neg().add(0.2f)), 0);
  }

  /** Which would cost each of them four more passes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "torchscript/resnet.traced.pt",
        "torchscript/resnet.scripted.pt",
        "conditions/norms.pt",
        "trials/masked.pt",
        "cases/traced-in-train-mode/scripted-train.pt",
        "conditions/encoder.pt",
        "conditions/without.pt"
      })
  void ordinaryProgramsKeepNothing(String file) {
    assertFalse(new ScriptRepairs(TorchScriptArchive.read(TestFiles.path(file)), "cpu").keeps());
  }

  /** Which spares them a run: of others two runs of one picture are compared. */
  @ParameterizedTest
  @CsvSource({
    "torchscript/resnet.traced.pt, true",
    "torchscript/resnet.scripted.pt, true",
    "trials/mode.pt, true",
    "trials/kept.pt, true",
    "trials/masked.pt, true",
    "trials/memory.pt, false",
    "trials/counter.pt, false",
    "conditions/double.pt, true"
  })
  void theTextShowsThatNothingVaries(String file, boolean shown) {
    ScriptRepairs repairs = new ScriptRepairs(TorchScriptArchive.read(TestFiles.path(file)), "cpu");
    assertEquals(shown, repairs.repeats(() -> true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mode", "memory"})
  void evaluationIsWhatIsComputed(String name) {
    try (Network network = program(name);
        NDManager scope = network.newScope()) {
      assertFalse(network.model().facts().toString().contains("switches"));
      assertLogits(name, network.run(input(scope)));
    }
  }

  /** What one picture gets must not depend on which other is given with it. */
  @ParameterizedTest
  @ValueSource(strings = {"own-norm", "centred"})
  void picturesThatChangeOneAnotherRunOneByOne(String name) {
    try (Network network = program(name);
        NDManager scope = network.newScope()) {
      NDArray two = two(scope);
      NDArray together = network.run(two);
      for (int i = 0; i < 2; i++) {
        float[] alone = network.run(two.get(new NDIndex(i + ":" + (i + 1)))).toFloatArray();
        assertArrayEquals(alone, together.get(i).toFloatArray(), 1e-6f);
      }
      assertFalse(network.takesSeveral(two));
      try (Recording recording = Recording.of(network, input(scope), List.of("body.1"))) {
        NDArray maps = recording.activation("body.1").mul(0.5f);
        NDArray both = NDArrays.concat(new NDList(maps, maps.mul(2)), 0);
        NDArray replaced = network.rest(recording.input(), "body.1").run(both);
        assertArrayEquals(
            network.run(input(scope)).toFloatArray(), replaced.get(1).toFloatArray(), 1e-5f);
      }
      assertRefused(
          () -> Recording.of(network, two, List.of("body.1")).close(),
          "This program takes one picture at a time",
          "It was given 2; give it one after the other.");
    }
  }

  @Test
  void picturesThatDoNotChangeOneAnotherRunTogether() {
    try (Network network = program("path");
        NDManager scope = network.newScope()) {
      assertTrue(network.takesSeveral(two(scope)));
      try (Recording recording = Recording.of(network, two(scope), List.of("body.1"))) {
        assertEquals(2, recording.logits().getShape().get(0));
      }
    }
  }

  /** Or the first class would always win. */
  @ParameterizedTest
  @ValueSource(strings = {"sorted", "sorted-values", "top"})
  void numbersSortedBySizeAreNoClasses(String name) {
    assertRefused(
        () -> program(name).close(),
        "sorted by size, whatever the picture",
        "state Classes.values(4)");
    try (Network network =
        TorchScript.load(TestFiles.path("trials/" + name + ".pt"), Classes.values(4), MIDDLE)) {
      assertEquals(Meaning.VALUES, network.meaning());
    }
  }

  @Test
  void anExportedProgramSortsToo() {
    assertRefused(
        () ->
            ExportedProgram.load(TestFiles.path("trials/top.pt2"), Classes.numbered(4), MIDDLE)
                .close(),
        "sorted by size, whatever the picture");
  }

  @Test
  void aNetworkThatSortsInsideHasClasses() {
    try (Network network = program("tops");
        NDManager scope = network.newScope()) {
      assertTrue(network.model().sorts(two(scope)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"turned | (4, 1) for one picture: 4 rows", "twice | (2, 4) for one picture: 2 rows"})
  void severalRowsForOnePictureAreRefusedWithWhatHelps(String name, String part) {
    assertRefused(() -> program(name).close(), part, "Export it anew");
    RuntimeException refused = assertThrows(RuntimeException.class, () -> program(name).close());
    assertFalse(refused.getMessage().contains("Classes"), refused.getMessage());
  }

  /** What a program raises for values that no picture has says nothing of the size it takes. */
  @Test
  void aProgramThatRaisesForItsValuesIsNotRefusedForItsSize() {
    try (Network network = program("limited");
        NDManager scope = network.newScope()) {
      assertEquals(4, network.run(input(scope)).size());
      assertFalse(network.description().isEmpty());
      assertSays(
          network,
          input(scope).mul(1000),
          "values out of range",
          "runs with a blank one",
          "not the size");
      assertSays(
          network,
          scope.zeros(new Shape(1, 3, 48, 48)),
          "does not take pictures of 48×48",
          "another size");
    }
    Preprocessing other =
        new Preprocessing(48, 48, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));
    String refused =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TorchScript.load(
                        TestFiles.path("trials/limited.pt"), Classes.numbered(4), other))
            .getMessage();
    assertTrue(refused.contains("does not take pictures of 48×48"), refused);
    assertTrue(refused.contains("it runs with 32×32"), refused);
  }

  private static void assertSays(Network network, NDArray input, String... parts) {
    String refused =
        assertThrows(IllegalArgumentException.class, () -> network.run(input)).getMessage();
    for (String part : parts) {
      assertTrue(refused.contains(part), refused);
    }
    assertFalse(refused.contains("made for pictures of another size"), refused);
  }

  /** None that asks for it takes a layer, of which there could be another; all are listed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "detached | detach, torch.no_grad",
        "underived | derivative",
        "overwritten | changes in place"
      })
  void aNetworkWithoutAnyGradientIsToldAsSuch(String name, String why) {
    try (Network network = program(name)) {
      assertTrue(
          network.description().contains("gradient: none reaches its layers (found by trial"),
          network.description());
      NotApplicableException refused =
          assertThrows(NotApplicableException.class, network::targetLayer);
      assertTrue(
          refused.getMessage().contains("no gradient of the score reaches any of its layers"),
          refused.getMessage());
      assertTrue(refused.getMessage().contains(why), refused.getMessage());
      Picture picture = Picture.of(SIZE, SIZE, new int[SIZE * SIZE]);
      List<HookPoint> points = network.hookPoints(picture);
      assertEquals(network.layers(), points.stream().map(HookPoint::layer).toList());
      for (HookPoint point : points) {
        assertTrue(Double.isNaN(point.zeroGradients()), point.toString());
        assertTrue(Double.isNaN(point.channels()), point.toString());
        assertTrue(point.toString().contains("no gradient comes to any layer"), point.toString());
      }
      assertTrue(points.stream().anyMatch(HookPoint::hasPositions), points.toString());
      assertEquals(
          SIZE * SIZE,
          new Occlusion(8, 8, Blank.GREY).heatmap(network, picture, "class 1").values().length);
    }
  }

  /** A softmax over all of them would tell half of each share. */
  @Test
  void logarithmsOfTwoSetsOfSharesAreRefused() {
    assertRefused(
        () -> program("groups").close(),
        "puts out logarithms of shares of 2",
        "as several log_softmaxes beside one another do",
        "Classes.values(4)");
    program("shifted").close();
  }

  /** Of four times as many pixels it makes four rows, which is no sign of its size. */
  @Test
  void aProgramForFourPicturesAtATimeIsNotToldToTakeLargerOnes() {
    assertRefused(
        () -> program("four").close(),
        "Four takes 4 pictures at a time, and not one (found by trial: it runs with (4, 3, 32, 32))",
        "Export it anew");
    RuntimeException refused = assertThrows(RuntimeException.class, () -> program("four").close());
    assertFalse(refused.getMessage().contains("size("), refused.getMessage());
  }

  /** Nothing in it can be looked at; a file that PyTorch itself no longer reads. */
  @Test
  void aProgramForOneKindOfProcessorIsNamed() {
    assertRefused(
        () -> program("optimised").close(),
        "was optimised for one kind of processor (torch.jit.optimize_for_inference)",
        "before that");
  }

  @Test
  void aForwardThatTakesNoTensorIsRefusedWithWhatToSave() {
    assertRefused(
        () -> program("keyed").close(),
        "takes (batch: Dict[str, Tensor])",
        "Save a module around it");
    assertRefused(
        () -> program("without-forward").close(),
        "Encoder has no forward; it has encode",
        "Save a module whose forward calls it");
  }

  /** It was given the same array again, and told other numbers of it. */
  @ParameterizedTest
  @ValueSource(strings = {"writes", "writes-scripted"})
  void aForwardThatChangesItsPictureGetsACopy(String name) {
    try (Network network = program(name);
        NDManager scope = network.newScope()) {
      NDArray input = input(scope);
      float[] before = input.toFloatArray();
      for (int run = 0; run < 2; run++) {
        assertLogits(name, network.run(input));
      }
      try (Recording recording = Recording.of(network, input, List.of("body.1"))) {
        NDArray maps = recording.output("body.1");
        NDArray rest = network.rest(recording.input(), "body.1").run(maps);
        assertArrayEquals(recording.logits().toFloatArray(), rest.toFloatArray(), 1e-6f);
        assertArrayEquals(before, recording.input().toFloatArray());
      }
      assertArrayEquals(before, input.toFloatArray());
    }
  }

  /** PyTorch's own LSTM does not look: two pictures ended the process, other rows gave nonsense. */
  @ParameterizedTest
  @ValueSource(strings = {"rows.pt", "rows.pt2"})
  void anLstmThatStartsFromOneStateGetsOnePictureAtATime(String file) {
    JsonArray expected = FIGURES.getAsJsonObject("logits").getAsJsonArray("rows");
    try (Network network =
            Networks.load(TestFiles.path("trials/" + file), Classes.numbered(4), MIDDLE);
        NDManager scope = network.newScope()) {
      NDArray two = two(scope);
      assertFalse(network.takesSeveral(two));
      NDArray together = network.run(two);
      float[] logits = together.get(0).toFloatArray();
      for (int i = 0; i < logits.length; i++) {
        assertEquals(expected.get(i).getAsDouble(), logits[i], 1e-5, "logit " + i);
      }
      float[] second = network.run(two.get(new NDIndex("1:2"))).toFloatArray();
      assertArrayEquals(second, together.get(1).toFloatArray(), 1e-6f);
    }
  }

  @Test
  void anLstmIsNotGivenRowsOfAnotherLength() {
    Preprocessing other =
        new Preprocessing(40, 40, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));
    assertRefused(
        () ->
            TorchScript.load(TestFiles.path("trials/rows.pt"), Classes.numbered(4), other).close(),
        "Rows does not take pictures of 40×40 (height × width) as its preprocessing says; found by trial: it runs with 32×32");
    try (Network network = program("rows");
        NDManager scope = network.newScope()) {
      assertSays(
          network,
          scope.zeros(new Shape(1, 3, 40, 40)),
          "does not take pictures of 40×40",
          "An LSTM takes rows of 96 values, and was given rows of 120.");
    }
  }

  /** Its class was written for the last call, and did not fit the others. */
  @Test
  void aModuleThatHandsOnAnotherNumberOfValuesEachTimeOpens() {
    try (Network network =
            ExportedProgram.load(TestFiles.path("trials/cells.pt2"), Classes.numbered(4), MIDDLE);
        NDManager scope = network.newScope()) {
      assertLogits("cells", network.run(input(scope)));
      assertEquals(List.of("head"), network.layers());
    }
  }
}
