package camlab.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The named tensors of a network, as PyTorch's {@code state_dict()} gives them: {@code
 * features.0.weight}, {@code features.0.bias}, … Immutable; names keep the order of the file.
 *
 * <p>What {@link #read} returns knows where in the file each tensor lies and reads one when {@link
 * #floats} asks for it: VGG-16's half gigabyte is never in memory as a whole, and no file handle or
 * mapping is kept (on Windows a mapped file cannot be deleted). The file must therefore stay as it
 * is while tensors are still asked for; if it does not, {@link #floats} says so.
 */
public final class StateDict {

  private static final int LISTED = 10;

  private final String origin;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> metadata;

  private StateDict(String origin, Map<String, Tensor> tensors, Map<String, String> metadata) {
    this.origin = origin;
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Opens a weights file. The format is told by the content, whatever the name: {@code torch.save}
   * since PyTorch 1.6 (zip), {@code torch.save} before (legacy), or safetensors.
   *
   * <p>A checkpoint that holds the weights beside other things, under {@code state_dict}, {@code
   * model} or {@code model_state_dict}, is unwrapped; the prefix {@code module.}, which PyTorch's
   * {@code DataParallel} puts before every name, is taken off. Nothing in the file is executed: a
   * pickle that asks for more than tensors and plain containers is refused.
   *
   * @param file the file
   * @return its tensors, at least one
   * @throws WeightsException if there is no such file, or it is something else, damaged, incomplete
   *     or refused
   */
  public static StateDict read(Path file) {
    WeightsFile weights = WeightsFile.of(file);
    return switch (FileFormat.of(weights)) {
      case PYTORCH_ZIP -> new StateDict(file.toString(), PyTorchZip.read(weights), Map.of());
      case PYTORCH_LEGACY -> new StateDict(file.toString(), PyTorchLegacy.read(weights), Map.of());
      case SAFETENSORS -> {
        Safetensors.Content content = Safetensors.read(weights);
        yield new StateDict(file.toString(), content.tensors(), content.metadata());
      }
    };
  }

  /**
   * Starts a state dict in memory.
   *
   * @return a builder without tensors
   */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return the names, in order; unmodifiable} */
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  /**
   * {@return whether there is a tensor of this name}
   *
   * @param name the name of the tensor
   */
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /**
   * {@return a tensor's dimensions, outermost first, as {@code [out, in, height, width]} for a
   * convolution; none for a single number}
   *
   * @param name the name of the tensor
   * @throws WeightsException if there is no such tensor
   */
  public long[] shape(String name) {
    return tensor(name).shape();
  }

  /**
   * {@return a tensor's values in row-major order, a new array at each call} Other element types
   * are converted to float: halves and bfloat16 exactly, doubles and large integers by rounding,
   * truth values to 0 and 1.
   *
   * @param name the name of the tensor
   * @throws WeightsException if there is no such tensor, or the file it lies in can no longer be
   *     read or has changed
   */
  public float[] floats(String name) {
    return tensor(name).floats();
  }

  /**
   * {@return the number of values in all tensors together} Buffers, as a batch normalisation's
   * running mean, count too: a file does not tell them from parameters.
   */
  public long parameterCount() {
    return tensors.values().stream().mapToLong(Tensor::count).sum();
  }

  /** {@return what a safetensors file says about itself, text by key, unmodifiable; else empty} */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * Checks that these are the weights a network expects. Entries named {@code num_batches_tracked}
   * (a counter of PyTorch's batch normalisation that predictions do not use) may be there or not.
   *
   * @param expected the shape of each tensor by its name
   * @throws WeightsException if names are missing, unexpected, or of another shape; lists them, at
   *     most ten of each kind
   */
  public void requireMatch(Map<String, long[]> expected) {
    List<String> missing = new ArrayList<>();
    List<String> mismatched = new ArrayList<>();
    expected.forEach(
        (name, shape) -> {
          if (isCounter(name)) {
            return;
          } else if (!contains(name)) {
            missing.add(name + " " + Arrays.toString(shape));
          } else if (!Arrays.equals(shape, shape(name))) {
            mismatched.add(
                "%s: expected %s, found %s"
                    .formatted(name, Arrays.toString(shape), Arrays.toString(shape(name))));
          }
        });
    List<String> unexpected = new ArrayList<>();
    for (String name : tensors.keySet()) {
      if (!isCounter(name) && !expected.containsKey(name)) {
        unexpected.add(Messages.shown(name) + " " + Arrays.toString(shape(name)));
      }
    }
    if (missing.isEmpty() && unexpected.isEmpty() && mismatched.isEmpty()) {
      return;
    }
    throw new WeightsException(
        origin
            + ": these weights belong to another network than the one they were given to."
            + listed("missing", missing)
            + listed("unexpected", unexpected)
            + listed("of another shape", mismatched)
            + "\n"
            + "Choose the network the weights were trained for, with the same number of"
            + " classes.");
  }

  /**
   * Writes the tensors in safetensors format, in this order. A file of that name is replaced when
   * the new one is complete, and stays as it is if that fails.
   *
   * @param file where to; its folder must exist
   * @param precision how many bits a value takes
   * @param about text by key to keep in the file, which {@link #metadata()} gives back; may be
   *     empty
   * @throws WeightsException if the file cannot be written
   */
  public void writeSafetensors(Path file, Precision precision, Map<String, String> about) {
    Objects.requireNonNull(precision, "precision");
    Safetensors.write(file, tensors, precision, about);
  }

  /** For people: how many tensors and values, and where they come from. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%,d tensors, %,d values, from %s", tensors.size(), parameterCount(), origin);
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      List<String> some = names().subList(0, Math.min(LISTED, tensors.size()));
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: there is no tensor \"%s\" among its %,d. The first are %s.",
              origin,
              name,
              tensors.size(),
              Messages.shown(String.join(", ", some))));
    }
    return tensor;
  }

  private static boolean isCounter(String name) {
    return name.equals("num_batches_tracked") || name.endsWith(".num_batches_tracked");
  }

  private static String listed(String title, List<String> lines) {
    if (lines.isEmpty()) {
      return "";
    }
    StringBuilder text =
        new StringBuilder(String.format(Locale.ROOT, "\n%,d %s:", lines.size(), title));
    lines.stream().limit(LISTED).forEach(line -> text.append("\n  ").append(line));
    if (lines.size() > LISTED) {
      text.append(String.format(Locale.ROOT, "\n  and %,d more", lines.size() - LISTED));
    }
    return text.toString();
  }

  /** Collects tensors in memory, in the order they are put. */
  public static final class Builder {

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds a tensor.
     *
     * @param name its name, not yet used
     * @param shape its dimensions, outermost first; copied
     * @param values as many values as the shape has, row-major; copied
     * @return this
     * @throws IllegalArgumentException if the name is taken or reserved ({@code __metadata__}), or
     *     the shape and the number of values disagree
     */
    public Builder put(String name, long[] shape, float[] values) {
      if (name.equals("__metadata__") || tensors.containsKey(name)) {
        throw new IllegalArgumentException(
            "A tensor needs a name of its own: \"%s\" is taken.".formatted(name));
      }
      if (Layout.count(shape) != values.length) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Tensor %s of shape %s has %,d values; found %,d.",
                name,
                Arrays.toString(shape),
                Layout.count(shape),
                values.length));
      }
      tensors.put(name, new HeldTensor(shape, values));
      return this;
    }

    /** {@return the tensors put so far} */
    public StateDict build() {
      return new StateDict("weights in memory", tensors, Map.of());
    }
  }
}
