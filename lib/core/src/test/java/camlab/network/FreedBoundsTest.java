package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.picture.Preprocessing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** DJL's own ReLU6 keeps its bounds in memory that is free once the block has run. */
class FreedBoundsTest {

  private static final int SIZE = 4;

  @Test
  void theGradientOfReLU6IsThereWhateverBecameOfTheMemory() {
    SequentialBlock block =
        new SequentialBlock().add(Activation.relu6Block()).add(Blocks.batchFlattenBlock());
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(1, 3, SIZE, SIZE);
      block.initialize(manager, DataType.FLOAT32, shape);
      Preprocessing plain = Preprocessing.PLAIN.toBuilder().size(SIZE, SIZE).build();
      try (Network network = Network.of("bounded", block, Classes.numbered(48), plain)) {
        NDArray input = manager.create(new float[] {-1, 3, 7, 2}).tile(12).reshape(shape);
        for (int i = 0; i < 20; i++) {
          try (Recording recording = Recording.of(network, input, List.of(LayerGraph.INPUT))) {
            overwriteWhatIsFree();
            for (int k = 0; k < 4; k++) {
              float[] gradient =
                  recording.outputGradient(LayerGraph.INPUT, Target.of(k)).toFloatArray();
              assertEquals(k == 1 || k == 3 ? 1 : 0, gradient[k], "number " + k);
            }
          }
        }
      }
    }
  }

  private static void overwriteWhatIsFree() {
    System.gc();
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(4);
      buffer.put(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff});
      buffers.add(buffer);
    }
    assertEquals(500, buffers.size());
  }
}
