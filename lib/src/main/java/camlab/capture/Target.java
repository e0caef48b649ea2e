package camlab.capture;

import ai.djl.ndarray.NDArray;
import camlab.network.Classes;
import java.util.Objects;
import java.util.function.Function;

/**
 * The score y that is explained: what the gradient is taken of. Class scores are logits, the values
 * before softmax.
 */
public sealed interface Target {

  /** The logit of a class, by its name. */
  static Target of(String className) {
    return new ClassName(className);
  }

  /** The logit of a class, by its index from 0. */
  static Target of(int classIndex) {
    return new ClassIndex(classIndex);
  }

  /** The logit of whatever class the network finds most likely, picture by picture. */
  static Target predicted() {
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

  /** The logit of a class, by its name. */
  record ClassName(String name) implements Target {

    /** Requires a name. */
    public ClassName {
      Objects.requireNonNull(name, "name");
    }

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      return logits.get(classes.index(name));
    }

    @Override
    public String label(NDArray logits, Classes classes) {
      return classes.name(classes.index(name));
    }
  }

  /** The logit of a class, by its index. */
  record ClassIndex(int index) implements Target {

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      classes.name(index);
      return logits.get(index);
    }

    @Override
    public String label(NDArray logits, Classes classes) {
      return classes.name(index);
    }
  }

  /** The largest logit. */
  record Predicted() implements Target {

    @Override
    public NDArray score(NDArray logits, Classes classes) {
      return logits.get(logits.argMax().getLong());
    }

    @Override
    public String label(NDArray logits, Classes classes) {
      return classes.name((int) logits.argMax().getLong());
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
