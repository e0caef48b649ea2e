package camlab.weights;

import camlab.file.WholeFile;
import com.google.gson.Gson;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The safetensors format: the length of the header (8 bytes, little-endian), the header as JSON,
 * and the tensors' bytes, row-major and little-endian, one after the other without a gap. Source:
 * the format's description in {@code huggingface/safetensors}, README, whose checks are all made
 * here.
 */
final class Safetensors {

  private static final long MAX_HEADER_BYTES = 100_000_000;
  private static final int MAX_TENSORS = 100_000;
  private static final String METADATA = "__metadata__";
  private static final int CHUNK = 1 << 16;

  private Safetensors() {}

  /**
   * What a file holds.
   *
   * @param tensors by name, in the header's order
   * @param metadata free text by key
   */
  record Content(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  /** Those of the format's element types that are no numbers of a network of this library. */
  private static final Set<String> OTHER_TYPES =
      Set.of(
          "U16",
          "U32",
          "U64",
          "C64",
          "F4",
          "F6_E2M3",
          "F6_E3M2",
          "F8_E4M3",
          "F8_E5M2",
          "F8_E8M0",
          "F8_E4M3FNUZ",
          "F8_E5M2FNUZ");

  /** A tensor's entry in the header; {@code begin} and {@code end} count from the data's start. */
  private record Entry(String name, ElementType type, Layout layout, long begin, long end) {}

  /** Where a tensor goes in a file that is written. */
  private record Slot(ElementType type, long begin) {}

  // ---- reading ----

  static Content read(WeightsFile file) {
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    long dataStart;
    try (InputStream stream = file.open(0)) {
      dataStart = Long.BYTES + readHeader(file, stream, entries, metadata);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      // Gson says IllegalStateException where the JSON has another shape than asked for.
      throw file.damaged(e);
    }
    requireGapless(file, entries, file.length() - dataStart);
    if (entries.isEmpty()) {
      throw file.problem("the file is whole, but holds no tensors. Save the weights again.");
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      long start = dataStart + entry.begin;
      tensors.put(
          entry.name,
          new StoredTensor(
              file,
              position -> file.open(start + position),
              entry.type,
              ByteOrder.LITTLE_ENDIAN,
              entry.layout));
    }
    return new Content(tensors, metadata);
  }

  private static long readHeader(
      WeightsFile file, InputStream stream, List<Entry> entries, Map<String, String> metadata)
      throws IOException {
    long length =
        ByteBuffer.wrap(stream.readNBytes(Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > Math.min(MAX_HEADER_BYTES, file.length() - Long.BYTES)) {
      throw file.problem(
          String.format(
              Locale.ROOT,
              "the file is damaged or incomplete: as safetensors it declares a header of %s bytes, where the file has %,d bytes and a header at most %,d. Download or save it again.",
              Long.toUnsignedString(length),
              file.length(),
              MAX_HEADER_BYTES));
    }
    InputStream header = new ByteArrayInputStream(stream.readNBytes((int) length));
    JsonReader json =
        new JsonReader(
            new InputStreamReader(
                header,
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)));
    Set<String> seen = new HashSet<>();
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      if (!seen.add(name)) {
        throw new IOException("its header names %s twice".formatted(name));
      }
      if (name.equals(METADATA)) {
        readMetadata(json, metadata);
      } else {
        if (entries.size() == MAX_TENSORS) {
          throw new IOException(
              String.format(Locale.ROOT, "it has more than %,d tensors", MAX_TENSORS));
        }
        entries.add(readEntry(file, name, json));
      }
    }
    json.endObject();
    if (json.peek() != JsonToken.END_DOCUMENT) {
      throw new IOException("its header goes on after its end");
    }
    return length;
  }

