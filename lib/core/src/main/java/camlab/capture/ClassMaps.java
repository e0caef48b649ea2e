package camlab.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.engine.PyTorch;
import camlab.network.Classes;
import camlab.network.Meaning;
import camlab.network.NotApplicableException;
import camlab.picture.Mask;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Means over a part of what a network for segmentation puts out, shape (classes, h, w), or (h, w,
 * classes) where the classes come last.
 */
final class ClassMaps {

  private static final int DIMENSIONS = 3;

  private ClassMaps() {}

  /** The numbers of a picture in their order, whatever becomes of it. */
  static FloatBuffer unchanged(NDArray logits) {
    requireMap(logits.getShape(), "classes, h, w");
    float[] values = logits.stopGradient().toType(DataType.FLOAT32, false).toFloatArray();
    return FloatBuffer.wrap(values).asReadOnlyBuffer();
  }

  /**
   * Whether a class is found at a position: where its number is the largest, or, of classes of
   * which each is answered by yes or no, where it is yes, with a logit above 0.
   *
   * @param logits of all classes and positions, in the order of the shape
   * @param shape of one picture's numbers
   * @param position its place row by row
   */
  static boolean isFound(
      FloatBuffer logits, Shape shape, Classes classes, int index, int position) {
    boolean last = areLast(shape, classes);
    int ofClass = last ? 1 : logits.capacity() / classes.size();
    int first = last ? position * classes.size() : position;
    float own = logits.get(first + index * ofClass);
    if (classes.meaning() == Meaning.INDEPENDENT) {
      return own > 0;
    }
    for (int other = 0; other < classes.size(); other++) {
      float value = logits.get(first + other * ofClass);
      if (value > own || (value == own && other < index)) {
        return false;
      }
    }
    return true;
  }

  /** What to say where a class is found at no position. */
  static String nowhere(Classes classes, int index) {
    return "The network finds '%s' nowhere: %s. Take a mask, Target.of(…).over(mask)."
        .formatted(
            classes.name(index),
            classes.meaning() == Meaning.INDEPENDENT
                ? "its logit is above 0 at no position"
                : "no position has its largest logit there");
  }

  /** The map of a class, shape (h, w). */
  static NDArray of(NDArray logits, Classes classes, int index) {
    requireMaps(logits.getShape(), classes);
    return areLast(logits.getShape(), classes) ? logits.get("..., {}", index) : logits.get(index);
  }

  /** The mean of a class's map over the positions whose centres lie in a mask. */
  static NDArray mean(NDArray map, Mask mask) {
    int height = (int) map.getShape().get(0);
    int width = (int) map.getShape().get(1);
    return mean(
        map,
        i ->
            mask.contains(
                centre(Math.floorDiv(i, width), height, mask.height()),
                centre(Math.floorMod(i, width), width, mask.width())),
        "None of the network's %s×%s positions has its centre in the mask (%s). Take a larger mask."
            .formatted(height, width, mask));
  }

  /** The pixel of a mask at the centre of a position. */
  private static int centre(int position, int positions, int pixels) {
    return (int) ((position + 0.5) * pixels / positions);
  }

  /**
   * The mean of some positions of one class.
   *
   * @param map shape (h, w)
   * @param inside whether a position counts, by its place row by row
   * @param refusal what to say if none does
   */
  static NDArray mean(NDArray map, IntPredicate inside, String refusal) {
    float[] weights = new float[Math.toIntExact(map.size())];
    int count = 0;
    for (int i = 0; i < weights.length; i++) {
      if (inside.test(i)) {
        weights[i] = 1;
        count++;
      }
    }
    if (count == 0) {
      throw new NotApplicableException(refusal);
    }
    NDManager scope = map.getManager();
    NDArray counted = PyTorch.lasting(scope.create(weights, map.getShape()), map.getDataType());
    NDArray number = PyTorch.lasting(scope.create((float) count), map.getDataType());
    return map.mul(counted).sum().div(number);
  }

  private static void requireMaps(Shape shape, Classes classes) {
    requireMap(shape, classes.size() + ", h, w");
    if (shape.get(0) != classes.size() && !areLast(shape, classes)) {
      throw refusal(shape, classes.size() + ", h, w");
    }
  }

  /** Whether the classes are along the last dimension alone. */
  private static boolean areLast(Shape shape, Classes classes) {
    return classes.axis(new Shape(1).addAll(shape)) > 1;
  }

  private static void requireMap(Shape shape, String expected) {
    if (shape.dimension() != DIMENSIONS) {
      throw refusal(shape, expected);
    }
  }

  private static NotApplicableException refusal(Shape shape, String expected) {
    return new NotApplicableException(
        String.format(
            Locale.ROOT,
            "A class over a part of the picture needs a network that puts out a map for each class, shape (%s) for one picture; found %s.",
            expected,
            shape));
  }
}
