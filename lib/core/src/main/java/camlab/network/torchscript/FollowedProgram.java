package camlab.network.torchscript;

import ai.djl.ndarray.types.Shape;
import camlab.weights.RawTensors;
import camlab.weights.RawTensors.OfProgram;
import camlab.weights.RawTensors.Raw;
import camlab.weights.WeightsException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is needed of a program to follow its text, see {@link ProgramAxes}.
 *
 * @param root its {@code forward}
 * @param arguments the text of what that is called with
 * @param layers the names of the layers, in the order of their places
 * @param sizes the lengths of parameters, buffers and constants, by their names
 * @param constants those of the constants that are single numbers
 * @param attributes what else belongs to its modules, see {@link RawTensors.OfProgram}
 * @param functions its own functions
 */
record FollowedProgram(
    ScriptHooks.Method root,
    String arguments,
    List<String> layers,
    Map<String, List<Long>> sizes,
    Map<String, Double> constants,
    Map<String, Object> attributes,
    ScriptFunctions functions) {

  /**
   * Reads what is needed of a file; later nobody needs it. Empty if its tensors cannot be read one
   * by one.
   *
   * @param hooks its calls
   * @param archive the file
   */
  static Optional<FollowedProgram> of(ScriptHooks hooks, TorchScriptArchive archive) {
    if (archive.source().isPresent()) {
      return Optional.empty();
    }
    try {
      OfProgram held = RawTensors.ofProgram(archive.path(), archive.folder());
      Map<String, List<Long>> sizes = new HashMap<>();
      Map<String, Double> constants = new HashMap<>();
      for (Map.Entry<String, Raw> tensor : held.tensors().entrySet()) {
        sizes.put(tensor.getKey(), tensor.getValue().shape());
        if (tensor.getKey().startsWith(RawTensors.CONSTANTS)) {
          tensor.getValue().number().ifPresent(number -> constants.put(tensor.getKey(), number));
        }
      }
      return Optional.of(
          new FollowedProgram(
              hooks.root(),
              hooks.arguments().call(),
              List.copyOf(hooks.layers().keySet()),
              sizes,
              constants,
              held.values(),
              hooks.functions()));
    } catch (WeightsException | IOException e) {
      return Optional.empty();
    }
  }

  /**
   * {@return what it shows of its layers} One thread at a time follows it, since its functions are
   * remembered once they have been read.
   *
   * @param picture the shape of one picture, (1, C, H, W)
   */
  synchronized ProgramAxes.Shown shown(Shape picture) {
    return ProgramAxes.shown(this, Arrays.stream(picture.getShape()).boxed().toList());
  }
}
