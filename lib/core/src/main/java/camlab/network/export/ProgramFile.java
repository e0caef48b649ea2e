package camlab.network.export;

import camlab.network.torchscript.WrittenProgram;
import camlab.weights.RawTensors.Raw;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What a TorchScript file holds besides the text of its classes: a pickle of the tree of its
 * modules, and the bytes of its tensors. Source: PyTorch's {@code
 * torch/csrc/jit/docs/serialization.md}.
 */
final class ProgramFile implements WrittenProgram.Contents {

  private static final String FOLDER = WrittenProgram.FOLDER + "/";

  /** The format of TorchScript of PyTorch 1.11 and later. */
  private static final String VERSION = "10\n";

  /** An empty tuple. */
  private static final byte[] CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private static final int CHUNK = 1 << 16;

  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  private final Map<String, String> keys = new LinkedHashMap<>();
  private final Map<String, Raw> storages = new LinkedHashMap<>();

  private ProgramFile() {}

  /** The bytes of one element of a storage. */
  static int width(String type) {
    return switch (type) {
      case "ByteStorage", "CharStorage", "BoolStorage" -> 1;
      case "ShortStorage", "HalfStorage", "BFloat16Storage" -> 2;
      case "LongStorage", "DoubleStorage", "ComplexFloatStorage" -> 8;
      case "ComplexDoubleStorage" -> 16;
      default -> 4;
    };
  }

  /**
   * A program.
   *
   * @param root the module that is the program
   * @param code the text of its classes, by the names of their files
   * @return the program; its tensors are read when it is written
   */
  static WrittenProgram of(ProgramModule root, Map<String, String> code) {
    ProgramFile file = new ProgramFile();
    file.pickle.write(0x80);
    file.pickle.write(2);
    file.module(root);
    file.pickle.write('.');
    Map<String, String> named = new LinkedHashMap<>();
    code.forEach((name, text) -> named.put(FOLDER + "code/" + name, text));
    return new WrittenProgram(root.className(), named, file);
  }

  @Override
  public byte[] bytes(String name) {
    return switch (name) {
      case FOLDER + "data.pkl" -> pickle.toByteArray();
      case FOLDER + "constants.pkl" -> CONSTANTS.clone();
      default -> new byte[0];
    };
  }

  @Override
  public void write(ZipOutputStream zip, Predicate<String> wanted) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("data.pkl", pickle.toByteArray());
    files.put("constants.pkl", CONSTANTS);
    files.put("version", VERSION.getBytes(StandardCharsets.UTF_8));
    files.put("byteorder", "little".getBytes(StandardCharsets.UTF_8));
    for (Map.Entry<String, byte[]> each : files.entrySet()) {
      if (wanted.test(FOLDER + each.getKey())) {
        store(zip, each.getKey(), each.getValue());
      }
    }
    for (Map.Entry<String, Raw> storage : storages.entrySet()) {
      store(zip, "data/" + storage.getKey(), storage.getValue());
    }
  }

  private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    zip.putNextEntry(entry(name, bytes.length, checksum.getValue()));
    zip.write(bytes);
    zip.closeEntry();
  }

  /** Twice through the bytes: a zip wants their checksum first. */
  private static void store(ZipOutputStream zip, String name, Raw tensor) throws IOException {
    long length = tensor.elements() * width(tensor.type());
    CRC32 checksum = new CRC32();
    try (InputStream bytes = tensor.bytes().open()) {
      copy(bytes, length, new ChecksumOnly(checksum));
    }
    zip.putNextEntry(entry(name, length, checksum.getValue()));
    try (InputStream bytes = tensor.bytes().open()) {
      copy(bytes, length, zip);
    }
    zip.closeEntry();
  }

  private static void copy(InputStream from, long length, OutputStream to) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (long left = length; left > 0; ) {
      int read = from.read(chunk, 0, (int) Math.min(chunk.length, left));
      if (read < 0) {
        throw new IOException("a tensor's numbers end too early");
      }
      to.write(chunk, 0, read);
      left -= read;
    }
  }

  private static final class ChecksumOnly extends OutputStream {

    private final CRC32 checksum;

    ChecksumOnly(CRC32 checksum) {
      this.checksum = checksum;
    }

    @Override
    public void write(int value) {
      checksum.update(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      checksum.update(bytes, offset, length);
    }
  }

  private static ZipEntry entry(String name, long size, long checksum) {
    ZipEntry entry = new ZipEntry(FOLDER + name);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(checksum);
    entry.setTime(0);
    return entry;
  }

  /** An object of a module's class, with its attributes. */
  private void module(ProgramModule module) {
    String name = module.className();
    int dot = name.lastIndexOf('.');
    global(name.substring(0, dot), name.substring(dot + 1));
    pickle.write(')');
    pickle.write(0x81);
    pickle.write('}');
    pickle.write('(');
    module
        .tensors()
        .forEach(
            (attribute, tensor) -> {
              text(attribute);
              tensor(tensor.raw());
            });
    text("training");
    pickle.write(0x89);
    text("_is_full_backward_hook");
    pickle.write('N');
    module
        .children()
        .forEach(
            (attribute, child) -> {
              text(attribute);
              module(child);
            });
    pickle.write('u');
    pickle.write('b');
  }

  private void tensor(Raw raw) {
    global("torch._utils", "_rebuild_tensor_v2");
    pickle.write('(');
    pickle.write('(');
    text("storage");
    global("torch", raw.type());
    String key =
        keys.computeIfAbsent(raw.storage(), each -> String.format(Locale.ROOT, "%d", keys.size()));
    storages.putIfAbsent(key, raw);
    text(key);
    text("cpu");
    number(raw.elements());
    pickle.write('t');
    pickle.write('Q');
    number(raw.offset());
    numbers(raw.shape());
    numbers(raw.strides());
    pickle.write(0x89);
    global("collections", "OrderedDict");
    pickle.write(')');
    pickle.write('R');
    pickle.write('t');
    pickle.write('R');
  }

  private void numbers(List<Long> numbers) {
    pickle.write('(');
    numbers.forEach(this::number);
    pickle.write('t');
  }

  private void global(String module, String name) {
    pickle.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    pickle.write('X');
    pickle.writeBytes(
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(bytes.length)
            .array());
    pickle.writeBytes(bytes);
  }

  /** As a whole number of eight bytes. */
  private void number(long number) {
    pickle.write(0x8a);
    pickle.write(Long.BYTES);
    pickle.writeBytes(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
  }
}
