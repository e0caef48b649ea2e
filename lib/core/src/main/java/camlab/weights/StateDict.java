package camlab.weights;

import camlab.file.Places;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

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

  private static final String SEVERAL = "weights in several files";

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
   * <p>A training script's checkpoint is unwrapped: the weights may lie at any depth beside epoch,
   * optimizer and settings. If there are several sets, the one under a name that stands for the
   * network ({@code state_dict}, {@code model}, {@code net}, …) is taken, and its moving average
   * ({@code ema}) is left; {@link #toString} says so, and {@link #read(Path, String)} takes another
   * one. What wrappers put before all names is taken off: {@code module.} (DataParallel), {@code
   * _orig_mod.} (torch.compile), {@code model.}, {@code net.}, {@code network.}, also one after the
   * other. Nothing in the file is executed: a pickle that asks for more than tensors, containers
   * and plain settings is refused.
   *
   * <p>Weights that were saved in several files, {@code model-00001-of-00002.safetensors} and so
   * on, are read together, whichever of them or their index ({@code model.safetensors.index.json})
   * is named. All lie in one folder.
   *
   * @param file the file
   * @return its tensors, at least one
   * @throws WeightsException if there is no such file, or it is something else, damaged, incomplete
   *     or refused, or holds several networks (the message lists them)
   */
  public static StateDict read(Path file) {
    return read(file, "");
  }

  /**
   * As {@link #read(Path)}, for one of several networks in a file.
   *
   * @param file the file
   * @param part the name under which the network lies, such as {@code generator}; names within
   *     names are joined by {@code /}, as in {@code ema/module}
   * @return its tensors, at least one
   * @throws WeightsException if {@link #read(Path)} would throw one, or nothing lies there; the
   *     message lists what does
   */
  public static StateDict read(Path file, String part) {
    WeightsFile weights = WeightsFile.of(file);
    Objects.requireNonNull(
        part, "Expected the name of a part, found null: read(file) takes the network there is.");
    Optional<Shards> shards = Shards.of(weights);
    FileFormat format = FileFormat.of(weights);
    if (shards.isPresent()) {
      requireWhole(weights, part, SEVERAL);
      return of(shards.get());
    }
    return switch (format) {
      case JSON -> {
        requireWhole(weights, part, SEVERAL);
        yield of(Shards.ofIndex(weights));
      }
      case PYTORCH_ZIP -> of(file, PyTorchZip.read(weights, part));
      case PYTORCH_LEGACY -> of(file, PyTorchLegacy.read(weights, part));
      case SAFETENSORS -> {
        requireWhole(weights, part, "safetensors");
        Safetensors.Content content = Safetensors.read(weights);
        yield unwrapped(file.toString(), content.tensors(), content.metadata());
      }
    };
  }

  private static void requireWhole(WeightsFile file, String part, String what) {
    if (!part.isEmpty()) {
      throw file.problem(
          "%s have no parts; found no weights under \"%s\". Leave the part out, or choose by the start of the names: under(\"%s.\")."
              .formatted(what, part, part));
    }
  }

  private static StateDict of(Shards shards) {
    List<Map<String, Tensor>> contents = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (WeightsFile file : shards.files()) {
      switch (FileFormat.of(file)) {
        case JSON -> throw file.problem("expected weights, found JSON. Download it again.");
        case PYTORCH_ZIP -> contents.add(PyTorchZip.read(file, "").tensors());
        case PYTORCH_LEGACY -> contents.add(PyTorchLegacy.read(file, "").tensors());
        case SAFETENSORS -> {
          Safetensors.Content content = Safetensors.read(file);
          contents.add(content.tensors());
          metadata.putAll(content.metadata());
        }
      }
    }
    return unwrapped(shards.origin(), shards.tensors(contents), metadata);
  }

  private static StateDict of(Path file, Checkpoint checkpoint) {
    String origin = file.toString();
    if (!checkpoint.part().isEmpty()) {
      origin += ", \"" + Messages.shown(checkpoint.part()) + "\"";
    }
    if (!checkpoint.others().isEmpty()) {
      origin += " (beside it: \"" + String.join("\", \"", checkpoint.others()) + "\")";
    }
    return unwrapped(origin, checkpoint.tensors(), Map.of());
  }

  private static StateDict unwrapped(
      String origin, Map<String, Tensor> tensors, Map<String, String> metadata) {
    Map<String, Tensor> unwrapped = Prefixes.unwrapped(tensors);
    return new StateDict(told(origin, tensors.keySet(), unwrapped.keySet()), unwrapped, metadata);
  }

  /** An origin, with the first name that is no longer the file's, if there is one. */
  private static String told(String origin, Collection<String> before, Collection<String> after) {
    Iterator<String> now = after.iterator();
    for (String name : before) {
      String other = now.next();
      if (!other.equals(name)) {
        return "%s, where %s is read as %s, and others likewise"
            .formatted(origin, Messages.shown(name), Messages.shown(other));
      }
    }
    return origin;
  }

  /**
   * {@return the tensors whose names start with a prefix, without it: the part of a larger module
   * that is the network}
   *
   * @param prefix the start of the names, such as {@code backbone.}
   * @throws WeightsException if there is none
   */
  public StateDict under(String prefix) {
    Objects.requireNonNull(prefix, "Expected the start of names, found null.");
    Map<String, Tensor> part = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix) && name.length() > prefix.length()) {
            part.put(name.substring(prefix.length()), tensor);
          }
        });
    if (part.isEmpty()) {
      throw new WeightsException(
          "%s: no name starts with \"%s\"%s"
              .formatted(
                  origin,
                  Messages.shown(prefix),
                  tensors.isEmpty()
                      ? ": it holds no tensor at all."
                      : ". The first are %s.".formatted(firstNames())));
    }
    return new StateDict(origin, part, metadata);
  }

  /**
   * {@return these tensors under the names a network expects, if all of them are the same but for
   * what stands before all of the names on either side; else these}
   *
   * @param expected the names of the network's parameters
   */
  public StateDict named(Collection<String> expected) {
    Objects.requireNonNull(expected, "Expected the names of parameters, found null.");
    return Prefixes.renamed(tensors, expected)
        .map(
            renamed ->
                new StateDict(told(origin, tensors.keySet(), renamed.keySet()), renamed, metadata))
        .orElse(this);
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
   * Hands on all values of a tensor that are weights, as {@link #floats}, in row-major order: some
   * at a time, so that a large one need not be in Java's memory as a whole.
   *
   * @param name the name of a tensor
   * @param piece takes some of the values; the memory that they are in is used again
   * @throws WeightsException when all is read, if one of them is no finite number, of which no
   *     network computes anything; or, before, if the type is one of whole numbers
   */
  public void readWeights(String name, Consumer<FloatBuffer> piece) {
    Objects.requireNonNull(piece, "Expected what takes the values, found null.");
    Tensor tensor = tensor(name);
    if (tensor.isWhole()) {
      throw new WeightsException(
          "%s: '%s' has a type of whole numbers. Weights that are quantised have one, and are nothing without their scale, which is kept elsewhere: save them as they were before, or dequantised, value.dequantize()."
              .formatted(origin, Messages.shown(name)));
    }
    Numbers numbers = new Numbers();
    tensor.read(
        values -> {
          numbers.look(values);
          piece.accept(values);
        });
    if (numbers.wrong > 0) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: %,d of the %,d values of '%s' are no finite numbers (value %,d is %s). So are the weights of a training that diverged: take an earlier checkpoint.",
              origin,
              numbers.wrong,
              tensor.count(),
              Messages.shown(name),
              numbers.first,
              numbers.example));
    }
  }

  /** Looks for what is no finite number. */
  private static final class Numbers {

    /** A loop over an array is faster than one over a buffer. */
    private final float[] some = new float[1 << 12];

    private long seen;
    private long wrong;
    private long first;
    private float example;

    /** Looks at some more values, and leaves the buffer as it is. */
    void look(FloatBuffer values) {
      FloatBuffer rest = values.duplicate();
      while (rest.hasRemaining()) {
        int count = Math.min(rest.remaining(), some.length);
        rest.get(some, 0, count);
        for (int i = 0; i < count; i++) {
          // As Float.isFinite, which takes the JVM's first compilation four times as long.
          if (some[i] * 0 != 0) {
            if (wrong == 0) {
              first = seen + i;
              example = some[i];
            }
            wrong++;
          }
        }
        seen += count;
      }
    }
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
    Objects.requireNonNull(expected, "Expected shapes by name, found null.");
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
            + ": "
            + Mismatch.of(tensors, expected).text()
            + listed("missing", missing)
            + listed("unexpected", unexpected)
            + listed("of another shape", mismatched));
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
    Places.required(file, "a file to write");
    Objects.requireNonNull(precision, "Expected a precision, found null: Precision.SINGLE, say.");
    Objects.requireNonNull(about, "Expected text by key, found null: Map.of() for none.");
    about.forEach(
        (key, text) ->
            Objects.requireNonNull(
                text, () -> "Expected a text under '%s', found null.".formatted(key)));
    Safetensors.write(file, tensors, precision, about);
  }

  /**
   * {@return where they come from, in words: the file, which of its networks was taken, and which
   * others lie beside that, such as {@code ours.pth, "model" (beside it: "ema/module")}}
   */
  public String origin() {
    return origin;
  }

  /** For people: how many tensors and values, and where they come from. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%,d tensors, %,d values, from %s", tensors.size(), parameterCount(), origin);
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null && tensors.isEmpty()) {
      throw new WeightsException(
          "%s: there is no tensor \"%s\": it holds none at all.".formatted(origin, name));
    }
    if (tensor == null) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: there is no tensor \"%s\" among its %,d. The first are %s.",
              origin,
              name,
              tensors.size(),
              firstNames()));
    }
    return tensor;
  }

  private String firstNames() {
    return Messages.shown(String.join(", ", names().subList(0, Math.min(LISTED, tensors.size()))));
  }

  static boolean isCounter(String name) {
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
      Objects.requireNonNull(name, "Expected the name of a tensor, found null.");
      Objects.requireNonNull(
          shape, () -> "Expected the shape of '%s', found null.".formatted(name));
      Objects.requireNonNull(
          values, () -> "Expected the values of '%s', found null.".formatted(name));
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
