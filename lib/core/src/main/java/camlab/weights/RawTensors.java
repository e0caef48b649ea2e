package camlab.weights;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The tensors of a file of {@code torch.save} as they lie in it, for whoever writes them into
 * another file: their bytes are handed on and never turned into numbers.
 */
public final class RawTensors {

  /** What the names of a program's constants begin with. */
  public static final String CONSTANTS = "CONSTANTS.";

  /** More attributes than the modules of any network have. */
  private static final int MOST_WAYS = 200_000;

  /** Modules in modules have no longer names. */
  private static final int LONGEST_NAME = 500;

  private RawTensors() {}

  /**
   * One tensor.
   *
   * @param storage the name of the storage that holds its elements; several tensors may share one
   * @param type what PyTorch calls such a storage, such as {@code FloatStorage}
   * @param elements the number of elements of the whole storage
   * @param offset where in the storage the tensor begins, in elements
   * @param shape its dimensions, outermost first
   * @param strides from one element to the next along each dimension, in elements
   * @param bytes opens the storage
   */
  public record Raw(
      String storage,
      String type,
      long elements,
      long offset,
      List<Long> shape,
      List<Long> strides,
      Bytes bytes) {

    /**
     * Copies the lists.
     *
     * @param storage the name of the storage that holds its elements
     * @param type what PyTorch calls such a storage
     * @param elements the number of elements of the whole storage
     * @param offset where in the storage the tensor begins
     * @param shape its dimensions
     * @param strides from one element to the next
     * @param bytes opens the storage
     * @throws IllegalArgumentException if the tensor does not lie inside its storage
     */
    public Raw {
      shape = List.copyOf(shape);
      strides = List.copyOf(strides);
      Layout.of(offset, array(shape), array(strides), elements);
    }

    private static long[] array(List<Long> numbers) {
      return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * {@return the same tensor, whose storage goes by another name}
     *
     * @param name the storage's name
     */
    public Raw withStorage(String name) {
      return new Raw(name, type, elements, offset, shape, strides, bytes);
    }

    /**
     * {@return the same tensor with its bytes read, so that nobody needs the file any more}
     *
     * @param width the bytes of one element
     * @throws IOException if the file cannot be read, or ends too early
     */
    public Raw read(int width) throws IOException {
      long most = shape.contains(0L) ? 0 : 1;
      for (int i = 0; most > 0 && i < shape.size(); i++) {
        most += (shape.get(i) - 1) * strides.get(i);
      }
      byte[] read = bytes(width, most);
      return new Raw(storage, type, most, 0, shape, strides, () -> new ByteArrayInputStream(read));
    }

    /**
     * {@return the number of a tensor that is a single one, whole or with a fraction, of 64 bits;
     * empty for any other}
     *
     * @throws IOException if the file cannot be read, or ends too early
     */
    public OptionalDouble number() throws IOException {
      boolean whole = type.equals(ElementType.INT64.storageName());
      if (!shape.isEmpty() || !(whole || type.equals(ElementType.FLOAT64.storageName()))) {
        return OptionalDouble.empty();
      }
      ByteBuffer read = ByteBuffer.wrap(bytes(Long.BYTES, 1)).order(ByteOrder.LITTLE_ENDIAN);
      return OptionalDouble.of(whole ? read.getLong() : read.getDouble());
    }

    /** So many elements, from the tensor's first one on. */
    private byte[] bytes(int width, long count) throws IOException {
      int length = Math.toIntExact(Math.multiplyExact(width, count));
      try (InputStream in = bytes.open()) {
        in.skipNBytes(width * offset);
        byte[] read = in.readNBytes(length);
        if (read.length < length) {
          throw new EOFException("a tensor's numbers end too early");
        }
        return read;
      }
    }

    /**
     * {@return the numbers of a tensor of one dimension whose elements lie one behind the other, as
     * floats}
     *
     * @throws IllegalArgumentException if it is any other, or its elements are no numbers
     * @throws IOException if the file cannot be read, or ends too early
     */
    public float[] row() throws IOException {
      ElementType kind =
          Arrays.stream(ElementType.values())
              .filter(each -> each.storageName().equals(type))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("Expected numbers, found " + type));
      if (shape.size() != 1 || strides.get(0) != 1) {
        throw new IllegalArgumentException(
            "Expected elements one behind the other, found shape %s with strides %s."
                .formatted(shape, strides));
      }
      int size = Math.toIntExact(shape.get(0));
      float[] numbers = new float[size];
      ByteBuffer read = ByteBuffer.wrap(bytes(kind.bytes(), size)).order(ByteOrder.LITTLE_ENDIAN);
      kind.decode(read, numbers, 0, size);
      return numbers;
    }
  }

  /** Opens the bytes of a storage, from its first one on. */
  @FunctionalInterface
  public interface Bytes {

    /**
     * {@return the bytes; the caller closes them}
     *
     * @throws IOException if the file cannot be read
     */
    InputStream open() throws IOException;
  }

