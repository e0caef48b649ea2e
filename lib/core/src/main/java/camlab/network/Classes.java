package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.engine.PyTorch;
import camlab.file.TextException;
import camlab.file.TextFile;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The classes a network tells apart, in the order of its logits, and what its numbers mean.
 *
 * <pre>{@code
 * Classes.oneOf("cat", "dog");       // exactly one is there: softmax
 * Classes.independent("cat", "dog"); // each for itself: sigmoid
 * Classes.values("age");             // a plain value
 * Classes.of("cat", "dog");          // not stated: found in the file, or no probability is told
 * }</pre>
 *
 * @param names one name per logit; a name may occur twice (ImageNet has two cranes), and is then
 *     found by index only
 * @param meaning what the numbers stand for
 */
public record Classes(List<String> names, Meaning meaning) {

  /** So many numbers say where a box is, before its scores begin. */
  public static final int BOX = 4;

  /** The dimensions of boxes, or of scores for each token. */
  private static final int ROWS = 3;

  /** How the line of a file begins that says what a network's numbers mean. */
  private static final String MEANING = "meaning: ";

  private static final List<Meaning> MEANINGS =
      List.of(Meaning.ONE_OF_SEVERAL, Meaning.INDEPENDENT, Meaning.VALUES);

  /**
   * Copies the names; requires at least one, and two of which exactly one is there.
   *
   * @param names one name per logit
   * @param meaning what the numbers stand for
   */
  public Classes {
    Objects.requireNonNull(
        meaning, "Expected what the numbers mean, found null: Meaning.UNSTATED if nobody says it.");
    Objects.requireNonNull(names, "Expected a name for each class, found null.");
    if (names.stream().anyMatch(Objects::isNull)) {
      throw new NullPointerException(
          "Expected a name for each class, found null among them: %s.".formatted(names));
    }
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("A classifier has at least one class.");
    }
    if (meaning == Meaning.ONE_OF_SEVERAL && names.size() == 1) {
      throw new IllegalArgumentException(
          "One class is named, '%s', as exactly one of the classes (softmax), and the softmax of one number is always 1. Name both classes, the one the number speaks for last, such as Classes.oneOf(\"other\", \"%s\"); or state that it answers yes or no (sigmoid), Classes.independent(\"%s\")."
              .formatted(names.get(0), names.get(0), names.get(0)));
    }
  }

  /**
   * Classes of which nobody says what the numbers mean.
   *
   * @param names one name per logit
   */
  public Classes(List<String> names) {
    this(names, Meaning.UNSTATED);
  }

  /**
   * {@return classes of the given names, of which nobody says what the numbers mean}
   *
   * @param names the names
   */
  public static Classes of(String... names) {
    return new Classes(
        Arrays.asList(
            Objects.requireNonNull(names, "Expected a name for each class, found null.")));
  }

  /**
   * {@return classes of which exactly one is there: the network was trained with softmax}
   *
   * @param names the names
   */
  public static Classes oneOf(String... names) {
    return of(names).as(Meaning.ONE_OF_SEVERAL);
  }

  /**
   * {@return classes each of which is there or not: the network was trained with sigmoids}
   *
   * @param names the names
   */
  public static Classes independent(String... names) {
    return of(names).as(Meaning.INDEPENDENT);
  }

  /**
   * {@return names of plain values, such as an age}
   *
   * @param names the names
   */
  public static Classes values(String... names) {
    return of(names).as(Meaning.VALUES);
  }

  /**
   * {@return the same names with another meaning of the numbers}
   *
   * @param other what the numbers stand for
   */
  public Classes as(Meaning other) {
    return new Classes(names, other);
  }

  /**
   * {@return {@code class 0}, {@code class 1}, … for a network whose names are not known}
   *
   * @param count how many classes there are
   */
  public static Classes numbered(int count) {
    return new Classes(IntStream.range(0, count).mapToObj(i -> "class " + i).toList());
  }

  /**
   * {@return the classes that a text file names, one a line} The first line may say what a
   * network's numbers mean, {@code meaning: one of several}, {@code meaning: independent} or {@code
   * meaning: values}; without it nobody says so. Spaces around a name and empty lines do not count;
   * the line ends of any system and a byte-order mark are understood. Numbers at the start of all
   * lines ({@code 0 tench}, {@code 0: tench}) are no part of the names where they count from 0 or
   * from 1: they say the order; so is the name of a synset ({@code n01440764 tench}). Of JSON a
   * list of names is read, or an object with a name for each number (as of ImageNet) or a number
   * for each.
   *
   * @param file a text file in UTF-8, or in UTF-16 with a byte-order mark
   * @throws camlab.file.TextException if there is no such file, it is in another encoding, it names
   *     no class, or another meaning, or a number is left out or there twice; the message names the
   *     file and the line
   */
  public static Classes read(Path file) {
    return named(file, TextFile.read(file));
  }

  /**
   * {@return as {@link #read(Path)}, for a file in another encoding}
   *
   * @param file a text file
   * @param encoding how its characters are written, such as {@code windows-1252}
   * @throws camlab.file.TextException if there is no such file, it is in another encoding, it names
   *     no class, or another meaning
   */
  public static Classes read(Path file, Charset encoding) {
    return named(file, TextFile.read(file, encoding));
  }

  private static Classes named(Path file, String text) {
    Optional<List<String>> written = ClassForms.read(file, text);
    if (written.isPresent()) {
      return new Classes(written.get());
    }
    List<String> all = text.lines().map(String::strip).toList();
    List<NumberedNames.Line> lines =
        IntStream.range(0, all.size())
            .filter(i -> !all.get(i).isEmpty())
            .mapToObj(i -> new NumberedNames.Line(i + 1, all.get(i)))
            .toList();
    boolean said = !lines.isEmpty() && lines.get(0).text().startsWith(MEANING);
    List<NumberedNames.Line> named = said ? lines.subList(1, lines.size()) : lines;
    if (named.isEmpty()) {
      throw new TextException(
          "%s: expected the name of a class in each line, found none.".formatted(file));
    }
    List<String> names = NumberedNames.of(file, named);
    return said ? new Classes(names, meaning(file, lines.get(0).text())) : new Classes(names);
  }

  private static Meaning meaning(Path file, String line) {
    return MEANINGS.stream()
        .filter(known -> line(known).equals(line))
        .findFirst()
        .orElseThrow(
            () ->
                new TextException(
                    "%s: its first line says '%s'; expected one of %s."
                        .formatted(
                            file,
                            line,
                            MEANINGS.stream()
                                .map(known -> "'" + line(known) + "'")
                                .collect(Collectors.joining(", ")))));
  }

  /** Such as {@code meaning: one of several}. */
  private static String line(Meaning meaning) {
    return MEANING + meaning.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /**
   * {@return names of so many plain values, such as the places of an embedding: {@code value 0},
   * {@code value 1}, …}
   *
   * @param count how many there are
   */
  public static Classes values(int count) {
    return new Classes(
        IntStream.range(0, count).mapToObj(i -> "value " + i).toList(), Meaning.VALUES);
  }

  /**
   * {@return the probabilities of the classes, each in [0, 1]}
   *
   * @param logits shape (classes), or (N, classes)
   * @throws NotApplicableException if the numbers tell no probabilities, or are not one for each
   *     class; the message says what to do
   */
  public NDArray probabilities(NDArray logits) {
    requireScores(logits.getShape());
    return meaning.probabilities(logits);
  }

  /**
   * {@return what numbers say of each class, from the largest number to the smallest} A prediction
   * has a probability only where the meaning tells one.
   *
   * @param logits shape (classes)
   * @throws NotApplicableException if there is not one number for each class
   */
  public List<Prediction> predictions(NDArray logits) {
    requireScoresOfOne(logits.getShape());
    float[] scores = logits.toFloatArray();
    Optional<float[]> probabilities =
        meaning.tellsProbabilities()
            ? Optional.of(meaning.probabilities(logits).toFloatArray())
            : Optional.empty();
    List<Prediction> predictions = new ArrayList<>(scores.length);
    for (int i = 0; i < scores.length; i++) {
      double probability = probabilities.isPresent() ? probabilities.get()[i] : Double.NaN;
      predictions.add(new Prediction(i, name(i), scores[i], meaning, probability));
    }
    predictions.sort(Comparator.comparingDouble(Prediction::logit).reversed());
    return List.copyOf(predictions);
  }

  /**
   * {@return what numbers say of each class} As {@link #predictions(NDArray)}, of plain numbers.
   *
   * @param logits one for each class
   * @throws NotApplicableException if there is not one number for each class
   */
  public List<Prediction> predictions(float[] logits) {
    try (NDManager scope = PyTorch.newScope()) {
      return predictions(scope.create(logits));
    }
  }

  /**
   * Requires one number for each class.
   *
   * @param logits (classes), or (N, classes)
   * @throws NotApplicableException if there is something else; the message says what to do
   */
  public void requireScores(Shape logits) {
    int dimensions = logits.dimension();
    if (dimensions < 1 || dimensions > 2 || logits.get(dimensions - 1) != size()) {
      throw noScores(logits);
    }
  }

  /**
   * Requires one number for each class of one picture, of which the first dimension is the class: a
   * row more before it, (1, classes), would be taken for a class.
   *
   * @param logits (classes)
   * @throws NotApplicableException if there is something else; the message says what to do
   */
  public void requireScoresOfOne(Shape logits) {
    requireScores(logits);
    if (logits.get(0) != size() || logits.size() != size()) {
      throw noScores(logits);
    }
  }

  private NotApplicableException noScores(Shape logits) {
    String advice =
        logits.size() == size()
            ? "Export the network so that it puts out one row for each picture, output.flatten(1); or explain a function of it: Target.score, such as of output.flatten().get(0)."
            : "Explain a function of it: Target.of(…).overItsRegion(), or over(mask), for a map of classes, Target.inBox for boxes, Target.score for anything.";
    return new NotApplicableException(
        String.format(
            Locale.ROOT,
            "Predictions, probabilities and the score of a class need one number for each of the %d classes, found shape %s. %s",
            size(),
            logits,
            advice));
  }

  /** {@return whether one plain value is meant, such as an age} */
  public boolean isOneValue() {
    return meaning == Meaning.VALUES && size() == 1;
  }

  /** {@return how many there are} */
  public int size() {
    return names.size();
  }

  /**
   * {@return which dimension of what a network puts out the classes are along} The first behind the
   * batch, or the last one if that alone is as long as there are classes.
   *
   * @param output its shape, (N, classes), (N, classes, h, w), (N, h, w, classes) or another
   */
  public int axis(Shape output) {
    int last = output.dimension() - 1;
    return last > 1 && output.get(1) != size() && output.get(last) == size() ? last : 1;
  }

  /**
   * {@return which dimension of what a detector puts out for one picture the numbers of a box are
   * along: its four and a score for each class} The last one, unless only the first is as long as
   * that; empty if neither is.
   *
   * @param detected (boxes, 4 + classes), or (4 + classes, boxes), or anything else
   */
  public OptionalInt boxAxis(Shape detected) {
    if (detected.dimension() != 2) {
      return OptionalInt.empty();
    }
    long numbers = (long) BOX + size();
    return IntStream.of(1, 0).filter(axis -> detected.get(axis) == numbers).findFirst();
  }

  /**
   * {@return whether an output may hold scores of boxes, or of tokens and the like: three
   * dimensions, (N, boxes, 4 + classes) or (N, tokens, classes), or with the last two changed over}
   *
   * @param output its shape
   */
  public boolean areRows(Shape output) {
    return output.dimension() == ROWS
        && (output.get(1) == size()
            || output.get(2) == size()
            || boxAxis(output.slice(1)).isPresent());
  }

  /**
   * {@return the name of a class}
   *
   * @param index its logit, from 0
   * @throws IndexOutOfBoundsException with the range, if there is no such class
   */
  public String name(int index) {
    if (index < 0 || index >= names.size()) {
      throw new IndexOutOfBoundsException(
          String.format(
              Locale.ROOT,
              "There is no class %d: this network has the classes 0 to %d.",
              index,
              names.size() - 1));
    }
    return names.get(index);
  }

  /**
   * {@return the index of a class by its name, upper and lower case alike}
   *
   * @param name the name of the class
   * @throws UnknownNameException if no class has this name; the message lists the near names
   * @throws IllegalArgumentException if several classes have it
   */
  public int index(String name) {
    Objects.requireNonNull(name, "Expected the name of a class, found null.");
    String wanted = name.toLowerCase(Locale.ROOT);
    int[] found =
        IntStream.range(0, names.size())
            .filter(i -> names.get(i).toLowerCase(Locale.ROOT).equals(wanted))
            .toArray();
    if (found.length == 0) {
      throw UnknownNameException.of("class", name, names);
    }
    if (found.length > 1) {
      throw new IllegalArgumentException(
          "Several classes are called '%s': %s. Ask for one by its index."
              .formatted(name, Arrays.toString(found)));
    }
    return found[0];
  }
}
