package camlab.concept;

import camlab.heatmap.Heatmap;
import camlab.network.Prediction;
import java.util.List;
import java.util.Locale;

/**
 * One of the concepts that the activations of a layer are made of.
 *
 * @param number which one, from 0: the one with the largest share comes first
 * @param vector what the layer's K channels put out for it where it is strongest; none is negative
 * @param share the share, from 0 to 1, of all that the concepts put out together, summed over
 *     pictures, positions and channels; 0 of each if they put out nothing
 * @param maps how strong it is at each position, one map for each picture; 1 at the strongest place
 *     in all pictures, never negative; 0 everywhere if nothing was left for this concept
 * @param predictions what the network says where the layer puts out this vector at every position
 *     and nothing else, from the most to the least likely class; the mean of the logits if the
 *     pictures differ in what lies beside the layer
 */
public record Concept(
    int number,
    List<Float> vector,
    double share,
    List<Heatmap> maps,
    List<Prediction> predictions) {

  /**
   * Copies the lists.
   *
   * @param number which one, from 0
   * @param vector one value for each channel
   * @param share from 0 to 1
   * @param maps one for each picture
   * @param predictions from the most to the least likely class
   */
  public Concept {
    vector = List.copyOf(vector);
    maps = List.copyOf(maps);
    predictions = List.copyOf(predictions);
  }

  /** {@return the class that it speaks for most, as the network puts it for the vector alone} */
  public Prediction prediction() {
    return predictions.get(0);
  }

  /** Such as {@code concept 0 · 41 % of the activations · cat 98.2 %}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "concept %d · %.0f %% of the activations · %s",
        number,
        100 * share,
        prediction());
  }
}
