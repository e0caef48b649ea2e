package camlab.measure;

/**
 * How much of its confidence a network loses if it is shown only what the map highlights.
 *
 * <p>Y is the probability of the class for the picture, O the one for the picture multiplied by the
 * map (resized and scaled to [0, 1]). The relative drop is max(0, Y − O) / Y, 0 where Y = 0; the
 * absolute one max(0, Y − O). Both lie in [0, 1]; less is better.
 *
 * <p>Source: A. Chattopadhyay et al., "Grad-CAM++", WACV 2018, section 4.1 (average drop, there in
 * per cent and relative).
 *
 * @param scale relative to Y, as in the paper, or absolute
 */
public record ConfidenceDrop(Scale scale) implements Measure {

  @Override
  public String name() {
    return scale == Scale.RELATIVE ? "drop" : "absolute drop";
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public double of(Explanation explanation) {
    return of(KeptConfidence.of(explanation));
  }

  private double of(KeptConfidence confidence) {
    double loss = Math.max(0, confidence.y() - confidence.o());
    return scale == Scale.ABSOLUTE || loss == 0 ? loss : loss / confidence.y();
  }
}
