package camlab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureListTest {

  @TempDir private Path folder;

  private List<ListedPicture> read(String place, String className) throws IOException {
    return PictureList.of(folder.resolve(place).toString(), className, new Configuration());
  }

  @Test
  void aFolderIsReadWithThoseBelowIt() throws IOException {
    Files.createDirectories(folder.resolve("all/b c"));
    for (String name : List.of("all/z.PNG", "all/a.jpg", "all/b c/ä.jpeg", "all/notes.txt")) {
      Files.writeString(folder.resolve(name), "");
    }

    List<ListedPicture> pictures = read("all", "cat");
    assertEquals(
        List.of("a.jpg", "b c/ä.jpeg", "z.PNG"),
        pictures.stream().map(ListedPicture::name).toList());
    assertTrue(pictures.get(1).path().endsWith("all/b c/ä.jpeg"), pictures.get(1).path());
    assertEquals("cat", pictures.get(0).className());
  }

  @Test
  void aListNamesClassesAndMasks() throws IOException {
    Files.writeString(
        folder.resolve("list.csv"),
        """
        picture,class,mask
        one.png,dog,m/1.png|m/2.png
        two.png,,
        """);

    List<ListedPicture> pictures = read("list.csv", "cat");
    assertEquals(List.of("dog", "cat"), pictures.stream().map(ListedPicture::className).toList());
    assertEquals(2, pictures.get(0).masks().size());
    assertTrue(pictures.get(0).masks().get(1).endsWith("/m/2.png"));
    assertEquals(List.of(), pictures.get(1).masks());
    assertTrue(pictures.get(1).path().endsWith("/two.png"));
  }

  @Test
  void aListOfPicturesAloneIsEnough() throws IOException {
    Files.writeString(folder.resolve("list.csv"), "picture\none.png\n");

    assertEquals("", read("list.csv", "").get(0).className());
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    Files.writeString(folder.resolve("list.csv"), "file\none.png\n");

    String column =
        assertThrows(IllegalArgumentException.class, () -> read("list.csv", "")).getMessage();
    assertTrue(column.contains("'picture'") && column.contains("[file]"), column);
    String place =
        assertThrows(IllegalArgumentException.class, () -> read("nowhere", "")).getMessage();
    assertTrue(place.contains("nowhere"), place);
  }

  @Test
  void masksNeedTheirClass() throws IOException {
    Files.writeString(folder.resolve("list.csv"), "picture,mask\none.png,m.png\n");

    assertThrows(IllegalArgumentException.class, () -> read("list.csv", ""));
  }
}
