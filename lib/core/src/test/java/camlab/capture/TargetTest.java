package camlab.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.network.Classes;
import camlab.network.NotApplicableException;
import camlab.picture.Mask;
import java.util.BitSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Scores beyond a class's logit, and their gradients, by hand. */
class TargetTest {

  private static final Classes PETS = Classes.of("cat", "dog");

  private static NDManager scope;

  @BeforeAll
  static void open() {
    scope = NDManager.newBaseManager();
  }

  @AfterAll
  static void close() {
    scope.close();
  }

  /** The score of the first picture of a batch, and its gradient. */
  private static float[] gradient(Target target, NDArray logits, Classes classes) {
    logits.setRequiresGradient(true);
    NDArray sum = Autograd.recorded(() -> target.sum(logits, classes));
    Autograd.backward(sum, sum.onesLike());
    return logits.getGradient().toFloatArray();
  }

  private static double score(Target target, NDArray logits, Classes classes) {
    return target.ofPicture(logits, 0, classes).value(logits.get(0), classes).getFloat();
  }

  private static String label(Target target, NDArray logits, Classes classes) {
    return target.ofPicture(logits, 0, classes).label(logits.get(0), classes);
  }

  private static String refused(Target target, NDArray logits, Classes classes) {
    return assertThrows(NotApplicableException.class, () -> score(target, logits, classes))
        .getMessage();
  }

  @Test
  void theDifferenceOfTwoClasses() {
    NDArray logits = scope.create(new float[] {3, 5, 7, 1}, new Shape(2, 2));
    Target target = Target.difference(Target.of("cat"), Target.of(1));
    assertEquals(-2, score(target, logits, PETS));
    assertEquals("cat − dog", label(target, logits, PETS));
    assertArrayEquals(new float[] {1, -1, 1, -1}, gradient(target, logits, PETS));
  }

  /** Two classes at 2×3 positions. */
  private static NDArray map() {
    return scope.create(
        new float[] {
          1, 2, 3, 4, 5, 6,
          0, 9, 0, 8, 7, 0
        },
        new Shape(1, 2, 2, 3));
  }

  @Test
  void aClassOverAMask() {
    // Of 4×6 pixels, two by two to each position: the first and the last position.
    BitSet pixels = new BitSet();
    for (int pixel : new int[] {7, 23}) {
      pixels.set(pixel);
    }
    Target target = Target.of("dog").over(Mask.of(6, 4, pixels));
    assertEquals((0 + 0) / 2.0, score(target, map(), PETS));
    Target ofCat = Target.of("cat").over(Mask.of(6, 4, pixels));
    assertEquals((1 + 6) / 2.0, score(ofCat, map(), PETS));
    assertEquals("cat over a mask", label(ofCat, map(), PETS));
    assertArrayEquals(
        new float[] {0.5f, 0, 0, 0, 0, 0.5f, 0, 0, 0, 0, 0, 0}, gradient(ofCat, map(), PETS));
    Target nowhere = Target.of("cat").over(Mask.of(6, 4, new BitSet()));
    assertTrue(refused(nowhere, map(), PETS).startsWith("None of the network's 2×3 positions"));
  }

  /** The dog's logit is the largest at the positions 1, 3 and 4. */
  @Test
  void aClassOverItsRegion() {
    Target target = Target.of("dog").overItsRegion();
    assertEquals((9 + 8 + 7) / 3.0, score(target, map(), PETS));
    assertEquals((1 + 3 + 6) / 3.0, score(Target.of(0).overItsRegion(), map(), PETS), 1e-6);
    assertEquals("dog over its region", label(target, map(), PETS));
    float third = 1 / 3f;
    assertArrayEquals(
        new float[] {0, 0, 0, 0, 0, 0, 0, third, 0, third, third, 0},
        gradient(target, map(), PETS),
        1e-7f);
    Target settled = target.ofPicture(map(), 0, PETS);
    assertEquals(settled, target.ofPicture(map(), 0, PETS));
    assertEquals(0, settled.value(map().get(0).mul(0), PETS).getFloat(), "where it was");
    assertTrue(
        refused(target, map().mul(scope.create(new float[] {1, 0}, new Shape(1, 2, 1, 1))), PETS)
            .startsWith("The network finds 'dog' nowhere"));
  }

  @Test
  void mapsAndListsAreNoMaps() {
    NDArray list = scope.create(new float[] {1, 2}, new Shape(1, 2));
    assertEquals(
        "A class over a part of the picture needs a network that puts out a map for each class,"
            + " shape (classes, h, w) for one picture; found (2).",
        refused(Target.of("dog").overItsRegion(), list, PETS));
    assertTrue(
        refused(Target.predicted().overItsRegion(), map(), PETS)
            .startsWith("Predictions, probabilities and the score of a class need one number"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> score(Target.of("dog"), map(), PETS))
            .getMessage()
            .contains("Target.of(…).overItsRegion(), or over(mask)"));
    assertTrue(
        refused(Target.predicted(), map(), PETS)
            .contains("Target.of(…).overItsRegion(), or over(mask)"));
  }

