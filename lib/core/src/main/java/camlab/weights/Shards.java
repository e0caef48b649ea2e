package camlab.weights;

import camlab.file.TextException;
import camlab.file.TextFile;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of weights that were saved in several, {@code model-00001-of-00002.safetensors}, and
 * the index beside them, {@code model.safetensors.index.json}, which says in which one each tensor
 * lies.
 *
 * @param named what the reader named, one of them or the index
 * @param files all of them
 * @param places the name of the file of each tensor; empty if there is no index
 */
record Shards(WeightsFile named, List<WeightsFile> files, Map<String, String> places) {

  private static final Pattern SHARD =
      Pattern.compile("(.+)-(\\d{5,6})-of-(\\d{5,6})(\\.[A-Za-z]+)");

  private static final String MAP = "weight_map";

  private static final int MOST = 100_000;

  /**
   * {@return the files that belong to one, if its name says that it is one of several}
   *
   * @param file any file
   * @throws WeightsException if some of the others are missing; the message names the first
   */
  static Optional<Shards> of(WeightsFile file) {
    String name = file.path().getFileName().toString();
    Matcher shard = SHARD.matcher(name);
    if (!shard.matches()) {
      return Optional.empty();
    }
    Path index = file.path().resolveSibling(shard.group(1) + shard.group(4) + ".index.json");
    if (Files.isRegularFile(index)) {
      Shards all = ofIndex(file, WeightsFile.of(index));
      if (all.places().containsValue(name)) {
        return Optional.of(all);
      }
    }
    return Optional.of(ofNames(file, shard));
  }

  /** Without an index the names say how many there are. */
  private static Shards ofNames(WeightsFile file, Matcher shard) {
    int digits = shard.group(3).length();
    int count = Integer.parseInt(shard.group(3));
    if (count < 1 || count > MOST) {
      throw file.problem(
          String.format(Locale.ROOT, "its name says that it is one of %,d files.", count));
    }
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String number = String.format(Locale.ROOT, "%0" + digits + "d", i);
      names.add(shard.group(1) + "-" + number + "-of-" + shard.group(3) + shard.group(4));
    }
    return new Shards(file, files(file, names, "its name"), Map.of());
  }

  /**
   * {@return the files that an index names}
   *
   * @param index a JSON file
   * @throws WeightsException if it is no index, or some of the files are missing
   */
  static Shards ofIndex(WeightsFile index) {
    return ofIndex(index, index);
  }

  private static Shards ofIndex(WeightsFile named, WeightsFile index) {
    Map<String, String> places = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : map(index).entrySet()) {
      JsonElement place = entry.getValue();
      if (!place.isJsonPrimitive() || !place.getAsJsonPrimitive().isString()) {
        throw index.problem(
            "expected the name of a file for \"%s\", found %s. Download it again."
                .formatted(Messages.shown(entry.getKey()), Messages.shown(place.toString())));
      }
      places.put(entry.getKey(), place.getAsString());
    }
    Set<String> names = new LinkedHashSet<>(places.values());
    String said = index.path().getFileName().toString();
    return new Shards(named, files(named, List.copyOf(names), said), places);
  }

  private static JsonObject map(WeightsFile index) {
    try {
      if (JsonParser.parseString(TextFile.read(index.path())) instanceof JsonObject all
          && all.get(MAP) instanceof JsonObject map
          && !map.isEmpty()) {
        return map;
      }
    } catch (JsonParseException | TextException e) {
      throw index.damaged(e);
    }
    throw index.problem(
        "expected weights, or the index of weights in several files, a JSON object with a \"%s\"; found other JSON. Name the file of the weights."
            .formatted(MAP));
  }

  private static List<WeightsFile> files(WeightsFile named, List<String> names, String said) {
    List<WeightsFile> files = new ArrayList<>();
    for (String name : names) {
      if (name.isEmpty() || name.contains("/") || name.contains("\\") || name.startsWith(".")) {
        throw named.problem(
            "expected files beside it, found \"%s\" in %s.".formatted(Messages.shown(name), said));
      }
      Path file = named.path().resolveSibling(name);
      if (!Files.isRegularFile(file)) {
        throw named.problem(
            String.format(
                Locale.ROOT,
                "it belongs to weights in %,d %s, as %s says, and %s is not beside it. Fetch all of them into one folder.",
                names.size(),
                names.size() == 1 ? "file" : "files",
                said,
                Messages.shown(name)));
      }
      files.add(WeightsFile.of(file));
    }
    return files;
  }

  /**
   * {@return the tensors of all files, in their order}
   *
   * @param contents what each file holds, in the order of the files
   * @throws WeightsException if one is in two of them, or not where the index says
   */
  Map<String, Tensor> tensors(List<Map<String, Tensor>> contents) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    Map<String, String> found = new LinkedHashMap<>();
    for (int i = 0; i < contents.size(); i++) {
      String file = files.get(i).path().getFileName().toString();
      contents
          .get(i)
          .forEach(
              (name, tensor) -> {
                String other = found.putIfAbsent(name, file);
                if (other != null) {
                  throw named.problem(
                      "\"%s\" lies in %s and in %s. Save or download them again."
                          .formatted(Messages.shown(name), other, file));
                }
                all.put(name, tensor);
              });
    }
    places.forEach(
        (name, file) -> {
          if (!file.equals(found.get(name))) {
            throw named.problem(
                "the index says that \"%s\" lies in %s, and it lies in %s. The files are of different downloads: fetch all of them again."
                    .formatted(Messages.shown(name), file, found.getOrDefault(name, "none")));
          }
        });
    return all;
  }

  /** {@return where the weights are from, for a message} */
  String origin() {
    return String.format(
        Locale.ROOT, "%s (with all %,d files of these weights)", named.path(), files.size());
  }
}
