package camlab.network.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.TestFiles;
import camlab.network.program.Graph;
import camlab.network.program.Graph.Node;
import camlab.network.program.Graph.One;
import camlab.network.program.Graph.Parts;
import camlab.network.program.Lengths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lengths by the rules, against those that PyTorch wrote into the files of exported programs. */
class LengthsTest {

  private final List<String> wrong = new ArrayList<>();
  private int right;
  private int unknown;

  @Test
  void areThoseThatPyTorchWrites() throws IOException {
    for (String folder : List.of("export", "export/classics", "export/layouts", "attention")) {
      try (Stream<Path> files = Files.list(TestFiles.path(folder))) {
        for (Path file : files.filter(file -> file.toString().endsWith(".pt2")).toList()) {
          compare(file);
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(right > 30 * unknown, () -> right + " were compared, " + unknown + " not");
  }

  private void compare(Path file) {
    try (ExportedArchive archive = ExportedArchive.open(file)) {
      compare(GraphReader.read(file.toString(), archive.graph()));
    } catch (ExportedProgramException e) {
      assertTrue(e.getMessage().contains("cannot be"), e.getMessage());
    }
  }

  private void compare(Graph graph) {
    Map<String, List<Long>> sizes = new HashMap<>(graph.sizes());
    sizes.values().removeIf(lengths -> lengths.contains(-1L));
    Lengths lengths = new Lengths(sizes);
    for (Node node : graph.nodes()) {
      if (node.results().isEmpty()) {
        continue;
      }
      if (node.results().get(0) instanceof Parts parts) {
        compare(node, parts.names().stream().map(sizes::get).toList(), lengths.ofParts(node));
      } else if (node.results().get(0) instanceof One one && sizes.containsKey(one.name())) {
        compare(
            node, List.of(sizes.get(one.name())), lengths.of(node).map(List::of).orElse(List.of()));
      }
    }
  }

  private void compare(Node node, List<List<Long>> said, List<List<Long>> found) {
    if (found.isEmpty()) {
      unknown++;
    } else if (found.equals(said)) {
      right++;
    } else {
      wrong.add("%s: %s, and not %s".formatted(node, found, said));
    }
  }
}
