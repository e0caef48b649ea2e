package camlab.network.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.engine.PyTorch;
import camlab.network.Fact;
import camlab.network.LayerGraph;
import camlab.network.program.ShownLayouts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An exported program that a TorchScript program was written from.
 *
 * @param file the file the user has
 * @param inputs the tensors it takes, in order
 * @param shown where the positions are in what its layers put out, as far as its operators show it
 * @param facts what is known of it
 * @param layers what it computes, layer by layer
 * @param biases what its layers put out for nothing that are one linear operator
 */
public record Exported(
    Path file,
    List<Input> inputs,
    ShownLayouts shown,
    List<Fact> facts,
    OneByOne layers,
    Biases biases) {

  /** The program as layers that can be run one by one. */
  @FunctionalInterface
  public interface OneByOne {

    /**
     * {@return the layers}
     *
     * @param program the program, which stays open as long as they are used
     * @param ended whether a softmax or a sigmoid at the end is taken off
     * @throws camlab.network.NotApplicableException if some of it is no layer; the message names it
     */
    LayerGraph of(Opened program, boolean ended);
  }

  /** A program that the engine has loaded. */
  public interface Opened {

    /**
     * {@return a trained tensor, which is shared; empty if the engine does not hand it out}
     *
     * @param name its name in the file
     */
    Optional<NDArray> parameter(String name);

    /**
     * {@return another program, loaded for as long as this one is open}
     *
     * @param other what was written
     */
    PyTorch.Program load(WrittenProgram other);

    /** {@return what belongs to the program} */
    NDManager scope();
  }

  /** What layers put out for nothing. */
  @FunctionalInterface
  public interface Biases {

    /**
     * {@return it by the names of the layers, in single precision, with length 1 along all but the
     * channels}
     *
     * @param weights the program's parameters by their names in the file
     * @param scope what the arrays belong to
     * @throws camlab.network.NotApplicableException if the numbers of a layer cannot be read
     */
    Map<String, NDArray> of(Function<String, Optional<NDArray>> weights, NDManager scope);
  }

  /**
   * Copies what it is given.
   *
   * @param file the file the user has
   * @param inputs the tensors it takes
   * @param shown where the positions are in what its layers put out
   * @param facts what is known of it
   * @param layers what it computes, layer by layer
   * @param biases what its layers put out for nothing
   */
  public Exported {
    inputs = List.copyOf(inputs);
    facts = List.copyOf(facts);
  }

  /**
   * A tensor that the program takes.
   *
   * @param name of the parameter
   * @param type of its numbers, as PyTorch writes it, such as {@code Float} or {@code Byte}; empty
   *     if the file does not say
   * @param lengths along each dimension, -1 where it was declared dynamic; empty if the file does
   *     not say
   */
  public record Input(String name, Optional<String> type, Optional<List<Long>> lengths) {

    /**
     * Copies the lengths.
     *
     * @param name of the parameter
     * @param type of its numbers
     * @param lengths along each dimension
     */
    public Input {
      lengths = lengths.map(List::copyOf);
    }

    /** Whether its numbers are whole ones. */
    boolean isWhole() {
      return type.filter(List.of("Byte", "Char", "Short", "Int", "Long")::contains).isPresent();
    }
  }
}
