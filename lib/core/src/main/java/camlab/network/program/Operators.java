package camlab.network.program;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a program may call: the operators of PyTorch itself ({@code aten}), and arithmetic with
 * sizes. Anything else (operators of other libraries, what opens files) is refused before anything
 * runs.
 */
public final class Operators {

  private static final String ATEN = "torch.ops.aten.";

  /** Checks that hold for the picture the program was exported with. They compute nothing. */
  private static final Set<String> CHECKS =
      Set.of(
          "_assert_async",
          "_assert_scalar",
          "_assert_tensor_metadata",
          "_functional_assert_async",
          "_functional_assert_scalar",
          "sym_constrain_range",
          "sym_constrain_range_for_size",
          "_functional_sym_constrain_range",
          "_functional_sym_constrain_range_for_size");

  /** They read or write a file, or print. */
  private static final Set<String> REFUSED =
      Set.of("from_file", "save", "load", "_print", "warn", "wait", "fork", "set_data");

  /** Of arithmetic with sizes, the name that TorchScript has for it. */
  private static final Map<String, String> NUMBERS =
      Map.ofEntries(
          Map.entry("_operator.add", "torch.add"),
          Map.entry("_operator.sub", "torch.sub"),
          Map.entry("_operator.mul", "torch.mul"),
          Map.entry("_operator.floordiv", "torch.floordiv"),
          Map.entry("_operator.truediv", "torch.div"),
          Map.entry("_operator.mod", "torch.remainder"),
          Map.entry("_operator.pow", "torch.pow"),
          Map.entry("_operator.neg", "torch.neg"),
          Map.entry("_operator.pos", "int"),
          Map.entry("_operator.eq", "torch.eq"),
          Map.entry("_operator.ne", "torch.ne"),
          Map.entry("_operator.lt", "torch.lt"),
          Map.entry("_operator.le", "torch.le"),
          Map.entry("_operator.gt", "torch.gt"),
          Map.entry("_operator.ge", "torch.ge"),
          Map.entry("_operator.and_", "torch.__and__"),
          Map.entry("_operator.or_", "torch.__or__"),
          Map.entry("math.ceil", "torch.ceil"),
          Map.entry("math.floor", "torch.floor"),
          Map.entry("math.trunc", "int"),
          Map.entry("math.sqrt", "torch.sqrt"),
          Map.entry("torch.sym_float", "float"),
          Map.entry("torch.sym_int", "int"),
          Map.entry("torch.sym_max", "ops.prim.max"),
          Map.entry("torch.sym_min", "ops.prim.min"),
          Map.entry("torch._sym_sqrt", "torch.sqrt"),
          Map.entry("torch.sym_sqrt", "torch.sqrt"));

  /** Operators that TorchScript has under another name, or that do nothing when evaluated. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "sym_size", "size",
          "sym_numel", "numel",
          "sym_stride", "stride",
          "lift_fresh_copy", "clone",
          "_safe_softmax", "_safe_softmax");

  /** What hands its argument on. */
  private static final Set<String> SAME = Set.of("alias", "lift_fresh", "lift");

  /** What hands on the memory of its first tensor, or may do so: a write into one is in both. */
  private static final Set<String> IN_THE_SAME_MEMORY =
      Set.of(
          "_conj",
          "_neg_view",
          "_reshape_alias",
          "_unsafe_view",
          "adjoint",
          "alias",
          "alpha_dropout",
          "as_strided",
          "as_tensor",
          "atleast_1d",
          "atleast_2d",
          "atleast_3d",
          "broadcast_tensors",
          "broadcast_to",
          "chunk",
          "conj",
          "contiguous",
          "cpu",
          "cuda",
          "detach",
          "diagonal",
          "dropout",
          "dsplit",
          "expand",
          "expand_as",
          "feature_alpha_dropout",
          "feature_dropout",
          "flatten",
          "hsplit",
          "imag",
          "lift",
          "lift_fresh",
          "linalg_diagonal",
          "matrix_H",
          "meshgrid",
          "mH",
          "moveaxis",
          "movedim",
          "mT",
          "narrow",
          "numpy_T",
          "permute",
          "pin_memory",
          "positive",
          "ravel",
          "real",
          "reshape",
          "reshape_as",
          "resolve_conj",
          "resolve_neg",
          "select",
          "slice",
          "split",
          "split_with_sizes",
          "squeeze",
          "swapaxes",
          "swapdims",
          "t",
          "tensor_split",
          "to",
          "transpose",
          "type_as",
          "unbind",
          "unflatten",
          "unfold",
          "unsafe_chunk",
          "unsafe_split",
          "unsafe_split_with_sizes",
          "unsqueeze",
          "view",
          "view_as",
          "view_as_complex",
          "view_as_real",
          "vsplit");

