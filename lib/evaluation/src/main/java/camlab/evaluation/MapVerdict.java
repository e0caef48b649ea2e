package camlab.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What speaks against a map, and whether that is a matter of the network or of the method.
 *
 * <p>The thresholds were chosen on drawn pictures of seeds other than those on which the share of
 * right verdicts was counted, of shipped networks with and without planted faults. Of other
 * networks and pictures nobody has tried them.
 *
 * @param side against whom it speaks
 * @param reasons what speaks against the map, in words with its numbers; of {@link
 *     Side#NOTHING_AGAINST} none
 * @param notAsked what could not be asked, and what it would take
 */
public record MapVerdict(Side side, List<String> reasons, List<String> notAsked) {

  /**
   * Of 19 pictures with their cells in another order, how many may get the score. Of sound networks
   * 10 of 12 pictures had at most 4, of untrained ones 2 of 9.
   */
  static final int SCRAMBLED = 4;

  /**
   * Least mean rank correlation with other methods at the same layer. At the layers meant to be
   * looked at it was 0.69 and more of trained networks, at layers too early 0.39 and less, and in
   * an untrained AlexNet 0.58 and less.
   */
  static final double AGREEMENT = 0.65;

  /**
   * Above this rank correlation a map of another class, or of other weights, is the same map. No
   * fault was planted that shows it: maps of classes reached 0.72, of weights 0.43.
   */
  static final double SAME = 0.9;

  /**
   * How much of what covering takes lies on the object, as a multiple of its area. It was at most
   * 0.95 where a network had learned a stamp, and 1.57 or more where it had learned the animals.
   */
  static final double ON_OBJECT = 1;

  /**
   * The largest calibration error of about 20 pictures. Of sound networks it was at most 0.10, of
   * an untrained AlexNet 0.21 and 0.46, without the normalisation it was trained with 0.57.
   */
  static final double CALIBRATION = 0.25;

  /** Against whom it speaks. */
  public enum Side {
    /** The network does not look at the object, or its answer is worth nothing. */
    NETWORK("it is the network"),
    /** The network may be sound, and this map does not show what it looks at. */
    METHOD("it is the method, or the layer at which it looks"),
    /** Each question that could be asked was answered in the map's favour. */
    NOTHING_AGAINST("nothing speaks against the map"),
    /** What was found speaks against the map and does not say whose fault it is. */
    UNDECIDED("undecided");

    private final String words;

    Side(String words) {
      this.words = words;
    }

    /** In words. */
    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * Copies the lists.
   *
   * @param side against whom it speaks
   * @param reasons what speaks against the map
   * @param notAsked what could not be asked
   */
  public MapVerdict {
    reasons = List.copyOf(reasons);
    notAsked = List.copyOf(notAsked);
  }

  /**
   * {@return what follows from evidence}
   *
   * @param evidence the numbers
   */
  public static MapVerdict of(MapEvidence evidence) {
    List<String> network = network(evidence);
    List<String> method = method(evidence);
    boolean scrambled = evidence.scrambled() > SCRAMBLED;
    boolean missed = evidence.covering() <= evidence.random();
    boolean doubtful = scrambled || evidence.denied();
    List<String> reasons = new ArrayList<>(network);
    if (evidence.denied()) {
      reasons.add("the network itself gives the class less than 50 %");
    }
    if (scrambled) {
      reasons.add(
          words(
              "%d of 19 pictures of the same cells in another order have at least this score",
              evidence.scrambled()));
    }
    if (missed) {
      reasons.add(
          words(
              "covering the ten cells where the map is highest takes %.2f of what covering takes at all, and one of 20 random maps gets %.2f",
              evidence.covering(), evidence.random()));
    }
    reasons.addAll(method);
    Side side;
    if (!network.isEmpty()
        || (evidence.denied() && scrambled)
        || (doubtful && (missed || !method.isEmpty()))) {
      side = Side.NETWORK;
    } else if (!method.isEmpty()) {
      side = Side.METHOD;
    } else {
      side = doubtful || missed ? Side.UNDECIDED : Side.NOTHING_AGAINST;
    }
    return new MapVerdict(side, reasons, notAsked(evidence));
  }

  private static List<String> network(MapEvidence evidence) {
    List<String> reasons = new ArrayList<>();
    evidence
        .labelled()
        .filter(answers -> !answers.aboveChance())
        .ifPresent(
            answers ->
                reasons.add(
                    words(
                        "of %d pictures whose class is known it names %d, no more than guessing may",
                        answers.total(), answers.right())));
    evidence
        .labelled()
        .filter(answers -> answers.calibrationError().orElse(0) > CALIBRATION)
        .ifPresent(
            answers ->
                reasons.add(
                    words(
                        "it is not as sure as it is right: of %d pictures whose class is known the calibration error is %.2f",
                        answers.total(), answers.calibrationError().getAsDouble())));
    Map<String, Double> inside = evidence.inside();
    if (inside.getOrDefault(MapEvidence.COVERING, ON_OBJECT) < ON_OBJECT) {
      reasons.add(
          words(
              "the network looks outside the object: covering the object takes %.2f times what its area would, and of %d methods' maps %d have less there than its area, too",
              inside.get(MapEvidence.COVERING),
              inside.size() - 1,
              inside.entrySet().stream()
                  .filter(entry -> !entry.getKey().equals(MapEvidence.COVERING))
                  .filter(entry -> entry.getValue() < ON_OBJECT)
                  .count()));
    }
    return reasons;
  }

  private static List<String> method(MapEvidence evidence) {
    List<String> reasons = new ArrayList<>();
    if (evidence.meanAgreement().orElse(1) < AGREEMENT) {
      reasons.add(
          words(
              "the maps disagree: the mean rank correlation with %d other methods is %.2f",
              evidence.agreement().size(), evidence.meanAgreement().getAsDouble()));
    }
    if (evidence.otherClass().orElse(-1) > SAME) {
      reasons.add(
          words(
              "the map does not depend on the class: its rank correlation with that of the next class is %.2f",
              evidence.otherClass().getAsDouble()));
    }
    if (evidence.randomized().orElse(-1) > SAME) {
      reasons.add(
          words(
              "the map does not depend on what was learned: its rank correlation with maps of weights by lot is %.2f",
              evidence.randomized().getAsDouble()));
    }
    return reasons;
  }

  private static List<String> notAsked(MapEvidence evidence) {
    List<String> open = new ArrayList<>();
    if (evidence.agreement().isEmpty()) {
      open.add("whether the methods agree: no other one was named");
    }
    if (evidence.inside().isEmpty()) {
      open.add("whether the network looks at the object: that takes a mask of it");
    }
    if (evidence.labelled().isEmpty()) {
      open.add("whether its answers are right: that takes pictures whose class is known");
    }
    if (evidence.randomized().isEmpty()) {
      open.add("whether the map depends on the weights: of a program they cannot be exchanged");
    }
    if (evidence.otherClass().isEmpty()) {
      open.add("whether the map depends on the class: there is no other");
    }
    return open;
  }

  private static String words(String format, Object... numbers) {
    return String.format(Locale.ROOT, format, numbers);
  }

  /** One sentence with its reasons. */
  @Override
  public String toString() {
    String said = reasons.isEmpty() ? side.toString() : side + ": " + String.join("; ", reasons);
    String upper = said.substring(0, 1).toUpperCase(Locale.ROOT) + said.substring(1) + ".";
    return notAsked.isEmpty() ? upper : upper + " Not asked: " + String.join("; ", notAsked) + ".";
  }
}
