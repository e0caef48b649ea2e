package camlab.cam;

import ai.djl.ndarray.NDArray;
import java.util.Objects;

/** A method that somebody wrote down as a formula. See {@link CamMethod#of}. */
final class FormulaCam extends GradientCam {

  private final String name;
  private final Formula formula;

  FormulaCam(String name, Formula formula) {
    this.name = Objects.requireNonNull(name, "name");
    this.formula = Objects.requireNonNull(formula, "formula");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public NDArray map(NDArray activation, NDArray gradient) {
    // It may compute in place (muli), and what it is given is the recording's.
    return formula.map(activation.duplicate(), gradient.duplicate());
  }

  /** A formula cannot be read: whether it is the same as in an earlier run, nobody knows. */
  @Override
  public String identity() {
    throw new IllegalArgumentException(
        "The method '%s' is a formula, which has no identity: its numbers could not be told from those of another formula of the same name. Give it one that you change with the formula, such as withIdentity(\"%s, version 1\")."
            .formatted(name, name));
  }
}
