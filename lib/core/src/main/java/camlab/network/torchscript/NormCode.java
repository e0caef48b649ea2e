package camlab.network.torchscript;

import java.util.regex.Pattern;

/**
 * Batch norms whose gradient is right for one picture, too.
 *
 * <p>PyTorch (2.7 to 2.15 at least, on the CPU) takes the gradient of a batch norm in evaluation
 * mode from a channel of another position when a single picture comes in, and either its values or
 * their gradients were tokens once: {@code x.flatten(2).transpose(1, 2)}, then a layer norm. The
 * strides are then those of channels last, except the one from picture to picture, of which there
 * is one; two parts of the engine read that in two ways. Where it happens, everything before is off
 * by as much as there is. So what goes into a batch norm, and the gradient that comes back, are put
 * in the order of channels first, which costs nothing where they are already.
 */
final class NormCode {

  /** Where the function is, inside the file's own folder. */
  static final String FILE = "/code/__torch__/camlab_norms.py";

  /** The backward step of the reshaping at its end puts the gradient in order. */
  static final String TEXT =
      """
      def batch_norm(input: Tensor,
          weight: Optional[Tensor],
          bias: Optional[Tensor],
          running_mean: Optional[Tensor],
          running_var: Optional[Tensor],
          training: bool,
          momentum: float,
          eps: float,
          cudnn_enabled: bool) -> Tensor:
        ordered = torch.contiguous(input)
        output = torch.batch_norm(ordered, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled)
        return torch._unsafe_view(torch.flatten(output), torch.size(output))
      """;

  private static final Pattern CALL = Pattern.compile("(?<![\\w.])torch\\.batch_norm\\(");

  private NormCode() {}

  /**
   * {@return code that calls the function where it called PyTorch's}
   *
   * @param text code of a program
   */
  static String in(String text) {
    return CALL.matcher(text).replaceAll("__torch__.camlab_norms.batch_norm(");
  }
}
