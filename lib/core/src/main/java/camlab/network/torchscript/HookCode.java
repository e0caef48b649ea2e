package camlab.network.torchscript;

import java.util.Locale;

/** The code that {@link ScriptHooks} adds to a TorchScript program, in the form PyTorch writes. */
final class HookCode {

  /** What a hook does at its layer: nothing. */
  static final int PASS = 0;

  /** Records the layer. */
  static final int RECORD = 1;

  /** Records the layer, and lets no gradient from behind it through to it. */
  static final int CUT = 2;

  /** Puts something else in place of the layer's output. */
  static final int REPLACE = 3;

  /** The method of the network that runs it with hooks. */
  static final String TRACE = "camlab_trace";

  /** Where the functions are, inside the file's own folder. */
  static final String FILE = "/code/__torch__/camlab_hooks.py";

  /** What the copies of the program's methods take besides the module and its arguments. */
  static final String PARAMETERS = "camlab: __torch__.camlab_hooks.Hooks";

  /** How they hand it on. */
  static final String HANDED_ON = "camlab, ";

  /** The call of a layer's hook, up to the layer's output: its index is still to be put in. */
  static final String CALL = "(camlab).at(%d, ";

  /** The question for the second factor of a product, up to the factor. */
  static final String FACTOR = "(camlab).factor(";

  /** Behind what to do at each layer: second factors of products are as they are. */
  static final int FREE = 0;

  /** Those of the pictures in the first half of the batch are those of the second half, too. */
  static final int HELD = 1;

  /** What the full names of the functions begin with, those of {@link ScriptHooks} included. */
  static final String COPIES = "__torch__.camlab_hooks.";

