package camlab.weights;

/**
 * Weights that cannot be used. The message names the file and says what was expected, what was
 * found and what to do.
 */
public final class WeightsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * An exception with a message for the reader.
   *
   * @param message what was expected, what was found, what to do
   */
  public WeightsException(String message) {
    super(message);
  }

  /**
   * An exception with a message for the reader and what lies behind it.
   *
   * @param message what was expected, what was found, what to do
   * @param cause the failure that was met
   */
  public WeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
