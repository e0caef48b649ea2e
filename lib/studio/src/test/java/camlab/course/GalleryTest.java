package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.drawing.Drawing;
import camlab.drawing.DrawingGenerator;
import camlab.drawing.Fauna;
import camlab.evaluation.Subject;
import camlab.network.UnknownNameException;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.PictureException;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.Row;

class GalleryTest {

  private static Gallery pets;
  private static Gallery wildlife;

  @TempDir private Path folder;

  @BeforeAll
  static void read() {
    pets = Gallery.drawnPets();
    wildlife = Gallery.drawnWildlife();
  }

  private static Stream<Arguments> galleries() {
    return Stream.of(
        Arguments.of(pets, Fauna.PETS, "cats", "dogs"),
        Arguments.of(wildlife, Fauna.WILDLIFE, "elephants", "bears"));
  }

  @Test
  void theLessonPictures() {
    assertEquals(
        List.of("cat", "dog", "both", "three-cats", "two-dogs", "crowd"),
        pets.entries(Gallery.LESSON).stream().map(Gallery.Entry::name).toList());
    Gallery.Entry crowd = pets.entry("crowd");
    assertEquals(2, crowd.animals("cat").size());
    assertEquals(1, crowd.animals("dog").size());
    assertEquals(0, crowd.animals("bear").size());
    assertEquals("two cats and a dog", crowd.title());
  }

  @Test
  void theTestSetIsBalanced() {
    List<Gallery.Entry> test = pets.entries(Gallery.TEST);
    assertEquals(64, test.size());
    assertEquals(32, count(test, Fauna.PETS, 1, 1));
    assertEquals(16, count(test, Fauna.PETS, 1, 0));
    assertEquals(16, count(test, Fauna.PETS, 0, 1));
  }

  /** 32 pictures of one animal, 32 of a cat and a dog. */
  @Test
  void aPictureIsASubjectOnceForEachKind() {
    List<Subject> test = pets.subjects(Gallery.TEST);
    assertEquals(32 + 2 * 32, test.size());
    Gallery.Entry crowd = pets.entry("crowd");
    List<Subject> subjects = crowd.subjects();
    assertEquals(2, subjects.size());
    for (Subject subject : subjects) {
      assertEquals("crowd", subject.name());
      assertEquals(crowd.picture(), subject.picture().get());
      int pixels =
          crowd.animals(subject.className()).stream().mapToInt(a -> a.mask().count()).sum();
      assertEquals(pixels, subject.object().get().orElseThrow().count());
    }
    assertTrue(crowd.mask("bear").isEmpty());
  }

  private static long count(List<Gallery.Entry> entries, Fauna fauna, int first, int second) {
    return entries.stream()
        .filter(entry -> entry.animals(fauna.animals().get(0).label()).size() == first)
        .filter(entry -> entry.animals(fauna.animals().get(1).label()).size() == second)
        .count();
  }

  @Test
  void theLessonPicturesOfWildlife() {
    assertEquals(
        List.of("elephant", "bear", "both", "two-bears", "herd", "bear-family", "crowd"),
        wildlife.entries(Gallery.LESSON).stream().map(Gallery.Entry::name).toList());
    Gallery.Entry crowd = wildlife.entry("crowd");
    assertEquals(2, crowd.animals("African elephant").size());
    assertEquals(1, crowd.animals("black bear").size());
  }

  /** The report's 102 pictures, half and half; then groups of one kind, and both kinds together. */
  @Test
  void theWildlifeOfTheReport() {
    List<Gallery.Entry> test = wildlife.entries(Gallery.TEST);
    assertEquals(102, test.size());
    assertEquals(51, count(test, Fauna.WILDLIFE, 1, 0));
    assertEquals(51, count(test, Fauna.WILDLIFE, 0, 1));
    List<Gallery.Entry> groups = wildlife.entries(Gallery.GROUPS);
    assertEquals(40, groups.size());
    for (int many = 2; many <= 3; many++) {
      assertEquals(6, count(groups, Fauna.WILDLIFE, many, 0));
      assertEquals(6, count(groups, Fauna.WILDLIFE, 0, many));
    }
    assertEquals(8, count(groups, Fauna.WILDLIFE, 1, 1));
    assertEquals(4, count(groups, Fauna.WILDLIFE, 2, 1));
    assertEquals(4, count(groups, Fauna.WILDLIFE, 1, 2));
  }

  @ParameterizedTest
  @MethodSource("galleries")
  void namesAndSeedsAreUnique(Gallery gallery) {
    Set<String> names = new HashSet<>(gallery.pictures().stringColumn("name").asList());
    assertEquals(gallery.pictures().rowCount(), names.size());
    assertEquals(
        gallery.pictures().rowCount(), gallery.pictures().column("seed").unique().size(), "seeds");
  }

  @ParameterizedTest
  @MethodSource("galleries")
  void bothTablesCountTheSameAnimals(Gallery gallery, Fauna fauna, String first, String second) {
    for (Row row : gallery.pictures()) {
      Gallery.Entry entry = gallery.entry(row.getString("name"));
      int[] counts = {row.getInt(first), row.getInt(second)};
      for (int kind = 0; kind < 2; kind++) {
        String label = fauna.animals().get(kind).label();
        assertEquals(counts[kind], entry.animals(label).size(), entry.name());
      }
      assertEquals(counts[0] + counts[1], entry.animals().size(), entry.name());
      assertTrue(Files.isRegularFile(entry.file()), entry.name());
    }
  }

