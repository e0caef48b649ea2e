package camlab.network.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.network.Classes;
import camlab.network.GoldenNetworks;
import camlab.network.Network;
import camlab.network.Stated;
import camlab.picture.Preprocessing;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;

/** The files that {@code src/test/python/export} makes, and PyTorch's figures for them. */
final class ExportFiles {

  private static final String SALT = "open-";

  private ExportFiles() {}

  static Path path(String name) {
    return TestFiles.path("export/" + name + ".pt2");
  }

  /** The figures of a file; those of {@code twice} hold for {@code twice.2.5}, too. */
  static JsonObject figures(String name) {
    String program = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
    return TestFiles.figures("export/" + program + ".json");
  }

  static Network load(Path file, int classes, int size, Stated stated) {
    Preprocessing preprocessing =
        new Preprocessing(size, size, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    return ExportedProgram.load(file, Classes.numbered(classes), preprocessing, stated);
  }

  /** A picture by its formula, a batch of them, some columns of one; or its values. */
  static NDArray input(NDManager scope, JsonObject argument) {
    if (!argument.has("image")) {
      Gson gson = new Gson();
      Shape shape = new Shape(gson.fromJson(argument.get("shape"), long[].class));
      return scope.create(gson.fromJson(argument.get("values"), float[].class), shape);
    }
    int size = argument.get("image").getAsInt();
    int columns = argument.has("columns") ? argument.get("columns").getAsInt() : size;
    List<String> salts =
        argument.has("salts")
            ? argument.getAsJsonArray("salts").asList().stream()
                .map(JsonElement::getAsString)
                .toList()
            : List.of(SALT);
    float[] values = new float[salts.size() * 3 * size * columns];
    int rows = 0;
    for (String salt : salts) {
      float[] picture = GoldenNetworks.input(size, salt);
      for (int row = 0; row < 3 * size; row++, rows++) {
        System.arraycopy(picture, row * size, values, rows * columns, columns);
      }
    }
    return scope.create(values, new Shape(salts.size(), 3, size, columns));
  }

  static float[] floats(NDArray array) {
    return array.toType(DataType.FLOAT32, true).toFloatArray();
  }

  /** The largest difference, as a share of the largest magnitude. */
  static double difference(JsonArray expected, float[] found) {
    if (expected.size() != found.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < found.length; i++) {
      double value = expected.get(i).getAsDouble();
      largest = Math.max(largest, Math.abs(value));
      double off = Math.abs(found[i] - value);
      difference = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(difference, off);
    }
    return largest == 0 ? difference : difference / largest;
  }
}
