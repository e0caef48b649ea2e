package camlab.network.torchscript;

import ai.djl.ndarray.types.Shape;
import camlab.network.program.ShownLayouts;
import camlab.weights.RawTensors;
import camlab.weights.RawTensors.Raw;
import camlab.weights.WeightsException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program that has one way to run, as a traced one has: its text shows where its layers have
 * positions, see {@link ProgramAxes}.
 */
final class TracedProgram {

  private final ScriptHooks.Method root;
  private final String arguments;
  private final List<String> layers;
  private final Map<String, List<Long>> sizes = new HashMap<>();
  private final Map<String, Double> numbers = new HashMap<>();

  private TracedProgram(ScriptHooks hooks, Map<String, Raw> tensors) throws IOException {
    root = hooks.root();
    arguments = hooks.arguments().call();
    layers = List.copyOf(hooks.layers().keySet());
    for (Map.Entry<String, Raw> tensor : tensors.entrySet()) {
      sizes.put(tensor.getKey(), tensor.getValue().shape());
      if (tensor.getKey().startsWith(RawTensors.CONSTANTS)) {
        tensor.getValue().number().ifPresent(number -> numbers.put(tensor.getKey(), number));
      }
    }
  }

  /**
   * Reads what is needed of a file; later nobody needs it. Empty if its program has several ways to
   * run, or its tensors cannot be read one by one.
   *
   * @param hooks its calls
   * @param archive the file
   */
  static Optional<TracedProgram> of(ScriptHooks hooks, TorchScriptArchive archive) {
    if (archive.source().isPresent() || !hooks.isStraight()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new TracedProgram(hooks, RawTensors.ofProgram(archive.path(), archive.folder())));
    } catch (WeightsException | IOException e) {
      return Optional.empty();
    }
  }

  /**
   * {@return what it shows of where its layers have positions}
   *
   * @param picture the shape of one picture, (1, C, H, W)
   */
  ShownLayouts shown(Shape picture) {
    List<Long> lengths = Arrays.stream(picture.getShape()).boxed().toList();
    return ProgramAxes.shown(root, arguments, layers, sizes, numbers, lengths);
  }
}