  /** The same two boxes in three forms: (0, 0) to (4, 2), and (2, 2) to (6, 8). */
  @Test
  void aClassInABox() {
    float[][] forms = {
      {0, 0, 4, 2, 10, 11, 2, 2, 6, 8, 20, 21},
      {0, 0, 4, 2, 10, 11, 2, 2, 4, 6, 20, 21},
      {2, 1, 4, 2, 10, 11, 4, 5, 4, 6, 20, 21}
    };
    Box.Form[] names = {Box.Form.CORNERS, Box.Form.CORNER_AND_SIZE, Box.Form.CENTRE_AND_SIZE};
    for (int i = 0; i < forms.length; i++) {
      NDArray boxes = scope.create(forms[i], new Shape(1, 2, 6));
      Target target = Target.inBox(Target.of("dog"), new Box(3, 3, 6, 8), names[i]);
      assertEquals(21, score(target, boxes, PETS));
      assertEquals("dog in box 1", label(target, boxes, PETS));
      float[] expected = new float[12];
      expected[11] = 1;
      assertArrayEquals(expected, gradient(target, boxes, PETS));
      assertEquals(
          10, score(Target.inBox(Target.of(0), new Box(0, 0, 3, 3), names[i]), boxes, PETS));
      Target away = Target.inBox(Target.of(0), new Box(50, 50, 60, 60), names[i]);
      assertTrue(refused(away, boxes, PETS).startsWith("None of the network's 2 boxes overlaps"));
      assertTrue(
          refused(target, boxes, Classes.of("cat", "dog", "fox"))
              .startsWith("A class in a box needs a network that puts out shape (boxes, 4 + 3)"));
    }
    assertEquals(15 / 24.0, new Box(2, 2, 6, 8).overlap(new Box(3, 3, 6, 8)));
    assertEquals(0, new Box(0, 0, 4, 2).overlap(new Box(4, 0, 8, 2)));
  }

  /** As YOLO's programs put them out: the numbers of a box stand below each other. */
  @Test
  void aClassInABoxThatIsAColumn() {
    float[] columns = {0, 2, 0, 2, 4, 6, 2, 8, 10, 20, 11, 21, 12, 9};
    NDArray boxes = scope.create(columns, new Shape(1, 7, 2));
    Classes three = Classes.independent("cat", "dog", "fox");
    Box where = new Box(3, 3, 6, 8);
    Target dog = Target.inBox(Target.of("dog"), where, Box.Form.CORNERS);
    assertEquals(21, score(dog, boxes, three));
    assertEquals("dog in box 1", label(dog, boxes, three));
    float[] expected = new float[14];
    expected[11] = 1;
    assertArrayEquals(expected, gradient(dog, boxes, three));
    Target likeliest = Target.inBox(Target.predicted(), where, Box.Form.CORNERS);
    assertEquals(21, score(likeliest, boxes, three));
    assertEquals("dog in box 1", label(likeliest, boxes, three));
    Target other = Target.inBox(Target.predicted(), new Box(0, 0, 3, 2), Box.Form.CORNERS);
    assertEquals("fox in box 0", label(other, boxes, three), "the class of that box");
    assertTrue(
        refused(dog, scope.create(new Shape(1, 7, 0)), three)
            .startsWith("The network puts out no box for this picture"));
  }

  /** cos = (3·4 + 4·3)/(5·5); its gradient is (e/|e| − cos y/|y|)/|y|. */
  @Test
  void theSimilarityToAnEmbedding() {
    NDArray output = scope.create(new float[] {3, 4}, new Shape(1, 2));
    Target target = Target.similarity("Ann", 4, 3);
    Classes values = Classes.values(2);
    assertEquals(24 / 25.0, score(target, output, values), 1e-6);
    assertEquals("similarity to Ann", label(target, output, values));
    double cosine = 24 / 25.0;
    assertArrayEquals(
        new float[] {
          (float) ((4 / 5.0 - cosine * 3 / 5) / 5), (float) ((3 / 5.0 - cosine * 4 / 5) / 5)
        },
        gradient(target, output, values),
        1e-6f);
    assertEquals(target, Target.similarity("Ann", 4, 3));
    assertThrows(IllegalArgumentException.class, () -> Target.similarity("nobody", 0, 0));
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      String told =
          assertThrows(IllegalArgumentException.class, () -> Target.similarity("Cy", 1, value, 2))
              .getMessage();
      assertTrue(told.startsWith("The embedding of 'Cy' has a value"), told);
      assertTrue(told.contains(value + " at place 1"), told);
    }
    for (float value : new float[] {Float.NaN, 0, 1e-30f}) {
      NDArray without = scope.create(new float[] {0, value}, new Shape(1, 2));
      String told = refused(target, without, values);
      assertTrue(told.contains("has no direction"), told);
      assertTrue(told.contains(Float.isNaN(value) ? "is NaN in" : "is 0.0 in"), told);
    }
    assertThrows(
        IllegalArgumentException.class, () -> score(Target.similarity("Bo", 1), output, values));
  }

  @Test
  void aPlainValue() {
    NDArray output = scope.create(new float[] {41, 1.8f}, new Shape(1, 2));
    Classes values = Classes.values("age", "height");
    assertEquals(41, score(Target.of("age"), output, values));
    assertArrayEquals(new float[] {1, 0}, gradient(Target.of("age"), output, values));
    assertTrue(
        refused(Target.of("age").probability(), output, values).startsWith("These are plain"));
  }

  @Test
  void aFunctionThatGivesNothingIsNamed() {
    NDArray logits = scope.ones(new Shape(1, 2));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Target.score("mine", all -> null).sum(logits, Classes.numbered(2)));
    assertTrue(refused.getMessage().contains("gave null"), refused.getMessage());
  }
}
