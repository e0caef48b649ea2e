package camlab.network;

/**
 * A method or measure that does not apply to what it was given, for a reason that lies in the
 * matter: CAM needs a network with a global average, a measure of place needs a mask. The message
 * is that reason. An evaluation keeps it as the answer, and goes on; any other exception ends it.
 */
public final class NotApplicableException extends UnsupportedOperationException {

  private static final long serialVersionUID = 1L;

  /**
   * An exception with the reason, as a sentence for the reader of a notebook.
   *
   * @param reason why, as a sentence
   */
  public NotApplicableException(String reason) {
    super(reason);
  }
}
