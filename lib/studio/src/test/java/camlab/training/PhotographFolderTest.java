package camlab.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Picture;
import camlab.picture.PictureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotographFolderTest {

  @TempDir Path folder;

  @BeforeEach
  void twoClasses() throws IOException {
    pictures("dog", 12, 0x0000FF);
    pictures("cat", 10, 0xFF0000);
  }

  private void pictures(String label, int count, int rgb) throws IOException {
    Files.createDirectories(folder.resolve(label));
    for (int i = 0; i < count; i++) {
      Picture.of(2, 1, new int[] {rgb, rgb}).write(folder.resolve(label).resolve(i + ".png"));
    }
  }

  @Test
  void theSubfoldersAreTheClasses() {
    PhotographFolder photographs = PhotographFolder.of(folder);

    assertEquals(List.of("cat", "dog"), photographs.classes());
    assertEquals(22, photographs.files().size());
    assertEquals(10, photographs.files().stream().filter(file -> file.label() == 0).count());
  }

  @Test
  void theSplitIsWholeDisjointEvenAndAlwaysTheSame() {
    PhotographFolder photographs = PhotographFolder.of(folder);

    PhotographFolder.Split split = photographs.split(4, 6, 1);

    assertEquals(4, split.validation().size());
    assertEquals(6, split.heldOut().size());
    assertEquals(3, split.heldOut().stream().filter(file -> file.label() == 0).count());
    List<PhotographFolder.File> all = new ArrayList<>(split.training());
    all.addAll(split.validation());
    all.addAll(split.heldOut());
    assertEquals(22, all.size());
    assertEquals(Set.copyOf(photographs.files()), new HashSet<>(all));
    assertEquals(split, PhotographFolder.of(folder).split(4, 6, 1));
    assertTrue(!split.heldOut().equals(photographs.split(4, 6, 2).heldOut()), "the seed decides");
  }

  @Test
  void aClassWithTooFewPicturesIsNamed() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> PhotographFolder.of(folder).split(4, 18, 1));

    assertTrue(
        e.getMessage().contains("class cat has 10 pictures; 11 are set aside"), e.toString());
  }

  @Test
  void oneClassIsNoneToTellApart() throws IOException {
    Path one = Files.createDirectories(folder.resolve("dog"));

    PictureException e = assertThrows(PictureException.class, () -> PhotographFolder.of(one));

    assertTrue(e.getMessage().contains("at least two subfolders"), e.getMessage());
  }

  @Test
  void picturesAreReadAsTheirMiddleSquare() {
    PhotographFolder photographs = PhotographFolder.of(folder);

    TrainingPhotographs set = new TrainingPhotographs(photographs.files(), 2, 256);

    assertEquals(22, set.size());
    assertEquals(1, set.side(0));
    assertArrayEquals(new byte[] {(byte) 255, 0, 0}, set.pixels(0));
    assertArrayEquals(new float[] {1, 0}, set.labels(0));
    assertArrayEquals(new byte[] {0, 0, (byte) 255}, set.pixels(21));
    assertArrayEquals(new float[] {0, 1}, set.labels(21));
  }
}
