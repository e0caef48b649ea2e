package camlab.network;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Gives layers their parameters as views that share the values and have no gradient. So no weight
 * is copied, no backward pass reaches a parameter, and the parameter itself, which may belong to a
 * model that is still in training, is not touched. Of running means and variances there are copies:
 * batch normalisation that runs as in training, as by a block that does not heed how it is to run,
 * writes to them.
 */
final class FrozenParameters extends ParameterStore {

  /** What a block that runs as in training writes to, whatever it was told. */
  private static final Set<Parameter.Type> RUNNING =
      EnumSet.of(Parameter.Type.RUNNING_MEAN, Parameter.Type.RUNNING_VAR);

  private final Function<Parameter, NDArray> values;

  /**
   * Parameters for one run.
   *
   * @param scope what the views belong to
   * @param values the values of a parameter
   */
  FrozenParameters(NDManager scope, Function<Parameter, NDArray> values) {
    super(scope, false);
    this.values = values;
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    // Blocks ask for parameters they do not have, such as the bias of a layer without one.
    if (parameter == null) {
      return null;
    }
    NDArray view = values.apply(parameter).stopGradient();
    if (RUNNING.contains(parameter.getType())) {
      view = view.duplicate();
    }
    view.attach(getManager());
    return view.toDevice(device, false);
  }
}
