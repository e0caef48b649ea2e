package camlab.network.export;

import camlab.file.Places;
import camlab.network.program.Graph;
import camlab.weights.RawTensors;
import camlab.weights.RawTensors.Raw;
import camlab.weights.WeightsException;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A file of {@code torch.export.save}: a zip with the graph as JSON, and the tensors. Up to PyTorch
 * 2.7 these are files of {@code torch.save} inside it, since 2.9 raw bytes with a description; 2.8
 * is in between. Source: PyTorch's {@code torch/export/pt2_archive}.
 *
 * <p>The tensors are copied out only when they are asked for, so the archive is kept open.
 */
final class ExportedArchive implements AutoCloseable {

  private static final String OLD_GRAPH = "serialized_exported_program.json";
  private static final Pattern GRAPH = Pattern.compile("([^/]+/)?models/[^/]+\\.json");
  private static final String OLD_WEIGHTS = "serialized_state_dict.pt";
  private static final String OLD_CONSTANTS = "serialized_constants.pt";

  /** The largest of 84 networks of torchvision and timm has 3 MB. */
  private static final long MOST_JSON = 64L << 20;

  /** Of one tensor that is no parameter, in bytes. */
  private static final long MOST_KEPT = 256L << 20;

  private final Path path;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries;

  /** The name of the graph's file. */
  private final String graph;

  private final List<Path> copies = new ArrayList<>();

  /** Read when first asked for, since older files have to be copied for that; null before. */
  private Map<String, Raw> weights;

  private Map<String, Raw> constants;

  private ExportedArchive(Path path, ZipFile zip) {
    this.path = path;
    this.zip = zip;
    this.entries = new LinkedHashMap<>();
    zip.stream().forEach(entry -> entries.put(entry.getName(), entry));
    graph = findGraph();
  }

  /**
   * Opens a file; nothing of it is run.
   *
   * @throws ExportedProgramException if it is no file of torch.export.save
   */
  static ExportedArchive open(Path path) {
    Places.requireFile(path, "a file of torch.export.save", ExportedProgramException::new);
    Places.requireOnDisk(path, ExportedProgramException::new);
    Places.requireSpeakable(path, ExportedProgramException::new);
    try {
      ZipFile zip = new ZipFile(path.toFile());
      try {
        return new ExportedArchive(path, zip);
      } catch (RuntimeException | Error e) {
        zip.close();
        throw e;
      }
    } catch (IOException | IllegalArgumentException e) {
      // ZipFile reports names that are not UTF-8 as an IllegalArgumentException.
      throw new ExportedProgramException(
          "%s is no file of torch.export.save, or is damaged: it cannot be read as a zip (%s). Save it again."
              .formatted(path, e.getMessage()),
          e);
    }
  }

  private ExportedProgramException problem(String what) {
    return new ExportedProgramException("%s cannot be used: %s.".formatted(path, what));
  }

  /** The graph's file: the only one, or the one that is called {@code model}. */
  private String findGraph() {
    if (entries.containsKey(OLD_GRAPH)) {
      return OLD_GRAPH;
    }
    List<String> models =
        entries.keySet().stream().filter(name -> GRAPH.matcher(name).matches()).toList();
    if (models.isEmpty()) {
      throw problem(whatElse());
    }
    if (models.size() == 1) {
      return models.get(0);
    }
    return models.stream()
        .filter(name -> name.endsWith("models/model.json"))
        .findFirst()
        .orElseThrow(
            () ->
                problem(
                    "it holds several programs (%s). Save the one you mean by itself"
                        .formatted(String.join(", ", models))));
  }

  /** What a zip without a graph is, and what to do with it. */
  private String whatElse() {
    if (entries.keySet().stream().anyMatch(name -> name.contains("data/aotinductor/"))) {
      return "it holds code that was compiled for one machine (AOTInductor), in which no layer can be seen. Save the program itself: torch.export.save(torch.export.export(model, (picture,)), \"model.pt2\")";
    }
    if (entries.keySet().stream().anyMatch(name -> name.contains("/code/"))) {
      return "it is a TorchScript file. Open it with TorchScript.load";
    }
    if (entries.keySet().stream().anyMatch(name -> name.endsWith("/data.pkl"))) {
      return "it holds weights (torch.save) and no program. Open it with Network.load and the plan they belong to";
    }
    return "this zip holds no graph. Expected a file of torch.export.save";
  }

