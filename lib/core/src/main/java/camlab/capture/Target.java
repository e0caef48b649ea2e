package camlab.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.engine.ComputationException;
import camlab.engine.PyTorch;
import camlab.network.Classes;
import camlab.network.NotApplicableException;
import camlab.picture.Mask;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * The score y that is explained: what the gradient is taken of. Class scores are logits, the values
 * before softmax or sigmoid, unless {@link OfClass#probability()} asks for the value behind it.
 */
public sealed interface Target {

  /**
   * {@return the logit of a class, by its name}
   *
   * @param className the name of the class
   */
  static OfClass of(String className) {
    return new ClassName(className);
  }

  /**
   * {@return the logit of a class, by its index from 0}
   *
   * @param classIndex the index of the class, from 0
   */
  static OfClass of(int classIndex) {
    return new ClassIndex(classIndex);
  }

  /** {@return the logit of whatever class the network finds most likely, picture by picture} */
  static OfClass predicted() {
    return new Predicted();
  }

  /**
   * {@return how far one class is ahead of another: the difference of their logits}
   *
   * @param ofClass the one
   * @param less the other
   */
  static Target difference(OfClass ofClass, OfClass less) {
    return new Difference(ofClass, less);
  }

  /**
   * The score of a class in the box that overlaps a given box most, by intersection over union, of
   * a network that puts out shape (boxes, 4 + classes) for one picture, or (4 + classes, boxes): of
   * each box four numbers, then a score for each class. Which box that is, is settled by the
   * unchanged picture, and so is which class has the largest score in it, if that is asked for.
   *
   * <p>Name as many classes as there are scores: where the first of them says whether there is
   * anything at all, it is a class of its own. Boxes of other sizes may come from other layers: the
   * gradient is zero at a layer on which the box does not depend.
   *
   * @param ofClass the class, by name or index; or {@link #predicted()}
   * @param box where to look, in the unit of the network's boxes
   * @param form what the four numbers are
   * @return the target; a picture none of whose boxes overlaps the given one is refused
   */
  static Target inBox(OfClass ofClass, Box box, Box.Form form) {
    return new InBox(ofClass, box, form);
  }

  /**
   * {@return how alike the output of a network is to a given one: the cosine of the angle between
   * the two, in [−1, 1]} An output of length zero is refused.
   *
   * @param name whose embedding it is, for the title: {@code Ann} gives {@code similarity to Ann}
   * @param embedding as many finite values as the network puts out, not all zero
   * @throws IllegalArgumentException if a value is no finite number, or all are zero
   */
  static Target similarity(String name, float... embedding) {
    List<Float> values = new ArrayList<>(embedding.length);
    for (float value : embedding) {
      values.add(value);
    }
    return new Similarity(name, values);
  }

  /**
   * {@return any other score of one picture}
   *
   * @param name what to call it, such as {@code cat − dog}
   * @param score takes the logits of one picture, shape (classes), and returns one value
   */
  static Target score(String name, Function<NDArray, NDArray> score) {
    return new Score(name, score);
  }

  /**
   * {@return a score of its own for each picture of a batch}
   *
   * @param targets one for each picture, in their order; a batch of another size is refused
   */
  static Target oneEach(List<? extends Target> targets) {
    targets.forEach(Target::required);
    return new OneEach(List.copyOf(targets));
  }

  /**
   * {@return the score that was handed over}
   *
   * @param target a score
   * @throws NullPointerException if it is null; the message says where scores come from
   */
  static Target required(Target target) {
    return Objects.requireNonNull(
        target, "Expected a score to explain, found null: Target.of(\"cat\") is that of a class.");
  }

  /**
   * {@return the score of one picture of a batch that stays the same when the picture is changed:
   * its own one where each picture has one, and where the predicted class is meant, the class that
   * is predicted for these logits}
   *
   * @param logits shape (N, classes), of the unchanged pictures
   * @param picture which picture, from 0
   * @param classes the names of the logits
   */
  default Target ofPicture(NDArray logits, int picture, Classes classes) {
    return this;
  }

  /**
   * The score of one picture.
   *
   * @param logits shape (classes)
   * @param classes the names of the logits
   * @return one value, shape ()
   * @throws camlab.network.UnknownNameException if no class has the name
   * @throws IndexOutOfBoundsException if no class has the index
   */
  NDArray score(NDArray logits, Classes classes);

  /**
   * The sum of all pictures' scores. Each picture's gradient of it is that of its own score, so
   * that one backward pass serves them all.
   *
   * @param logits shape (N, classes)
   * @param classes the names of the logits
   * @return one value, shape ()
   * @throws IllegalArgumentException if a score is not one value
   */
  default NDArray sum(NDArray logits, Classes classes) {
    NDList scores = new NDList();
    for (int i = 0; i < logits.getShape().get(0); i++) {
      scores.add(ofPicture(logits, i, classes).value(logits.get(i), classes));
    }
    return scores.size() == 1 ? scores.head() : NDArrays.stack(scores).sum();
  }

  /**
   * The score of one picture, held to be one value.
   *
   * @param logits shape (classes)
   * @param classes the names of the logits
   * @return shape ()
   * @throws IllegalArgumentException if the score is not one value
   */
  default NDArray value(NDArray logits, Classes classes) {
    NDArray score =
        ComputationException.ofFormula(
            () ->
                "The score that is to be explained cannot be worked out of one picture's output of shape %s"
                    .formatted(logits.getShape()),
            () -> score(logits, classes));
    if (score == null) {
      throw new IllegalArgumentException(
          "A target is one value per picture, and the function of this one gave null. Let it return an array, such as logits.get(0).");
    }
    if (score.size() != 1) {
      throw new IllegalArgumentException(
          "A target is one value per picture, found shape %s. Sum or pick one of its values; of a map of classes take Target.of(…).overItsRegion(), or over(mask)."
              .formatted(score.getShape()));
    }
    return score.reshape(new Shape());
  }

  /**
   * {@return what to call the target in a title}
   *
   * @param logits shape (classes), of the picture in question
   * @param classes the names of the logits
   */
  String label(NDArray logits, Classes classes);

  /** The logit of one class. */
  sealed interface OfClass extends Target {

    /**
     * {@return the class that is meant for one picture}
     *
     * @param logits shape (classes), of the picture in question
     * @param classes the names of the logits
     * @throws camlab.network.UnknownNameException if no class has the name
     * @throws IllegalArgumentException if several classes have it
     * @throws IndexOutOfBoundsException if no class has the index
     */
    int index(NDArray logits, Classes classes);

    /**
     * {@return the probability of the class instead of its logit} Where the network's numbers tell
     * no probability, its score is refused.
     *
     * @see camlab.network.Meaning#probabilities
     */
    default Target probability() {
      return new Probability(this);
    }

    /**
     * The class in a part of a map of classes: the mean of its logits over the positions whose
     * centres lie in a mask, of a network that puts out shape (classes, h, w) or (h, w, classes)
     * for one picture.
     *
     * @param mask of the picture as the network sees it, or of any other size that lies over it
     * @return the target; a mask that holds no position's centre is refused
     */
    default Target over(Mask mask) {
      return new OverMask(this, mask);
    }

    /**
     * The class where the network finds it: the mean of its logits over the positions where it is
     * the largest, of a network that puts out shape (classes, h, w) or (h, w, classes) for one
     * picture; of classes that are {@linkplain camlab.network.Meaning#INDEPENDENT answered by yes
     * or no}, where its logit is above 0. Where that is, is settled by the unchanged picture.
     *
     * @return the target; a picture in which the class is found nowhere is refused
     */
    default Target overItsRegion() {
      return new OverItsRegion(this);
    }

    @Override
    default OfClass ofPicture(NDArray logits, int picture, Classes classes) {
      return this;
    }

    @Override
    default NDArray score(NDArray logits, Classes classes) {
      // Of a map of classes the first dimension is the class, too; what is wrong there says value.
      Shape shape = logits.getShape();
      if (shape.dimension() <= 2 || shape.get(0) != classes.size()) {
        classes.requireScoresOfOne(shape);
      }
      return logits.get(index(logits, classes));
    }

    @Override
    default String label(NDArray logits, Classes classes) {
      return classes.name(index(logits, classes));
    }
  }

  /** The logit of a class, by its name. */
  record ClassName(String name) implements OfClass {

    /**
     * Requires a name.
     *
     * @param name its name
     */
    public ClassName {
      Objects.requireNonNull(name, "Expected the name of a class, found null.");
    }

    @Override
    public int index(NDArray logits, Classes classes) {
      return classes.index(name);
    }
  }

  /** The logit of a class, by its index. */
  record ClassIndex(int index) implements OfClass {

    @Override
    public int index(NDArray logits, Classes classes) {
      classes.name(index);
      return index;
    }
  }

  /** The largest logit. */
  record Predicted() implements OfClass {

    @Override
    public int index(NDArray logits, Classes classes) {
      classes.requireScoresOfOne(logits.getShape());
      return (int) logits.argMax().getLong();
    }

    @Override
    public OfClass ofPicture(NDArray logits, int picture, Classes classes) {
      // What is no row of scores is refused where it is asked for a class.
      return logits.getShape().dimension() == 2
          ? new ClassIndex((int) logits.get(picture).argMax().getLong())
          : this;
    }
  }

  /** The probability of a class. */
  record Probability(OfClass ofClass) implements Target {

    /**
     * Requires a class.
     *
     * @param ofClass the class
     */
    public Probability {
      Objects.requireNonNull(ofClass, "ofClass");
    }

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      classes.requireScoresOfOne(logits.getShape());
      return classes.probabilities(logits).get(ofClass.index(logits, classes));
    }

    @Override
    public Target ofPicture(NDArray logits, int picture, Classes classes) {
      return new Probability(ofClass.ofPicture(logits, picture, classes));
    }

    /** Such as {@code P(cat)}. */
    @Override
    public String label(NDArray logits, Classes classes) {
      return "P(%s)".formatted(ofClass.label(logits, classes));
    }
  }

  /** How far one class is ahead of another. */
  record Difference(OfClass ofClass, OfClass less) implements Target {

    /**
     * Requires both classes.
     *
     * @param ofClass the one
     * @param less the other
     */
    public Difference {
      Objects.requireNonNull(ofClass, "ofClass");
      Objects.requireNonNull(less, "less");
    }

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      return ofClass.score(logits, classes).sub(less.score(logits, classes));
    }

    @Override
    public Target ofPicture(NDArray logits, int picture, Classes classes) {
      return new Difference(
          ofClass.ofPicture(logits, picture, classes), less.ofPicture(logits, picture, classes));
    }

    /** Such as {@code cat − dog}. */
    @Override
    public String label(NDArray logits, Classes classes) {
      return "%s − %s".formatted(ofClass.label(logits, classes), less.label(logits, classes));
    }
  }

  /** The mean of a class's logits over the positions in a mask. */
  record OverMask(OfClass ofClass, Mask mask) implements Target {

    /**
     * Requires both parts.
     *
     * @param ofClass the class
     * @param mask lies over the picture that the network sees
     */
    public OverMask {
      Objects.requireNonNull(ofClass, "ofClass");
      Objects.requireNonNull(mask, "mask");
    }

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      NDArray map = ClassMaps.of(logits, classes, ofClass.index(logits, classes));
      return ClassMaps.mean(map, mask);
    }

    /** Such as {@code cat over a mask}. */
    @Override
    public String label(NDArray logits, Classes classes) {
      return "%s over a mask".formatted(ofClass.label(logits, classes));
    }
  }

  /** The mean of a class's logits where it is the largest in each picture. */
  record OverItsRegion(OfClass ofClass) implements Target {

    /**
     * Requires a class.
     *
     * @param ofClass the class
     */
    public OverItsRegion {
      Objects.requireNonNull(ofClass, "ofClass");
    }

    @Override
    public Target ofPicture(NDArray logits, int picture, Classes classes) {
      return new OverRegion(ofClass, ClassMaps.unchanged(logits.get(picture)));
    }

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      return new OverRegion(ofClass, ClassMaps.unchanged(logits)).score(logits, classes);
    }

    @Override
    public String label(NDArray logits, Classes classes) {
      return OverRegion.label(ofClass, logits, classes);
    }
  }

  /**
   * The mean of a class's logits where it was found in one picture.
   *
   * @param ofClass the class
   * @param unchanged the logits of the unchanged picture, in the order of their shape
   */
  record OverRegion(OfClass ofClass, FloatBuffer unchanged) implements Target {

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      int index = ofClass.index(logits, classes);
      Shape shape = logits.getShape();
      return ClassMaps.mean(
          ClassMaps.of(logits, classes, index),
          position -> ClassMaps.isFound(unchanged, shape, classes, index, position),
          ClassMaps.nowhere(classes, index));
    }

    @Override
    public String label(NDArray logits, Classes classes) {
      return label(ofClass, logits, classes);
    }

    /** Such as {@code cat over its region}. */
    static String label(OfClass ofClass, NDArray logits, Classes classes) {
      return "%s over its region".formatted(ofClass.label(logits, classes));
    }
  }

  /** The score of a class in the box of each picture that overlaps a given one most. */
  record InBox(OfClass ofClass, Box box, Box.Form form) implements Target {

    /**
     * Requires all parts.
     *
     * @param ofClass the class
     * @param box where to look
     * @param form what the four numbers of a box are
     */
    public InBox {
      Objects.requireNonNull(ofClass, "ofClass");
      Objects.requireNonNull(box, "box");
      Objects.requireNonNull(form, "form");
    }

    @Override
    public Target ofPicture(NDArray logits, int picture, Classes classes) {
      return of(logits.get(picture), classes);
    }

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      return of(logits, classes).score(logits, classes);
    }

    @Override
    public String label(NDArray logits, Classes classes) {
      return of(logits, classes).label(logits, classes);
    }

    private InBoxOf of(NDArray logits, Classes classes) {
      int nearest = Boxes.nearest(logits, box, form, classes);
      return new InBoxOf(ofClass.index(Boxes.scores(logits, nearest, classes), classes), nearest);
    }
  }

  /**
   * The score of a class in one box.
   *
   * @param index the class, from 0
   * @param box which box, from 0
   */
  record InBoxOf(int index, int box) implements Target {

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      return Boxes.scores(logits, box, classes).get(index);
    }

    /** Such as {@code cat in box 17}. */
    @Override
    public String label(NDArray logits, Classes classes) {
      return String.format(Locale.ROOT, "%s in box %d", classes.name(index), box);
    }
  }

  /**
   * The cosine of the angle between the output and a given embedding.
   *
   * @param name whose embedding it is
   * @param embedding as many values as the network puts out
   */
  record Similarity(String name, List<Float> embedding) implements Target {

    /**
     * Copies the values; requires finite ones, and one that is not zero.
     *
     * @param name whose embedding it is
     * @param embedding as many values as the network puts out
     */
    public Similarity {
      Objects.requireNonNull(name, "name");
      embedding = List.copyOf(embedding);
      for (int i = 0; i < embedding.size(); i++) {
        if (!Float.isFinite(embedding.get(i))) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "The embedding of '%s' has a value that is no finite number: %s at place %d, from 0. Look at how it was made.",
                  name,
                  embedding.get(i),
                  i));
        }
      }
      if (embedding.stream().allMatch(value -> value == 0)) {
        throw new IllegalArgumentException(
            "An embedding has a direction, so one of its values at least is not zero.");
      }
    }

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      if (!logits.getShape().equals(new Shape(embedding.size()))) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "The embedding of '%s' has %d values, but the network puts out shape %s for one picture. Take one that it has put out itself.",
                name,
                embedding.size(),
                logits.getShape()));
      }
      double length =
          Math.sqrt(embedding.stream().mapToDouble(value -> (double) value * value).sum());
      float[] direction = new float[embedding.size()];
      for (int i = 0; i < direction.length; i++) {
        direction[i] = (float) (embedding.get(i) / length);
      }
      NDArray other = PyTorch.lasting(logits.getManager().create(direction), logits.getDataType());
      NDArray own = logits.square().sum().sqrt();
      requireDirection(own.stopGradient().toType(DataType.FLOAT64, false).getDouble());
      return logits.mul(other).sum().div(own);
    }

    /** What has no length, or none that can be told, has no angle to anything. */
    private void requireDirection(double length) {
      if (!Double.isFinite(length) || length == 0) {
        throw new NotApplicableException(
            String.format(
                Locale.ROOT,
                "How alike the output is to the embedding of '%s' is the cosine of an angle, and the output of this picture has no direction: the root of the sum of its squares is %s in the network's precision.",
                name,
                length));
      }
    }

    /** Such as {@code similarity to Ann}. */
    @Override
    public String label(NDArray logits, Classes classes) {
      return "similarity to " + name;
    }
  }

  /** One score for each picture of a batch. Only {@link #ofPicture} says which one. */
  record OneEach(List<Target> targets) implements Target {

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if there are more or fewer pictures than targets
     */
    @Override
    public Target ofPicture(NDArray logits, int picture, Classes classes) {
      long pictures = logits.getShape().get(0);
      if (pictures != targets.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Expected one target for each of the %d pictures, found %d targets.",
                pictures,
                targets.size()));
      }
      return targets.get(picture).ofPicture(logits, picture, classes);
    }

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      throw noPicture();
    }

    @Override
    public String label(NDArray logits, Classes classes) {
      throw noPicture();
    }

    private static IllegalStateException noPicture() {
      return new IllegalStateException(
          "Each picture has a target of its own: call ofPicture first, which picks one.");
    }
  }

  /** Any score. Two are equal only if their functions are the same object. */
  record Score(String name, Function<NDArray, NDArray> function) implements Target {

    /**
     * Requires both parts.
     *
     * @param name its name
     * @param function takes the logits of one picture, returns one value
     */
    public Score {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(function, "function");
    }

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      // It may compute in place (muli), and what it is given is the recording's.
      return function.apply(PyTorch.copy(logits));
    }

    @Override
    public String label(NDArray logits, Classes classes) {
      return name;
    }
  }
}
