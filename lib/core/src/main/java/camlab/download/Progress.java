package camlab.download;

/** Shows how far a download has come. */
@FunctionalInterface
public interface Progress {

  /** Shows nothing. */
  Progress NONE = (file, done) -> Transfer.SILENT;

  /**
   * A download begins.
   *
   * @param file what is fetched
   * @param done how many bytes are there already
   * @return what is told of it
   */
  Transfer begin(RemoteFile file, long done);

  /** One download under way. */
  interface Transfer extends AutoCloseable {

    /** Shows nothing. */
    Transfer SILENT = done -> {};

    /**
     * The download has come this far.
     *
     * @param done how many bytes are there, fewer than before if it had to start again
     */
    void reached(long done);

    /** The download has ended, well or not. */
    @Override
    default void close() {}
  }
}
