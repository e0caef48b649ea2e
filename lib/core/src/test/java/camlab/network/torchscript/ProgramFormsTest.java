package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.cam.GradCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.engine.ComputationException;
import camlab.network.CaseFiles;
import camlab.network.Classes;
import camlab.network.Constant;
import camlab.network.Fact;
import camlab.network.GoldenNetworks;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.Stated;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program may take and put out, against the figures of PyTorch's autograd. */
class ProgramFormsTest {

  private static final double CLOSE = 1e-5;

  private static final JsonObject FIGURES = TestFiles.figures("outputs/figures.json");
  private static final int SIZE = FIGURES.get("size").getAsInt();
  private static final Target TARGET = Target.of(FIGURES.get("target").getAsInt());

  private static final Preprocessing HALF =
      new Preprocessing(SIZE, SIZE, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));

  private static Network program(String name, Stated stated) {
    return TorchScript.load(
        TestFiles.path("outputs/" + name + ".pt"), Classes.numbered(4), HALF, stated);
  }

  private static Network caseFile(String name, int classes, Stated stated) {
    return TorchScript.load(CaseFiles.path(name + ".pt"), Classes.numbered(classes), HALF, stated);
  }

  private static Stated stated(String output) {
    return output == null ? Stated.NOTHING : Stated.NOTHING.output(output);
  }

  private static NDArray input(NDManager scope) {
    return scope.create(GoldenNetworks.input(SIZE), new Shape(1, 3, SIZE, SIZE));
  }

  private static NDArray picture(Network network, NDManager scope) {
    Picture picture = Picture.read(CaseFiles.path("arguments/in.png"));
    return network.input(scope, List.of(picture));
  }

  private static Target target(JsonObject figures) {
    return Target.of(figures.get("target").getAsInt());
  }

  /** Logits, twice, and the Grad-CAM of one of them. */
  private static void assertFigures(
      JsonObject expected, Network network, NDArray input, String layer, Target target) {
    assertClose(expected.getAsJsonArray("logits"), network.run(input).toFloatArray());
    try (Recording recording = Recording.of(network, input, List.of(layer))) {
      assertClose(expected.getAsJsonArray("logits"), recording.logits().toFloatArray());
      assertClose(
          expected.getAsJsonArray("cam"), new GradCam().heatmap(recording, layer, target).values());
    }
  }

  private static void assertClose(JsonArray expected, float[] found) {
    assertEquals(expected.size(), found.length);
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(expected.get(i).getAsDouble()));
    }
    assertTrue(largest > 0);
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected.get(i).getAsDouble(), found[i], CLOSE * largest, "value " + i);
    }
  }

  private static String refusal(Runnable action) {
    return assertThrows(RuntimeException.class, action::run).getMessage();
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  private static String facts(Network network) {
    return network.describe().stream().map(Fact::toString).collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "self-by-another-name/model, self-by-another-name/model,, 3",
    "several-outputs/tuple, several-outputs/tuple,, 3",
    "several-outputs/tuple, several-outputs/tuple, 0, 3",
    "several-outputs/tuple, several-outputs/tuple 1,, 2",
    "several-outputs/tuple, several-outputs/tuple 1, 1, 2",
    "several-outputs/dict, several-outputs/dict,, 3",
    "several-outputs/dict, several-outputs/dict, out, 3",
    "several-outputs/list, several-outputs/list,, 3",
    "several-outputs/list, several-outputs/list, 0, 3",
    "several-outputs/namedtuple, several-outputs/namedtuple,, 3",
    "several-outputs/namedtuple, several-outputs/namedtuple, logits, 3",
    "several-outputs/namedtuple, several-outputs/namedtuple, 0, 3",
    "several-outputs/one-tuple, several-outputs/one-tuple,, 3",
    "arguments/optional, arguments/optional,, 3"
  })
  void cases(String file, String figures, String output, int classes) {
    try (Network network = caseFile(file, classes, stated(output));
        NDManager scope = network.newScope()) {
      JsonObject expected = FIGURES.getAsJsonObject("cases").getAsJsonObject(figures);
      assertFigures(expected, network, picture(network, scope), "body.1", target(expected));
    }
  }

  @Test
  void constantsForOtherParameters() {
    float[] other = new float[3 * SIZE * SIZE];
    for (int i = 0; i < other.length; i++) {
      other[i] = (float) (-1 + 2.0 * i / (other.length - 1));
    }
    Stated second = Stated.NOTHING.input("y", Constant.floats(other, 1, 3, SIZE, SIZE));
    Stated number = Stated.NOTHING.input("age", new Constant.Real(0.5));
    Stated mask =
        Stated.NOTHING
            .input("mask", Constant.floats(new float[] {0.5f}, 1, 1, 1, 1))
            .input("features", new Constant.Flag(false));
    assertCase("arguments/two-inputs", second, "arguments/two-inputs");
    assertCase("arguments/image-and-number", number, "arguments/image-and-number");
    assertCase("arguments/optional", mask, "arguments/optional mask");
  }

  private static void assertCase(String file, Stated stated, String figures) {
    try (Network network = caseFile(file, 3, stated);
        NDManager scope = network.newScope()) {
      JsonObject expected = FIGURES.getAsJsonObject("cases").getAsJsonObject(figures);
      NDArray one = picture(network, scope);
      assertFigures(expected, network, one, "body.1", target(expected));
      float[] alone = network.run(one).toFloatArray();
      float[] both = network.run(one.repeat(0, 2)).toFloatArray();
      for (int i = 0; i < both.length; i++) {
        assertEquals(alone[i % alone.length], both[i], 1e-6);
      }
    }
  }

  @Test
  void whatIsKnownOfTheParameters() {
    Stated stated = Stated.NOTHING.input("features", new Constant.Flag(false));
    try (Network network = caseFile("arguments/optional", 3, stated)) {
      assertContains(
          "input 'features': false (stated: the same for every picture)", facts(network));
      assertContains("input 'mask': None (read: its default)", facts(network));
      assertContains("picture: goes to 'x: Tensor' (read: the only tensor", facts(network));
    }
  }

  @Test
  void whatIsMissingIsNamedWithTheSentenceThatStatesIt() {
    String missing = refusal(() -> caseFile("arguments/image-and-number", 3, Stated.NOTHING));
    assertContains("'age: Tensor'", missing.replace("age: Tensor", "'age: Tensor'"));
    assertContains("Stated.NOTHING.input(\"age\", Constant.floats(values, 1, 8))", missing);
    assertContains("The picture goes to 'x'", missing);
    Stated unknown = Stated.NOTHING.input("years", new Constant.Real(1));
    assertContains(
        "no parameter", refusal(() -> caseFile("arguments/image-and-number", 3, unknown)));
    Stated wrong = Stated.NOTHING.input("features", new Constant.Real(0.5));
    assertContains(
        "Expected such as new Constant.Flag(true)",
        refusal(() -> caseFile("arguments/optional", 3, wrong)));
    String several = refusal(() -> program("meta", Stated.NOTHING));
    assertContains(
        ".input(\"image\", Constant.floats(values, 1, 8)).input(\"times\", new Constant.Whole(1)).input(\"scale\", new Constant.Real(0.5)).input(\"flip\", new Constant.Flag(true))",
        several);
  }

  /** The first tensor for which nothing is stated. */
  @Test
  void thePictureNeedNotBeTheFirst() {
    Stated stated =
        Stated.NOTHING
            .input("age", Constant.floats(new float[] {0.25f, -1}, 1, 2))
            .input("times", new Constant.Whole(2))
            .input("scale", new Constant.Real(0.5))
            .input("flip", new Constant.Flag(true));
    try (Network network = program("meta", stated);
        NDManager scope = network.newScope()) {
      assertProgram("meta", network, scope);
      assertContains("picture: goes to 'image: Tensor'", facts(network));
      assertContains("input 'way': \"mean\" (read: its default)", facts(network));
      assertBatch(network, scope);
    }
  }

  /** Repeated, this array would be one for each picture's channels. */
  @Test
  void anArrayThatIsNoRowStaysAsItIs() {
    float[] mask = new float[64];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i / 64f;
    }
    Stated stated = Stated.NOTHING.input("mask", Constant.floats(mask, 1, 8, 8));
    try (Network network = program("masked", stated);
        NDManager scope = network.newScope()) {
      assertProgram("masked", network, scope);
      assertBatch(network, scope);
    }
  }

  private static void assertProgram(String name, Network network, NDManager scope) {
    JsonObject expected = FIGURES.getAsJsonObject("programs").getAsJsonObject(name);
    assertFigures(expected, network, input(scope), "body.1", TARGET);
  }

  /** Each picture of a batch gets what it gets alone. */
  private static void assertBatch(Network network, NDManager scope) {
    NDArray one = input(scope);
    NDArray other = one.flip(3).mul(0.5f);
    float[] both = network.run(one.concat(other)).toFloatArray();
    float[] first = network.run(one).toFloatArray();
    float[] second = network.run(other).toFloatArray();
    for (int i = 0; i < first.length; i++) {
      assertEquals(first[i], both[i], 1e-5);
      assertEquals(second[i], both[first.length + i], 1e-5);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nested,, 0.logits",
    "nested, 0.logits, 0.logits",
    "auxiliary, logits, logits",
    "auxiliary, 0, logits",
    "keyed, logits, logits",
    "numbered,, 3",
    "whole,, 1",
    "either,, a tensor",
    "either-several,, logits",
    "either-several, logits, logits",
    "either-by-picture,, a tensor",
    "pictures,,"
  })
  void outputsOfManyForms(String name, String output, String chosen) {
    try (Network network = program(name, stated(output));
        NDManager scope = network.newScope()) {
      assertProgram(name, network, scope);
      if (chosen != null) {
        assertContains("output: %s of shape (1, 4)".formatted(chosen), facts(network));
      }
    }
  }

  /** Of another type than the one that was tried nothing is taken for it. */
  @Test
  void anotherTypeThanTheOneThatWasTriedIsRefused() {
    try (Network network = program("either-by-picture", Stated.NOTHING);
        NDManager scope = network.newScope()) {
      NDArray dark = input(scope).mul(0).sub(1);
      String message = refusal(() -> network.run(dark));
      assertContains("something else than for the picture that was tried, Tensor", message);
    }
  }

  @Test
  void theEndIsTakenOffOneOfSeveralTypes() {
    try (Network network = program("either", Stated.NOTHING)) {
      assertEquals(Meaning.ONE_OF_SEVERAL, network.meaning());
    }
  }

  /** The other head is no worse; it is only another one. */
  @Test
  void theOtherOutputIsAnother() {
    try (Network first = program("auxiliary", stated("logits"));
        Network other = program("auxiliary", stated("aux_logits"));
        Network place = program("auxiliary", stated("1"));
        Network dotted = program("keyed", stated("layer.1"));
        NDManager scope = first.newScope()) {
      float[] auxiliary = other.run(input(scope)).toFloatArray();
      assertNotEquals(first.run(input(scope)).getFloat(0, 0), auxiliary[0]);
      assertEquals(auxiliary[0], place.run(input(scope)).getFloat(0, 0));
      assertEquals(2 * auxiliary[0], dotted.run(input(scope)).getFloat(0, 0), 1e-6);
      assertNotEquals(first.identity(), other.identity());
      assertEquals(place.identity(), other.identity());
    }
  }

  @Test
  void severalThatMayBeLogitsAreListed() {
    String message = refusal(() -> program("auxiliary", Stated.NOTHING));
    assertContains("logits of shape (1, 4); aux_logits of shape (1, 4)", message);
    assertContains("Stated.NOTHING.output(\"logits\")", message);
    String none = refusal(() -> program("nested", stated("logits")));
    assertContains("no output is called 'logits'", none);
    assertContains("0.features of shape (1, 6); 0.logits of shape (1, 4); 1.0", none);
    String nine =
        refusal(
            () ->
                TorchScript.load(
                    TestFiles.path("outputs/keyed.pt"), Classes.numbered(9), HALF, Stated.NOTHING));
    assertContains(
        "none of its outputs has one number for each of the 9 classes of a picture, nor a map of each: logits",
        nine);
    assertContains("puts out one tensor", refusal(() -> program("softmax.traced", stated("0"))));
  }

  /** Boxes beside the scores of classes in them: which are which, their shapes alone do not say. */
  @Test
  void scoresOfTokensAreOfferedAndNotChosen() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray boxes = scope.zeros(new Shape(1, 12, 4));
      boxes.setName("0" + OutputCode.STEP + "boxes");
      NDArray scores = scope.zeros(new Shape(1, 12, 5));
      scores.setName("1" + OutputCode.STEP + "scores");
      ScriptOutputs outputs =
          new ScriptOutputs("detr", new ScriptType.Tensor(), new NDList(boxes, scores));
      assertEquals(
          "detr puts out 2 tensors, and none of its outputs has one number for each of the 5 classes of a picture, nor a map of each; 'scores' may hold them for tokens or boxes: boxes of shape (1, 12, 4); scores of shape (1, 12, 5). Say which one is explained, such as Stated.NOTHING.output(\"scores\"), and name one class for each of its scores.",
          refusal(() -> outputs.choice(Optional.empty(), Classes.numbered(5))));
    }
  }

  /** A squeeze drops the picture's dimension, too, when there is one picture and one number. */
  @Test
  void aSqueezedOutput() {
    try (Network network =
            TorchScript.load(
                TestFiles.path("outputs/squeezed.pt"), Classes.numbered(1), HALF, Stated.NOTHING);
        NDManager scope = network.newScope()) {
      JsonObject expected = FIGURES.getAsJsonObject("programs").getAsJsonObject("squeezed");
      assertFigures(expected, network, input(scope), "body.1", Target.of(0));
      assertEquals(new Shape(3, 1), network.run(input(scope).repeat(0, 3)).getShape());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "softmax.scripted,, softmax, ONE_OF_SEVERAL",
    "softmax.traced,, softmax, ONE_OF_SEVERAL",
    "branch,, softmax, ONE_OF_SEVERAL",
    "log-softmax.scripted,, log_softmax, ONE_OF_SEVERAL",
    "log-softmax.traced,, log_softmax, ONE_OF_SEVERAL",
    "log-sigmoid,, log_sigmoid, INDEPENDENT",
    "log-of-sigmoid,, log_sigmoid, INDEPENDENT",
    "log-of-softmax,, log_softmax, ONE_OF_SEVERAL",
    "probabilities, 1.probabilities, sigmoid, INDEPENDENT"
  })
  void theEndIsTakenOff(String name, String output, String kind, Meaning meaning) {
    try (Network network = program(name, stated(output));
        NDManager scope = network.newScope()) {
      assertProgram(name, network, scope);
      assertEquals(Optional.of(meaning), network.model().meaning());
      assertContains("end: a %s, taken off".formatted(kind), facts(network));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"attention", "gate", "over-the-batch", "repeated", "log-of-gate"})
  void whatIsNoEndStays(String name) {
    try (Network network = program(name, Stated.NOTHING);
        NDManager scope = network.newScope()) {
      JsonObject expected = FIGURES.getAsJsonObject("programs").getAsJsonObject(name);
      assertClose(expected.getAsJsonArray("logits"), network.run(input(scope)).toFloatArray());
      assertEquals(Optional.empty(), network.model().meaning());
      assertTrue(network.model().facts().stream().noneMatch(fact -> fact.what().equals("end")));
    }
  }

  /** So far in saturation that single precision has no gradient left behind the softmax. */
  @Test
  void softmaxAtTheEnd() {
    try (Network network = caseFile("softmax-at-end/model", 4, Stated.NOTHING);
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, picture(network, scope), List.of("r2"))) {
      assertEquals(1, recording.logits().softmax(1).getFloat(0, 1));
      float[] map = new GradCam().heatmap(recording, "r2", Target.of(1)).values();
      assertEquals(2.5772, map[0], 5e-5);
      assertEquals(2.9316, map[1], 5e-5);
      assertEquals(2.3217, map[2], 5e-5);
    }
  }

  /** Both files hold one network. */
  @Test
  void sigmoidAtTheEnd() {
    try (Network logit = caseFile("one-output-bce/logit", 1, Stated.NOTHING);
        Network sigmoid = caseFile("one-output-bce/sigmoid", 1, Stated.NOTHING);
        NDManager scope = logit.newScope()) {
      NDArray input = picture(logit, scope);
      assertEquals(0.12368, logit.run(input).getFloat(0, 0), 5e-6);
      assertEquals(0.12368, sigmoid.run(input).getFloat(0, 0), 5e-6);
      assertEquals(Optional.empty(), logit.model().meaning());
      assertEquals(Optional.of(Meaning.INDEPENDENT), sigmoid.model().meaning());
    }
  }

  /** The blocks one by one in one branch and their container in the other: each is one layer. */
  @Test
  void branchesShareTheNamesOfTheirLayers() {
    Stated apart = Stated.NOTHING.input("apart", new Constant.Flag(true));
    try (Network together = program("one-by-one", Stated.NOTHING);
        Network separate = program("one-by-one", apart);
        NDManager scope = together.newScope()) {
      assertProgram("one-by-one", together, scope);
      assertProgram("one-by-one", separate, scope);
      assertEquals(List.of("body.0", "body.1", "body", "head"), together.layers());
      assertEquals(List.of("body.0", "body.1", "head"), separate.layers());
    }
  }

  /** A layer that runs in training alone is no layer of the network, but no unknown one either. */
  @Test
  void aLayerThatDoesNotRun() {
    try (Network network = program("one-by-one", Stated.NOTHING);
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, input(scope), List.of("later"))) {
      assertContains(
          "'later' did not run for this picture", refusal(() -> recording.activation("later")));
      assertContains("did not run", ((TorchScript) network.model()).refused().get("later.0"));
    }
  }

  @Test
  void anUnknownOperatorIsNamed() {
    EngineException unknown =
        new EngineException(
            "\nUnknown builtin op: aten::_upsample_lanczos2d_aa.\nCould not find any similar ops");
    assertContains(
        "the operator aten::_upsample_lanczos2d_aa", ComputationException.sentence(unknown));
    assertEquals(
        "The engine says: second line.",
        ComputationException.sentence(new EngineException("\nsecond line\nthird")));
  }
}
