package camlab.network.export;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import camlab.network.Network;
import camlab.network.Stated;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are small and mean much: refused before memory or time is spent on them. */
class LargeExportTest {

  private static final int SIZE = 4;
  private static final String PROGRAM = "plain/models/model.json";

  /** Far more than refusing takes, far less than running would. */
  private static final Duration SOON = Duration.ofMinutes(2);

  @TempDir private Path folder;

  private static Network load(Path file) {
    return ExportFiles.load(file, 2, SIZE, Stated.NOTHING);
  }

  /** The harmless file, its program written by somebody else. */
  private Path with(Writer program) throws IOException {
    Path target = folder.resolve("changed.pt2");
    try (ZipFile source = new ZipFile(ExportFiles.path("hostile/plain").toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
      for (Enumeration<? extends ZipEntry> all = source.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        out.putNextEntry(new ZipEntry(entry.getName()));
        byte[] content = source.getInputStream(entry).readAllBytes();
        if (entry.getName().equals(PROGRAM)) {
          program.write(new String(content, StandardCharsets.UTF_8), out);
        } else {
          out.write(content);
        }
        out.closeEntry();
      }
    }
    return target;
  }

  private interface Writer {
    void write(String program, OutputStream out) throws IOException;
  }

  @Test
  void aProgramOfManyMegabytes() throws IOException {
    byte[] spaces = new byte[1 << 20];
    Arrays.fill(spaces, (byte) ' ');
    Path file =
        with(
            (program, out) -> {
              for (int i = 0; i < 200; i++) {
                out.write(spaces);
              }
              out.write(program.getBytes(StandardCharsets.UTF_8));
            });
    assertTimeout(
        SOON, () -> assertThrows(ExportedProgramException.class, () -> load(file).close()));
  }

  @Test
  void moreNodesThanAnyNetworkHas() throws IOException {
    Path file = with((program, out) -> out.write(many(program, 120_000)));
    assertTimeout(
        SOON, () -> assertThrows(ExportedProgramException.class, () -> load(file).close()));
  }

  /** The program with its relu many times over. */
  private static byte[] many(String program, int times) {
    JsonObject root = new Gson().fromJson(program, JsonObject.class);
    JsonObject graph = root.getAsJsonObject("graph_module").getAsJsonObject("graph");
    JsonArray nodes = graph.getAsJsonArray("nodes");
    List<JsonElement> own = List.copyOf(nodes.asList());
    graph.add("nodes", new JsonArray());
    String whole = root.toString();
    String relu = own.get(1).toString();
    StringBuilder all = new StringBuilder();
    all.append(own.get(0)).append(',').append(relu).append(',').append(own.get(2));
    for (int i = 0; i < times; i++) {
      String given = i == 0 ? "relu" : "relu_" + (i - 1);
      all.append(',')
          .append(
              relu.replace("\"name\":\"relu\"", "\"name\":\"relu_" + i + "\"")
                  .replace("\"name\":\"conv2d\"", "\"name\":\"" + given + "\""));
    }
    return whole
        .replace("\"nodes\":[]", "\"nodes\":[" + all + "]")
        .getBytes(StandardCharsets.UTF_8);
  }
}