  @ParameterizedTest
  @MethodSource("galleries")
  void lessonPicturesAreWhatTheirSeedsDraw(
      Gallery gallery, Fauna fauna, String first, String second) {
    DrawingGenerator generator = new DrawingGenerator(fauna).withoutMasks();
    for (Row row : gallery.pictures()) {
      if (row.getString("set").equals(Gallery.LESSON)) {
        Picture shipped = gallery.entry(row.getString("name")).picture();
        Drawing drawn =
            generator.mixed(
                row.getInt(first), row.getInt(second), row.getLong("seed"), shipped.width());
        assertEquals(Picture.of(drawn.image()), shipped, row.getString("name"));
      }
    }
  }

  /** Every mask fits its picture, its box and its number of pixels; no two of a picture overlap. */
  @ParameterizedTest
  @MethodSource("galleries")
  void masksFitTheirPictures(Gallery gallery) {
    for (String set : List.of(Gallery.LESSON, Gallery.TEST, Gallery.GROUPS)) {
      for (Gallery.Entry entry : gallery.entries(set)) {
        Picture picture = entry.picture();
        int[] owners = new int[picture.width() * picture.height()];
        for (Gallery.Animal animal : entry.animals()) {
          Mask mask = animal.mask();
          assertEquals(picture.width(), mask.width(), entry.name());
          assertEquals(picture.height(), mask.height(), entry.name());
          assertEquals(animal.box(), mask.box(), entry.name());
          for (int i = 0; i < owners.length; i++) {
            owners[i] += mask.contains(i / mask.width(), i % mask.width()) ? 1 : 0;
          }
        }
        for (int owner : owners) {
          assertTrue(owner <= 1, entry.name());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("galleries")
  void theTableKnowsTheNumberOfPixels(Gallery gallery) {
    for (Row row : gallery.animals()) {
      Mask mask = Mask.read(gallery.folder().resolve(row.getString("mask")));
      assertEquals(row.getInt("pixels"), mask.count(), row.getString("mask"));
    }
  }

  @Test
  void unknownPicturesAreNamed() {
    String message =
        assertThrows(UnknownNameException.class, () -> pets.entry("three-dogs")).getMessage();
    assertTrue(message.contains("no picture 'three-dogs'"), message);
    assertTrue(message.contains("'two-dogs'"), message);
    assertTrue(message.contains("'three-cats'"), message);
  }

  @Test
  void anUnknownSetIsEmpty() {
    assertEquals(List.of(), pets.entries("training"));
  }

  @Test
  void entriesCannotBeChanged() {
    Gallery.Entry entry = pets.entry("both");
    Gallery.Animal animal = entry.animals().get(0);
    Rectangle box = animal.box();
    animal.box().setSize(1, 1);
    assertEquals(box, animal.box());
    assertThrows(UnsupportedOperationException.class, () -> entry.animals().clear());
  }

  /** Boxes are cut and moved with the picture; an animal outside is not in it. */
  @Test
  void aPartOfAFileIsAPictureOfItsOwn() throws IOException {
    int[] pixels = new int[20 * 10];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i;
    }
    Picture.of(20, 10, pixels).write(folder.resolve("a.png"));
    Files.writeString(
        folder.resolve("pictures.csv"),
        "file,set,name,title,part\na.png,lesson,part,a part,4|2|8|6\na.png,lesson,whole,all,\n");
    Files.writeString(
        folder.resolve("animals.csv"),
        """
        file,animal,left,top,width,height
        a.png,cat,0,0,6,5
        a.png,dog,13,0,7,10
        """);
    Gallery gallery = Gallery.of(folder);
    Gallery.Entry part = gallery.entry("part");
    assertEquals(8, part.picture().width());
    assertEquals(6, part.picture().height());
    assertEquals(2 * 20 + 4, part.picture().rgb(0, 0));
    assertEquals(1, part.animals().size());
    assertEquals(new Rectangle(0, 0, 2, 3), part.animals().get(0).box());
    Gallery.Entry whole = gallery.entry("whole");
    assertEquals(20, whole.picture().width());
    assertEquals(2, whole.animals().size());
    assertEquals(new Rectangle(13, 0, 7, 10), whole.animals().get(1).box());
  }

  @Test
  void aMissingPictureIsNamed() throws IOException {
    Files.writeString(
        folder.resolve("pictures.csv"),
        "file,set,name,title,cats,dogs,seed\nlesson/a.png,lesson,a,nothing,0,0,1\n");
    Files.writeString(
        folder.resolve("animals.csv"),
        "file,animal,left,top,width,height,pixels,mask\nlesson/b.png,cat,1,2,3,4,5,b.png\n");
    Gallery.Entry entry = Gallery.of(folder).entry("a");
    assertTrue(entry.animals().isEmpty());
    String message = assertThrows(PictureException.class, entry::picture).getMessage();
    assertTrue(message.contains("a.png"), message);
    assertFalse(message.isBlank());
  }
}
