package camlab.course;

import static camlab.download.LocalServer.head;
import static camlab.download.LocalServer.honest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.Target;
import camlab.download.Cache;
import camlab.download.Checksum;
import camlab.download.DownloadException;
import camlab.download.LocalServer;
import camlab.download.Patience;
import camlab.download.RemoteFile;
import camlab.network.Meaning;
import camlab.network.SqueezeNet;
import camlab.network.UnknownNameException;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import camlab.weights.Precision;
import camlab.zoo.PublishedNetwork;
import java.awt.Rectangle;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code CAMLAB_PICTURES} chooses, in a small project made up here: its pictures and networks
 * come from a server on the loopback.
 */
class LessonChoiceTest {

  @TempDir private static Path shared;
  private static Path small;
  private static Path large;
  private static String smallDigest;
  private static String largeDigest;

  @TempDir private Path root;
  private final Map<String, Path> served = new LinkedHashMap<>();
  private LocalServer server;
  private Source source;

  @BeforeAll
  static void writeWeights() {
    small = shared.resolve("small.safetensors");
    large = shared.resolve("large.safetensors");
    RandomWeights.of(SqueezeNet.version1_1(2)).writeSafetensors(small, Precision.SINGLE, Map.of());
    RandomWeights.of(SqueezeNet.version1_1(1000)).writeSafetensors(large, Precision.HALF, Map.of());
    smallDigest = Checksum.sha256(small);
    largeDigest = Checksum.sha256(large);
  }