  /** The graph with its signature. */
  JsonObject graph() {
    return json(graph);
  }

  private JsonObject json(String name) {
    ZipEntry entry = entry(name);
    if (entry.getSize() > MOST_JSON) {
      throw problem(
          String.format(
              Locale.ROOT,
              "%s has %,d bytes; at most %,d are read",
              name,
              entry.getSize(),
              MOST_JSON));
    }
    try (InputStream bytes = zip.getInputStream(entry);
        // A declared size can lie.
        InputStream limited = new Limited(bytes, MOST_JSON);
        JsonReader reader =
            new JsonReader(new InputStreamReader(limited, StandardCharsets.UTF_8))) {
      // Takes NaN and Infinity, too, which PyTorch 2.5 writes as they are.
      JsonElement root = JsonParser.parseReader(reader);
      if (!root.isJsonObject()) {
        throw problem(name + " is no object");
      }
      return root.getAsJsonObject();
    } catch (IOException | JsonParseException | StackOverflowError e) {
      throw new ExportedProgramException(
          "%s is damaged: %s is no JSON that could be read, or ends too early. Save it again with torch.export.save."
              .formatted(path, name),
          e);
    }
  }

  /** Fails behind so many bytes. */
  private static final class Limited extends FilterInputStream {

    private long left;

    Limited(InputStream bytes, long most) {
      super(bytes);
      left = most;
    }

    @Override
    public int read() throws IOException {
      count(1);
      return super.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      count(Math.max(read, 0));
      return read;
    }

    private void count(int bytes) throws IOException {
      left -= bytes;
      if (left < 0) {
        throw new IOException("it is longer than it says");
      }
    }
  }

