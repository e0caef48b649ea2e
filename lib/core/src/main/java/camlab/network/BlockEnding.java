package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;

/**
 * The softmax or sigmoid, or the logarithm of one, that a block's last layer computes. Found by
 * running that layer on noise: a function has no text to be read, and its name is what somebody
 * called it.
 */
enum BlockEnding {
  /** Over the classes. */
  SOFTMAX("softmax", Meaning.ONE_OF_SEVERAL),
  /** The logarithm of the softmax over the classes. */
  LOG_SOFTMAX("log-softmax", Meaning.ONE_OF_SEVERAL),
  /** Of each number. */
  SIGMOID("sigmoid", Meaning.INDEPENDENT),
  /** The logarithm of the sigmoid of each number. */
  LOG_SIGMOID("log-sigmoid", Meaning.INDEPENDENT);

  private static final float ROUNDING = 1e-5f;

  /** Rows of noise; a function of the whole batch gives other numbers than one of each row. */
  private static final int ROWS = 3;

  private final String words;
  private final Meaning meaning;

  BlockEnding(String words, Meaning meaning) {
    this.words = words;
    this.meaning = meaning;
  }

  /** What the numbers before it mean. */
  Meaning meaning() {
    return meaning;
  }

  private NDArray of(NDArray logits) {
    return switch (this) {
      case SOFTMAX -> logits.softmax(1);
      case LOG_SOFTMAX -> logits.logSoftmax(1);
      case SIGMOID -> Activation.sigmoid(logits);
      case LOG_SIGMOID -> Activation.softPlus(logits.neg()).neg();
    };
  }

  /** That it was taken off a layer's place. */
  Fact fact(String layer) {
    return new Fact(
        "end",
        "a %s, taken off: what goes into it is the score that is explained".formatted(words),
        Fact.Origin.TRIED,
        "given noise, the last layer, '%s', puts out its %s".formatted(layer, words));
  }

  /**
   * {@return what a graph's last layer computes; empty if it is none of these, or has weights}
   *
   * @param graph the layers
   * @param classes how many classes are named: the layer is given as many numbers, or one for two
   * @param manager what runs on the way belongs to scopes of it
   */
  static Optional<BlockEnding> of(LayerGraph graph, int classes, NDManager manager) {
    Layer last = graph.last();
    boolean alone =
        last.inputs().size() != 1
            || last.inputs().get(0).equals(LayerGraph.INPUT)
            || !last.block().getParameters().isEmpty();
    if (alone) {
      return Optional.empty();
    }
    for (int numbers : classes == 2 ? List.of(2, 1) : List.of(classes)) {
      Optional<BlockEnding> found = of(graph, last, numbers, manager);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<BlockEnding> of(
      LayerGraph graph, Layer last, int numbers, NDManager manager) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray noise = Trial.picture(scope, new Shape(ROWS, numbers), new Random(1));
      NDArray kept = noise.duplicate();
      NDArray output = graph.run(last, new NDList(noise));
      for (BlockEnding ending : values()) {
        // The softmax of one number is 1, whatever the number: it says nothing.
        boolean tells = numbers > 1 || ending.meaning == Meaning.INDEPENDENT;
        if (tells
            && output.getShape().equals(kept.getShape())
            && Trial.same(output, ending.of(kept), ROUNDING)) {
          return Optional.of(ending);
        }
      }
      return Optional.empty();
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      // It takes something else than logits: whatever it says, it is no end of this kind.
      return Optional.empty();
    }
  }
}
