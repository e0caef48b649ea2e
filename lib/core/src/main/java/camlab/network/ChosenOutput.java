package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Locale;

/** A block that puts out several arrays, of which one counts. */
final class ChosenOutput extends AbstractBlock {

  private final Block block;
  private final int index;

  /**
   * Runs a block and takes one of its arrays.
   *
   * @param block the user's own, whose parameters it shares
   * @param index which array, from 0
   */
  ChosenOutput(Block block, int index) {
    this.block = addChildBlock("chosen", block);
    this.index = index;
  }

  /** The block that is run. */
  Block block() {
    return block;
  }

  /** Which of its arrays counts. */
  Fact fact(String layer) {
    return new Fact(
        "output",
        String.valueOf(index),
        Fact.Origin.STATED,
        "counted from 0 among those that the last layer, '%s', puts out".formatted(layer));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDList outputs = block.forward(parameterStore, inputs, training);
    requireSeveral(outputs.size());
    NDArray chosen = outputs.get(index);
    return new NDList(chosen);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    Shape[] shapes = block.getOutputShapes(inputShapes);
    requireSeveral(shapes.length);
    return new Shape[] {shapes[index]};
  }

  private void requireSeveral(int size) {
    if (size == 1) {
      throw new IllegalArgumentException(
          "Output %s was stated, but the network puts out one array. State no output."
              .formatted(index));
    }
    if (index >= size) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Output %d was stated, but the network puts out %d arrays. State one from 0 to %d.",
              index,
              size,
              size - 1));
    }
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
    block.initialize(manager, dataType, inputShapes);
  }
}
