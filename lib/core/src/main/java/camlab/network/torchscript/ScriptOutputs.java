package camlab.network.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import camlab.network.Classes;
import camlab.network.Fact;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tensors that a program put out for one picture, by their names: which of them is explained.
 */
final class ScriptOutputs {

  private static final int SHOWN = 12;

  /** Of a map of scores, (N, classes, H, W). */
  private static final int DIMENSIONS = 4;

  /**
   * The tensor that is explained.
   *
   * @param type what the program returns
   * @param steps the keys, fields and places that lead to the tensor, and which of several types it
   *     is; none if it is the whole
   * @param fact what is known of it, and where from; empty if there is nothing to choose
   */
  record Choice(ScriptType type, List<String> steps, Optional<Fact> fact) {

    /** Such as {@code 0.logits}; empty for the whole. */
    String name() {
      return String.join(".", named());
    }

    /** The keys, fields and places alone. */
    List<String> named() {
      return type.named(steps);
    }
  }

  /** A tensor that came out. */
  private record Output(String name, List<String> steps, Shape shape, boolean floating) {

    /** In words, such as {@code logits of shape (1, 6)}; what has no name is the whole. */
    @Override
    public String toString() {
      return "%s of shape %s%s"
          .formatted(name.isEmpty() ? "a tensor" : name, shape, floating ? "" : " (whole numbers)");
    }
  }

  private final String what;
  private final ScriptType type;
  private final List<Output> outputs;

  /**
   * Reads what {@link OutputCode#ALL} returned.
   *
   * @param what the program, for messages
   * @param type what the program returns
   * @param found the tensors with their names
   */
  ScriptOutputs(String what, ScriptType type, NDList found) {
    this.what = what;
    this.type = type;
    this.outputs =
        found.stream()
            .sorted(Comparator.comparingInt(array -> Integer.parseInt(parts(array).get(0))))
            .map(array -> output(array, type))
            .toList();
  }

  private static Output output(NDArray array, ScriptType type) {
    List<String> steps = parts(array).subList(1, parts(array).size());
    String name = String.join(".", type.named(steps));
    return new Output(name, steps, array.getShape(), array.getDataType().isFloating());
  }

  private static List<String> parts(NDArray array) {
    return Arrays.asList(array.getName().split(OutputCode.STEP, -1));
  }

  /** The whole of a program that returns one tensor. */
  static Choice only() {
    return new Choice(new ScriptType.Tensor(), List.of(), Optional.empty());
  }

  /**
   * Chooses the stated output, or the only one there is, or the only one that can be logits.
   *
   * @param stated which was stated
   * @param classes the classes that were named
   * @throws TorchScriptException if none was stated and none can be told from the others; the
   *     message lists them and shows how to say which
   */
  Choice choice(Optional<String> stated, Classes classes) {
    if (stated.isPresent()) {
      List<Output> named =
          outputs.stream()
              .filter(output -> type.names(output.steps()).contains(stated.get()))
              .toList();
      if (named.size() != 1) {
        throw refusal("no output is called '%s'".formatted(stated.get()));
      }
      return choice(named.get(0), Fact.Origin.STATED, "of " + names());
    }
    if (outputs.size() == 1) {
      return choice(outputs.get(0), Fact.Origin.TRIED, "the only one that came out for a picture");
    }
    for (Predicate<Output> kind : List.<Predicate<Output>>of(this::isLogits, this::isMap)) {
      List<Output> fitting =
          outputs.stream()
              .filter(kind)
              .filter(output -> classes(output) == classes.size())
              .toList();
      if (fitting.size() == 1) {
        return choice(
            fitting.get(0),
            Fact.Origin.TRIED,
            String.format(
                Locale.ROOT,
                "the only one of %s with one number for each of the %d classes",
                names(),
                classes.size()));
      }
      if (fitting.size() > 1) {
        throw refusal(
            String.format(
                Locale.ROOT,
                "%d of its outputs may be the logits of the %d classes",
                fitting.size(),
                classes.size()));
      }
    }
    throw refusal(
        String.format(
            Locale.ROOT,
            "none of its outputs has one number for each of the %d classes of a picture, nor a map of each",
            classes.size()),
        rows(classes));
  }

  /** What may be scores of tokens or boxes; not chosen, since boxes have numbers of their own. */
  private List<Output> rows(Classes classes) {
    return outputs.stream()
        .filter(output -> output.floating() && classes.areRows(output.shape()))
        .toList();
  }

  private Choice choice(Output output, Fact.Origin origin, String evidence) {
    Fact fact = new Fact("output", output.toString(), origin, evidence);
    return new Choice(type, output.steps(), Optional.of(fact));
  }

  private static long classes(Output output) {
    return output.shape().get(1);
  }

  /** Whether an output may be the logits of one picture. */
  private boolean isLogits(Output output) {
    Shape shape = output.shape();
    int dimensions = shape.dimension();
    return output.floating()
        && dimensions > 1
        && shape.get(0) == 1
        && (dimensions == 2
            || (dimensions == DIMENSIONS && shape.get(2) == 1 && shape.get(3) == 1));
  }

  /** Whether an output may be a score for each class at each position. */
  private boolean isMap(Output output) {
    return output.floating()
        && output.shape().dimension() == DIMENSIONS
        && output.shape().get(0) == 1;
  }

  private String names() {
    return outputs.stream()
        .limit(SHOWN)
        .map(Output::name)
        .collect(Collectors.joining(", ", "", outputs.size() > SHOWN ? ", …" : ""));
  }

  private TorchScriptException refusal(String why) {
    return refusal(why, List.of());
  }

  private TorchScriptException refusal(String why, List<Output> rows) {
    if (outputs.isEmpty()) {
      return new TorchScriptException(
          "%s put out no tensor for a picture, so there is nothing to explain.".formatted(what));
    }
    String list =
        outputs.stream()
            .limit(SHOWN)
            .map(Output::toString)
            .collect(Collectors.joining("; ", "", outputs.size() > SHOWN ? "; …" : ""));
    Output example =
        Stream.concat(rows.stream(), outputs.stream().filter(Output::floating))
            .findFirst()
            .orElse(outputs.get(0));
    String ofRows =
        rows.isEmpty()
            ? ""
            : rows.stream()
                .map(output -> "'%s'".formatted(output.name()))
                .collect(Collectors.joining(" or ", "; ", " may hold them for tokens or boxes"));
    return new TorchScriptException(
        String.format(
            Locale.ROOT,
            "%s puts out %d tensors, and %s: %s. Say which one is explained, such as Stated.NOTHING.output(%s), and name one class for each of its %s.",
            what,
            outputs.size(),
            why + ofRows,
            list,
            call(example),
            rows.isEmpty() ? "numbers" : "scores"));
  }

  private static String call(Output output) {
    String name = output.name();
    return name.matches("\\d+") ? name : OutputCode.quoted(name);
  }
}
