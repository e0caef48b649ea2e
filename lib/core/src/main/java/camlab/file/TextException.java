package camlab.file;

/** A text file that cannot be read. The message names it, what was found, and what to do. */
public final class TextException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * An exception with a message for the reader.
   *
   * @param message the file, what was found, what to do
   */
  public TextException(String message) {
    super(message);
  }

  /**
   * An exception with a message for the reader, and what caused it.
   *
   * @param message the file, what was found, what to do
   * @param cause the failure that was met
   */
  public TextException(String message, Throwable cause) {
    super(message, cause);
  }
}
