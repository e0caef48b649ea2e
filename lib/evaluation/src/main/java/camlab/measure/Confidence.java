package camlab.measure;

import camlab.network.Network;
import camlab.picture.Picture;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How sure a network is of one class: the probability it gives that class, for pictures of the size
 * it sees.
 */
@FunctionalInterface
public interface Confidence {

  /**
   * The probabilities of the class.
   *
   * @param views pictures as the network sees them: resized and cropped already
   * @return one probability in [0, 1] per picture
   */
  double[] of(List<Picture> views);

  /**
   * {@return the probability of the class for one picture}
   *
   * @param view the picture as the network sees it
   */
  default double of(Picture view) {
    return of(List.of(view))[0];
  }

  /** {@return the network that is asked, by its name and its identity; empty if it is not known} */
  default Optional<String> network() {
    return Optional.empty();
  }

  /** {@return the class whose probability it is; empty if it is not known} */
  default Optional<String> className() {
    return Optional.empty();
  }

  /**
   * {@return this confidence, which asks about equal pictures only once; for one thread at a time}
   *
   * @param pictures how many answers are remembered, at least 1; each keeps its picture in memory
   */
  default Confidence remembering(int pictures) {
    return remembering(pictures, Map.of());
  }

  /**
   * {@return this confidence, which asks about equal pictures only once, and not about those whose
   * answer is known already; for one thread at a time}
   *
   * @param pictures how many answers are remembered, at least 1; each keeps its picture in memory
   * @param known answers of this confidence; they count as remembered
   */
  default Confidence remembering(int pictures, Map<Picture, Double> known) {
    return new RememberedConfidence(this, pictures, known);
  }

  /**
   * {@return the confidence of a network: the probability that its numbers tell of a class}
   *
   * @param network the network; it must stay open as long as it is asked
   * @param className the class
   * @throws camlab.network.UnknownNameException if there is no such class
   * @throws camlab.network.NotApplicableException when asked, if the network's numbers tell no
   *     probability
   */
  static Confidence of(Network network, String className) {
    return of(network, network.classes().index(className));
  }

  /**
   * {@return the confidence of a network: the probability that its numbers tell of a class}
   *
   * @param network the network; it must stay open as long as it is asked
   * @param classIndex the class, from 0
   * @throws IndexOutOfBoundsException if there is no such class
   * @throws camlab.network.NotApplicableException when asked, if the network's numbers tell no
   *     probability
   */
  static Confidence of(Network network, int classIndex) {
    return new NetworkConfidence(network, classIndex);
  }
}