  @BeforeEach
  void makeProject() throws IOException {
    server =
        LocalServer.of(
            (request, count, out) -> {
              Path file = served.get(request.path());
              if (file == null) {
                head(out, "404 Not Found", "Content-Length: 0");
              } else {
                honest(request, Files.readAllBytes(file), out);
              }
            });
    Patience once = new Patience(Duration.ofSeconds(10), 1, Duration.ZERO);
    Cache cache = Cache.of(root.resolve("cache"), Progress.NONE, once);
    source = new Source(root, cache, List.of(published()));
    Files.createDirectories(root.resolve("models"));
    Files.createDirectories(root.resolve("data"));
    manifest("alexnet-drawn-pets", "squeezenet-drawn-wildlife", "alexnet-photographed-pets");
    photographs();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void photographsOfPetsGoWithTheShippedNetworkForPhotographs() {
    try (Lesson lesson = Lesson.pets("photographs", source)) {
      assertEquals(List.of("cat", "dog"), lesson.network().classes().names());
      assertEquals(List.of("cat", "both"), List.copyOf(lesson.pictures().keySet()));
      assertEquals(picture(20), lesson.pictures().get("cat"));
      assertEquals(picture(24), lesson.pictures().get("both"));
      assertEquals(
          List.of(Target.of(0), Target.of(1)), lesson.targets(lesson.pictures().get("both")));
      assertFalse(lesson.isDrawn());
    }
    assertEquals(
        List.of("/cat.png", "/both.png"),
        server.requests().stream().map(LocalServer.Request::path).toList());
  }

  @Test
  void photographsHaveBoxesAndNoMasks() {
    try (Lesson lesson = Lesson.pets("photographs", source)) {
      List<Gallery.Animal> animals = lesson.animals("both");
      assertEquals(List.of("dog", "cat"), animals.stream().map(Gallery.Animal::label).toList());
      assertEquals(new Rectangle(1, 2, 3, 4), animals.get(0).box());
      assertMessage(
          assertThrows(IllegalStateException.class, animals.get(0)::mask), "dog has no mask");
      assertMessage(
          assertThrows(UnknownNameException.class, () -> lesson.animals("bath")), "'both'");
    }
  }

  @Test
  void photographsOfWildlifeGoWithThePublishedNetworkAndItsClasses() {
    for (int i = 0; i < 2; i++) {
      try (Lesson lesson = Lesson.wildlife("squeezenet", "photographs", source)) {
        assertEquals(1000, lesson.network().classes().size());
        assertEquals(List.of("bear"), List.copyOf(lesson.pictures().keySet()));
        assertEquals("American black bear", lesson.animals("bear").get(0).label());
        assertEquals(295, lesson.network().classes().index("American black bear"));
        assertEquals(
            List.of(Target.of("African elephant"), Target.of("American black bear")),
            lesson.targets(lesson.pictures().get("bear")));
        Preprocessing odd =
            new Preprocessing(333, 299, List.of(0.5f, 0.4f, 0.3f), List.of(0.2f, 0.3f, 0.4f));
        assertEquals(odd, lesson.network().preprocessing());
      }
    }
    assertEquals(2, server.requests().size(), "the network and the picture, once each");
  }

  @Test
  void drawingsAreTheDefault() throws IOException {
    drawings("pets", "cat", "dog", "both", "crowd");
    drawings("wildlife", "elephant", "bear");
    for (String choice : List.of("", "drawn")) {
      try (Lesson lesson = Lesson.pets(choice, source)) {
        assertEquals(List.of("cat", "dog", "both"), List.copyOf(lesson.allPictures().keySet()));
        assertTrue(lesson.isDrawn());
      }
    }
    try (Lesson lesson = Lesson.wildlife("squeezenet", "drawn", source)) {
      assertEquals(List.of("elephant", "bear"), List.copyOf(lesson.pictures().keySet()));
      assertTrue(lesson.isDrawn());
      assertEquals(
          List.of(Target.of(0), Target.of(1)), lesson.targets(lesson.pictures().get("bear")));
    }
    assertEquals(0, server.requests().size());
  }

  @Test
  void picturesOfTheReadersNeedNoNetworkConnection() throws IOException {
    Path mine = Files.createDirectory(root.resolve("mine"));
    picture(30).write(mine.resolve("rex.png"));
    try (Lesson lesson = Lesson.pets(mine.toString(), source)) {
      assertEquals(List.of("rex"), List.copyOf(lesson.pictures().keySet()));
      assertEquals(List.of(), lesson.animals("rex"));
      assertEquals(List.of("cat", "dog"), lesson.network().classes().names());
      assertFalse(lesson.isDrawn());
    }
    assertEquals(0, server.requests().size());
  }

  @Test
  void picturesOfTheReadersInAWildlifeLesson() throws IOException {
    Path mine = Files.createDirectory(root.resolve("mine"));
    picture(30).write(mine.resolve("zoo.png"));
    try (Lesson lesson = Lesson.wildlife("squeezenet", mine.toString(), source)) {
      assertEquals(1000, lesson.network().classes().size());
      assertEquals(Target.of("African elephant"), lesson.targets(picture(30)).get(0));
    }
  }

  @Test
  void weightsOfTheReadersComeFirst() throws IOException {
    Path mine = Files.createDirectory(root.resolve("mine"));
    picture(30).write(mine.resolve("zoo.png"));
    Files.copy(small, mine.resolve("mine.safetensors"));
    for (Lesson opened :
        List.of(
            Lesson.pets(mine.toString(), source),
            Lesson.wildlife("squeezenet", mine.toString(), source))) {
      try (Lesson lesson = opened) {
        assertEquals(List.of("class 0", "class 1"), lesson.network().classes().names());
        assertEquals(List.of(Target.of(0), Target.of(1)), lesson.targets(picture(30)));
      }
    }
    assertEquals(0, server.requests().size());
  }

  @Test
  void anythingElseIsRefused() {
    assertMessage(
        assertThrows(IllegalArgumentException.class, () -> Lesson.pets("photograph", source)),
        "What to look at is 'photograph' (by CAMLAB_PICTURES",
        "'drawn', 'photographs' or a folder");
    assertMessage(
        assertThrows(
            IllegalArgumentException.class,
            () -> Lesson.wildlife("squeezenet", "photograph", source)),
        "What to look at is 'photograph'");
  }

  @Test
  void theVariableDecidesWhereItIsSet() {
    assertEquals("drawn", Lesson.choice("drawn", Map.of()));
    assertEquals("photographs", Lesson.choice("photographs", Map.of(Lesson.PICTURES, "")));
    assertEquals("drawn", Lesson.choice("photographs", Map.of(Lesson.PICTURES, "drawn")));
    assertEquals("mine", Lesson.choice("drawn", Map.of(Lesson.PICTURES, "mine")));
  }

  /** All are tried; what is missing is said with what to put where, and the rest is there. */
  @Test
  void thePhotographsAreFetchedAtOnce() throws IOException {
    StringWriter said = new StringWriter();
    assertTrue(FetchPhotographs.fetch(source, new PrintWriter(said)));
    assertEquals(
        List.of("cat.png: fetched", "bear.png: fetched", "both.png: fetched"),
        said.toString().lines().limit(3).toList());
    Files.delete(source.cache().folder().resolve("bear.png"));
    server.close();
    StringWriter again = new StringWriter();
    assertFalse(FetchPhotographs.fetch(source, new PrintWriter(again)));
    List<String> lines = again.toString().lines().toList();
    assertEquals("cat.png: is there", lines.get(0));
    assertTrue(
        lines.get(1).startsWith("bear.png could not be fetched (")
            && lines.get(1).contains("save it as "),
        lines.get(1));
    assertEquals("both.png: is there", lines.get(2));
    assertEquals("2 of 3 photographs are in %s.".formatted(source.cache().folder()), lines.get(3));
  }

  /** A network that is not there is said before pictures are fetched for it. */
  @Test
  void aMissingNetworkIsNamedFirst() throws IOException {
    manifest("alexnet-drawn-pets");
    assertMessage(
        assertThrows(UnknownNameException.class, () -> Lesson.pets("photographs", source)),
        "no network 'alexnet-photographed-pets'",
        "'alexnet-drawn-pets'",
        "'squeezenet-imagenet'");
    assertMessage(
        assertThrows(
            UnknownNameException.class, () -> Lesson.wildlife("resnet9", "photographs", source)),
        "no network 'resnet9-imagenet'");
    assertEquals(0, server.requests().size());
  }

  @Test
  void withoutTheServerTheMessageSaysWhichFileToPutWhere() {
    server.close();
    Path place = source.cache().folder().resolve("cat.png");
    assertMessage(
        assertThrows(DownloadException.class, () -> Lesson.pets("photographs", source)),
        "cat.png could not be fetched",
        server.address("/cat.png").toString(),
        "save it as " + place);
  }

  @Test
  void unknownPhotographsAreNamed() {
    Photographs photographs = Photographs.of(source);
    assertMessage(
        assertThrows(UnknownNameException.class, () -> photographs.entry("bull")),
        "no picture 'bull'",
        "'bear'");
    assertEquals(3, photographs.table().rowCount());
  }

  private void manifest(String... names) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("name,file,classes,meaning,sha256,resize,crop,mean,std");
    for (String name : names) {
      Path file = root.resolve("models").resolve(name + ".safetensors");
      if (!Files.exists(file)) {
        Files.copy(small, file);
      }
      lines.add(
          "%s,%s,cat|dog,INDEPENDENT,%s,224,224,0.485|0.456|0.406,0.229|0.224|0.225"
              .formatted(name, file.getFileName(), smallDigest));
    }
    Files.write(root.resolve("models").resolve("manifest.csv"), lines);
  }

