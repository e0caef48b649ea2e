package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;

/**
 * How the positions and channels of a picture lie in what a layer puts out, and the way from there
 * to maps, shape (N, K, h, w), and back: the one place where this is done.
 */
public sealed interface Layout {

  /** Shape (N, K, h, w), as convolutions have it. */
  Layout CHANNELS_FIRST = new ChannelsFirst();

  /** Shape (N, h, w, K), as Swin's blocks and ConvNeXt's norms have it. */
  Layout CHANNELS_LAST = new ChannelsLast();

  /**
   * No positions, whatever the shape: such as (N, K) or (N, K, 1, 1), as behind a flattening or a
   * global average.
   */
  Layout VECTOR = new Vector();

  /**
   * {@return tokens on a grid, row by row, shape (N, T, K) with T at least before + height · width}
   * Whatever tokens come behind the grid have no position either.
   *
   * @param before how many tokens that have no position come first: the class token, registers
   * @param height rows of the grid
   * @param width columns of the grid
   */
  static Layout tokens(int before, int height, int width) {
    return new Tokens(before, height, width);
  }

  /**
   * {@return as {@link #tokens}, with the tokens before the pictures: shape (T, N, K)}
   *
   * @param before how many tokens that have no position come first
   * @param height rows of the grid
   * @param width columns of the grid
   */
  static Layout tokensFirst(int before, int height, int width) {
    return new TokensFirst(new Tokens(before, height, width));
  }

  /** {@return whether there are positions at all} */
  boolean hasPositions();

  /**
   * {@return whether an output of this shape can have this layout}
   *
   * @param output the shape of a layer's output
   */
  boolean fits(Shape output);

  /**
   * A layer's output as maps. Tokens without a position are left out.
   *
   * @param output what the layer puts out, or the gradient there
   * @return shape (N, K, h, w); may share the output's memory
   * @throws IllegalArgumentException if the output's shape does not fit
   * @throws IllegalStateException if this layout has no positions
   */
  NDArray maps(NDArray output);

  /**
   * {@return the shape of the maps, (N, K, h, w)}
   *
   * @param output the shape of a layer's output
   * @throws IllegalArgumentException if it does not fit
   * @throws IllegalStateException if this layout has no positions
   */
  Shape maps(Shape output);

  /**
   * The way back: outputs of a layer that have these maps. Tokens without a position stay as they
   * are.
   *
   * @param maps shape (n, K, h, w)
   * @param output what the layer put out, for one picture or for n
   * @return the shape of the output, for n pictures, in the scope of the maps
   * @throws IllegalStateException if this layout has no positions
   */
  NDArray outputs(NDArray maps, NDArray output);

  private static void requireFits(Layout layout, Shape output) {
    if (!layout.fits(output)) {
      throw new IllegalArgumentException(
          "An output of shape %s has no places as the layout says: %s.".formatted(output, layout));
    }
  }

  /** Shape (N, K, h, w). */
  record ChannelsFirst() implements Layout {
    @Override
    public boolean hasPositions() {
      return true;
    }

    @Override
    public boolean fits(Shape output) {
      return output.dimension() == 4;
    }

    @Override
    public NDArray maps(NDArray output) {
      requireFits(this, output.getShape());
      return output;
    }

    @Override
    public Shape maps(Shape output) {
      requireFits(this, output);
      return output;
    }

    @Override
    public NDArray outputs(NDArray maps, NDArray output) {
      return maps;
    }

    @Override
    public String toString() {
      return "channels first (N, K, h, w)";
    }
  }

  /** Shape (N, h, w, K). */
  record ChannelsLast() implements Layout {
    @Override
    public boolean hasPositions() {
      return true;
    }

    @Override
    public boolean fits(Shape output) {
      return output.dimension() == 4;
    }

    @Override
    public NDArray maps(NDArray output) {
      requireFits(this, output.getShape());
      return output.transpose(0, 3, 1, 2);
    }

    @Override
    public Shape maps(Shape output) {
      requireFits(this, output);
      return new Shape(output.get(0), output.get(3), output.get(1), output.get(2));
    }

    @Override
    public NDArray outputs(NDArray maps, NDArray output) {
      return maps.transpose(0, 2, 3, 1);
    }

