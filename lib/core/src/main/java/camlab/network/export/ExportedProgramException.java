package camlab.network.export;

/**
 * A file of {@code torch.export.save} that cannot be used. The message says what was expected, what
 * was found and what to do.
 */
public final class ExportedProgramException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * An exception with a message for the reader.
   *
   * @param message what was expected, what was found, what to do
   */
  public ExportedProgramException(String message) {
    super(message);
  }

  /**
   * An exception with a message for the reader and what lies behind it.
   *
   * @param message what was expected, what was found, what to do
   * @param cause the failure that was met
   */
  public ExportedProgramException(String message, Throwable cause) {
    super(message, cause);
  }
}