  private static void readMetadata(JsonReader json, Map<String, String> metadata)
      throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      if (json.peek() != JsonToken.STRING) {
        throw new IOException("its metadata \"%s\" is not text".formatted(key));
      }
      if (metadata.put(key, json.nextString()) != null) {
        throw new IOException("its metadata names %s twice".formatted(key));
      }
    }
    json.endObject();
  }

  private static Entry readEntry(WeightsFile file, String name, JsonReader json)
      throws IOException {
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      if (key.equals("dtype") && type == null) {
        type = json.nextString();
      } else if (key.equals("shape") && shape == null) {
        shape = readNumbers(json);
      } else if (key.equals("data_offsets") && offsets == null) {
        offsets = readNumbers(json);
      } else {
        throw new IOException("tensor %s has an unexpected or second \"%s\"".formatted(name, key));
      }
    }
    json.endObject();
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw new IOException("tensor %s lacks its type, shape or two offsets".formatted(name));
    }
    String typeName = type;
    if (OTHER_TYPES.contains(type)) {
      throw file.problem(
          "the tensor %s has the element type %s, which is not read here. Save it as numbers that PyTorch computes with: safetensors.torch.save_file({name: value.float() for name, value in tensors.items()}, file)."
              .formatted(name, type));
    }
    ElementType elements =
        ElementType.ofSafetensors(type)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "tensor %s has the element type %s, which is not read here"
                            .formatted(name, typeName)));
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    long count = Layout.count(sizes);
    long begin = offsets.get(0);
    long end = offsets.get(1);
    if (end < begin
        || count != (end - begin) / elements.bytes()
        || (end - begin) % elements.bytes() != 0) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "tensor %s has %,d elements of %d bytes, but lies between %,d and %,d",
              name,
              count,
              elements.bytes(),
              begin,
              end));
    }
    return new Entry(name, elements, Layout.contiguous(sizes), begin, end);
  }

  private static List<Long> readNumbers(JsonReader json) throws IOException {
    List<Long> numbers = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      if (json.peek() != JsonToken.NUMBER || numbers.size() == 64) {
        throw new IOException("a shape or offset is not a short list of whole numbers");
      }
      long number = Long.parseLong(json.nextString());
      if (number < 0) {
        throw new IOException("a shape or offset is negative: " + number);
      }
      numbers.add(number);
    }
    json.endArray();
    return numbers;
  }

  private static void requireGapless(WeightsFile file, List<Entry> entries, long dataLength) {
    List<Entry> inFile = new ArrayList<>(entries);
    inFile.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long position = 0;
    for (Entry entry : inFile) {
      if (entry.begin != position) {
        throw file.problem(
            String.format(
                Locale.ROOT,
                "the file is damaged: tensor %s should start at byte %,d of the data and starts at %,d. Download or save it again.",
                Messages.shown(entry.name),
                position,
                entry.begin));
      }
      position = entry.end;
    }
    if (position != dataLength) {
      throw file.problem(
          String.format(
              Locale.ROOT,
              "the file is damaged or incomplete: its tensors take %,d bytes, and %,d bytes are there. Download or save it again.",
              position,
              dataLength));
    }
  }

  // ---- writing ----

  static void write(
      Path target, Map<String, Tensor> tensors, Precision precision, Map<String, String> metadata) {
    try {
      writeTo(target, tensors, precision, metadata);
    } catch (IOException e) {
      throw new WeightsException(
          "%s: the weights could not be written: %s. Check that the folder exists, may be written to and has room."
              .formatted(target, e),
          e);
    }
  }

  private static void writeTo(
      Path path, Map<String, Tensor> tensors, Precision precision, Map<String, String> metadata)
      throws IOException {
    // Singles lie before halves, so that every tensor starts at a multiple of its element's size.
    List<String> singles = new ArrayList<>();
    List<String> halves = new ArrayList<>();
    tensors.forEach(
        (name, tensor) -> {
          boolean half = precision == Precision.HALF && fitsHalf(tensor.floats());
          (half ? halves : singles).add(name);
        });
    // Where each tensor will lie, in the order of the file's bytes.
    Map<String, Slot> slots = new LinkedHashMap<>();
    long position = 0;
    for (String name : singles) {
      slots.put(name, new Slot(ElementType.FLOAT32, position));
      position += tensors.get(name).count() * ElementType.FLOAT32.bytes();
    }
    for (String name : halves) {
      slots.put(name, new Slot(ElementType.FLOAT16, position));
      position += tensors.get(name).count() * ElementType.FLOAT16.bytes();
    }
    byte[] header = header(tensors, slots, metadata);
    WholeFile.write(
        path,
        out -> {
          out.write(
              ByteBuffer.allocate(Long.BYTES)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .putLong(header.length)
                  .array());
          out.write(header);
          for (Map.Entry<String, Slot> entry : slots.entrySet()) {
            writeValues(out, tensors.get(entry.getKey()).floats(), entry.getValue().type);
          }
        });
  }

  private static boolean fitsHalf(float[] values) {
    for (float value : values) {
      if (Float.isFinite(value) && Math.abs(value) >= HalfFloat.OVERFLOW) {
        return false;
      }
    }
    return true;
  }

  private static byte[] header(
      Map<String, Tensor> tensors, Map<String, Slot> slots, Map<String, String> metadata)
      throws IOException {
    StringWriter text = new StringWriter();
    JsonWriter json = new Gson().newJsonWriter(text);
    json.beginObject();
    if (!metadata.isEmpty()) {
      json.name(METADATA).beginObject();
      for (Map.Entry<String, String> entry : metadata.entrySet()) {
        json.name(entry.getKey()).value(entry.getValue());
      }
      json.endObject();
    }
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      ElementType type = slots.get(entry.getKey()).type;
      long begin = slots.get(entry.getKey()).begin;
      json.name(entry.getKey()).beginObject();
      json.name("dtype").value(type.safetensorsName());
      json.name("shape").beginArray();
      for (long size : entry.getValue().shape()) {
        json.value(size);
      }
      json.endArray();
      json.name("data_offsets").beginArray();
      json.value(begin).value(begin + entry.getValue().count() * type.bytes());
      json.endArray().endObject();
    }
    json.endObject();
    json.flush();
    // Spaces up to a multiple of 8, so that the data after it is aligned.
    int length = text.toString().getBytes(StandardCharsets.UTF_8).length;
    text.write(" ".repeat((8 - length % 8) % 8));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void writeValues(OutputStream out, float[] values, ElementType type)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      if (buffer.remaining() < Float.BYTES) {
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
      if (type == ElementType.FLOAT16) {
        buffer.putShort(HalfFloat.fromFloat(value));
      } else {
        buffer.putFloat(value);
      }
    }
    out.write(buffer.array(), 0, buffer.position());
  }
}
