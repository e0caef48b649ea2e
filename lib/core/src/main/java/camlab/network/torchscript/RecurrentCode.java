package camlab.network.torchscript;

/**
 * An LSTM that looks at what it is given, for programs that call PyTorch's own. That one does not:
 * given rows of another length, or the state of another number of pictures, it reads and writes
 * beyond its arrays, which gives numbers without a meaning or ends the process.
 *
 * <p>The arguments are those of PyTorch's {@code native_functions.yaml}.
 */
final class RecurrentCode {

  /** Where the function is, inside the file's own folder. */
  static final String FILE = "/code/__torch__/camlab_recurrent.py";

  /** What is to be replaced. */
  static final String OPERATION = "torch.lstm";

  /** How many arguments it takes. */
  static final int ARGUMENTS = 9;

  /** What to call instead. */
  static final String FUNCTION = "__torch__.camlab_recurrent.lstm";

  /** The function, in the form PyTorch writes. */
  static final String TEXT =
      """
      def lstm(input: Tensor,
          hx: List[Tensor],
          params: List[Tensor],
          has_biases: bool,
          num_layers: int,
          dropout: float,
          train: bool,
          bidirectional: bool,
          batch_first: bool) -> Tuple[Tensor, Tensor, Tensor]:
        if batch_first:
          pictures = torch.size(input, 0)
        else:
          pictures = torch.size(input, 1)
        states = torch.size(hx[0], 1)
        if torch.ne(states, pictures):
          ops.prim.RaiseException(torch.format("An LSTM starts from states for {} at a time, and was given {}.", states, pictures), "builtins.RuntimeError")
        else:
          pass
        length = torch.size(params[0], 1)
        found = torch.size(input, 2)
        if torch.ne(length, found):
          ops.prim.RaiseException(torch.format("An LSTM takes rows of {} values, and was given rows of {}.", length, found), "builtins.RuntimeError")
        else:
          pass
        output, hidden, cell = torch.lstm(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first)
        return (output, hidden, cell)
      """;

  private RecurrentCode() {}
}
