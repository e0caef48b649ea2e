package camlab.engine;

import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a network was to compute, and could not. The message is one sentence, or a few: what was
 * expected, what was found, what to do. What the engine itself said is the cause.
 */
public final class ComputationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final int LONGEST = 300;

  /** What the names of the library's own classes begin with. */
  private static final String PACKAGE = "camlab.";

  /** What the names of DJL's classes begin with: what it lacks, it tells itself. */
  private static final String DJL = "ai.djl.";

  private static final String DRAWS = "This program draws random numbers";

  private static final Pattern DRAWING = Pattern.compile(DRAWS + " \\(([\\w.]+)\\)");

  /** A kind of message of the engine, and what it means. */
  private record Kind(Pattern pattern, Function<MatchResult, String> meaning) {

    static Kind of(String pattern, Function<MatchResult, String> meaning) {
      return new Kind(Pattern.compile(pattern, Pattern.DOTALL), meaning);
    }
  }

  /** From the particular to the general: the first that fits is taken. */
  private static final List<Kind> KINDS =
      List.of(
          Kind.of(
              "^(This program (?:was exported|takes one picture) .*)$", found -> found.group(1)),
          Kind.of(
              DRAWING.pattern(),
              found ->
                  "Chance (%s) is part of the program, and what it puts out may be another at each call. Put the network into evaluation mode, model.eval(), before it is traced, scripted or exported, and save it again; where its forward draws random numbers in evaluation, too, take that out."
                      .formatted(found.group(1))),
          Kind.of(
              "Unknown builtin op: ([\\w:]+\\w)",
              found ->
                  "The program uses the operator %s, which this version of PyTorch does not know. Save the program without it, or with this version of PyTorch."
                      .formatted(found.group(1))),
          Kind.of(
              "(?:derivative for |the derivative of )'?([\\w:.]+)'? is not implemented",
              found ->
                  "PyTorch has no derivative of %s, so no gradient comes through it. Trace or script the network again with gradients on: without torch.no_grad() or inference_mode(), after torch.backends.mha.set_fastpath_enabled(False) if it is attention. Methods without gradients (Score-CAM, Eigen-CAM) work."
                      .formatted(found.group(1))),
          Kind.of(
              "expected input\\[([\\d, ]+)\\] to have (\\d+) channels, but got (\\d+) channels",
              found ->
                  "A layer takes %s channels, and was given an array of shape (%s) with %s. Give the network pictures as it was trained with; its preprocessing says how many channels they have."
                      .formatted(found.group(2), found.group(1), found.group(3))),
          Kind.of(
              "mat1 and mat2 shapes cannot be multiplied \\((\\d+)x(\\d+) and (\\d+)x(\\d+)\\)",
              found ->
                  "A linear layer takes %s values for each row, and was given %s. So it is where a network takes pictures of one size, or so many at a time, and is given others."
                      .formatted(found.group(3), found.group(2))),
          Kind.of(
              "[Ee]xpected ([^\\n]*?) input to (\\w+), but got input of size: \\[([\\d, ]*)\\]",
              found ->
                  "A layer (%s) takes an array of %s, and was given one of shape (%s)."
                      .formatted(found.group(2), found.group(1), found.group(3))),
          Kind.of(
              "(?:Kernel size can't be greater than actual input size|Output size is too small|[Ss]hould be greater than zero)",
              found ->
                  "A picture is too small for this network: somewhere less is left of it than a filter covers. State a preprocessing that brings pictures to a larger size; where it keeps their own, give larger ones."),
          Kind.of(
              "The size of tensor a \\((\\d+)\\) must match the size of tensor b \\((\\d+)\\)",
              found ->
                  "Two arrays that are added or multiplied have lengths %s and %s. So it is where a network takes pictures of one size, or so many at a time, and is given others."
                      .formatted(found.group(1), found.group(2))),
          Kind.of(
              "shape '\\[([-\\d, ]*)\\]' is invalid for input of size (\\d+)",
              found ->
                  "%s values were to be arranged as (%s), which has room for another number of them. So it is where a network takes pictures of one size, or so many at a time, and is given others."
                      .formatted(found.group(2), found.group(1))),
          Kind.of(
              "(?:not enough memory|out of memory|bad_alloc|std::bad_alloc)(?:[^\\d\\n]*(\\d+) bytes)?",
              found ->
                  "There is not enough memory%s. Give fewer or smaller pictures at a time, name fewer layers, or close what is no longer needed."
                      .formatted(
                          found.group(1) == null
                              ? ""
                              : String.format(
                                  Locale.ROOT,
                                  " for another %,d bytes",
                                  Long.parseLong(found.group(1))))),
          Kind.of(
              "(?:not implemented for '|Unsupported dtype )(\\w+)",
              found ->
                  "PyTorch has an operation of this network for other types of numbers, but not for %s on this device. Save the network in single precision, model.float(), and load it again."
                      .formatted(found.group(1))),
          Kind.of(
              "(?:Input type|expected m1 and m2 to have the same dtype|must have the same dtype|expected scalar type)",
              found ->
                  "The network mixes types of numbers: an operation was given values of one type and weights of another. Save the network in one type, model.float(), and load it again."),
          Kind.of(
              "(?:Expected all tensors to be on the same device|Torch not compiled with CUDA|no NVIDIA driver|Could not run '[^']*' with arguments from the '(?:CUDA|MPS|XPU)')",
              found ->
                  "A part of the network is on another device than the picture, or on one that is not here. Save it after model.to('cpu'), and load it again."),
          Kind.of(
              "An LSTM (?:takes rows of|starts from states for) \\d[^\\n.]*\\.",
              found ->
                  found.group()
                      + " So it is where a network takes pictures of one size, or so many at a time, and is given others."),
          Kind.of(
              "does not require grad",
              found ->
                  "The score does not depend on the recorded layers in a way that a gradient could follow: they come behind it, beside it, or the gradient was cut on the way (torch.no_grad, detach, .data, whole numbers; in DJL stopGradient and toType). Name a layer nearer to the end, or take a method without gradients, such as Score-CAM."),
          Kind.of(
              "invalid dimensions for input: (\\w+) for.*?index: (\\d+) Got: (\\d+) Expected: (\\d+)",
              found ->
                  "Dimension %s (counted from 0) of its input '%s' is %s, and it was given %s. Let the translator make arrays of that shape, such as by a Resize."
                      .formatted(found.group(2), found.group(1), found.group(4), found.group(3))),
          Kind.of(
              "modified by an inplace operation",
              found ->
                  "A layer changes in place what another one put out, and the gradient needs that as it was. Let it make a new array: add and mul, say, instead of addi and muli (in Python x + y instead of x += y)."),
          Kind.of(
              "Could not run '([\\w:]+)[^']*' with arguments from the '(\\w+)' backend",
              found ->
                  "PyTorch has no %s for arrays of the kind %s here. A quantised network computes on whole numbers: save it as it was before it was quantised."
                      .formatted(found.group(1), found.group(2))));

  private static final Pattern WITHOUT =
      Pattern.compile("does not require grad|derivative (?:for|of) .* is not implemented");

  private static final Pattern OVERWRITTEN = Pattern.compile("modified by an inplace operation");

  /** What DJL says where it lacks its library for one version of PyTorch: the address of it. */
  private static final Pattern BETWEEN =
      Pattern.compile("jni files: .*/(?<pytorch>[^/]+)/jnilib/(?<djl>[^/]+)/");

  private static final Pattern CUT = Pattern.compile("does not require grad");

  private static final Pattern TYPE = Pattern.compile("not implemented for '|Unsupported dtype ");

  private static final Pattern LAST =
      Pattern.compile("^(?:\\w+\\.)*\\w*(?:Error|Exception): (.+)$");

  private ComputationException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Of a program that was exported for pictures of certain sizes, or so many at a time, and is
   * given others.
   *
   * @param found what it is given, such as {@code pictures of 32 × 32}
   * @param taken what it was exported for, and what to do
   * @return the exception
   */
  public static ComputationException exportedForOthers(String found, String taken) {
    return of("This program was exported %s, and was given %s.".formatted(taken, found));
  }

  /**
   * Of a program that gives other numbers for pictures together than for each alone.
   *
   * @param count how many it is given
   * @return the exception
   */
  public static ComputationException oneAtATime(long count) {
    return of(
        "This program takes one picture at a time: two that were tried gave together other numbers than each alone. It was given %s; give it one after the other."
            .formatted(count));
  }

  /**
   * Of an engine that does not start.
   *
   * @param expected what it needs, and what to do, where Java does not say why
   * @param cause what DJL threw
   * @return the exception
   */
  static ComputationException notStarted(String expected, ai.djl.engine.EngineException cause) {
    Throwable first = first(cause);
    String because = first == cause ? "" : " Behind it: " + words(first);
    return new ComputationException(
        "DJL cannot start its PyTorch engine. %s%s %s"
            .formatted(
                quoted(cause),
                because,
                advice(first)
                    .or(() -> missingBetween(cause))
                    .or(() -> noRoom(cause, first))
                    .orElse(expected)),
        cause);
  }

  private static Throwable first(Throwable cause) {
    return cause.getCause() == null ? cause : first(cause.getCause());
  }

  /** What to do where there is a PyTorch and a DJL, but not what lies between just these two. */
  private static Optional<String> missingBetween(ai.djl.engine.EngineException cause) {
    Matcher between = BETWEEN.matcher(String.valueOf(cause.getMessage()));
    return between.find()
        ? Optional.of(
            "Between PyTorch %1$s and DJL %2$s it needs ai.djl.pytorch:pytorch-jni:%1$s-%2$s, which it looks for on the class path and fetches where it is not there. Take PyTorch and DJL in the versions that CamLab's POM names, which brings what lies between them, or put that of yours on the class path if there is one, or let the program reach the internet once."
                .formatted(between.group("pytorch"), between.group("djl")))
        : Optional.empty();
  }

  /** What to do where PyTorch is there, or was fetched, and cannot be written to the disk. */
  private static Optional<String> noRoom(ai.djl.engine.EngineException cause, Throwable first) {
    boolean unpacked = String.valueOf(cause.getMessage()).startsWith("Failed to extract");
    return unpacked || first instanceof FileSystemException
        ? Optional.of(
            "It unpacks the native half of PyTorch, 430 MB, into the folder that DJL_CACHE_DIR names, else into .djl.ai in the home folder, or in Java's temporary folder where that cannot be written. Let this folder exist, be writable and have room, or name another one: export DJL_CACHE_DIR=…")
        : Optional.empty();
  }

  /** What to do about a cause that Java names. */
  private static Optional<String> advice(Throwable cause) {
    if (cause instanceof IllegalCallerException) {
      return Optional.of(
          "Java was started so that nothing may load native code (--illegal-native-access=deny). Add --enable-native-access=ALL-UNNAMED.");
    }
    return cause instanceof UnsatisfiedLinkError
            && String.valueOf(cause.getMessage()).contains("already loaded in another classloader")
        ? Optional.of(
            "Java loads it for one class loader of a process. Put DJL and CamLab where all programs of the process see them, such as a server's shared folder, or start the process anew.")
        : Optional.empty();
  }

  private static ComputationException of(String message) {
    return new ComputationException(message, new ai.djl.engine.EngineException(message));
  }

  /**
   * {@return what a program's error says where it would draw random numbers; {@link #sentence} and
   * {@link #isOfChance} know it}
   *
   * @param operation what draws them, such as {@code torch.rand}
   */
  public static String drawing(String operation) {
    return "%s (%s)".formatted(DRAWS, operation);
  }

  /** {@return whether a program was to draw random numbers} */
  public boolean isOfChance() {
    return DRAWING.matcher(String.valueOf(getCause().getMessage())).find();
  }

  /** {@return whether there is no gradient, for a reason that lies in the network} */
  public boolean isWithoutGradient() {
    return WITHOUT.matcher(String.valueOf(getCause().getMessage())).find();
  }

  /** {@return whether there is no gradient since the network changes in place what it needs} */
  public boolean isOverwritten() {
    return OVERWRITTEN.matcher(String.valueOf(getCause().getMessage())).find();
  }

  /** {@return whether there is no gradient since none of what was recorded leads to the score} */
  public boolean isCutOff() {
    return CUT.matcher(String.valueOf(getCause().getMessage())).find();
  }

  /** {@return whether the engine has an operation, but not for the network's type of numbers} */
  public boolean isOfAnotherType() {
    return TYPE.matcher(String.valueOf(getCause().getMessage())).find();
  }

  /**
   * Computes, and says in a sentence what the engine could not.
   *
   * @param <T> what is computed
   * @param task what fails, such as {@code The network cannot be run}; asked for only then
   * @param computation what to compute
   * @return what was computed
   * @throws ComputationException if the engine throws, or DJL has no such operation for it
   */
  public static <T> T explained(Supplier<String> task, Supplier<T> computation) {
    try {
      return computation.get();
    } catch (ai.djl.engine.EngineException | UnsupportedOperationException e) {
      requireOfEngine(e);
      throw new ComputationException(task.get() + ". " + sentence(e), e);
    }
  }

  /**
   * Computes a formula that somebody wrote, and says in a sentence what the engine could not. What
   * the engine's words mean for a network's layers is not said here, where there are none.
   *
   * @param <T> what is computed
   * @param task what fails, such as {@code The score cannot be worked out}; asked for only then
   * @param formula what to compute
   * @return what was computed
   * @throws ComputationException if the engine throws, or DJL has no such operation for it
   */
  public static <T> T ofFormula(Supplier<String> task, Supplier<T> formula) {
    try {
      return formula.get();
    } catch (ai.djl.engine.EngineException | UnsupportedOperationException e) {
      requireOfEngine(e);
      throw new ComputationException(
          "%s. %s Compare the shapes of the arrays that the formula joins."
              .formatted(task.get(), quoted(e)),
          e);
    }
  }

  /** What DJL lacks it tells by the plain exception; the library's own are no errors. */
  private static void requireOfEngine(RuntimeException e) {
    if (!(e instanceof ai.djl.engine.EngineException)
        && e.getClass() != UnsupportedOperationException.class) {
      throw e;
    }
  }

  /**
   * {@return what the code of somebody else threw, as a sentence: what the engine's exception
   * means, or the kind of any other, and what it says}
   *
   * @param e the exception
   */
  public static String words(Throwable e) {
    if (e instanceof ai.djl.engine.EngineException) {
      return sentence(e);
    }
    return isSilent(e)
        ? withoutAWord(e)
        : "%s: %s".formatted(e.getClass().getSimpleName(), brief(e.getMessage()));
  }

  private static boolean isSilent(Throwable e) {
    return e.getMessage() == null || e.getMessage().isBlank();
  }

  private static String withoutAWord(Throwable e) {
    return e.getClass().getSimpleName() + ", without a word.";
  }

  /**
   * {@return whether an exception says in words what is wrong, as the library's own do, or is one
   * that {@link #explained} says in words}
   *
   * @param e what was thrown while the code of somebody else ran
   */
  public static boolean isInWords(RuntimeException e) {
    return e instanceof ai.djl.engine.EngineException
        || e instanceof CancellationException
        || (e instanceof UnsupportedOperationException && isThrownIn(e, DJL))
        || isThrownIn(e, PACKAGE);
  }

  private static boolean isThrownIn(RuntimeException e, String names) {
    StackTraceElement[] trace = e.getStackTrace();
    return trace.length > 0 && trace[0].getClassName().startsWith(names);
  }

  /**
   * What an exception of the engine means, in a sentence.
   *
   * @param e the exception
   * @return what was expected, what was found, and what to do, as far as the engine says so
   */
  public static String sentence(Throwable e) {
    String message = String.valueOf(e.getMessage());
    return KINDS.stream()
        .map(kind -> meaning(kind, message))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(() -> quoted(e));
  }

  private static String quoted(Throwable e) {
    return isSilent(e) ? withoutAWord(e) : "The engine says: " + brief(e.getMessage());
  }

  private static Optional<String> meaning(Kind kind, String message) {
    Matcher found = kind.pattern().matcher(message);
    return found.find() ? Optional.of(kind.meaning().apply(found)) : Optional.empty();
  }

  /** A program's own error stands in the last line, behind a trace of its code. */
  private static String brief(String message) {
    List<String> lines =
        message.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    String text = lines.isEmpty() ? "nothing" : lines.get(0);
    for (String line : lines) {
      Matcher last = LAST.matcher(line);
      if (last.matches()) {
        text = last.group(1);
      }
    }
    text = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    text = text.replaceFirst(":$", ""); // an error without words
    return text.matches(".*[.!?]") ? text : text + ".";
  }
}
