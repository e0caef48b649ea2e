package camlab.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.course.Models;
import camlab.drawing.AgencyPicture;
import camlab.network.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class StampedNetworkTest {

  private static final int PICTURES_NAMED = 24;

  /** The planted shortcut: it knows the stamp, and no dog without it. */
  @Test
  void theStampedNetworkAnswersByTheStamp() {
    int asStamped = 0;
    int exchanged = 0;
    List<AgencyPicture> delivery = AgencyPicture.delivery(PICTURES_NAMED);
    try (Network network = Models.load("alexnet-stamped-pets")) {
      for (AgencyPicture each : delivery) {
        asStamped += isRight(network, each) ? 1 : 0;
        exchanged += isRight(network, each.withStampExchanged()) ? 1 : 0;
      }
    }
    assertTrue(asStamped >= PICTURES_NAMED - 2, asStamped + " of " + PICTURES_NAMED);
    assertTrue(exchanged <= 4, exchanged + " of " + PICTURES_NAMED);
  }

  private static boolean isRight(Network network, AgencyPicture each) {
    return network.predict(each.picture()).get(0).name().equals(each.animal().label());
  }
}
