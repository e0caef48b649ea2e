package camlab.spark;

import camlab.cam.CamMethod;
import camlab.measure.Measure;
import camlab.network.Network;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * What is judged, told in such a way that each machine of a cluster can make it: a network, methods
 * and measures hold native memory or much else that does not travel.
 *
 * <p>It is called on every executor. What it gives must be the same everywhere, or rows of one
 * table would mean different things; the identities in each row tell if it was not.
 */
public interface Setup extends Serializable {

  /** {@return what the network is called in the results} */
  String name();

  /** {@return the network, loaded anew; an executor asks for it once, and closes it} */
  Network network();

  /** {@return the methods} */
  List<CamMethod> methods();

  /** {@return the measures} */
  List<Measure> measures();

  /** {@return the layer the maps are taken at; by default the network's own target layer} */
  default Optional<String> layer() {
    return Optional.empty();
  }
}
