package camlab.measure;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The figures that {@code measures.py} of lib/core worked out. */
final class Reference {

  private Reference() {}

  static JsonObject read() {
    return read("reference.json");
  }

  /** Another file of the folder. */
  static JsonObject read(String name) {
    try (Reader reader =
        new InputStreamReader(
            Reference.class.getResourceAsStream("/camlab/measure/" + name),
            StandardCharsets.UTF_8)) {
      return new Gson().fromJson(reader, JsonObject.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static double[] doubles(JsonElement element) {
    JsonArray array = element.getAsJsonArray();
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).getAsDouble();
    }
    return values;
  }
}
