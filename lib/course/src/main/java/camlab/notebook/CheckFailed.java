package camlab.notebook;

/** A cell's self-check did not hold. */
public class CheckFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A failed check with a message for the student. */
  public CheckFailed(String message) {
    super(message);
  }
}