  /**
   * Operations that can be a ReLU by what they are called with; here it is seen that they are none.
   */
  private static final Set<String> LIKE_RELU =
      Set.of("hardtanh", "hardtanh_", "clamp", "clamp_", "clamp_min", "clamp_min_", "threshold");

  private Operators() {}

  /**
   * {@return the name of an operator of PyTorch itself, such as {@code conv2d}; empty for any
   * other}
   *
   * @param target the full name of what is called, such as {@code torch.ops.aten.relu_.default}
   */
  public static Optional<String> aten(String target) {
    int end = target.lastIndexOf('.');
    if (!target.startsWith(ATEN) || end <= ATEN.length() || end == target.length() - 1) {
      return Optional.empty();
    }
    String name = target.substring(ATEN.length(), end);
    return name.indexOf('.') >= 0 || REFUSED.contains(name) ? Optional.empty() : Optional.of(name);
  }

  /**
   * {@return whether an operator of PyTorch itself changes its first argument, as {@code relu_}
   * does}
   *
   * @param target the full name of what is called, such as {@code torch.ops.aten.relu_.default}
   */
  public static boolean isInPlace(String target) {
    return aten(target).filter(Operators::endsInPlace).isPresent();
  }

  /**
   * {@return the name of an operator of PyTorch itself, the same whether it works in place or not}
   *
   * @param target the full name of what is called, such as {@code torch.ops.aten.relu_.default}
   */
  public static Optional<String> plain(String target) {
    return aten(target)
        .map(name -> endsInPlace(name) ? name.substring(0, name.length() - 1) : name);
  }

  /** {@code relu_} does, {@code __and__} does not. */
  private static boolean endsInPlace(String name) {
    int last = name.length() - 1;
    return last > 0 && name.charAt(last) == '_' && name.charAt(last - 1) != '_';
  }

  /**
   * {@return the function of TorchScript that a target stands for; empty if there is none}
   *
   * @param target the full name of what is called, such as {@code torch.ops.aten.relu_.default}
   */
  public static Optional<String> function(String target) {
    if (NUMBERS.containsKey(target)) {
      return Optional.of(NUMBERS.get(target));
    }
    return aten(target)
        .map(name -> OTHER_NAMES.getOrDefault(name, name))
        .map(name -> (LIKE_RELU.contains(name) ? "ops.aten." : "torch.") + name);
  }

  /**
   * {@return whether a call computes nothing and is left out}
   *
   * @param target the full name of what is called, such as {@code torch.ops.aten.relu_.default}
   */
  public static boolean isCheck(String target) {
    return aten(target).filter(CHECKS::contains).isPresent();
  }

  /**
   * {@return whether a call hands its first argument on}
   *
   * @param target the full name of what is called, such as {@code torch.ops.aten.relu_.default}
   */
  public static boolean isSame(String target) {
    return aten(target).filter(SAME::contains).isPresent();
  }

  /**
   * {@return whether an operator hands on the memory of its first tensor, or may do so: a write
   * into one is in both}
   *
   * @param name the name of an operator of PyTorch itself, such as {@code select}
   */
  public static boolean sharesMemory(String name) {
    return IN_THE_SAME_MEMORY.contains(name);
  }

  /** {@return the names of all operators that {@linkplain #sharesMemory share memory}} */
  public static Set<String> sharingMemory() {
    return IN_THE_SAME_MEMORY;
  }
}
