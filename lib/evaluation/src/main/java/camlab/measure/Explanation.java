package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Region;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What a measure judges: a map that claims to show why a network scored a class.
 *
 * @param view the picture as the network sees it, resized and cropped
 * @param map the map, of any size, laid over the whole view; raw values. It explains this view: of
 *     what part of which picture that was made, {@link #of} checks
 * @param confidence the probability the network gives the class
 * @param object where the object of the class is in the view, if that is known
 * @param explainer makes other maps as this one was made, if that is known
 */
public record Explanation(
    Picture view,
    Heatmap map,
    Confidence confidence,
    Optional<Mask> object,
    Optional<Explainer> explainer) {

  /**
   * Requires all parts.
   *
   * @param view the picture as the network sees it, resized and cropped
   * @param map the map, of any size, laid over the whole view
   * @param confidence the probability the network gives the class
   * @param object where the object of the class is in the view, if that is known
   * @param explainer makes other maps as this one was made, if that is known
   * @throws IllegalArgumentException if the mask is not of the view's size
   */
  public Explanation {
    Objects.requireNonNull(view, "view");
    Objects.requireNonNull(map, "map");
    Objects.requireNonNull(confidence, "confidence");
    Objects.requireNonNull(object, "object");
    Objects.requireNonNull(explainer, "explainer");
    object.ifPresent(
        mask -> {
          if (mask.width() != view.width() || mask.height() != view.height()) {
            throw new IllegalArgumentException(
                String.format(
                    Locale.ROOT,
                    "The mask is %d×%d, but the view is %d×%d. Take preprocessing().view(mask).",
                    mask.width(),
                    mask.height(),
                    view.width(),
                    view.height()));
          }
        });
  }

  /**
   * A map, whoever made it: measures that need more maps by the same method do not apply.
   *
   * @param view the picture as the network sees it, resized and cropped
   * @param map the map, of any size, laid over the whole view
   * @param confidence the probability the network gives the class
   * @param object where the object of the class is in the view, if that is known
   * @throws IllegalArgumentException if the mask is not of the view's size
   */
  public Explanation(Picture view, Heatmap map, Confidence confidence, Optional<Mask> object) {
    this(view, map, confidence, object, Optional.empty());
  }

  /**
   * {@return the explanation of a class of a network}
   *
   * @param network the network
   * @param picture the picture, before preprocessing
   * @param className the class the map explains
   * @param map the map
   * @throws IllegalArgumentException if the map explains another part of the picture than the
   *     network sees, or a picture of another size
   */
  public static Explanation of(Network network, Picture picture, String className, Heatmap map) {
    Region seen = network.preprocessing().region(picture);
    map.region()
        .filter(explained -> !explained.isSamePartAs(seen))
        .ifPresent(
            explained -> {
              throw new IllegalArgumentException(
                  "The map explains %s, but of this picture the network sees %s. Compute the map of this picture, with a network that sees the same part."
                      .formatted(explained, seen));
            });
    return new Explanation(
        network.preprocessing().view(picture),
        map,
        Confidence.of(network, className),
        Optional.empty());
  }

  /**
   * {@return this explanation, with where the object is}
   *
   * @param mask the object's pixels in the view
   */
  public Explanation withObject(Mask mask) {
    return new Explanation(view, map, confidence, Optional.of(mask), explainer);
  }

  /**
   * {@return this explanation, with what makes other maps as this one was made}
   *
   * @param other such as {@link Explainer#of}
   */
  public Explanation by(Explainer other) {
    return new Explanation(view, map, confidence, object, Optional.of(other));
  }

  /**
   * {@return the map resized to the view and then scaled to [0, 1]} A constant map is all zeros.
   */
  public Heatmap scaledMap() {
    return scaled(map);
  }

  /**
   * The confidence for each picture.
   *
   * @throws IllegalArgumentException if there is not one for each: it may be of somebody's own
   *     making
   */
  double[] confidences(List<Picture> pictures) {
    double[] found = confidence.of(pictures);
    if (found.length != pictures.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A confidence gives one probability for each picture: expected %d, found %d. Look at its of(views).",
              pictures.size(),
              found.length));
    }
    return found;
  }

  /** Any map of this view, resized to it and scaled to [0, 1]. */
  Heatmap scaled(Heatmap other) {
    return other.resized(view.height(), view.width()).normalized();
  }

  /**
   * The object's mask.
   *
   * @throws NotApplicableException if it is not known
   */
  Mask requireObject() {
    return object.orElseThrow(
        () -> new NotApplicableException("This measure needs a mask of the object."));
  }

  /**
   * What makes other maps.
   *
   * @throws NotApplicableException if it is not known
   */
  Explainer requireExplainer() {
    return explainer.orElseThrow(
        () ->
            new NotApplicableException(
                "This measure needs other maps by the same method. Add what makes them: explanation.by(Explainer.of(network, method, layer, className))."));
  }
}