  private ZipEntry entry(String name) {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw problem("it is damaged or incomplete: it lacks " + name);
    }
    return entry;
  }

  /** A file that is not compressed: such a one cannot declare more bytes than the zip has. */
  private ZipEntry stored(String name) {
    ZipEntry entry = entry(name);
    if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
      throw problem(
          "%s is compressed, which torch.export.save never does. Take the original"
              .formatted(name));
    }
    return entry;
  }

  /** The trained and the kept tensors, by their names in the state dictionary. */
  Map<String, Raw> weights() {
    if (weights == null) {
      weights = tensors(OLD_WEIGHTS, "weights");
    }
    return weights;
  }

  /** Other tensors of the program. */
  Map<String, Raw> constants() {
    if (constants == null) {
      constants = tensors(OLD_CONSTANTS, "constants");
    }
    return constants;
  }

  /**
   * The tensor that an input of a program stands for; null if there is none. A buffer that is no
   * part of the state dictionary lies among the constants.
   *
   * @param input no picture
   * @param weights those of the state dictionary
   * @param constants the others
   */
  static Raw tensor(Graph.Input input, Map<String, Raw> weights, Map<String, Raw> constants) {
    Raw raw = weights.get(input.source());
    return input.origin() == Graph.Origin.CONSTANT || raw == null
        ? constants.getOrDefault(input.source(), raw)
        : raw;
  }

  /**
   * The tensors that a program keeps and that are no parameters, by their names in the file, read
   * so that they outlive the archive: the engine hands out parameters only. Very large ones are
   * left out.
   *
   * @param program what is computed with them
   * @throws IOException if they cannot be read
   */
  Map<String, Raw> kept(Graph program) throws IOException {
    Map<String, Raw> kept = new LinkedHashMap<>();
    for (Graph.Input input : program.inputs()) {
      boolean constant = input.origin() == Graph.Origin.CONSTANT;
      Raw raw = tensor(input, weights(), constants());
      if (raw != null && (constant || input.origin() == Graph.Origin.BUFFER)) {
        int width = ProgramFile.width(raw.type());
        if (raw.elements() <= MOST_KEPT / width) {
          kept.put(input.source(), raw.read(width));
        }
      }
    }
    return kept;
  }

  private Map<String, Raw> tensors(String old, String kind) {
    if (graph.equals(OLD_GRAPH)) {
      return entries.containsKey(old) ? saved(old) : Map.of();
    }
    int models = graph.lastIndexOf("models/");
    String name = graph.substring(models + "models/".length(), graph.length() - ".json".length());
    String folder = graph.substring(0, models);
    requireByteOrder(folder + "byteorder");
    String data = folder + "data/" + kind + "/";
    String config = data + name + "_" + kind + "_config.json";
    if (entries.containsKey(config)) {
      return raw(data, json(config));
    }
    String whole = data + name + ".pt";
    return entries.containsKey(whole) ? saved(whole) : Map.of();
  }

  private void requireByteOrder(String name) {
    if (!entries.containsKey(name)) {
      return;
    }
    try (InputStream bytes = zip.getInputStream(entry(name))) {
      String order = new String(bytes.readNBytes(16), StandardCharsets.UTF_8).strip();
      if (!order.equals("little")) {
        throw problem(
            "its numbers have the byte order '%s'; only 'little' is read. Save it again on a machine like this one"
                .formatted(order));
      }
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private ExportedProgramException damaged(Exception e) {
    return new ExportedProgramException(
        "%s is damaged or incomplete: %s. Save it again with torch.export.save."
            .formatted(path, e.getMessage()),
        e);
  }

  /** A file that goes when the archive is closed. */
  private Path temporary() {
    try {
      Path copy = Files.createTempFile("camlab-", ".pt");
      copies.add(copy);
      return copy;
    } catch (IOException e) {
      throw Places.noTemporaryFile(e);
    }
  }

  /** A file of torch.save inside the zip, through a copy of it. */
  private Map<String, Raw> saved(String name) {
    Path copy = temporary();
    try {
      try (InputStream bytes = zip.getInputStream(stored(name))) {
        Files.copy(bytes, copy, StandardCopyOption.REPLACE_EXISTING);
      }
      Map<String, Raw> tensors = new LinkedHashMap<>();
      // Each of the files counts its storages from 0.
      RawTensors.read(copy)
          .forEach((key, raw) -> tensors.put(key, raw.withStorage(name + "/" + raw.storage())));
      return tensors;
    } catch (IOException e) {
      throw new ExportedProgramException(
          Places.noCopy("%s of %s".formatted(name, path), copy, e), e);
    } catch (WeightsException e) {
      throw new ExportedProgramException(
          "%s of %s cannot be read: %s"
              .formatted(name, path, e.getMessage().replaceFirst("^\\S*camlab-\\S*: ", "")),
          e);
    }
  }

  private Map<String, Raw> raw(String folder, JsonObject config) {
    Map<String, Raw> tensors = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, JsonElement> entry : config.getAsJsonObject("config").entrySet()) {
        JsonObject payload = entry.getValue().getAsJsonObject();
        JsonElement meta = payload.get("tensor_meta");
        if (meta == null || meta.isJsonNull()) {
          continue;
        }
        if (payload.get("use_pickle").getAsBoolean()) {
          throw problem(
              "'%s' is a tensor of a class of its own, kept as Python's objects are. Export the network with plain tensors"
                  .formatted(entry.getKey()));
        }
        tensors.put(
            entry.getKey(),
            raw(folder, payload.get("path_name").getAsString(), meta.getAsJsonObject()));
      }
    } catch (ClassCastException
        | IllegalStateException
        | NullPointerException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw damaged(e);
    }
    return tensors;
  }

  private Raw raw(String folder, String file, JsonObject meta) {
    int number = meta.get("dtype").getAsInt();
    String type =
        GraphReader.storage(number)
            .orElseThrow(
                () ->
                    problem(
                        String.format(
                            Locale.ROOT,
                            "it holds tensors of a type that the engine cannot take (PyTorch's number %d). Turn the network into single precision, model.float(), and export it again",
                            number)));
    ZipEntry entry = stored(folder + file);
    List<Long> shape = GraphReader.sizes(meta);
    List<Long> strides = GraphReader.lengths(meta.getAsJsonArray("strides"));
    long offset = meta.getAsJsonObject("storage_offset").get("as_int").getAsLong();
    long elements = entry.getSize() / ProgramFile.width(type);
    try {
      return new Raw(
          folder + file, type, elements, offset, shape, strides, () -> zip.getInputStream(entry));
    } catch (IllegalArgumentException e) {
      throw new ExportedProgramException(
          String.format(
              Locale.ROOT,
              "%s cannot be used: %s holds %,d numbers, too few or laid out in a way that cannot be: %s.",
              path,
              folder + file,
              elements,
              e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    try {
      zip.close();
      for (Path copy : copies) {
        Files.deleteIfExists(copy);
      }
    } catch (IOException e) {
      throw damaged(e);
    }
  }
}
