package camlab.network;

import java.util.Locale;

/** How the positions and channels of a picture lie in what a layer puts out. */
public sealed interface Layout {

  /** Shape (N, K, h, w), as convolutions have it. */
  Layout CHANNELS_FIRST = new ChannelsFirst();

  /** Shape (N, h, w, K), as Swin and ConvNeXt's norms have it. */
  Layout CHANNELS_LAST = new ChannelsLast();

  /** No positions: shape (N, K), as behind a flattening. */
  Layout VECTOR = new Vector();

  /**
   * {@return tokens on a grid, shape (N, before + height · width, K), row by row}
   *
   * @param before how many tokens that have no position come first: the class token, registers
   * @param height rows of the grid
   * @param width columns of the grid
   */
  static Layout tokens(int before, int height, int width) {
    return new Tokens(before, height, width);
  }

  /** Shape (N, K, h, w). */
  record ChannelsFirst() implements Layout {
    @Override
    public String toString() {
      return "channels first (N, K, h, w)";
    }
  }

  /** Shape (N, h, w, K). */
  record ChannelsLast() implements Layout {
    @Override
    public String toString() {
      return "channels last (N, h, w, K)";
    }
  }

  /**
   * Shape (N, before + height · width, K).
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

  /** Shape (N, K). */
  record Vector() implements Layout {
    @Override
    public String toString() {
      return "a vector (N, K)";
    }
  }
}
