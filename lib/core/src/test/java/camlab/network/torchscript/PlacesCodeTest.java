package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which calls are known to leave the places of a picture as they are, in PyTorch's own words. */
class PlacesCodeTest {

  private static boolean keeps(String value) {
    return PlacesCode.keeps("Net", "    _0 = " + value + "\n    return _0\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.relu_(torch._convolution(x, w, b, [2, 2], [1, 1], [1, 1], False, [0, 0], 1))",
        "torch.cat([x, y], 1)",
        "torch.flatten(x, 1)",
        "torch.view(x, [int(_1), -1])",
        "torch.reshape(gamma, [1, -1, 1, 1])",
        "torch.view(scale, [64, 1, 1])",
        "torch.view(scale, [-1])",
        "torch.slice(torch.slice(x, 0, 0, 9223372036854775807), 3, 0, 9223372036854775807, 2)",
        "torch.slice(x, 1, 3, 6)",
        "torch.constant_pad_nd(x, [0, 1, 0, 1], 0)",
        "torch.constant_pad_nd(x, [2, 2, 1, 2], 0)",
        "torch.chunk(x, 2, 1)",
        "torch.format(\"no torch.flip(x) here: {}\", x)",
        "torch.permute(x, [0, 2, 3, 1])",
        "ops.prim.NumToTensor(torch.size(x, 2))"
      })
  void keepsPlaces(String value) {
    assertEquals(true, keeps(value), value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.flip(x, [3])",
        "torch.add(x, torch.flip(x, [3]))",
        "torch.msort(x)",
        "torch.cat([x, y], 3)",
        "torch.cat([x, y], -1)",
        "torch.flatten(x, 2)",
        "torch.view(x, [_1, _2, _3, _4])",
        "torch.view(x, _1)",
        "torch.reshape(x, [1, 1, -1])",
        "torch.reshape(torch.transpose(x, 2, 3), [1, 24, 8, 8])",
        "torch.slice(x, 2, 32, 192)",
        "torch.slice(x, -1, 0, torch.sub(w, 8))",
        "torch.slice(p, 0, torch.rsub(h, 64))",
        "torch.narrow(x, 3, 0, 100)",
        "torch.split(x, [32, 160], 2)",
        "torch.chunk(x, 2, -1)",
        "torch.constant_pad_nd(x, [-32, -32, -32, -32], 0)",
        "torch.pad(x, [0, 64, 0, 64])",
        "torch.constant_pad_nd(x, [2, 0, 2, 0], 0)",
        "torch.constant_pad_nd(x, [1, 1, 1, 3], 0)",
        "torch.pad(x, [0, _1, 0, _2])",
        "torch.matmul(x, p)",
        "torch.unfold(x, 2, 4, 4)",
        "torch.channel_shuffle(x, 4)",
        "torch.stack(columns, 3)",
        "ops.torchvision.deform_conv2d(x)",
        "torch.not_known_yet(x)"
      })
  void mayMovePlaces(String value) {
    assertEquals(false, keeps(value), value);
  }

  /** As a convolution with standardised weights has it; code is that of whole classes. */
  private static final String STANDARDISED =
      """
      class ScaledStdConv2d(Module):
        __parameters__ = ["weight", "gain", ]
        weight : Tensor
        gain : Tensor
        def forward(self: __torch__.ScaledStdConv2d,
          x: Tensor) -> Tensor:
          weight = self.weight
          input = torch.reshape(weight, [1, 40, -1])
          scale = torch.view(torch.mul(self.gain, CONSTANTS.c0), [1, 1, -1])
          _0 = torch.batch_norm(input, scale, None, None, None, True, 0., 1.0000000000000001e-05, True)
          weight0 = torch.reshape_as(_0, weight)
          %s
          return torch._convolution(x, weight0, None, [2, 2], [1, 1], [1, 1], False, [0, 0], 1)
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_1 = torch.mul_(weight0, self.gain)",
        "_1 = torch.view(weight0, [1, 1, 40, -1])",
        "_1 = torch.relu_(x)"
      })
  void weightsHaveNoPlaces(String statement) {
    assertEquals(true, PlacesCode.keeps("Net", STANDARDISED.formatted(statement)), statement);
  }

  /** What is computed from a picture, however it comes by its name, has places. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "_1 = torch.view(x, [1, 1, 40, -1])",
        "_1 = torch.reshape_as(x, weight)",
        "_1 = torch.view(torch.mul(weight, x), [1, 1, -1])",
        "weight = torch.relu(x)",
        "input = x",
        "scale, weight = torch.max(x, 1)",
        "self.weight = x",
        "(self.inner).weight = x",
        "_1 = torch.add_(torch.zero_(weight), x)",
        "_1 = torch.view((self.inner).recall(), [1, 1, 8, 8])",
        "_1 = torch.view(other, [1, 1, 8, 8])"
      })
  void whatIsOfThePictureHasPlaces(String statement) {
    assertEquals(false, PlacesCode.keeps("Net", STANDARDISED.formatted(statement)), statement);
  }
}
