package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.norm.LayerNorm;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A norm by the values of the picture itself: a layer norm, a group norm, an RMS norm. The values
 * are taken in rows, and of each row c / √(mean(c²) + ε) with c what is above the row's mean; then
 * the factors and the offsets.
 */
public final class RowNorm extends LambdaBlock implements KnownLayer {

  private static final float TINY = 1e-10f;

  private final UnaryOperator<Shape> rows;
  private final boolean centring;
  private final NDArray factor;
  private final double epsilon;

  /**
   * A norm.
   *
   * @param rows the shape (rows, values of a row) in which an input of some shape is normalised
   * @param centring whether a row's mean is taken off first; of an RMS norm it is not
   * @param factor γ, of a shape that is stretched to the input's
   * @param offset β, likewise
   * @param epsilon ε
   */
  public RowNorm(
      UnaryOperator<Shape> rows, boolean centring, NDArray factor, NDArray offset, double epsilon) {
    super(
        inputs -> {
          NDArray x = inputs.head();
          Rows values = Rows.of(x, rows.apply(x.getShape()), centring, epsilon);
          NDArray normed = values.centred().mul(values.scale()).reshape(x.getShape());
          return new NDList(normed.mul(factor).add(offset));
        },
        "norm");
    this.rows = rows;
    this.centring = centring;
    this.factor = factor;
    this.epsilon = epsilon;
  }

  /**
   * The norm that a layer is: one of these, or DJL's layer norm.
   *
   * @param graph the network the layer is in
   * @param layer the layer
   * @param scope what is worked out belongs to it
   * @return the norm; empty if the layer is none
   */
  public static Optional<RowNorm> of(LayerGraph graph, Layer layer, NDManager scope) {
    if (layer.block() instanceof RowNorm norm) {
      return Optional.of(norm);
    }
    if (!(layer.block() instanceof LayerNorm block)) {
      return Optional.empty();
    }
    NDArray factor = graph.value(layer.name() + ".weight");
    NDArray offset = graph.value(layer.name() + ".bias");
    long row = factor.size();
    return Optional.of(
        new RowNorm(
            shape -> new Shape(shape.size() / row, row),
            true,
            factor,
            offset,
            epsilon(block, factor.getShape(), scope)));
  }

  /**
   * ε of DJL's layer norm, which it does not show: of a row with the one value a beside zeros, the
   * norm without factors and offsets makes a (1 − 1/n) / √(v + ε) there, with v = a² (n − 1) / n²,
   * which is less than any ε in use.
   */
  private static double epsilon(LayerNorm block, Shape row, NDManager scope) {
    try (NDManager trial = scope.newSubManager()) {
      NDArray one = trial.zeros(new Shape(1).addAll(row));
      one.reshape(-1).set(new NDIndex(0), TINY);
      FrozenParameters plain =
          new FrozenParameters(
              trial,
              parameter ->
                  parameter == block.getDirectParameters().get("gamma")
                      ? trial.ones(row)
                      : trial.zeros(row));
      NDArray normed = block.forward(plain, new NDList(one), false).head().reshape(-1);
      double found = normed.getFloat(0);
      double n = row.size();
      double above = TINY * (1 - 1 / n);
      double variance = (double) TINY * TINY * (n - 1) / (n * n);
      return found == 0 ? 0 : Math.max(0, above * above / (found * found) - variance);
    }
  }

  @Override
  public LayerKind kind() {
    return LayerKind.NORM;
  }

  /** {@return whether a row's mean is taken off first} */
  public boolean isCentring() {
    return centring;
  }

  /** {@return γ, of a shape that is stretched to the input's} */
  public NDArray factor() {
    return factor;
  }

  /**
   * {@return an input in rows}
   *
   * @param input what the layer takes
   */
  public Rows rows(NDArray input) {
    return Rows.of(input, rows.apply(input.getShape()), centring, epsilon);
  }

  /**
   * Values in rows, shape (rows, values of a row), and what they are normalised by.
   *
   * @param centred c, what each is above its row's mean; the value itself in an RMS norm
   * @param variance the mean of c², shape (rows, 1)
   * @param scale 1 / √(variance + ε), shape (rows, 1)
   */
  public record Rows(NDArray centred, NDArray variance, NDArray scale) {

    private static final int[] ROW = {1};

    private static Rows of(NDArray input, Shape shape, boolean centring, double epsilon) {
      NDArray values = input.reshape(shape);
      NDArray centred = centring ? values.sub(values.mean(ROW, true)) : values;
      NDArray variance = centred.mul(centred).mean(ROW, true);
      return new Rows(centred, variance, variance.add(epsilon).sqrt().pow(-1));
    }
  }
}
