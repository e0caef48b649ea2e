package camlab.spark;

import camlab.evaluation.Evaluation;
import camlab.evaluation.Subject;
import camlab.network.Network;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.function.Function;

/**
 * Travels as a setup, and loads its network where it arrives. As a broadcast value there is one on
 * each executor, which all its tasks share.
 */
final class LoadedOnce implements Serializable, AutoCloseable {

  private static final long serialVersionUID = 1L;

  /** An executor is not told when a broadcast value is taken away; the garbage collector is. */
  private static final Cleaner CLEANER = Cleaner.create();

  private final Setup setup;

  private transient Network network;
  private transient Cleaner.Cleanable cleanable;

  LoadedOnce(Setup setup) {
    this.setup = setup;
  }

  /** The evaluation of one picture. */
  Evaluation evaluation(Function<Network, Subject> subject) {
    Network loaded = network();
    return new Evaluation(
        setup.name(),
        loaded,
        setup.layer().orElseGet(loaded::targetLayer),
        List.of(subject.apply(loaded)),
        setup.methods(),
        setup.measures());
  }

  private synchronized Network network() {
    if (network == null) {
      Network loaded = setup.network();
      cleanable = CLEANER.register(this, loaded::close);
      network = loaded;
    }
    return network;
  }

  /** Closes the network of this process; nothing happens if none was loaded. */
  @Override
  public synchronized void close() {
    if (network != null) {
      cleanable.clean();
      network = null;
    }
  }
}
