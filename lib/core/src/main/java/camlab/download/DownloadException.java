package camlab.download;

/**
 * A file that could not be had. The message says what went wrong and which file to put where by
 * hand.
 */
public final class DownloadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** An exception with a message for the reader, and what lies behind it, which may be null. */
  DownloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
