package camlab.benchmark;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript file of any depth, in the form that {@code torch.jit.trace} and {@code save} give
 * it: each layer with a class and a code file of its own. Convolutions and ReLUs by turns, each
 * pair added to what went in; then the mean over the positions, and a linear layer. Weights are
 * noise from a fixed seed.
 *
 * <p>The form of the file: PyTorch's {@code torch/csrc/jit/docs/serialization.md}.
 */
final class DeepProgram {

  /** The classes it tells apart. */
  static final int CLASSES = 10;

  private static final int CHANNELS = 16;
  private static final int COLORS = 3;
  private static final int KERNEL = 3;

  /** So small that a thousand sums neither vanish nor overflow. */
  private static final float SCALE = 0.02f;

  private static final String HEAD =
      """
        training : bool
        _is_full_backward_hook : Optional[bool]
      """;

  private final Random random = new Random(1);
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final ByteArrayOutputStream pickled = new ByteArrayOutputStream();
  private final DataOutputStream pickle = new DataOutputStream(pickled);
  private int storages;

  private DeepProgram() {}

  /**
   * Writes a program.
   *
   * @param file where to
   * @param layers how many layers the library finds in it, even and at least 4
   */
  static void write(Path file, int layers) {
    try {
      new DeepProgram().write(layers, file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written.", e);
    }
  }

  private void write(int layers, Path file) throws IOException {
    StringBuilder attributes = new StringBuilder();
    StringBuilder body = new StringBuilder();
    pickle.write(new byte[] {(byte) 0x80, 2});
    begin("__torch__", "Deep");
    convolution("enter", COLORS, 4, attributes);
    body.append("    x0 = (self.enter).forward(x, )\n");
    int pairs = (layers - 2) / 2;
    for (int i = 0; i < pairs; i++) {
      convolution("conv" + i, CHANNELS, 1, attributes);
      relu("relu" + i, attributes);
      body.append(
          "    y%1$s = (self.relu%1$s).forward((self.conv%1$s).forward(x%1$s, ), )\n".formatted(i));
      body.append("    x%s = torch.add(x%s, y%s)\n".formatted(i + 1, i, i));
    }
    linear("fc", attributes);
    body.append(
        "    pooled = torch.flatten(torch.adaptive_avg_pool2d(x%s, [1, 1]), 1)\n".formatted(pairs));
    body.append("    return (self.fc).forward(pooled, )\n");
    end();
    pickle.write('.');
    code(
        "__torch__.py",
        "class Deep(Module):\n  __parameters__ = []\n  __buffers__ = []\n"
            + HEAD
            + attributes
            + "  def forward(self: __torch__.Deep,\n    x: Tensor) -> Tensor:\n"
            + body);
    files.put("data.pkl", pickled.toByteArray());
    files.put("constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
    files.put("version", "3\n".getBytes(StandardCharsets.US_ASCII));
    zip(file);
  }

  private void convolution(String name, int from, int stride, StringBuilder attributes)
      throws IOException {
    layer(
        name,
        "torch.nn.modules.conv",
        "Conv2d",
        attributes,
        new int[] {CHANNELS, from, KERNEL, KERNEL},
        "torch._convolution(x, weight, None, [%1$s, %1$s], [1, 1], [1, 1], False, [0, 0], 1, False, False, True, True)"
            .formatted(stride));
  }

  private void relu(String name, StringBuilder attributes) throws IOException {
    layer(name, "torch.nn.modules.activation", "ReLU", attributes, new int[0], "torch.relu(x)");
  }

  private void linear(String name, StringBuilder attributes) throws IOException {
    layer(
        name,
        "torch.nn.modules.linear",
        "Linear",
        attributes,
        new int[] {CLASSES, CHANNELS},
        "torch.linear(x, weight)");
  }

  /** A layer has a class of its own, as in every trace. */
  private void layer(
      String name,
      String module,
      String type,
      StringBuilder attributes,
      int[] weights,
      String expression)
      throws IOException {
    String place = "__torch__.%s.___torch_mangle_%s".formatted(module, files.size());
    boolean weighted = weights.length > 0;
    string(name);
    begin(place, type);
    if (weighted) {
      string("weight");
      tensor(weights);
    }
    end();
    attributes.append("  %s : %s.%s\n".formatted(name, place, type));
    code(
        place.replace('.', '/') + ".py",
        "class %s(Module):\n  __parameters__ = [%s]\n  __buffers__ = []\n%s"
                .formatted(
                    type, weighted ? "\"weight\", " : "", weighted ? "  weight : Tensor\n" : "")
            + HEAD
            + "  def forward(self: %s.%s,\n    x: Tensor) -> Tensor:\n".formatted(place, type)
            + (weighted ? "    weight = self.weight\n" : "")
            + "    return %s\n".formatted(expression));
  }

  private void code(String file, String text) {
    files.put("code/" + file, text.getBytes(StandardCharsets.UTF_8));
  }

  private void begin(String module, String type) throws IOException {
    global(module, type);
    pickle.writeBytes(")\u0081}(");
    string("training");
    pickle.write(0x89);
    string("_is_full_backward_hook");
    pickle.write('N');
  }

  private void end() throws IOException {
    pickle.writeBytes("ub");
  }

  private void global(String module, String type) throws IOException {
    pickle.writeBytes("c%s\n%s\n".formatted(module, type));
  }

  private void string(String text) throws IOException {
    pickle.write('X');
    integer(text.length());
    pickle.writeBytes(text);
  }

  private void number(int value) throws IOException {
    pickle.write('J');
    integer(value);
  }

  private void integer(int value) throws IOException {
    pickle.writeInt(Integer.reverseBytes(value));
  }

  private void numbers(int... values) throws IOException {
    pickle.write('(');
    for (int value : values) {
      number(value);
    }
    pickle.write('t');
  }

  private void tensor(int... shape) throws IOException {
    int[] strides = new int[shape.length];
    int size = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = size;
      size *= shape[i];
    }
    String key = String.valueOf(storages++);
    ByteBuffer values = ByteBuffer.allocate(Float.BYTES * size).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      values.putFloat(SCALE * (float) random.nextGaussian());
    }
    files.put("data/" + key, values.array());
    global("torch._utils", "_rebuild_tensor_v2");
    pickle.writeBytes("((");
    string("storage");
    global("torch", "FloatStorage");
    string(key);
    string("cpu");
    number(size);
    pickle.writeBytes("tQ");
    number(0);
    numbers(shape);
    numbers(strides);
    pickle.write(0x89);
    global("collections", "OrderedDict");
    pickle.writeBytes(")RtR");
  }

  private void zip(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> each : files.entrySet()) {
        CRC32 checksum = new CRC32();
        checksum.update(each.getValue());
        ZipEntry entry = new ZipEntry("deep/" + each.getKey());
        entry.setSize(each.getValue().length);
        entry.setCompressedSize(each.getValue().length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(each.getValue());
        zip.closeEntry();
      }
    }
  }
}
