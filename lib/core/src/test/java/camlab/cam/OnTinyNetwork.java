package camlab.cam;

import ai.djl.ndarray.NDManager;
import camlab.capture.Recording;
import camlab.network.Network;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Each test has a recording of {@link TinyNetwork}: two channels, [1 2; 3 4] and [0 1; 0 2]. */
abstract class OnTinyNetwork {

  static final String LAYER = "relu";

  Network network;
  NDManager scope;
  Recording recording;

  @BeforeEach
  void run() {
    network = TinyNetwork.create();
    scope = network.newScope();
    recording = Recording.of(network, TinyNetwork.input(scope), List.of(LAYER));
  }

  @AfterEach
  void free() {
    recording.close();
    scope.close();
    network.close();
  }
}
