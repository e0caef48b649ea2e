package camlab.network;

/** A block that says itself what it is for a method that has a rule for each kind of layer. */
public interface KnownLayer {

  /** {@return what it is} */
  LayerKind kind();

  /**
   * {@return how many of its inputs, counted from the first, give it values} Of those behind them
   * it asks for the shape alone.
   */
  default int carried() {
    return 1;
  }
}
