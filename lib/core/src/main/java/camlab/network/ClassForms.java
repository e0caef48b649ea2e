package camlab.network;

import camlab.file.TextException;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Names of classes in another form than one a line: JSON is read, tables are refused. */
final class ClassForms {

  private static final String LINES =
      "Save one name in each line, in the order of the numbers, as plain text (.txt)";

  /** How a synset of WordNet is called, as in ImageNet's list: {@code n01440764}. */
  private static final String SYNSET = "n\\d{8}";

  /** A line of a table that {@link NumberedNames} reads. */
  private static final String NUMBER_AND_NAME =
      "\\s*\"?\\d+\"?\\s*(\t[^\t]*|[,;]\\s*(\"[^\"]*\"|[^,;\t\"]*))\\s*";

  private ClassForms() {}

  /**
   * {@return the names that a text holds in JSON; empty if it is none}
   *
   * @param file what the text was read from
   * @param text all of it
   * @throws TextException if it is JSON of another form, or a table
   */
  static Optional<List<String>> read(Path file, String text) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    String stripped = text.strip();
    if (stripped.startsWith("{") || stripped.startsWith("[")) {
      Optional<JsonElement> json = json(file, stripped, name.endsWith(".json"));
      if (json.isPresent()) {
        List<String> names = names(file, json.get());
        if (names.isEmpty()) {
          throw refusal(file, "none");
        }
        return Optional.of(names);
      }
    }
    boolean columns =
        name.matches(".*\\.[ct]sv")
            && text.lines().allMatch(line -> line.isBlank() || line.matches(".*[,;\t].*"))
            && !text.lines().allMatch(line -> line.isBlank() || line.matches(NUMBER_AND_NAME));
    boolean labelMap = stripped.matches("(?s)item\\s*\\{.*");
    if (!stripped.isEmpty() && (columns || labelMap || name.matches(".*\\.ya?ml"))) {
      throw new TextException(
          "%s: expected the name of a class in each line, found %s, which begins with '%s'. %s."
              .formatted(
                  file,
                  columns
                      ? "a table of several columns"
                      : labelMap ? "a label map of TensorFlow" : "YAML",
                  stripped.lines().findFirst().orElseThrow(),
                  LINES));
    }
    return Optional.empty();
  }

  /** A list of names may begin with a bracket, too. */
  private static Optional<JsonElement> json(Path file, String text, boolean said) {
    try {
      return Optional.of(JsonParser.parseString(text));
    } catch (JsonParseException e) {
      if (said) {
        throw new TextException("%s: it is no whole JSON. %s.".formatted(file, LINES), e);
      }
      return Optional.empty();
    }
  }

  private static List<String> names(Path file, JsonElement json) {
    if (json instanceof JsonArray list) {
      return list.asList().stream().map(name -> name(file, name)).toList();
    }
    JsonObject object = json.getAsJsonObject();
    if (object.has("id2label") && object.get("id2label").isJsonObject()) {
      object = object.getAsJsonObject("id2label");
    }
    String[] names = new String[object.size()];
    int first = first(object);
    for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
      boolean counted = entry.getKey().matches("-?\\d+");
      int place = number(entry) - first;
      if (place < 0 || place >= names.length || names[place] != null) {
        throw refusal(file, "'%s'".formatted(entry));
      }
      names[place] = counted ? name(file, entry.getValue()) : entry.getKey();
    }
    return new ArrayList<>(Arrays.asList(names));
  }

  /** One if no name has the number 0 and one has 1; so many names then end at their count. */
  private static int first(JsonObject object) {
    List<Integer> numbers = object.entrySet().stream().map(ClassForms::number).toList();
    return !numbers.contains(0) && numbers.contains(1) ? 1 : 0;
  }

  private static int number(Map.Entry<String, JsonElement> entry) {
    String number = entry.getKey().matches("-?\\d+") ? entry.getKey() : entry.getValue().toString();
    return number.matches("\\d{1,7}") ? Integer.parseInt(number) : -1;
  }

  /** A name, or a synset's and its name as in {@code ["n01440764", "tench"]}. */
  private static String name(Path file, JsonElement element) {
    JsonElement name = element;
    if (element instanceof JsonArray pair
        && pair.size() == 2
        && pair.get(0).toString().matches("\"" + SYNSET + "\"")) {
      name = pair.get(1);
    }
    if (!name.isJsonPrimitive() || !name.getAsJsonPrimitive().isString()) {
      throw refusal(file, "'%s'".formatted(element));
    }
    return name.getAsString();
  }

  private static TextException refusal(Path file, String found) {
    return new TextException(
        "%s: of JSON a list of names is read, or an object with a name for each number from 0 or from 1, or with such a number for each name; found %s. %s."
            .formatted(file, found, LINES));
  }
}
