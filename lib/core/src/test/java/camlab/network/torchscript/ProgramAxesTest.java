package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import camlab.network.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that no compiler of PyTorch's writes, and where they are followed no further. */
@Timeout(20)
class ProgramAxesTest {

  private static final Map<String, Layout> SEEN = Map.of("relu", Layout.CHANNELS_FIRST);

  private final Map<String, Object> attributes = new HashMap<>();
  private String functions = "";

  private Map<String, Layout> seen(String... lines) {
    return shown(lines).layouts().layouts();
  }

  /** What is seen of a program with a ReLU, these lines, and another ReLU. */
  private ProgramAxes.Shown shown(String... lines) {
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
            Map.of("weight", List.of(3L), "buffer", List.of(1L, 3L, 8L, 8L)),
            Map.of("CONSTANTS.c0", 1.0),
            attributes,
            new ScriptFunctions(Map.of("__torch__", functions + body)))
        .shown(new Shape(1, 3, 8, 8));
  }

  /** As files have it: what a list or a dictionary holds goes by its place or key, too. */
  private void attribute(String path, Object value) {
    attributes.put(path, value);
    if (value instanceof Map<?, ?> entries) {
      entries.forEach((key, each) -> attribute(path + "." + key, each));
    } else if (value instanceof List<?> list) {
      IntStream.range(0, list.size()).forEach(i -> attribute(path + "." + i, list.get(i)));
    }
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

  /** Of a program that is not followed to its end, nothing tells what else runs. */
  @Test
  void whatRuns() {
    assertEquals(Optional.of(Set.of("relu", "relu_1")), shown().ran());
    assertEquals(Optional.of(Set.of("relu")), shown("return x0").ran());
    assertEquals(Optional.empty(), shown("y = unheard.of(x0)").ran());
    attribute("kept", List.of());
    String grow = "_0 = torch.append(self.kept, 1)";
    String second = "if torch.eq(torch.len(self.kept), 1):";
    assertEquals(Optional.of(Set.of("relu", "relu_1")), shown(grow).ran());
    assertEquals(Optional.empty(), shown(second, "  y = unheard.of(x0)", grow).ran());
  }

  /** As where layers are left out by chance, in training only. */
  @Test
  void whatVaries() {
    String memory = "y = torch.zero_(torch.new_empty(x0, [1, 3, 8, 8]))";
    assertFalse(shown("y = torch.dropout(x0, 0.5, False)").varies());
    assertTrue(shown(memory).varies());
    assertFalse(shown("if self.training:", "  " + memory).varies());
    assertTrue(shown("y = unheard.of(x0)").varies());
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

  /** As the border of a pooling that takes the largest. */
  @Test
  void infinity() {
    String padded = "p = torch.pad(x0, [1, 1, 1, 1], \"constant\", %s)";
    String pooled = "y = torch.max_pool2d(p, [3, 3], [1, 1], [0, 0], [1, 1])";
    assertFollowed(padded.formatted("-inf"), pooled);
    assertFollowed(padded.formatted("inf"), pooled);
  }

  /** As in a trace of {@code n *= 4}: the variable has the new number, too. */
  @Test
  void numbersThatAreChangedInPlace() {
    String number = "n = ops.prim.NumToTensor(torch.size(x0, 0))";
    String apart =
        "w = torch.flatten(torch.permute(torch.view(x0, [1, 3, 2, 4, 2, 4]), [0, 2, 4, 1, 3, 5]), 0, 2)";
    String together =
        "y = torch.reshape(torch.permute(torch.view(w, [1, 2, 2, 3, 4, 4]), [0, 3, 1, 4, 2, 5]), [1, 3, 8, 8])";
    for (String by : List.of("m", "n")) {
      String viewed = "w = torch.view(w, [int(%s), 3, 4, 4])".formatted(by);
      assertFollowed(number, apart, "m = torch.mul_(n, 4)", viewed, together);
    }
    assertNotFollowed(number, "y = torch.view(x0, [int(torch.mul_(n, 2)), 3, 8, 8])");
    assertNotFollowed("n = unheard.of(x0)", "m = torch.mul_(n, 4)");
    assertNotFollowed("n = isinstance(x0, Tensor)", "m = torch.mul_(n, 4)");
  }

  /** As in a trace of {@code int(n**0.5)}, the side of a square of tokens. */
  @Test
  void sidesOfSquares() {
    String tokens = "t = torch.flatten(x0, 2)";
    String side = "s = torch.to(torch.pow(ops.prim.NumToTensor(torch.size(t, 2)), 0.5), %s)";
    String square = "y = torch.reshape(t, [1, 3, int(s), int(s)])";
    assertFollowed(tokens, side.formatted("4"), square);
    assertNotFollowed(tokens, side.formatted("0"), square);
  }

  /** What is around each place of a window stays there when the windows are put together again. */
  @Test
  void convolutionsInWindows() {
    String apart =
        "w = torch.reshape(torch.permute(torch.view(x0, [1, 3, 2, 4, 2, 4]), [0, 2, 4, 1, 3, 5]), [4, 3, 4, 4])";
    String around = "v = torch.avg_pool2d(w, [3, 3], [1, 1], [1, 1])";
    String together =
        "y = torch.reshape(torch.permute(torch.view(v, [1, 2, 2, 3, 4, 4]), [0, 3, 1, 4, 2, 5]), [1, 3, 8, 8])";
    assertFollowed(apart, around, together);
    assertNotFollowed(
        apart,
        "v = torch.constant_pad_nd("
            + around.substring(4).replace("[1, 1], [1, 1]", "[1, 1], [0, 0]")
            + ", [0, 2, 0, 2])",
        together);
  }

  /** Channels in another order, as those of a cosine transform, leave the places where they are. */
  @Test
  void whatIsChosenByNumbers() {
    String order = "order = annotate(List[Optional[Tensor]], [%s])";
    assertFollowed(order.formatted("None, torch.arange(3)"), "y = torch.index(x0, order)");
    assertNotFollowed(order.formatted("None, None, torch.arange(8)"), "y = torch.index(x0, order)");
    assertNotFollowed(
        order.formatted("None, torch.arange(3), torch.arange(3)"), "y = torch.index(x0, order)");
    assertNotFollowed(
        order.formatted("None, None, None, None, torch.arange(3)"), "y = torch.index(x0, order)");
  }

  private void assertSeen(Layout expected, String... lines) {
    assertEquals(expected, seen(lines).get("relu_1"));
  }

  /** Windows beside one another, as a network makes patches of a picture by hand. */
  @Test
  void windowsOneBehindTheOther() {
    String down = "d = torch.unfold(x0, 2, 2, 2)";
    String across = "a = torch.unfold(d, 3, 4, 4)";
    String patches = "p = torch.permute(a, [0, 2, 3, 1, 4, 5])";
    assertSeen(Layout.CHANNELS_LAST, down, across, patches, "y = torch.reshape(p, [1, 4, 2, 24])");
    assertSeen(
        new Layout.Tokens(0, 4, 2), down, across, patches, "y = torch.reshape(p, [1, 8, 24])");
    assertNotFollowed("d = torch.unfold(x0, 2, 3, 1)", "y = torch.reshape(d, [1, 3, 6, 24])");
  }

  @Test
  void windowsInColumns() {
    String apart = "c = torch.im2col(x0, [2, 2], [1, 1], [0, 0], [2, 2])";
    String shared = "c = torch.im2col(x0, [3, 3], [1, 1], [1, 1], [2, 2])";
    String tokens = "y = torch.transpose(c, 1, 2)";
    String back = "y = torch.col2im(c, [8, 8], [2, 2], [1, 1], [0, 0], [2, 2])";
    assertSeen(new Layout.Tokens(0, 4, 4), apart, tokens);
    assertSeen(new Layout.Tokens(0, 4, 4), shared, tokens);
    assertSeen(Layout.CHANNELS_FIRST, apart, back);
    assertSeen(
        Layout.CHANNELS_FIRST,
        shared,
        "y = torch.col2im(c, [8, 8], [3, 3], [1, 1], [1, 1], [2, 2])");
    assertNotFollowed(apart, "c = torch.flip(c, [2])", back);
    assertNotFollowed(apart, "y = torch.col2im(c, [4, 16], [2, 2], [1, 1], [0, 0], [2, 2])");
    assertNotFollowed("y = torch.col2im(x0, [8, 8], [2, 2], [1, 1], [0, 0], [2, 2])");
  }

  /** A row or two less, as behind an enlargement of an odd number of rows, but not half of them. */
  @Test
  void rowsLeftOutAtTheBorder() {
    assertFollowed("y = torch.slice(x0, 2, 0, 7)", "y = torch.slice(y, 3, 1, 8)");
    assertFollowed("y = torch.sub(torch.slice(x0, 2, 1), torch.slice(x0, 2, 0, -1))");
    assertNotFollowed("y = torch.slice(x0, 2, 0, 6)");
    assertNotFollowed("y = torch.slice(torch.roll(x0, [1], [2]), 2, 0, 7)");
  }

  /** An LSTM over the rows of a picture, in both directions. */
  @Test
  void stepByStep() {
    String rows = "r = torch.reshape(torch.permute(x0, [0, 2, 3, 1]), [-1, 8, 3])";
    String state = "h = torch.zeros([2, 8, 5])";
    String lstm = "o, n, c = torch.lstm(r, [h, h], [self.weight], False, 1, 0., False, True, True)";
    String gru = "o, n = torch.gru(r, h, [self.weight], False, 1, 0., False, True, True)";
    String back = "y = torch.reshape(o, [1, 8, 8, 10])";
    assertSeen(Layout.CHANNELS_LAST, rows, state, lstm, back);
    assertSeen(Layout.CHANNELS_LAST, rows, state, gru, back);
    assertSeen(
        Layout.CHANNELS_LAST,
        rows,
        state,
        gru.replace("False, True, True", "False, False, True"),
        "y = torch.reshape(o, [1, 8, 8, 5])");
    String packed = "o, n = torch.gru(r, self.weight, h, [self.weight], False, 1, 0., False, True)";
    assertNotFollowed(rows, state, packed, back);
    String mixed = "r = torch.reshape(torch.permute(x0, [0, 2, 3, 1]), [1, 8, 24])";
    assertNotFollowed(
        mixed, "h = torch.zeros([2, 1, 5])", gru, "y = torch.reshape(o, [1, 8, 2, 5])");
  }

  /** What shortens keys and values only, by pooling along all tokens, leaves the questions be. */
  @Test
  void poolingAlongTokens() {
    String tokens = "t = torch.flatten(x0, 2)";
    String few = "k = torch.transpose(torch.avg_pool1d(t, [4], [4], [0], False, True), 1, 2)";
    assertSeen(
        new Layout.Tokens(0, 8, 8),
        tokens,
        few,
        "y = torch.scaled_dot_product_attention(torch.transpose(t, 1, 2), k, k)");
    assertNotFollowed(tokens, few, "y = k");
  }

  @Test
  void numbersOfATensor() {
    attribute("order", List.of(2L, 0L, 1L));
    String index =
        "i = annotate(List[Optional[Tensor]], [None, torch.tensor(self.order, dtype=4)])";
    assertFollowed(index, "y = torch.index(x0, i)");
    assertFollowed("y = torch.mul(x0, torch.tensor(2.))");
    assertNotFollowed("y = torch.mul(x0, torch.tensor([[[1, 2, 3, 4, 5, 6, 7, 8]]]))");
  }

  @Test
  void withoutAnEnd() {
    assertNotFollowed("while True:", "  pass");
    assertNotFollowed("for i in range(1000000000000):", "  pass");
    functions = "def f(x: Tensor) -> Tensor:\n  if True:\n    y = __torch__.f(x, )\n  return y\n";
    assertNotFollowed("y = __torch__.f(x0, )");
  }

  @Test
  void functionsHaveWhatTheyAreGivenOrWhatStandsBehind() {
    functions =
        """
        def f(x: Tensor,
            last: bool=False) -> Tensor:
          if last:
            y = unheard.of(x)
          else:
            y = torch.abs(x)
          return y
        """;
    assertFollowed("y = __torch__.f(x0, False, )");
    assertFollowed("f = __torch__.f", "y = f(x0, )");
    assertNotFollowed("y = __torch__.f(x0, True, )");
    assertNotFollowed("y = __torch__.f()");
  }

  /** What is put under a key that is not known may be what lies under any key afterwards. */
  @Test
  void dictionariesThatAreChanged() {
    attribute("kept", Map.of("a", 1L));
    String read = "y = torch.mul(x0, (self.kept)[\"a\"])";
    assertFollowed(read);
    assertFollowed("_0 = torch._set_item(self.kept, \"b\", 2)", read);
    assertNotFollowed("_0 = torch._set_item(self.kept, torch.format(\"a\"), 2)", read);
    assertNotFollowed("_0 = torch._set_item(self.kept, \"\\x61\", 2)", read);
    assertNotFollowed("_0 = torch.update(self.kept, self.kept)", read);
    assertNotFollowed("torch.clear(self.kept)", read);
    assertNotFollowed("_0 = torch.pop(self.kept, \"b\", 1)", read);
    assertNotFollowed("_0 = torch.setdefault(self.kept, \"b\", 1)", read);
  }

  @Test
  void listsThatAreChanged() {
    attribute("kept", List.of(1L, 2L));
    String read = "y = torch.mul(x0, (self.kept)[0])";
    assertFollowed("_0 = torch.append(self.kept, 3)", read);
    assertFollowed("_0 = torch._set_item(self.kept, -1, 3)", read);
    assertNotFollowed("_0 = torch._set_item(self.kept, int(torch.sum(x0)), 3)", read);
    assertNotFollowed("torch.insert(self.kept, 0, 3)", read);
    assertNotFollowed("_0 = torch.pop(self.kept)", read);
    assertNotFollowed("torch.Delete(self.kept, 0)", read);
    assertNotFollowed("torch.reverse(self.kept)", read);
    assertNotFollowed("torch.sort(self.kept)", read);
    assertNotFollowed("_0 = torch.add_(self.kept, [3])", read);
  }

  /** Programs write a list that two attributes share only once. */
  @Test
  void listsWithTwoNames() {
    List<Object> list = List.of(1L);
    attribute("one", list);
    attribute("other", list);
    attribute("all", List.of(list));
    String grow = "_0 = torch.append(self.one, 2)";
    assertFollowed(grow, "if torch.lt(torch.len(self.other), 2):", "  y = unheard.of(x0)");
    assertFollowed(grow, "if torch.lt(torch.len((self.all)[0]), 2):", "  y = unheard.of(x0)");
    assertFollowed("y = torch.mul(x0, ((self.all)[0])[0])");
  }

  /** What holds itself, as only files that were made to do harm have it. */
  @Test
  void listsThatHoldThemselves() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    attributes.put("itself", list);
    attributes.put("itself.0", list);
    assertFollowed("y = x0");
    assertNotFollowed("y = torch.reshape(x0, self.itself)");
  }

  /** When the program runs again, what it keeps may be something else. */
  @Test
  void whatIsKeptFromRunToRun() {
    attribute("kept", List.of());
    attributes.put("count", 0L);
    String grow = "_0 = torch.append(self.kept, 1)";
    assertFollowed(grow, "if torch.eq(torch.len(self.kept), 0):", "  y = unheard.of(x0)");
    assertNotFollowed("if torch.eq(torch.len(self.kept), 1):", "  y = unheard.of(x0)", grow);
    assertFollowed("if torch.eq(self.count, 1):", "  y = unheard.of(x0)");
    functions = "def f(x: Tensor) -> Tensor:\n  (x).count = 1\n  return x\n";
    assertNotFollowed("if torch.eq(self.count, 1):", "  y = unheard.of(x0)");
    functions = "";
    assertNotFollowed("self.count = 1");
  }

  /** What goes by its number, by its lengths or by its name would not be that any more. */
  @Test
  void tensorsThatAreChanged() {
    assertFollowed("_0 = torch.add_(y, 1)");
    assertFollowed("_0 = torch.mul_(self.weight, 2)");
    assertNotFollowed("_0 = torch.add_(CONSTANTS.c0, 1)");
    assertNotFollowed("_0 = torch.transpose_(y, 2, 3)");
    assertNotFollowed("_0 = torch.unsqueeze_(y, 0)");
    String mirrored = "torch.flip(x0, [3])";
    String sum = "y = torch.add(x0, self.buffer)";
    assertFollowed("_0 = torch.copy_(self.buffer, x0)", sum);
    assertNotFollowed("_0 = torch.copy_(self.buffer, %s)".formatted(mirrored), sum);
    assertNotFollowed("_0 = torch.copy_(torch.alias(self.buffer), %s)".formatted(mirrored), sum);
    assertNotFollowed(sum, "_0 = torch.copy_(self.buffer, %s)".formatted(mirrored));
    assertFollowed("_0 = torch.add(y, 1, out=None)");
    assertNotFollowed("_0 = torch.add(y, 1, out=y)");
  }

  /** What is written into a view is in the tensor, too, also where places are lost on the way. */
  @ParameterizedTest
  @ValueSource(strings = {"view", "ravel", "positive", "real", "moveaxis", "atleast_2d"})
  void viewsThatAreWrittenInto(String view) {
    String more = view.equals("moveaxis") ? ", 1, 2" : view.equals("view") ? ", [-1]" : "";
    String made = "v = torch.%s(x0%s)".formatted(view, more);
    assertFollowed(made);
    assertNotFollowed(made, "_0 = torch.copy_(v, torch.%s(torch.flip(x0, [3])))".formatted(view));
  }
}