  /**
   * The hooks, which get what to do at each layer as plain numbers. The list that they fill starts
   * with what to put in place of an output. For a recorded layer it gets the layer's index, its
   * output, and an array whose gradient is the layer's: zeros that are added to the output.
   *
   * <p>They are called by way of an interface. Before its first run the engine writes everything
   * that is called by name into one piece, and looks that through several times; what is behind an
   * interface stays where it is. Written out at each of some hundred layers, the hooks would make
   * the first run take several times as long as the next.
   *
   * <p>An output that was changed in place may go by other names elsewhere, which the zeros would
   * not reach. So there, and behind a cut, the array is the output itself, and a replacement is
   * copied into it. Only numbers with a fraction can have a gradient, and only what depends on the
   * picture needs a cut. Whatever type a program computes in, what it hands out is single precision
   * (type 6).
   *
   * <p>The last of the actions is no layer's: it says whether the second factors of products are
   * held. A factor of two dimensions is a weight, and stays.
   *
   * <p>{@code by_picture} gives an output that lacks a dimension, as behind a squeeze, or has two
   * too many, as before one, the shape (N, classes).
   */
  static final String TEXT =
      String.format(
          Locale.ROOT,
          """
      class Hooks(Interface):
        def at(self, index: int, output: Tensor) -> Tensor:
          pass
        def factor(self, second: Tensor) -> Tensor:
          pass
      class Actions:
        found : List[Tensor]
        actions : List[int]
        def __init__(self: __torch__.camlab_hooks.Actions,
            found: List[Tensor],
            actions: List[int]) -> NoneType:
          self.found = found
          self.actions = actions
          return None
        def at(self: __torch__.camlab_hooks.Actions,
            index: int,
            output: Tensor) -> Tensor:
          action = (self.actions)[index]
          if torch.eq(action, %d):
            hooked = output
          else:
            if torch.eq(action, %d):
              hooked0 = __torch__.camlab_hooks.replace(output, (self.found)[0], )
            else:
              if torch.__and__(torch.eq(action, %d), torch.is_floating_point(output)):
                hooked1 = __torch__.camlab_hooks.record(self.found, index, output, )
              else:
                if torch.__and__(torch.eq(action, %d), ops.prim.requires_grad(output)):
                  hooked2 = __torch__.camlab_hooks.cut(self.found, index, output, )
                else:
                  hooked2 = output
                hooked1 = hooked2
              hooked0 = hooked1
            hooked = hooked0
          return hooked
        def factor(self: __torch__.camlab_hooks.Actions,
            second: Tensor) -> Tensor:
          if torch.__and__(torch.eq((self.actions)[-1], %d), torch.gt(torch.dim(second), 2)):
            half = torch.slice(second, 0, 0, torch.floordiv(torch.size(second, 0), 2))
            factor = torch.cat([half, half])
          else:
            factor = second
          return factor
      def record(camlab: List[Tensor],
          index: int,
          output: Tensor) -> Tensor:
        if torch.is_grad_enabled():
          if torch.gt(torch._version(output), 0):
            if ops.prim.requires_grad(output):
              _0 = torch.retain_grad(output)
            else:
              _1 = torch.requires_grad_(output, True)
            leaf1, hooked1 = output, torch.clone(output)
          else:
            zeros = torch.requires_grad_(torch.zeros_like(output, dtype=6), True)
            leaf1, hooked1 = zeros, torch.add(output, torch.to(zeros, ops.prim.dtype(output)))
          leaf, hooked = leaf1, hooked1
        else:
          leaf, hooked = output, torch.clone(output)
        _2 = torch.append(camlab, torch.tensor(index))
        _3 = torch.append(camlab, torch.to(output, 6))
        _4 = torch.append(camlab, leaf)
        return hooked
      def cut(camlab: List[Tensor],
          index: int,
          output: Tensor) -> Tensor:
        kept = torch.clone(output)
        leaf = torch.requires_grad_(torch.detach_(output), True)
        _0 = torch.append(camlab, torch.tensor(index))
        _1 = torch.append(camlab, torch.to(kept, 6))
        _2 = torch.append(camlab, leaf)
        return torch.clone(leaf)
      def by_picture(output: Tensor,
          picture: Tensor) -> Tensor:
        pictures = torch.size(picture, 0)
        lengths = torch.size(output)
        if torch.eq(torch.len(lengths), 0):
          shaped = torch.reshape(output, [1, 1])
        else:
          if torch.eq(torch.len(lengths), 1):
            if torch.eq(pictures, 1):
              shaped1 = torch.unsqueeze(output, 0)
            else:
              if torch.eq(lengths[0], pictures):
                shaped2 = torch.unsqueeze(output, 1)
              else:
                shaped2 = output
              shaped1 = shaped2
            shaped0 = shaped1
          else:
            if torch.eq(torch.len(lengths), 4):
              if torch.eq(torch.mul(lengths[2], lengths[3]), 1):
                shaped4 = torch.flatten(output, 1)
              else:
                shaped4 = output
              shaped3 = shaped4
            else:
              shaped3 = output
            shaped0 = shaped3
          shaped = shaped0
        return torch.to(shaped, 6)
      def replace(output: Tensor,
          replacement: Tensor) -> Tensor:
        if torch.gt(torch._version(output), 0):
          hooked = torch.copy_(output, replacement)
        else:
          hooked = torch.clone(torch.to(replacement, ops.prim.dtype(output)))
        return hooked
      """,
          PASS,
          REPLACE,
          RECORD,
          CUT,
          HELD);

  private HookCode() {}

  /**
   * The method {@link #TRACE}, which takes what to do at each layer (64-bit integers) and {@link
   * #FREE} or {@link #HELD}, the replacement and the pictures, and returns the list with the logits
   * at its end.
   *
   * @param owner the full name of the network's class
   * @param copy the copy of its {@code forward} that calls the hooks
   * @param arguments what that takes
   * @param choice which tensor of what it returns is the logits
   */
  static String trace(
      String owner, String copy, ScriptArguments arguments, ScriptOutputs.Choice choice) {
    return """
      def %s(self: %s,
        actions: Tensor,
        replacement: Tensor%s) -> List[Tensor]:
        found = annotate(List[Tensor], [replacement])
        camlab = __torch__.camlab_hooks.Actions.__new__(__torch__.camlab_hooks.Actions)
        _0 = (camlab).__init__(found, annotate(List[int], actions.tolist()), )
        output = %s%s(self, camlab, %s)
    %s\
        _1 = torch.append(found, picked)
        return found
    """
        .formatted(
            TRACE,
            owner,
            arguments.parameters(),
            COPIES,
            copy,
            arguments.call(),
            OutputCode.pick(choice, "output"));
  }
}
