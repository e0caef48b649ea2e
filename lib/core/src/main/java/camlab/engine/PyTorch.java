package camlab.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtEngineProvider;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.NativeResource;
import ai.djl.util.Platform;
import camlab.file.Places;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Gradients, programs and interpolation, as the PyTorch engine has them. */
public final class PyTorch {

  /** What DJL calls the engine. */
  public static final String ENGINE = "PyTorch";

  /** The engine takes the kind of interpolation by number. */
  private static final int BILINEAR = 1;

  private PyTorch() {}

  /**
   * Makes what needs the engine, which starts with the first of them.
   *
   * @param <T> what is made
   * @param first what to make, such as a scope
   * @return what was made
   * @throws ComputationException if the engine does not start; the message says what DJL says, what
   *     it needs, and what to do
   */
  public static <T> T started(Supplier<T> first) {
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    if (!isSeenBy(context)) {
      thread.setContextClassLoader(PyTorch.class.getClassLoader());
    }
    try {
      if (!Engine.hasEngine(ENGINE)) {
        Engine.registerEngine(new PtEngineProvider());
      }
      return first.get();
    } catch (EngineException e) {
      throw ComputationException.notStarted(needed(), e);
    } finally {
      thread.setContextClassLoader(context);
    }
  }

  /**
   * Whether DJL finds its engine, and the native half beside it, by a thread's class loader. The
   * threads of Java's common pool have that of the program's class path, which does not see what
   * lies in a jar of jars or in a web application; others have none.
   */
  private static boolean isSeenBy(ClassLoader context) {
    try {
      return context != null
          && Class.forName(PtEngineProvider.class.getName(), false, context)
              == PtEngineProvider.class;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /**
   * {@return the engine, which starts if it has not}
   *
   * @throws ComputationException if it does not start
   */
  public static Engine engine() {
    return started(() -> Engine.getEngine(ENGINE));
  }

  private static String needed() {
    Platform here = Platform.fromSystem("pytorch");
    return "It needs the native half of PyTorch %1$s, which it looks for on the class path and fetches where it is not there. Put ai.djl.pytorch:pytorch-native-cpu:%1$s:%2$s on the class path, or let the program reach the internet once. A jar that was made of several must keep their files in META-INF/services, and their other resources."
        .formatted(here.getVersion(), here.getClassifier());
  }

  /** {@return how many threads one operation takes when this thread calls it} */
  public static int threads() {
    engine(); // loads its code, if nobody has
    return JniUtils.getNumThreads();
  }

  /**
   * Runs with PyTorch's gradient mode on, and sets it back to what it was for this thread.
   *
   * @param <T> what it returns
   * @param pass what to run
   * @return what it returns
   */
  public static <T> T withGradients(Supplier<T> pass) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try {
      return pass.get();
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /**
   * Runs with PyTorch's gradient mode off at first, and on from where the pass says so; sets it
   * back to what it was for this thread.
   *
   * @param <T> what it returns
   * @param pass what to run; runs what it is given when gradients are to be recorded from there on
   * @return what it returns
   */
  public static <T> T withGradientsFrom(Function<Runnable, T> pass) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return pass.apply(() -> JniUtils.setGradMode(true));
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /**
   * {@return whether this thread's computations are recorded, so that a gradient may be asked for}
   */
  public static boolean isRecordingGradients() {
    return JniUtils.isGradMode();
  }

  /**
   * Walks backward from a recorded array, and adds to the gradient of every array that has one.
   * What was recorded stays, for other passes.
   *
   * @param output y, recorded
   * @param vector v, the shape of y: what comes out is v·∂y/∂x for every x
   * @throws ComputationException if there is no gradient; the message says why
   */
  public static void backward(NDArray output, NDArray vector) {
    ComputationException.explained(
        () -> "The gradient cannot be computed",
        () -> {
          JniUtils.backward((PtNDArray) output, (PtNDArray) vector, true, false);
          return output;
        });
  }

  /**
   * {@return a copy, through which a gradient goes} DJL's own, {@code duplicate()}, has none.
   *
   * @param array any array; the copy is in its scope
   */
  public static NDArray copy(NDArray array) {
    try (NDArray stacked = NDArrays.stack(new NDList(array))) {
      return stacked.squeeze(0);
    }
  }

  /**
   * {@return a scope on the CPU, which its caller closes, for numbers that come from elsewhere}
   * Arrays of another engine need not know what is asked of these.
   */
  public static NDManager newScope() {
    return newScope(Device.cpu());
  }

  /**
   * {@return a scope of this engine, which its caller closes} A program may have several engines,
   * and another one that DJL takes where none is named.
   *
   * @param device where its arrays are
   */
  public static NDManager newScope(Device device) {
    return started(() -> NDManager.newBaseManager(device, ENGINE));
  }

  /**
   * Requires an array that has not been freed.
   *
   * @param array an array that somebody handed over
   * @throws IllegalStateException if it, or what it belonged to, has been closed
   */
  public static void requireOpen(NDArray array) {
    if (isFreed(array)) {
      throw new IllegalStateException(
          "This array has been closed, or what it belonged to has: a recording, a network, an"
              + " NDManager. Use it before that, or copy its numbers out: toFloatArray().");
    }
  }

  /**
   * {@return whether an array, or what it belonged to, has been closed}
   *
   * @param array any array
   */
  public static boolean isFreed(NDArray array) {
    return array instanceof NativeResource<?> resource && resource.isReleased();
  }

  /**
   * {@return whether an array holds what is no number, or infinity} Minus infinity counts as a
   * number: a program gives it to what it masks.
   *
   * @param numbers any array
   */
  public static boolean lacksNumbers(NDArray numbers) {
    if (!numbers.getDataType().isFloating()) {
      return false;
    }
    try (NDManager scope = numbers.getManager().newSubManager(numbers.getDevice())) {
      NDArray held = numbers.stopGradient();
      held.attach(scope);
      // What is no number does not equal itself.
      NDArray right = held.eq(held).logicalAnd(held.neq(Float.POSITIVE_INFINITY));
      return !right.all().getBoolean();
    }
  }

  /**
   * An array of numbers of one's own that takes part in what is differentiated. DJL may free the
   * memory that it made an array in before the backward pass reads it, and the gradient is wrong
   * then; a copy lies in the engine's own memory, which lives as long as somebody needs it.
   *
   * @param numbers an array that DJL made of Java's numbers
   * @param type the type to have
   * @return a copy of that type, in the scope of the array
   */
  public static NDArray lasting(NDArray numbers, DataType type) {
    return numbers.toType(type, true);
  }

  /**
   * {@return the same arrays, those of one type in another; unlike DJL's own conversion, it lets a
   * gradient through}
   *
   * @param arrays of any types; those that stay are the very ones
   * @param from a type with a fraction
   * @param to another one, or the same
   */
  public static NDList converted(NDList arrays, DataType from, DataType to) {
    return from == to ? arrays : converted(arrays, type -> type == from, to);
  }

  /**
   * {@return the same arrays, those with a fraction in single precision; a gradient comes through}
   *
   * @param arrays of any types; those that stay are the very ones
   */
  public static NDList single(NDList arrays) {
    return converted(
        arrays, type -> type.isFloating() && type != DataType.FLOAT32, DataType.FLOAT32);
  }

  private static NDList converted(NDList arrays, Predicate<DataType> from, DataType to) {
    NDList converted = new NDList(arrays.size());
    for (NDArray array : arrays) {
      converted.add(from.test(array.getDataType()) ? converted(array, to) : array);
    }
    return converted;
  }

  private static NDArray converted(NDArray values, DataType type) {
    NDManager manager = values.getManager();
    return manager.zeros(values.getShape(), type, values.getDevice()).addi(values);
  }

  /**
   * The second derivative of a score along a direction. DJL's own backward pass would leave the
   * gradient in the array, and with it the graph that it was computed by, which then nobody frees;
   * so a program of PyTorch does it.
   *
   * @param score y, recorded, shape ()
   * @param array an array that has a gradient, on which y depends
   * @param direction v, the shape of the array
   * @return H v with H = ∂²y/∂x², the shape of the array, in the scope of the score
   * @throws ComputationException if something on the way has no second derivative; the message says
   *     what
   */
  public static NDArray secondDerivative(NDArray score, NDArray array, NDArray direction) {
    try (NDManager scope = score.getManager().newSubManager(score.getDevice())) {
      Program program = program(scope, "second-derivative.pt");
      NDArray result =
          withGradients(() -> program.run(new NDList(score, array, direction)).head())
              .stopGradient();
      result.attach(score.getManager());
      return result;
    }
  }

  /** A program that comes with the library. */
  private static Program program(NDManager scope, String name) {
    try {
      Path copy = Files.createTempFile("camlab-", ".pt");
      try (InputStream in = PyTorch.class.getResourceAsStream(name)) {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        return load(scope, copy);
      } finally {
        Files.deleteIfExists(copy);
      }
    } catch (IOException e) {
      throw Places.noTemporaryFile(e);
    }
  }

  /**
   * Sets the gradient of an array back to zeros: another backward pass would add to it.
   *
   * @param array an array that has one
   */
  public static void clearGradient(NDArray array) {
    JniUtils.zeroGrad((PtNDArray) array);
  }

  /**
   * Resizes maps bilinearly, with half-pixel centres and no antialiasing.
   *
   * @param maps shape (N, K, h, w)
   * @param height rows of the result
   * @param width columns of the result
   * @return shape (N, K, height, width)
   */
  public static NDArray resized(NDArray maps, long height, long width) {
    return maps.getNDArrayInternal().interpolation(new long[] {height, width}, BILINEAR, false);
  }

  /**
   * Loads a TorchScript file, with its parameters frozen.
   *
   * @param manager what it belongs to
   * @param file the file
   * @return the program
   * @throws ComputationException if PyTorch cannot; the message says why
   */
  public static Program load(NDManager manager, Path file) {
    PtSymbolBlock block =
        ComputationException.explained(
            () -> "The program cannot be loaded",
            () ->
                JniUtils.loadModule(
                    (PtNDManager) manager, file, false, new String[0], new String[0], true));
    for (Parameter parameter : block.getDirectParameters().values()) {
      parameter.freeze(true);
    }
    JniUtils.enableInferenceMode(block);
    return new Program(block, manager);
  }

  /**
   * A loaded TorchScript file.
   *
   * <p>It is given single precision, and takes it if it can: a program may turn it into its own
   * type itself. One that cannot is given the type of its first weights. Which of the two it is
   * shows the first run that succeeds.
   */
  public static final class Program {

    /** Room for a program of some hundred thousand calls; what is not used is never taken. */
    private static final long STACK_BYTES = 512L << 20;

    private final PtSymbolBlock block;

    private final NDManager manager;

    /** By the methods that were called. */
    private final Map<String, NDArray> names = new ConcurrentHashMap<>();

    /** The methods that have run. */
    private final Set<String> prepared = ConcurrentHashMap.newKeySet();

    /** The type of its first weights that have a fraction. */
    private final DataType own;

    /** The type it takes; unknown before the first run. */
    private volatile DataType taken;

    private Program(PtSymbolBlock block, NDManager manager) {
      this.block = block;
      this.manager = manager;
      own =
          block.getDirectParameters().values().stream()
              .map(parameter -> parameter.getArray().getDataType())
              .filter(DataType::isFloating)
              .findFirst()
              .orElse(DataType.FLOAT32);
      taken = own == DataType.FLOAT32 ? own : null;
    }

    /** {@return what it belongs to} */
    public NDManager manager() {
      return manager;
    }

    /** {@return the number of values of all its parameters} */
    public long parameterCount() {
      return block.getDirectParameters().values().stream()
          .mapToLong(parameter -> parameter.getArray().size())
          .sum();
    }

    /**
     * {@return the values of a parameter or buffer, to be read and neither changed nor closed;
     * empty if there is none}
     *
     * @param name its dotted name
     */
    public Optional<NDArray> parameter(String name) {
      return Optional.ofNullable(block.getDirectParameters().get(name)).map(Parameter::getArray);
    }

    /** {@return the shapes of all its parameters by their names; a frozen file has none} */
    public Map<String, Shape> parameterShapes() {
      Map<String, Shape> shapes = new LinkedHashMap<>();
      block
          .getDirectParameters()
          .forEach(pair -> shapes.put(pair.getKey(), pair.getValue().getArray().getShape()));
      return shapes;
    }

    /**
     * Calls its {@code forward}.
     *
     * @param arguments what it takes
     * @return what that returns, in the scope of the arguments
     * @throws ComputationException if it cannot be run; the message says why
     */
    public NDList run(NDList arguments) {
      return first("", () -> forward(arguments));
    }

    /**
     * Calls another of its methods.
     *
     * @param method its name
     * @param arguments at least one
     * @return what that returns, in the scope of the arguments
     * @throws ComputationException if it cannot be run; the message says why
     */
    public NDList run(String method, NDList arguments) {
      NDList named = new NDList(arguments);
      named.add(names.computeIfAbsent(method, this::named));
      return first(method, () -> forward(named));
    }

    /** The engine is told a method by an argument that has its name. */
    private NDArray named(String method) {
      NDArray name = manager.create(0);
      name.setName("module_method:" + method);
      return name;
    }

    /**
     * Before the first run of a method the engine prepares it, and for that calls itself once for
     * each of its calls that stand in a chain. The stack of an ordinary thread holds some two
     * thousand of them, and beyond that the whole process ends. So the first run has a thread with
     * a larger one.
     */
    private NDList first(String method, Supplier<NDList> run) {
      if (prepared.contains(method)) {
        return run.get();
      }
      boolean gradients = JniUtils.isGradMode();
      CompletableFuture<NDList> result = new CompletableFuture<>();
      Thread thread =
          new Thread(
              null,
              () -> {
                JniUtils.setGradMode(gradients);
                try {
                  result.complete(run.get());
                } catch (RuntimeException | Error e) {
                  result.completeExceptionally(e);
                }
              },
              "first run",
              STACK_BYTES);
      thread.start();
      try {
        NDList found = result.join();
        prepared.add(method);
        return found;
      } catch (CompletionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw (Error) e.getCause();
      }
    }

    private NDList forward(NDList arguments) {
      DataType known = taken;
      if (known != null) {
        return forward(arguments, known);
      }
      NDList result;
      try {
        result = forward(arguments, DataType.FLOAT32);
        taken = DataType.FLOAT32;
      } catch (ComputationException e) {
        result = forward(arguments, own);
        taken = own;
      }
      return result;
    }

    /**
     * Runs the program as it was written. The engine's optimizer would watch the first run and
     * rewrite the program for the next ones, which takes longer than all the runs of a few
     * heatmaps. Whether it is on belongs to the thread and cannot be asked for, so other programs
     * that run on it find it as DJL's property says.
     */
    private NDList forward(NDList arguments, DataType type) {
      NDList typed = converted(arguments, DataType.FLOAT32, type);
      JniUtils.setGraphExecutorOptimize(false);
      try {
        return ComputationException.explained(
            () -> "The program cannot be run", () -> IValueUtils.forward(block, typed, true));
      } finally {
        JniUtils.setGraphExecutorOptimize(
            Boolean.parseBoolean(System.getProperty("ai.djl.pytorch.graph_optimizer", "true")));
      }
    }
  }
}
