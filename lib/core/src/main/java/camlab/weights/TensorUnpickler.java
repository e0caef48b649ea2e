package camlab.weights;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads pickles that describe tensors and plain containers, and nothing else.
 *
 * <p>A pickle is a program for a small stack machine. Its instruction {@code GLOBAL} names any
 * function of Python and {@code REDUCE} calls it, which is how a weights file can run commands on
 * the machine of whoever loads it. Here a name is looked up in {@link #ALLOWED}, which holds inert
 * values of this package, or in {@link PlainGlobals}, whose names become an {@link Opaque} that
 * stays one whatever is done to it; any other name is refused on the spot. The library's own
 * registry of constructors (dates, decimals, arrays, exceptions, a class of any name) is never
 * asked: every instruction that would is handled or refused in {@link #dispatch}, which lets
 * through only what is listed. Of the calls that remain, {@link #call} makes the value itself.
 *
 * <p>Against pickles that are made to take memory or time: declared lengths are checked against
 * what is left ({@link PickleInput}), instructions are counted, numbers have bounded length,
 * dictionary keys are no lists or dictionaries (so that no hash code walks through them), and no
 * container is ever walked recursively.
 *
 * <p>Instructions: Python's {@code pickletools}. Names and arguments: PyTorch's {@code
 * torch/_utils.py} and {@code torch/serialization.py}.
 */
final class TensorUnpickler extends Unpickler {

  /** The largest description of tensors that is read; ResNet-50's has 40 kB. */
  static final long MAX_BYTES = 32L << 20;

  private static final int MAX_INSTRUCTIONS = 2_000_000;
  private static final int LONGEST_NUMBER_BYTES = 64;

  /** Which argument says more of a tensor: behind its values, place, shape, strides and hooks. */
  private static final int METADATA = 6;

  /** The functions a pickle may call. */
  private enum Function {
    ORDERED_DICT,
    DICTIONARY,
    DEQUE,
    SIZE,
    DEVICE,
    REBUILD_TENSOR,
    REBUILD_TENSOR_V2,
    REBUILD_PARAMETER,
    REBUILD_PARAMETER_WITH_STATE,
    REBUILD_FROM_TYPE,
    LIST_OF_PROGRAM
  }

  /**
   * A module of a program, which a pickle makes as an object of a class of the file's own code. No
   * code of it is run. Each is equal to itself only.
   */
  static final class Module {
    private final Map<Object, Object> attributes = new LinkedHashMap<>();

    /** What belongs to it, by name. */
    Map<Object, Object> attributes() {
      return attributes;
    }
  }

  /** The class of a module. */
  private record ModuleClass(String name) {}

  /** Where the classes of a program's own code are, or in packages inside it. */
  private static final String OWN_CODE = "__torch__";

  /** How a program's file makes lists of one type; each is handed the list. */
  private static final Set<String> LISTS_OF_PROGRAMS =
      Set.of(
          "torch.jit._pickle.build_intlist",
          "torch.jit._pickle.build_doublelist",
          "torch.jit._pickle.build_boollist",
          "torch.jit._pickle.build_tensorlist",
          "torch.jit._pickle.restore_type_tag");

  /**
   * Tensors that are no plain ones, by what a pickle asks for to make them: what they are, and how
   * they are saved as plain ones.
   */
  private static final Map<String, String> OTHER_TENSORS = otherTensors();

  /** Every global a pickle may name, with the inert value that stands for it. */
  private static final Map<String, Object> ALLOWED = allowed();

  private final WeightsFile file;
  private final PickleInput bytes;
  private final boolean ofProgram;
  private final Map<String, PickledStorage> storages = new HashMap<>();
  private int instructions;

  /** An unpickler of the pickles that follow one another in the input. */
  TensorUnpickler(WeightsFile file, PickleInput bytes) {
    this(file, bytes, false);
  }

  /**
   * An unpickler.
   *
   * @param ofProgram whether classes may be those of a program's own code
   */
  TensorUnpickler(WeightsFile file, PickleInput bytes, boolean ofProgram) {
    this.file = file;
    this.bytes = bytes;
    this.ofProgram = ofProgram;
  }

  private static Map<String, Object> allowed() {
    Map<String, Object> allowed = new HashMap<>();
    allowed.put("collections.OrderedDict", Function.ORDERED_DICT);
    allowed.put("collections.deque", Function.DEQUE);
    allowed.put("torch.Size", Function.SIZE);
    allowed.put("torch.device", Function.DEVICE);
    allowed.put("torch._utils._rebuild_tensor", Function.REBUILD_TENSOR);
    allowed.put("torch._utils._rebuild_tensor_v2", Function.REBUILD_TENSOR_V2);
    allowed.put("torch._utils._rebuild_parameter", Function.REBUILD_PARAMETER);
    allowed.put(
        "torch._utils._rebuild_parameter_with_state", Function.REBUILD_PARAMETER_WITH_STATE);
    allowed.put("torch._tensor._rebuild_from_type_v2", Function.REBUILD_FROM_TYPE);
    for (ElementType type : ElementType.values()) {
      allowed.put("torch." + type.storageName(), type);
    }
    for (String type :
        List.of(
            "float16",
            "bfloat16",
            "float32",
            "float64",
            "int8",
            "uint8",
            "int16",
            "int32",
            "int64",
            "bool")) {
      // An element type by itself, as a checkpoint's settings may hold it: its name will do.
      allowed.put("torch." + type, "torch." + type);
    }
    return Map.copyOf(allowed);
  }

  private static Map<String, String> otherTensors() {
    String quantized = "a quantised tensor. Save it as value.dequantize().";
    String complex = "a tensor of complex numbers, which no layer here has.";
    String elsewhere = "a tensor of a device of its own kind. Save it as value.cpu().";
    Map<String, String> others = new HashMap<>();
    others.put(
        "torch._utils._rebuild_sparse_tensor", "a sparse tensor. Save it as value.to_dense().");
    others.put("torch._utils._rebuild_qtensor", quantized);
    for (String type : List.of("QInt8", "QUInt8", "QInt32", "QUInt4x2", "QUInt2x4")) {
      others.put("torch." + type + "Storage", quantized);
    }
    others.put("torch.ComplexFloatStorage", complex);
    others.put("torch.ComplexDoubleStorage", complex);
    others.put(
        "torch._utils._rebuild_tensor_v3",
        "a tensor of eight-bit floats, or of another type without a storage of its own. Save it as value.float(), times its scale if it has one.");
    others.put(
        "torch._utils._rebuild_meta_tensor_no_storage",
        "a tensor without values (device \"meta\"). Load the network's weights before it is saved.");
    others.put("torch._utils._rebuild_device_tensor_from_numpy", elsewhere);
    others.put("torch._utils._rebuild_device_tensor_from_cpu_tensor", elsewhere);
    return Map.copyOf(others);
  }

  /**
   * Reads the next pickle: null, Boolean, Integer, Long, BigInteger, Double, String, Object[] (a
   * tuple), List, LinkedHashMap, {@link PickledTensor}, {@link Opaque}, or an inert value of this
   * class.
   *
   * @throws WeightsException if it is damaged or asks for anything else
   */
  Object next() {
    try {
      return load(bytes);
    } catch (WeightsException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // A pickle that makes no sense meets an empty stack, a cast, or a number that is none
      // somewhere inside the library; all of them mean the same to the reader.
      throw file.damaged(e);
    }
  }

  /** The whole storages that persistent ids have named so far, by key. */
  Map<String, PickledStorage> storages() {
    return storages;
  }

  @Override
  protected Object dispatch(short instruction) throws IOException {
    charge(1);
    switch (instruction) {
      // What the library does well and without harm.
      case Opcodes.MARK,
          Opcodes.STOP,
          Opcodes.POP,
          Opcodes.POP_MARK,
          Opcodes.DUP,
          Opcodes.BININT,
          Opcodes.BININT1,
          Opcodes.BININT2,
          Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.BINFLOAT,
          Opcodes.LIST,
          Opcodes.EMPTY_LIST,
          Opcodes.TUPLE,
          Opcodes.EMPTY_TUPLE,
          Opcodes.TUPLE1,
          Opcodes.TUPLE2,
          Opcodes.TUPLE3,
          Opcodes.BINGET,
          Opcodes.LONG_BINGET,
          Opcodes.BINPUT,
          Opcodes.LONG_BINPUT,
          Opcodes.MEMOIZE,
          Opcodes.BINPERSID,
          Opcodes.PROTO,
          Opcodes.FRAME -> {
        return super.dispatch(instruction);
      }

      // What it does without asking how long a text or a number is.
      case Opcodes.INT -> stack.add(parseInt(bytes.line()));
      case Opcodes.LONG -> stack.add(parseLong(bytes.line()));
      case Opcodes.FLOAT -> stack.add(Double.valueOf(bytes.line()));
      case Opcodes.LONG1 -> stack.add(integer(bytes.number(1)));
      case Opcodes.LONG4 -> stack.add(integer(bytes.number(4)));
      case Opcodes.GET -> stack.add(remembered(Integer.parseInt(bytes.line())));
      case Opcodes.PUT -> memo.put(Integer.parseInt(bytes.line()), stack.peek());
      case Opcodes.STRING -> stack.add(unquoted(bytes.line()));
      case Opcodes.UNICODE -> stack.add(unescaped(bytes.line()));
      case Opcodes.SHORT_BINSTRING ->
          stack.add(new String(bytes.take(bytes.number(1)), StandardCharsets.UTF_8));
      case Opcodes.BINSTRING ->
          stack.add(new String(bytes.take(bytes.number(4)), StandardCharsets.UTF_8));
      case Opcodes.SHORT_BINUNICODE ->
          stack.add(new String(bytes.take(bytes.number(1)), StandardCharsets.UTF_8));
      case Opcodes.BINUNICODE ->
          stack.add(new String(bytes.take(bytes.number(4)), StandardCharsets.UTF_8));
      case Opcodes.BINUNICODE8 ->
          stack.add(new String(bytes.take(bytes.number(8)), StandardCharsets.UTF_8));

      // Bytes and sets, which no weights are made of.
      case Opcodes.BINBYTES -> stack.add(skipped(bytes.number(4)));
      case Opcodes.SHORT_BINBYTES -> stack.add(skipped(bytes.number(1)));
      case Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> stack.add(skipped(bytes.number(8)));
      case Opcodes.EMPTY_SET -> stack.add(new Opaque("builtins.set"));
      case Opcodes.FROZENSET -> {
        stack.pop_all_since_marker();
        stack.add(new Opaque("builtins.frozenset"));
      }
      case Opcodes.ADDITEMS -> addAll(stack.pop_all_since_marker());
      case Opcodes.APPEND -> addAll(Collections.singletonList(stack.pop()));
      case Opcodes.APPENDS -> addAll(stack.pop_all_since_marker());

      // Dictionaries that keep the order of their entries.
      case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<Object, Object>());
      case Opcodes.DICT -> {
        List<Object> entries = stack.pop_all_since_marker();
        stack.add(new LinkedHashMap<Object, Object>());
        putAll(entries);
      }
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        Object key = stack.pop();
        putAll(Arrays.asList(key, value));
      }
      case Opcodes.SETITEMS -> putAll(stack.pop_all_since_marker());

      // Globals, and what is done with them.
      case Opcodes.GLOBAL -> {
        String module = bytes.line();
        stack.add(global(module, bytes.line()));
      }
      case Opcodes.STACK_GLOBAL -> {
        String name = (String) stack.pop();
        stack.add(global((String) stack.pop(), name));
      }
      case Opcodes.INST -> {
        String owner = bytes.line();
        Object named = global(owner, bytes.line());
        throw refused("to make an object of " + named);
      }
      case Opcodes.REDUCE -> {
        Object arguments = stack.pop();
        Object callable = stack.pop();
        // A program's file writes one of an enumeration so; its value tells which.
        stack.add(
            callable instanceof ModuleClass && !(arguments instanceof Object[])
                ? arguments
                : call(callable, (Object[]) arguments));
      }
      case Opcodes.NEWOBJ -> {
        Object[] arguments = (Object[]) stack.pop();
        stack.add(made(stack.pop(), arguments));
      }
      case Opcodes.NEWOBJ_EX -> {
        stack.pop(); // arguments with names
        Object[] arguments = (Object[]) stack.pop();
        stack.add(made(stack.pop(), arguments));
      }
      case Opcodes.BUILD -> build();
      default -> {
        throw refused(
            String.format(Locale.ROOT, "for the pickle instruction 0x%02x", (int) instruction));
      }
    }
    return NO_RETURN_VALUE;
  }

  @Override
  protected Object persistentLoad(Object id) {
    if (id instanceof Object[] parts
        && (parts.length == 5 || parts.length == 6)
        && "storage".equals(parts[0])
        && parts[1] instanceof ElementType type
        && parts[2] instanceof String key) {
      long count = toLong(parts[4]);
      if (count < 0) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "a storage has %d elements", count));
      }
      PickledStorage whole = new PickledStorage(key, type, count, 0, count);
      PickledStorage known = storages.putIfAbsent(key, whole);
      if (known != null && !known.equals(whole)) {
        throw new IllegalArgumentException(
            "storage %s is described in two ways".formatted(Messages.shown(key)));
      }
      return parts.length == 6 && parts[5] != null ? stretch(whole, (Object[]) parts[5]) : whole;
    }
    throw refused("for an external object that is not a tensor's storage");
  }

  /** Files written before PyTorch 0.4 describe a stretch of a storage: (key, offset, count). */
  private static PickledStorage stretch(PickledStorage whole, Object[] view) {
    long offset = toLong(view[1]);
    long count = toLong(view[2]);
    if (offset < 0 || count < 0 || count > whole.count() - offset) {
      throw new IllegalArgumentException("a view reaches beyond its storage");
    }
    return new PickledStorage(whole.key(), whole.type(), whole.rootCount(), offset, count);
  }

  private Object global(String module, String name) {
    if (ofProgram && (module + ".").startsWith(OWN_CODE + ".")) {
      return new ModuleClass(name);
    }
    String full = PlainGlobals.modern(module + "." + name);
    if (ofProgram && LISTS_OF_PROGRAMS.contains(full)) {
      return Function.LIST_OF_PROGRAM;
    }
    Object value = ALLOWED.get(full);
    if (value != null) {
      return value;
    } else if (PlainGlobals.isDictionary(full)) {
      return Function.DICTIONARY;
    } else if (PlainGlobals.isPlain(full)) {
      return new Opaque(full);
    }
    String other = OTHER_TENSORS.get(full);
    if (other != null) {
      throw file.problem(
          "among its values is %s Nothing in the file was executed (%s).".formatted(other, full));
    }
    throw refused("for the Python global \"%s\"".formatted(Messages.shown(module + "." + name)));
  }

  /** An object of a class, made without calling anything. */
  private Object made(Object type, Object[] arguments) {
    if (type == Function.DICTIONARY || type instanceof Opaque) {
      return call(type, arguments);
    }
    if (type instanceof ModuleClass) {
      return new Module();
    }
    throw refused("to make an object of " + Messages.kind(type));
  }

  private Object call(Object callable, Object[] arguments) {
    if (callable instanceof Opaque opaque) {
      return new Opaque(opaque.name());
    }
    if (!(callable instanceof Function function)) {
      throw refused("to call " + Messages.kind(callable));
    }
    return switch (function) {
      case ORDERED_DICT -> orderedDict(arguments);
      case DICTIONARY -> dictionary(arguments);
      case DEQUE -> {
        List<?> values =
            arguments.length > 0 && arguments[0] instanceof List<?> list ? list : List.of();
        charge(values.size());
        yield new ArrayList<Object>(values);
      }
      case SIZE, LIST_OF_PROGRAM -> arguments[0];
      case DEVICE -> "torch.device";
      case REBUILD_TENSOR, REBUILD_TENSOR_V2 -> {
        requireOwnSign(arguments);
        yield tensor(
            (PickledStorage) arguments[0], toLong(arguments[1]), arguments[2], arguments[3]);
      }
      case REBUILD_FROM_TYPE -> {
        // A tensor with attributes of its own: (function, class, arguments, attributes).
        if (arguments[0] == Function.REBUILD_FROM_TYPE || !(arguments[0] instanceof Function)) {
          throw refused("to call " + Messages.kind(arguments[0]));
        }
        yield call(arguments[0], (Object[]) arguments[2]);
      }
      case REBUILD_PARAMETER, REBUILD_PARAMETER_WITH_STATE -> {
        if (!(arguments[0] instanceof PickledTensor)) {
          throw refused("for a parameter that is " + Messages.kind(arguments[0]));
        }
        yield arguments[0];
      }
    };
  }

  /** Python 3 makes it empty and fills it afterwards; Python 2 passes a list of pairs. */
  private Object orderedDict(Object[] arguments) {
    LinkedHashMap<Object, Object> dictionary = new LinkedHashMap<>();
    if (arguments.length > 0) {
      List<?> pairs = (List<?>) arguments[0];
      charge(pairs.size());
      for (Object pair : pairs) {
        Object[] entry = pair instanceof List<?> list ? list.toArray() : (Object[]) pair;
        if (entry.length != 2) {
          throw new IllegalArgumentException("a dictionary's entry is not a pair");
        }
        put(dictionary, entry[0], entry[1]);
      }
    }
    return dictionary;
  }

  /** A defaultdict is made from the class of its values, a Counter from a dictionary. */
  private Map<Object, Object> dictionary(Object[] arguments) {
    Map<Object, Object> dictionary = new LinkedHashMap<>();
    if (arguments.length > 0 && arguments[0] instanceof Map<?, ?> entries) {
      charge(entries.size());
      entries.forEach((key, value) -> put(dictionary, key, value));
    }
    return dictionary;
  }

  /**
   * Of a view with the other sign PyTorch keeps the values as they are, and says so behind them.
   */
  private void requireOwnSign(Object[] arguments) {
    if (arguments.length > METADATA
        && arguments[METADATA] instanceof Map<?, ?> metadata
        && Boolean.TRUE.equals(metadata.get("neg"))) {
      throw file.problem(
          "among its values is a tensor that is read with the other sign. Save it as value.resolve_neg().");
    }
  }

  private static PickledTensor tensor(
      PickledStorage storage, long offset, Object shape, Object strides) {
    Layout layout = Layout.of(offset, toLongs(shape), toLongs(strides), storage.count());
    return new PickledTensor(storage, layout.shifted(storage.offset()));
  }

  /**
   * A dictionary's attributes ({@code _metadata}: versions of modules) are read and dropped, and so
   * is whatever an opaque value is given.
   */
  private void build() {
    Object state = stack.pop();
    Object target = stack.peek();
    if (target instanceof Module module && state instanceof Map<?, ?> attributes) {
      module.attributes().putAll(attributes);
      return;
    }
    boolean attributes = target instanceof LinkedHashMap && state instanceof Map;
    if (!attributes && !(target instanceof Opaque)) {
      throw refused("to set the state of " + Messages.kind(target));
    }
  }

  private void addAll(List<Object> values) {
    if (stack.peek() instanceof Opaque) {
      return;
    }
    @SuppressWarnings("unchecked")
    List<Object> list = (List<Object>) stack.peek();
    list.addAll(values);
  }

  private Opaque skipped(long length) throws IOException {
    bytes.take(length);
    return new Opaque("builtins.bytes");
  }

  private void putAll(List<Object> keysAndValues) {
    if (keysAndValues.size() % 2 != 0) {
      throw new IllegalArgumentException("a dictionary has a key without a value");
    }
    if (stack.peek() instanceof Opaque) {
      return;
    }
    @SuppressWarnings("unchecked")
    Map<Object, Object> dictionary = (Map<Object, Object>) stack.peek();
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      put(dictionary, keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  private static void put(Map<Object, Object> dictionary, Object key, Object value) {
    // Python has no such keys; here their hash codes would walk through what they hold.
    if (key instanceof List || key instanceof Map) {
      throw new IllegalArgumentException("a dictionary's key is " + Messages.kind(key));
    }
    dictionary.put(key, value);
  }

  private Object remembered(int index) {
    if (!memo.containsKey(index)) {
      throw new IllegalArgumentException("it refers to a value that it has not made");
    }
    return memo.get(index);
  }

  private Number integer(long length) throws IOException {
    if (length > LONGEST_NUMBER_BYTES) {
      throw new IOException(
          String.format(Locale.ROOT, "it declares an integer of %,d bytes", length));
    }
    byte[] littleEndian = bytes.take(length);
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }
    return bigEndian.length == 0 ? (Number) 0L : narrowed(new BigInteger(bigEndian));
  }

  private static Object parseInt(String line) {
    return switch (line) {
      case "00" -> false;
      case "01" -> true;
      default -> Long.valueOf(line);
    };
  }

  private static Number parseLong(String line) {
    return narrowed(
        new BigInteger(line.endsWith("L") ? line.substring(0, line.length() - 1) : line));
  }

  private static Number narrowed(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
  }

  private static String unquoted(String line) {
    if (line.length() < 2 || line.charAt(0) != line.charAt(line.length() - 1)) {
      throw new IllegalArgumentException("a string has no quotes");
    }
    return PickleUtils.decode_escaped(line.substring(1, line.length() - 1));
  }

  private static String unescaped(String line) {
    return PickleUtils.decode_unicode_escaped(line);
  }

  private static long toLong(Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw new IllegalArgumentException("a size is %s".formatted(Messages.kind(value)));
  }

  private static long[] toLongs(Object sizes) {
    Object[] values = sizes instanceof List<?> list ? list.toArray() : (Object[]) sizes;
    long[] longs = new long[values.length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = toLong(values[i]);
    }
    return longs;
  }

  private void charge(int steps) {
    instructions += steps;
    if (instructions < 0 || instructions > MAX_INSTRUCTIONS) {
      throw file.problem(
          String.format(
              Locale.ROOT,
              "its pickle has more than %,d instructions, far more than weights need. Save the plain state_dict: torch.save(model.state_dict(), …).",
              MAX_INSTRUCTIONS));
    }
  }

  private WeightsException refused(String what) {
    return file.problem(
        ("it asks %s. Weights need only tensors and plain containers, so the file was refused, and"
                + " nothing in it was executed. If you trust where it comes from, load it in Python"
                + " and save the weights alone, torch.save(model.state_dict(), \"weights.pth\"), or"
                + " as safetensors.")
            .formatted(what));
  }
}
