package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import camlab.network.Layout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that no compiler of PyTorch's writes, and where they are followed no further. */
@Timeout(20)
class ProgramAxesTest {

  private static final Map<String, Layout> SEEN = Map.of("relu", Layout.CHANNELS_FIRST);

  private final Map<String, ScriptFunctions.Function> functions = new HashMap<>();
  private final Map<String, Object> attributes = new HashMap<>();

  /** What is seen of a program with a ReLU, these lines, and another ReLU. */
  private Map<String, Layout> seen(String... lines) {
    StringBuilder body = new StringBuilder("    x0 = torch.relu(x)\n    y = x0\n");
    for (String line : lines) {
      body.append("    ").append(line).append('\n');
    }
    body.append("    return torch.relu(y)\n");
    ScriptMethod forward =
        new ScriptMethod(
            "forward",
            "self",
            List.of("x: Tensor"),
            List.of("x"),
            "Tensor",
            body.toString(),
            List.of());
    ScriptHooks.Method root =
        new ScriptHooks.Method(new ScriptClass("Net", Map.of(), Map.of()), forward);
    int first = body.indexOf("torch.relu");
    int last = body.lastIndexOf("torch.relu");
    root.rectifiers.put(new ScriptMethod.Rectifier("ReLU", first, first + 1), 0);
    root.rectifiers.put(new ScriptMethod.Rectifier("ReLU", last, last + 1), 1);
    return new FollowedProgram(
            root,
            ScriptArguments.PICTURE,
            List.of("relu", "relu_1"),
            Map.of(),
            Map.of(),
            attributes,
            functions,
            Map.of())
        .shown(new Shape(1, 3, 8, 8))
        .layouts();
  }

  private void assertFollowed(String... lines) {
    assertEquals(Set.of("relu", "relu_1"), seen(lines).keySet());
  }

  /** What was seen before holds all the same. */
  private void assertNotFollowed(String... lines) {
    assertEquals(SEEN, seen(lines));
  }

  @Test
  void decisions() {
    attributes.put("training", true);
    attributes.put("rate", 0.5);
    attributes.put("kind", "avg");
    assertFollowed();
    assertFollowed("if True:", "  y = x0", "else:", "  y = unheard.of(x0)");
    assertFollowed("training = self.training", "if training:", "  y = unheard.of(x0)");
    assertFollowed("if torch.gt(self.rate, 0.5):", "  y = unheard.of(x0)");
    assertFollowed("if torch.eq(self.kind, \"avg\"):", "  pass", "else:", "  y = unheard.of(x0)");
    assertNotFollowed("if bool(torch.gt(torch.sum(x0), 0)):", "  y = x0", "else:", "  y = x0");
    assertNotFollowed("y = unheard.of(x0)");
  }

  /** What ends a program with an error is not what ran. */
  @Test
  void errors() {
    String unknown = "if bool(torch.gt(torch.sum(x0), 0)):";
    String raise = "  ops.prim.RaiseException(\"no\")";
    assertFollowed(unknown, raise, "else:", "  y = x0");
    assertFollowed(unknown, "  y = x0", "else:", raise);
    assertFollowed(unknown, raise);
    assertNotFollowed("ops.prim.RaiseException(\"no\")");
    assertNotFollowed("if True:", raise);
  }

  @Test
  void repetitions() {
    assertFollowed("for i in range(3):", "  y = torch.mul(y, i)");
    assertFollowed("for i in range(0):", "  y = unheard.of(y)");
    assertFollowed("n = 4", "while torch.gt(n, 0):", "  n, y = torch.sub(n, 1), torch.abs(y)");
    assertNotFollowed("for i in range(unheard.of(x0)):", "  pass");
    assertNotFollowed("while bool(torch.gt(torch.sum(x0), 0)):", "  y = torch.mul(y, 0.5)");
  }

  @Test
  void withoutAnEnd() {
    assertNotFollowed("while True:", "  pass");
    assertNotFollowed("for i in range(1000000000000):", "  pass");
    functions.put(
        "__torch__.f",
        new ScriptFunctions.Function(
            List.of("x: Tensor"), "  if True:\n    y = __torch__.f(x, )\n  return y\n"));
    assertNotFollowed("y = __torch__.f(x0, )");
  }

  @Test
  void functionsHaveWhatTheyAreGivenOrWhatStandsBehind() {
    functions.put(
        "__torch__.f",
        new ScriptFunctions.Function(
            List.of("x: Tensor", "last: bool=False"),
            "  if last:\n    y = unheard.of(x)\n  else:\n    y = torch.abs(x)\n  return y\n"));
    assertFollowed("y = __torch__.f(x0, False, )");
    assertFollowed("f = __torch__.f", "y = f(x0, )");
    assertNotFollowed("y = __torch__.f(x0, True, )");
    assertNotFollowed("y = __torch__.f()");
  }
}
