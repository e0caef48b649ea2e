package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Row;

class GalleryTest {

  private static Gallery pets;

  @TempDir private Path folder;

  @BeforeAll
  static void read() {
    pets = Gallery.drawnPets();
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
    assertEquals(32, count(test, 1, 1));
    assertEquals(16, count(test, 1, 0));
    assertEquals(16, count(test, 0, 1));
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

  private static long count(List<Gallery.Entry> entries, int cats, int dogs) {
    return entries.stream()
        .filter(entry -> entry.animals("cat").size() == cats)
        .filter(entry -> entry.animals("dog").size() == dogs)
        .count();
  }

  @Test
  void namesAndSeedsAreUnique() {
    Set<String> names = new HashSet<>(pets.pictures().stringColumn("name").asList());
    assertEquals(pets.pictures().rowCount(), names.size());
    assertEquals(
        pets.pictures().rowCount(), pets.pictures().column("seed").unique().size(), "seeds");
  }

  @Test
  void bothTablesCountTheSameAnimals() {
    for (Row row : pets.pictures()) {
      Gallery.Entry entry = pets.entry(row.getString("name"));
      assertEquals(row.getInt("cats"), entry.animals("cat").size(), entry.name());
      assertEquals(row.getInt("dogs"), entry.animals("dog").size(), entry.name());
      assertEquals(row.getInt("cats") + row.getInt("dogs"), entry.animals().size(), entry.name());
      assertTrue(Files.isRegularFile(entry.file()), entry.name());
    }
  }

  /** Every mask fits its picture, its box and its number of pixels; no two of a picture overlap. */
  @Test
  void masksFitTheirPictures() {
    for (String set : List.of(Gallery.LESSON, Gallery.TEST)) {
      for (Gallery.Entry entry : pets.entries(set)) {
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

  @Test
  void theTableKnowsTheNumberOfPixels() {
    for (Row row : pets.animals()) {
      Mask mask = Mask.read(pets.folder().resolve(row.getString("mask")));
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
