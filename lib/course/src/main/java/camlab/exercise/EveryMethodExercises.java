package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import camlab.evaluation.Named;
import camlab.evaluation.Question;
import camlab.evaluation.Ranking;
import camlab.evaluation.Result;
import camlab.evaluation.Results;
import camlab.heatmap.Heatmap;
import camlab.measure.EnergyInObject;
import camlab.picture.Mask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;

/** The exercises of lesson 12. */
public final class EveryMethodExercises {

  /** With this seed 'at the edge' is ahead of 'reached' in exactly 39 of 40 draws: 97.5 %. */
  private static final int DRAWS = 40;

  private static final long SEED = 8;

  private EveryMethodExercises() {}

  /**
   * Exercise 1: the share of the squares of what is positive in a map that lies on the animal, Σ_m
   * R(M_ij)² / Σ R(M_ij)², of the map M resized to the mask m; without the squares it is the energy
   * of Wang et al. 2020, section 4.3.
   *
   * @param answer the reader's method: a map of any size and a mask to the share
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void energy(ToDoubleBiFunction<Heatmap, Mask> answer) {
    energy("The energy of a map of 2×2 with a negative value", 0.9, answer, 3, 1, -2, 0);
    energy("The energy of an empty map", 0, answer, 0, 0, 0, 0);
    Heatmap small = MadeUp.map(1, 2, 4, 0);
    Mask first = MadeUp.mask(1, 4, 0);
    Answer.number(
        "The energy of a map of 1×2 over a mask of 1×4",
        16 / 26.0,
        1e-4,
        () -> answer.applyAsDouble(small, first));
    Random random = new Random(12);
    Heatmap map = MadeUp.map(3, 4, random.doubles(12, -0.5, 1).toArray());
    Mask mask = MadeUp.mask(6, 8, random.ints(20, 0, 48).distinct().toArray());
    Answer.number(
        "The energy of a random map",
        squares(map, mask),
        1e-4,
        () -> answer.applyAsDouble(map, mask));
    passed("the energy of four maps is right");
  }

  private static double squares(Heatmap map, Mask mask) {
    Heatmap large = map.resized(mask.height(), mask.width());
    double inside = 0;
    double total = 0;
    for (int i = 0; i < mask.height(); i++) {
      for (int j = 0; j < mask.width(); j++) {
        double value = Math.pow(Math.max(large.at(i, j), 0), 2);
        inside += mask.contains(i, j) ? value : 0;
        total += value;
      }
    }
    return inside / total;
  }

  private static void energy(
      String what, double expected, ToDoubleBiFunction<Heatmap, Mask> answer, double... values) {
    Heatmap map = MadeUp.map(2, 2, values);
    Mask left = MadeUp.mask(2, 2, 0, 2);
    Answer.number(what, expected, 1e-6, () -> answer.applyAsDouble(map, left));
  }

  /**
   * Exercise 2: the mean over the questions to pictures of one animal, and over those to pictures
   * with both.
   *
   * @param answer the reader's method: the values of each picture's questions, by the picture's
   *     name, to the two means
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void aloneAndBoth(Function<Map<String, List<Double>>, double[]> answer) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    values.put("test-cat-00", List.of(0.5));
    values.put("test-both-00", List.of(0.25, 0.75));
    values.put("test-dog-00", List.of(1.0, 0.75));
    values.put("test-both-01", List.of(0.125));
    double[] expected = {0.75, 0.375};
    Answer.numbers("The means of four pictures", expected, () -> answer.apply(values));
    passed("the means of both groups are right");
  }

  /**
   * Exercise 3: the methods that are ahead of another in more than 97.5 % of the draws.
   *
   * @param answer the reader's method: a ranking and a method's name to the names of those ahead
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void aheadInDraws(BiFunction<Ranking, String, List<String>> answer) {
    Ranking ranking = Ranking.of(results(), new EnergyInObject(), DRAWS, SEED);
    aheadInDraws(
        "The list of methods that are ahead of 'middle' in more than 97.5 % of the draws",
        Set.of("always better", "always best"),
        () -> answer.apply(ranking, "middle"),
        "to be ahead in most of the draws, or as good, is not enough");
    aheadInDraws(
        "The list of methods that are ahead of 'always best' in more than 97.5 % of the draws",
        Set.of(),
        () -> answer.apply(ranking, "always best"),
        "nobody is ahead of the best, and nobody is ahead of himself");
    aheadInDraws(
        "The list of methods that are ahead of 'reached' in more than 97.5 % of the draws",
        Set.of("always best", "always better", "middle", "just as good", "often better"),
        () -> answer.apply(ranking, "reached"),
        "more than 97.5 % is not the same as 97.5 % or more");
    passed("the methods that are ahead in nearly all draws are right");
  }

  /** The order of the names does not matter. */
  private static void aheadInDraws(
      String what, Set<String> expected, Supplier<List<String>> found, String hint) {
    List<String> names = Answer.value(what, found);
    Set<String> different = new HashSet<>(names);
    Answer.equal(what, expected, () -> different, hint);
    if (different.size() < names.size()) {
      throw Answer.wrong(what, "it names a method twice", "one name for each method is enough");
    }
  }

  private static Results results() {
    List<Result> results = new ArrayList<>();
    double[][] values = {{0.6, 0.5, 0.4}, {0.8, 0.7, 0.6}, {0.5, 0.4, 0.3}, {0.5, 0.4, 0.3}};
    List<String> names = List.of("always better", "always best", "middle", "just as good");
    for (int k = 0; k < names.size(); k++) {
      add(results, names.get(k), values[k]);
    }
    add(results, "often better", 0.8, 0.45, 0.2);
    add(results, "always worse", 0.1, 0.1, 0.1);
    add(results, "reached", 0.15, 0.15, 0.15);
    add(results, "at the edge", 0.25, 0.25, 0.11);
    return new Results(results);
  }

  private static void add(List<Result> results, String method, double... values) {
    EnergyInObject energy = new EnergyInObject();
    for (int picture = 0; picture < values.length; picture++) {
      Question question =
          new Question(
              named("made up"),
              "layer",
              named("picture " + picture),
              named("cat"),
              named(method),
              new Named(energy.name(), energy.identity()));
      results.add(Result.of(question, values[picture]));
    }
  }

  private static Named named(String name) {
    return new Named(name, name);
  }
}
