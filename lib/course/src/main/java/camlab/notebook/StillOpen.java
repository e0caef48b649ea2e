package camlab.notebook;

/** An exercise was checked that has no answer yet. */
public final class StillOpen extends CheckFailed {

  /** What the line says that stands in place of an answer, and throws. */
  public static final String STUB = "Write your answer here.";

  private static final long serialVersionUID = 1L;

  /** There is nothing to check. */
  public StillOpen() {
    super("This exercise is still open: " + STUB);
  }
}