    @Override
    public String toString() {
      return "channels last (N, h, w, K)";
    }
  }

  /**
   * Shape (N, T, K).
   *
   * @param before tokens without a position that come first
   * @param height rows of the grid
   * @param width columns of the grid
   */
  record Tokens(int before, int height, int width) implements Layout {

    /**
     * Requires a grid.
     *
     * @param before tokens without a position that come first
     * @param height rows of the grid
     * @param width columns of the grid
     */
    public Tokens {
      if (before < 0 || height < 1 || width < 1) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "A grid has at least one row and one column, and no fewer than 0 tokens before it; found %d before %d×%d.",
                before,
                height,
                width));
      }
    }

    private int count() {
      return height * width;
    }

    @Override
    public boolean hasPositions() {
      return true;
    }

    @Override
    public boolean fits(Shape output) {
      return output.dimension() == 3 && output.get(1) >= before + (long) count();
    }

    @Override
    public NDArray maps(NDArray output) {
      requireFits(this, output.getShape());
      NDArray grid = output.get(":, {}:{}", before, before + count());
      Shape shape = grid.getShape();
      return grid.transpose(0, 2, 1).reshape(shape.get(0), shape.get(2), height, width);
    }

    @Override
    public Shape maps(Shape output) {
      requireFits(this, output);
      return new Shape(output.get(0), output.get(2), height, width);
    }

    @Override
    public NDArray outputs(NDArray maps, NDArray output) {
      Shape shape = maps.getShape();
      NDArray grid = maps.reshape(shape.get(0), shape.get(1), (long) count()).transpose(0, 2, 1);
      long all = output.getShape().get(1);
      NDList tokens = new NDList();
      if (before > 0) {
        tokens.add(forEach(shape.get(0), output.get(":, :{}", before)));
      }
      tokens.add(grid);
      if (all > before + count()) {
        tokens.add(forEach(shape.get(0), output.get(":, {}:", before + count())));
      }
      tokens.forEach(part -> part.attach(maps.getManager()));
      return tokens.size() == 1 ? grid : NDArrays.concat(tokens, 1);
    }

    private static NDArray forEach(long pictures, NDArray tokens) {
      return tokens.getShape().get(0) == pictures ? tokens : tokens.repeat(0, pictures);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "tokens (N, T, K): %d without a position, then %d×%d",
          before,
          height,
          width);
    }
  }

  /**
   * Shape (T, N, K).
   *
   * @param tokens the tokens, as they lie once the pictures come first
   */
  record TokensFirst(Tokens tokens) implements Layout {

    @Override
    public boolean hasPositions() {
      return true;
    }

    @Override
    public boolean fits(Shape output) {
      return output.dimension() == 3
          && tokens.fits(new Shape(output.get(1), output.get(0), output.get(2)));
    }

    @Override
    public NDArray maps(NDArray output) {
      requireFits(this, output.getShape());
      return tokens.maps(output.transpose(1, 0, 2));
    }

    @Override
    public Shape maps(Shape output) {
      requireFits(this, output);
      return tokens.maps(new Shape(output.get(1), output.get(0), output.get(2)));
    }

    @Override
    public NDArray outputs(NDArray maps, NDArray output) {
      return tokens.outputs(maps, output.transpose(1, 0, 2)).transpose(1, 0, 2);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "tokens first (T, N, K): %d without a position, then %d×%d",
          tokens.before(),
          tokens.height(),
          tokens.width());
    }
  }

  /** Any shape, such as (N, K) or (N, K, 1, 1). */
  record Vector() implements Layout {
    @Override
    public boolean hasPositions() {
      return false;
    }

    @Override
    public boolean fits(Shape output) {
      return output.dimension() > 0;
    }

    @Override
    public NDArray maps(NDArray output) {
      throw none();
    }

    @Override
    public Shape maps(Shape output) {
      throw none();
    }

    @Override
    public NDArray outputs(NDArray maps, NDArray output) {
      throw none();
    }

    private static IllegalStateException none() {
      return new IllegalStateException("A vector has no positions, so there are no maps of it.");
    }

    @Override
    public String toString() {
      return "a vector (N, K)";
    }
  }
}