  /**
   * Reads the tensors of a dictionary.
   *
   * @param path a file of {@code torch.save} in the format since PyTorch 1.6, whose outermost
   *     object is a dictionary
   * @return the tensors by their keys, in the order of the file; what is no tensor is left out
   * @throws WeightsException if there is no such file, or it is of another format, damaged, holds
   *     anything but tensors and plain containers, or was written on a machine of the other byte
   *     order
   */
  public static Map<String, Raw> read(Path path) {
    WeightsFile file = WeightsFile.of(path);
    FileFormat format = FileFormat.of(file);
    if (format != FileFormat.PYTORCH_ZIP) {
      throw file.problem(
          "expected a file of torch.save since PyTorch 1.6; found %s. Save it again with torch.save."
              .formatted(
                  switch (format) {
                    case SAFETENSORS -> "safetensors";
                    case JSON -> "JSON";
                    case PYTORCH_LEGACY, PYTORCH_ZIP -> "one of before";
                  }));
    }
    try (ZipFile zip = new ZipFile(path.toFile())) {
      String folder = PyTorchZip.folder(file, zip);
      Object root = unpickled(file, zip, folder + PyTorchZip.PICKLE, false);
      if (PyTorchZip.byteOrder(file, zip, folder) != ByteOrder.LITTLE_ENDIAN) {
        throw file.problem(
            "its numbers have the most significant byte first. Save it again on a machine like this one.");
      }
      if (!(root instanceof Map<?, ?> entries)) {
        throw file.problem("expected a dictionary of tensors.");
      }
      Map<String, Raw> tensors = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        if (entry.getKey() instanceof String name
            && entry.getValue() instanceof PickledTensor tensor) {
          tensors.put(name, raw(file, zip, folder + "/data/", tensor));
        }
      }
      return tensors;
    } catch (IOException | IllegalArgumentException e) {
      // ZipFile reports names that are not UTF-8 as an IllegalArgumentException.
      throw file.damaged(e);
    }
  }

  /**
   * What belongs to the modules of a program, by the attributes that lead to it, such as {@code
   * layer4.0.conv1.weight}.
   *
   * <p>What lists, tuples and dictionaries hold goes by its places and keys, such as {@code
   * scales.0}. A value that several ways lead to is the same object by each of them.
   *
   * @param tensors its tensors, and its constants by the names that its code has for them, such as
   *     {@code CONSTANTS.c0}
   * @param values what is neither a tensor nor a module: null, Boolean, Integer, Long, Double,
   *     String, Map, List, Object[] (a tuple), or something else that tells nothing
   */
  public record OfProgram(Map<String, Raw> tensors, Map<String, Object> values) {}

  /**
   * Reads what belongs to the modules of a program. No code of it is run.
   *
   * @param path a file of {@code torch.jit.save}
   * @param folder the folder in it in which everything lies
   * @return its tensors and other values
   * @throws WeightsException if there is no such file, or it is damaged, or holds what is neither a
   *     tensor nor a module nor a plain container
   */
  public static OfProgram ofProgram(Path path, String folder) {
    WeightsFile file = WeightsFile.of(path);
    try (ZipFile zip = new ZipFile(path.toFile())) {
      Map<String, Raw> tensors = new LinkedHashMap<>();
      Map<String, Object> values = new LinkedHashMap<>();
      Map<String, Object> open = new LinkedHashMap<>();
      open.put("", unpickled(file, zip, folder + PyTorchZip.PICKLE, true));
      // What holds others may be shared, or hold itself, so that there are more ways than values.
      for (int ways = 0; !open.isEmpty() && ways < MOST_WAYS; ways++) {
        String name = open.keySet().iterator().next();
        Object value = open.remove(name);
        if (value instanceof PickledTensor tensor) {
          tensors.put(name, raw(file, zip, folder + "/data/", tensor));
          continue;
        }
        if (!(value instanceof TensorUnpickler.Module)) {
          values.put(name, value);
        }
        if (name.length() < LONGEST_NAME) {
          inside(value)
              .forEach(
                  (key, inner) -> open.put(name.isEmpty() ? "" + key : name + "." + key, inner));
        }
      }
      if (unpickled(file, zip, folder + "/constants.pkl", true) instanceof Object[] constants) {
        for (int i = 0; i < constants.length; i++) {
          if (constants[i] instanceof PickledTensor tensor) {
            tensors.put(CONSTANTS + "c" + i, raw(file, zip, folder + "/constants/", tensor));
          }
        }
      }
      return new OfProgram(tensors, values);
    } catch (IOException | IllegalArgumentException e) {
      throw file.damaged(e);
    }
  }

  /** What a module, a list, a tuple or a dictionary holds, by names, places or keys. */
  private static Map<?, ?> inside(Object value) {
    if (value instanceof TensorUnpickler.Module module) {
      return module.attributes();
    }
    if (value instanceof Map<?, ?> entries) {
      return entries;
    }
    List<?> elements =
        value instanceof Object[] tuple
            ? Arrays.asList(tuple)
            : value instanceof List<?> list ? list : List.of();
    Map<Integer, Object> places = new LinkedHashMap<>();
    elements.forEach(element -> places.put(places.size(), element));
    return places;
  }

  private static Object unpickled(WeightsFile file, ZipFile zip, String name, boolean program)
      throws IOException {
    ZipEntry pickle = PyTorchZip.stored(file, zip, name);
    if (pickle.getSize() > TensorUnpickler.MAX_BYTES) {
      throw file.problem(
          String.format(
              Locale.ROOT,
              "the description of its tensors has %,d bytes; at most %,d are read.",
              pickle.getSize(),
              TensorUnpickler.MAX_BYTES));
    }
    return PyTorchZip.unpickled(file, zip, pickle, program);
  }

  private static Raw raw(WeightsFile file, ZipFile zip, String folder, PickledTensor tensor) {
    PickledStorage storage = tensor.storage();
    String name = folder + storage.key();
    long bytes = PyTorchZip.stored(file, zip, name).getSize();
    if (bytes / storage.type().bytes() < storage.rootCount()) {
      throw file.problem(
          "the file is damaged or incomplete: storage %s is too short. Download or save it again."
              .formatted(Messages.shown(storage.key())));
    }
    return new Raw(
        storage.key(),
        storage.type().storageName(),
        storage.rootCount(),
        tensor.layout().offset(),
        Arrays.stream(tensor.layout().shape()).boxed().toList(),
        Arrays.stream(tensor.layout().strides()).boxed().toList(),
        () -> PyTorchZip.open(file, name, 0));
  }
}
