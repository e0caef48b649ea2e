package camlab.capture;

import ai.djl.ndarray.NDArray;
import camlab.network.Classes;
import java.util.Objects;
import java.util.function.Function;

/**
 * The score y that is explained: what the gradient is taken of. Class scores are logits, the values
 * before softmax, unless {@link OfClass#probability()} asks for the value behind it.
 */
public sealed interface Target {

  /** The logit of a class, by its name. */
  static OfClass of(String className) {
    return new ClassName(className);
  }

  /** The logit of a class, by its index from 0. */
  static OfClass of(int classIndex) {
    return new ClassIndex(classIndex);
  }

  /** The logit of whatever class the network finds most likely, picture by picture. */
  static OfClass predicted() {
    return new Predicted();
  }

  /**
   * Any other score of one picture.
   *
   * @param name what to call it, such as {@code cat − dog}
   * @param score takes the logits of one picture, shape (classes), and returns one value
   */
  static Target score(String name, Function<NDArray, NDArray> score) {
    return new Score(name, score);
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
   * What to call the target in a title.
   *
   * @param logits shape (classes), of the picture in question
   * @param classes the names of the logits
   */
  String label(NDArray logits, Classes classes);

  /** The logit of one class. */
  sealed interface OfClass extends Target {

    /**
     * The class that is meant for one picture.
     *
     * @param logits shape (classes), of the picture in question
     * @param classes the names of the logits
     * @throws camlab.network.UnknownNameException if no class has the name
     * @throws IndexOutOfBoundsException if no class has the index
     */
    int index(NDArray logits, Classes classes);

    /** The probability of the class instead of its logit: the softmax of all logits there. */
    default Target probability() {
      return new Probability(this);
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

    /** Requires a name. */
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
  }

  /** The probability of a class. */
  record Probability(OfClass ofClass) implements Target {

    /** Requires a class. */
    public Probability {
      Objects.requireNonNull(ofClass, "ofClass");
    }

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      return logits.softmax(-1).get(ofClass.index(logits, classes));
    }

    /** Such as {@code P(cat)}. */
    @Override
    public String label(NDArray logits, Classes classes) {
      return "P(%s)".formatted(ofClass.label(logits, classes));
    }
  }

  /** Any score. Two are equal only if their functions are the same object. */
  record Score(String name, Function<NDArray, NDArray> function) implements Target {

    /** Requires both parts. */
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
