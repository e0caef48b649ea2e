package camlab.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import camlab.network.Classes;
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
    return new OneEach(List.copyOf(targets));
  }

  /**
   * {@return the score of one picture of a batch that stays the same when the picture is changed:
   * its own one where each picture has one, and where the predicted class is meant, the class that
   * is predicted for these logits}
   *
   * @param logits shape (N, classes), of the unchanged pictures
   * @param picture which picture, from 0
   */
  default Target ofPicture(NDArray logits, int picture) {
    return this;
  }

  /**
   * The score of one picture.
   *
   * @param logits shape (classes)
   * @param classes the names of the logits
   * @return one value, shape ()
   * @throws camlab.network.UnknownNameException if the class does not exist
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
      scores.add(ofPicture(logits, i).value(logits.get(i), classes));
    }
    return NDArrays.stack(scores).sum();
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
    NDArray score = score(logits, classes);
    if (score.size() != 1) {
      throw new IllegalArgumentException(
          "A target is one value per picture, found shape %s. Sum or pick one of its values."
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

    @Override
    default OfClass ofPicture(NDArray logits, int picture) {
      return this;
    }

    @Override
    default NDArray score(NDArray logits, Classes classes) {
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
      Objects.requireNonNull(name, "name");
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
      return (int) logits.argMax().getLong();
    }

    @Override
    public OfClass ofPicture(NDArray logits, int picture) {
      return new ClassIndex((int) logits.get(picture).argMax().getLong());
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
      return classes.probabilities(logits).get(ofClass.index(logits, classes));
    }

    @Override
    public Target ofPicture(NDArray logits, int picture) {
      return new Probability(ofClass.ofPicture(logits, picture));
    }

    /** Such as {@code P(cat)}. */
    @Override
    public String label(NDArray logits, Classes classes) {
      return "P(%s)".formatted(ofClass.label(logits, classes));
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
    public Target ofPicture(NDArray logits, int picture) {
      long pictures = logits.getShape().get(0);
      if (pictures != targets.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Expected one target for each of the %d pictures, found %d targets.",
                pictures,
                targets.size()));
      }
      return targets.get(picture).ofPicture(logits, picture);
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
      return function.apply(logits);
    }

    @Override
    public String label(NDArray logits, Classes classes) {
      return name;
    }
  }
}
