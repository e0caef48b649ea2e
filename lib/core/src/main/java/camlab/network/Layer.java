package camlab.network;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.List;
import java.util.Objects;

/**
 * One named node of a network: an operation, and the layers whose outputs it takes.
 *
 * @param name the dotted name, as torchvision's {@code named_modules} gives it, such as {@code
 *     features.10}; operations that are no module there (flatten) have their own name
 * @param type the field's name of the operation, such as {@code Conv2d}
 * @param block the DJL block that computes it
 * @param inputs names of the layers it takes its inputs from, in order; {@link LayerGraph#INPUT}
 *     for the picture itself
 */
public record Layer(String name, String type, Block block, List<String> inputs) {

  /**
   * Requires all parts; copies the inputs.
   *
   * @param name the dotted name, as torchvision's {@code named_modules} gives it, such as {@code
   *     features.10}
   * @param type the field's name of the operation, such as {@code Conv2d}
   * @param block the DJL block that computes it
   * @param inputs names of the layers it takes its inputs from, in order
   */
  public Layer {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(block, "block");
    inputs = List.copyOf(inputs);
  }

  /**
   * {@return how many trainable values it has; running means and variances are measured, not
   * trained}
   */
  public long parameterCount() {
    return block.getParameters().values().stream()
        .filter(parameter -> parameter.getType() != Parameter.Type.RUNNING_MEAN)
        .filter(parameter -> parameter.getType() != Parameter.Type.RUNNING_VAR)
        .mapToLong(parameter -> parameter.getShape().size())
        .sum();
  }
}
