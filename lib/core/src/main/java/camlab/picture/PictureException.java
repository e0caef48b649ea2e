package camlab.picture;

/**
 * A picture that cannot be read or written. The message says what was expected, what was found and
 * what to do.
 */
public final class PictureException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * An exception with a message for the reader of a notebook.
   *
   * @param message what went wrong, and what to do
   */
  public PictureException(String message) {
    super(message);
  }

  /**
   * An exception with a message for the reader of a notebook, and what caused it.
   *
   * @param message what went wrong, and what to do
   * @param cause what caused it
   */
  public PictureException(String message, Throwable cause) {
    super(message, cause);
  }
}
