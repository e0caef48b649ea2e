package camlab.course;

import static camlab.download.LocalServer.head;
import static camlab.download.LocalServer.honest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.GradCam;
import camlab.download.Cache;
import camlab.download.Checksum;
import camlab.download.LocalServer;
import camlab.download.Patience;
import camlab.download.RemoteFile;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Position;
import camlab.heatmap.Region;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.Prediction;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import camlab.zoo.ImageNet;
import camlab.zoo.PublishedNetwork;
import java.awt.Rectangle;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Row;

/** The table of photographs, and the photographs themselves where they are at hand. */
class PhotographsTest {

  private static final Path SHARED = Root.find().resolveSibling("shared");

  @TempDir private Path folder;

  @Test
  void everyPhotographHasAFixedAddressALicenceAndAnOrigin() {
    Set<String> names = new HashSet<>();
    for (Row row : Photographs.open().table()) {
      String name = row.getString("name");
      assertTrue(names.add(name), name);
      URI address = URI.create(row.getString("address"));
      assertEquals("https", address.getScheme(), name);
      assertTrue(address.getPath().matches("/[^/]+/[^/]+/[0-9a-f]{40}/.+"), name);
      assertEquals(64, Source.remote(row).sha256().length(), name);
      for (String column : List.of("title", "licence", "author", "source")) {
        assertFalse(row.getString(column).isBlank(), name + " " + column);
      }
      assertTrue(
          List.of(Photographs.PETS, Photographs.WILDLIFE).contains(row.getString("set")), name);
    }
    assertEquals(11, names.size());
  }

  @Test
  void everyPhotographHasBoxesOfClassesOfItsNetwork() {
    Source source = Source.standard();
    List<String> boxed = source.table("data", "photograph-boxes.csv").stringColumn("file").asList();
    for (Row row : source.table("data", "photographs.csv")) {
      assertTrue(boxed.contains(row.getString("file")), row.getString("file"));
    }
    for (Row row : source.table("data", "photograph-boxes.csv")) {
      String label = row.getString("animal");
      assertTrue(
          Set.of("cat", "dog").contains(label) || ImageNet.classes().names().contains(label),
          label);
    }
  }

  /** The real ones, from a server on the loopback: fetched, verified, and with boxes inside. */
  @Test
  void theTableDescribesThePhotographs() throws IOException {
    Path photos = SHARED.resolve("photos");
    Assumptions.assumeTrue(Files.isDirectory(photos), "the photographs are not at hand");
    try (LocalServer server = serve(photos)) {
      Source source = sourceOn(server);
      Photographs photographs = Photographs.of(source);
      int fetched = 0;
      for (Row row : photographs.table()) {
        if (Files.exists(photos.resolve(row.getString("file")))) {
          Gallery.Entry entry = photographs.entry(row.getString("name"));
          Picture picture = entry.picture();
          Rectangle all = new Rectangle(picture.width(), picture.height());
          entry.animals().forEach(animal -> assertTrue(all.contains(animal.box()), entry.name()));
          fetched++;
        }
      }
      assertEquals(10, fetched);
      assertEquals(9, server.requests().size(), "one file is shown twice");
    }
  }

  /** A network with real weights names the animals, and Grad-CAM's peak lies on one. */
  @Test
  void aPublishedNetworkFindsTheAnimals() throws IOException {
    Path weights = SHARED.resolve("weights").resolve("squeezenet1_1.pth");
    Path photos = SHARED.resolve("photos");
    Assumptions.assumeTrue(
        Files.exists(weights) && Files.isDirectory(photos), "weights or photographs not at hand");
    try (LocalServer weightsServer = serve(weights.getParent());
        LocalServer photosServer = serve(photos)) {
      Source source = sourceOn(photosServer);
      RemoteFile file =
          new RemoteFile(
              weights.getFileName().toString(),
              weightsServer.address("/squeezenet1_1.pth"),
              Files.size(weights),
              Checksum.sha256(weights));
      PublishedNetwork published =
          new PublishedNetwork(
              "squeezenet",
              "SqueezeNet 1.1",
              "nobody",
              "none",
              file,
              Preprocessing.IMAGENET,
              Meaning.ONE_OF_SEVERAL);
      try (Network network = published.load(source.cache())) {
        for (String name : List.of("elephants", "brown-bear")) {
          Gallery.Entry entry = Photographs.of(source).entry(name);
          Gallery.Animal animal = entry.animals().get(entry.animals().size() - 1);
          List<String> best =
              network.predict(entry.picture()).stream().limit(3).map(Prediction::name).toList();
          assertTrue(best.contains(animal.label()), name + ": " + best);
          Heatmap map = new GradCam().heatmap(network, entry.picture(), animal.label());
          assertTrue(hits(map, entry), name);
        }
      }
    }
  }

  /** Whether the middle of the map's highest cell lies in a box, seen in the original picture. */
  private static boolean hits(Heatmap map, Gallery.Entry entry) {
    Position peak = map.peak();
    Region region = map.region().orElseThrow();
    double x = region.left() + (peak.column() + 0.5) / map.width() * region.width();
    double y = region.top() + (peak.row() + 0.5) / map.height() * region.height();
    return entry.animals().stream().anyMatch(animal -> animal.box().contains(x, y));
  }

  /** A project whose table of photographs points to a server, by file name. */
  private Source sourceOn(LocalServer server) throws IOException {
    Path data = Root.find().resolve("data");
    Files.createDirectories(folder.resolve("data"));
    Files.createDirectories(folder.resolve("models"));
    Files.copy(data.resolve("photograph-boxes.csv"), folder.resolve("data/photograph-boxes.csv"));
    Files.writeString(folder.resolve("models/manifest.csv"), "name,file\nnone,none\n");
    String table = Files.readString(data.resolve("photographs.csv"));
    for (Row row : Photographs.open().table()) {
      table =
          table.replace(
              row.getString("address"), server.address("/" + row.getString("file")).toString());
    }
    Files.writeString(folder.resolve("data/photographs.csv"), table);
    Cache cache = Cache.of(folder.resolve("cache"), Progress.NONE, Patience.STANDARD);
    return new Source(folder, cache, List.of());
  }

  private static LocalServer serve(Path files) {
    return LocalServer.of(
        (request, count, out) -> {
          Path file = files.resolve(request.path().substring(1));
          if (Files.exists(file)) {
            honest(request, Files.readAllBytes(file), out);
          } else {
            head(out, "404 Not Found", "Content-Length: 0");
          }
        });
  }
}
