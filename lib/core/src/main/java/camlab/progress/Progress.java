package camlab.progress;

import java.util.Objects;

/** Sees how far long work has come: a download, the passes of a method, an evaluation. */
@FunctionalInterface
public interface Progress {

  /** Looks away. */
  Progress NONE = (work, done) -> Running.UNSEEN;

  /**
   * Work begins.
   *
   * @param work what is done
   * @param done how much of it is there already
   * @return what is told of it
   */
  Running begin(Work work, long done);

  /** What a piece of work is counted in. */
  enum Unit {
    /** Bytes of a file. */
    BYTES,
    /** Passes, numbers or whatever else takes about as long each. */
    STEPS
  }

  /**
   * A piece of work.
   *
   * @param name what it is called, such as a file's or a method's name
   * @param total how much there is to do
   * @param unit what that is counted in
   */
  record Work(String name, long total, Unit unit) {

    /**
     * Requires all parts.
     *
     * @param name what it is called, such as a file's or a method's name
     * @param total how much there is to do
     * @param unit what that is counted in
     */
    public Work {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(unit, "unit");
    }
  }

  /** Work under way. */
  @FunctionalInterface
  interface Running extends AutoCloseable {

    /** Looks away. */
    Running UNSEEN = done -> {};

    /**
     * The work has come this far.
     *
     * @param done how much is there, less than before if a download had to start again
     */
    void reached(long done);

    /** The work has ended, well or not. */
    @Override
    default void close() {}
  }
}
