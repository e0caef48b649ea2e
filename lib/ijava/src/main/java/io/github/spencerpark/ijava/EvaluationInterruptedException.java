package io.github.spencerpark.ijava;

/** A cell was interrupted; what follows in it does not run. Front ends see the class's name. */
final class EvaluationInterruptedException extends Exception {

  private static final long serialVersionUID = 1;

  EvaluationInterruptedException(String snippet) {
    super("This was interrupted: " + snippet.strip());
  }
}