  private PublishedNetwork published() throws IOException {
    served.put("/large.safetensors", large);
    RemoteFile file =
        new RemoteFile(
            "large.safetensors",
            server.address("/large.safetensors"),
            Files.size(large),
            largeDigest.substring(0, 8));
    Preprocessing preprocessing =
        new Preprocessing(333, 299, List.of(0.5f, 0.4f, 0.3f), List.of(0.2f, 0.3f, 0.4f));
    return new PublishedNetwork(
        "squeezenet-imagenet",
        "SqueezeNet 1.1",
        "nobody",
        "Apache-2.0",
        file,
        preprocessing,
        Meaning.ONE_OF_SEVERAL);
  }

  private void photographs() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("name,set,file,title,address,sha256,bytes,licence,author,source");
    lines.add(photograph("cat", "pets", 20));
    lines.add(photograph("bear", "wildlife", 22));
    lines.add(photograph("both", "pets", 24));
    Files.write(root.resolve("data").resolve("photographs.csv"), lines);
    Files.write(
        root.resolve("data").resolve("photograph-boxes.csv"),
        List.of(
            "file,animal,left,top,width,height",
            "both.png,dog,1,2,3,4",
            "bear.png,American black bear,0,0,9,9",
            "both.png,cat,5,6,7,8"));
  }

  private String photograph(String name, String set, int size) throws IOException {
    Path file = root.resolve(name + ".png");
    picture(size).write(file);
    served.put("/" + name + ".png", file);
    return String.format(
        Locale.ROOT,
        "%s,%s,%s.png,a %s,%s,%s,%d,CC0,nobody,a test",
        name,
        set,
        name,
        name,
        server.address("/" + name + ".png"),
        Checksum.sha256(file),
        Files.size(file));
  }

  private void drawings(String gallery, String... names) throws IOException {
    Path folder = Files.createDirectories(root.resolve("data").resolve(gallery));
    List<String> lines = new ArrayList<>();
    lines.add("file,set,name,title");
    for (String name : names) {
      picture(16).write(folder.resolve(name + ".png"));
      lines.add("%s.png,lesson,%s,a %s".formatted(name, name, name));
    }
    Files.write(folder.resolve("pictures.csv"), lines);
    Files.write(
        folder.resolve("animals.csv"),
        List.of(
            "file,animal,left,top,width,height,pixels,mask", "none.png,cat,0,0,1,1,1,none.png"));
  }

  private static Picture picture(int size) {
    int[] pixels = new int[size * size];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 0x304050 + 0x010203 * (i % size);
    }
    return Picture.of(size, size, pixels);
  }

  private static void assertMessage(Throwable thrown, String... parts) {
    for (String part : parts) {
      assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    }
  }
}
