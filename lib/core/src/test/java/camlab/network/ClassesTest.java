package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.file.TextException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassesTest {

  private final Classes animals = Classes.of("cat", "Dog", "crane", "African elephant", "crane");

  @Test
  void namesAndIndicesGoTogether() {
    assertEquals(5, animals.size());
    assertEquals("Dog", animals.name(1));
    assertEquals(1, animals.index("Dog"));
    assertEquals(1, animals.index("dOG"));
    assertEquals(3, animals.index("african elephant"));
    assertEquals("crane", animals.name(4));
  }

  @Test
  void numberedClasses() {
    assertEquals(List.of("class 0", "class 1"), Classes.numbered(2).names());
    assertEquals(1, Classes.numbered(2).index("class 1"));
  }

  /** A line about the numbers is no class. */
  @Test
  void aFileMaySayWhatTheNumbersMean(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("classes.txt");
    Files.writeString(file, "meaning: one of several\ncat\ndog\n");
    assertEquals(Classes.oneOf("cat", "dog"), Classes.read(file));
    Files.writeString(file, "meaning: values\nage\n");
    assertEquals(Classes.values("age"), Classes.read(file));
    Files.writeString(file, "cat\nmeaning: values\n");
    assertEquals(Classes.of("cat", "meaning: values"), Classes.read(file));
    Files.writeString(file, "meaning: independent\n");
    String empty = assertThrows(TextException.class, () -> Classes.read(file)).getMessage();
    assertTrue(empty.endsWith("expected the name of a class in each line, found none."), empty);
    Files.writeString(file, "meaning: softmax\ncat\n");
    String other = assertThrows(TextException.class, () -> Classes.read(file)).getMessage();
    assertEquals(
        file
            + ": its first line says 'meaning: softmax'; expected one of 'meaning: one of several', 'meaning: independent', 'meaning: values'.",
        other);
  }

  private static Classes read(Path folder, String name, String text) throws IOException {
    return Classes.read(Files.writeString(folder.resolve(name), text));
  }

  /** As frameworks write them, whatever the file is called; line by line each line would be one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"cat\", \"dog, big\"]",
        "[\n  \"cat\",\n  \"dog, big\"\n]\n",
        "{\"1\": \"dog, big\", \"0\": \"cat\"}",
        "{\"0\": [\"n02124075\", \"cat\"], \"1\": [\"n02106662\", \"dog, big\"]}",
        "{\"dog, big\": 1, \"cat\": 0}",
        "{\"id2label\": {\"0\": \"cat\", \"1\": \"dog, big\"}, \"label2id\": {}}",
        "{0: 'cat',\n 1: 'dog, big'}",
        "{\"1\": \"cat\", \"2\": \"dog, big\"}",
        "{\"dog, big\": 2, \"cat\": 1}"
      })
  void namesInJson(String text, @TempDir Path folder) throws IOException {
    assertEquals(Classes.of("cat", "dog, big"), read(folder, "classes.json", text));
    assertEquals(Classes.of("cat", "dog, big"), read(folder, "classes.txt", text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "classes.json | {\"0\": \"cat\", \"2\": \"dog\"} | found '2=\"dog\"'",
        "classes.json | [1, 2] | found '1'",
        "classes.json | [] | found none",
        "classes.txt | {} | found none",
        "classes.json | [[\"a\", \"cat\"]] | found '[\"a\",\"cat\"]'",
        "classes.json | [\"cat\", | it is no whole JSON",
        "classes.csv | cat,animal | found a table of several columns, which begins with 'cat,animal'",
        "classes.csv | 0,cat,animal | found a table of several columns",
        "classes.tsv | `cat\tanimal` | found a table of several columns",
        "label_map.pbtxt | `item { id: 1 name: 'cat' }` | found a label map of TensorFlow, which begins with 'item {",
        "classes.yaml | names: | found YAML, which begins with 'names:'"
      })
  void otherFormsAreRefusedWithTheFormThatIsRead(
      String name, String text, String part, @TempDir Path folder) {
    String message = assertThrows(TextException.class, () -> read(folder, name, text)).getMessage();
    assertTrue(message.contains(part), message);
    assertTrue(message.contains("Save one name in each line"), message);
  }

  /** As lists of ImageNet's classes are written; the numbers are no part of the names. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 cat\n1 dog, big\n2 crane",
        "0: cat\n1: dog, big\n2: crane",
        "0, cat\n1, dog, big\n2, crane",
        "0\tcat\n1\tdog, big\n2\tcrane",
        "1. cat\n2. dog, big\n3. crane\n",
        "1) cat\n\n2) dog, big\n3) crane",
        "0 - cat\n1 - dog, big\n2 - crane",
        "  0 cat\r\n  1 dog, big\r\n 2 crane\r\n",
        "000 cat\n001 dog, big\n002 crane",
        "0 'cat'\n1 'dog, big'\n2 'crane'",
        "2 crane\n0 cat\n1 dog, big",
        "3: crane\n1: cat\n2: dog, big",
        "n02124075 cat\nn02106662 dog, big\nn03126707 crane",
        "n02124075: cat\nn02106662: dog, big\nn03126707: crane",
        "0 n02124075 cat\n1 n02106662 dog, big\n2 n03126707 crane",
        "n02124075 1 cat\nn02106662 2 dog, big\nn03126707 3 crane"
      })
  void numbersOfLinesAreNoNames(String text, @TempDir Path folder) throws IOException {
    Classes expected = Classes.of("cat", "dog, big", "crane");
    assertEquals(expected, read(folder, "classes.txt", text));
    assertEquals(
        expected.as(Meaning.INDEPENDENT),
        read(folder, "classes.txt", "meaning: independent\n" + text));
  }

  @Test
  void aTableOfNumbersAndNames(@TempDir Path folder) throws IOException {
    Classes expected = Classes.of("cat", "dog, big");
    assertEquals(expected, read(folder, "classes.csv", "0,cat\n1,\"dog, big\"\n"));
    assertEquals(expected, read(folder, "classes.csv", "1;\"dog, big\"\n0;\"cat\"\n"));
    assertEquals(expected, read(folder, "classes.tsv", "1\tcat\n2\tdog, big\n"));
  }

  /** Digits that are part of the names. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "3 series\n5 series\n7 series",
        "1 series\n2 series\n3 series\n4 series",
        "0\n1\n2\n3",
        "1\n0\n10",
        "7 Eleven\n99 Ranch\n5 Guys",
        "1 cent\n2 cent\n5 cent\n1 euro\n2 euro",
        "101 Dalmatians\ncat",
        "3D printer\n4x4",
        "n02124075\nn02106662",
        "1 series"
      })
  void namesMayBeginWithDigits(String text, @TempDir Path folder) throws IOException {
    assertEquals(text.lines().toList(), read(folder, "classes.txt", text).names());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`0 cat~1 dog~3 crane~4 elk` | line 3 has number 3 ('3 crane'), and no line has 2",
        "`0: cat~1: dog~1: crane` | line 3 has number 1 ('1: crane'), which line 2 has, too",
        "`meaning: values~~0: cat~1: dog~1: crane` | line 5 has number 1 ('1: crane'), which line 4 has, too",
        "`5: cat~6: dog` | line 1 has number 5 ('5: cat'), and no line has 0 or 1",
        "`0 cat~1 dog~crane~3 elk` | line 3 has none ('crane')",
        "`0: cat~99999999999: dog` | line 2 has number 99999999999 ('99999999999: dog'), and no line has 1",
        "`names:~  0: cat~  1: dog~  2: crane` | line 1 has none ('names:')"
      })
  void numbersThatDoNotCountAreRefusedWithTheLine(String text, String part, @TempDir Path folder) {
    String message =
        assertThrows(
                TextException.class, () -> read(folder, "classes.txt", text.replace('~', '\n')))
            .getMessage();
    assertTrue(message.contains(part), message);
    assertTrue(
        message.endsWith(
            "Number all lines from 0 or from 1, or none; if these numbers are part of the names, give the names themselves: Classes.of(\"3 series\", …)."),
        message);
  }

  @Test
  void namesMayBeginWithABracketAndTablesHaveOneColumn(@TempDir Path folder) throws IOException {
    assertEquals(Classes.of("[UNK]", "cat"), read(folder, "classes.txt", "[UNK]\ncat\n"));
    assertEquals(Classes.of("cat", "dog"), read(folder, "classes.csv", "cat\ndog\n"));
    assertEquals(
        Classes.of("tench, Tinca tinca", "{"),
        read(folder, "classes.txt", "tench, Tinca tinca\n{\n"));
  }

  @Test
  void anIndexOutsideNamesTheRange() {
    for (int index : new int[] {-1, 5, Integer.MAX_VALUE}) {
      assertEquals(
          String.format(
              Locale.ROOT, "There is no class %d: this network has the classes 0 to 4.", index),
          assertThrows(IndexOutOfBoundsException.class, () -> animals.name(index)).getMessage());
    }
  }

  @Test
  void anUnknownNameBringsTheNearOnes() {
    String message =
        assertThrows(UnknownNameException.class, () -> animals.index("elephant")).getMessage();
    assertTrue(message.startsWith("There is no class 'elephant'."), message);
    assertTrue(message.contains("All of the 5 there are: 'African elephant'"), message);
  }

  @Test
  void atMostFiveNearNamesAreListed() {
    String message =
        assertThrows(UnknownNameException.class, () -> Classes.numbered(1000).index("class 1000"))
            .getMessage();
    assertTrue(message.contains("The nearest of the 1000 there are: 'class 100'"), message);
    assertEquals(5, message.split("'class ", -1).length - 2);
  }

  @Test
  void aNameThatOccursTwiceNeedsItsIndex() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> animals.index("crane")).getMessage();
    assertEquals("Several classes are called 'crane': [2, 4]. Ask for one by its index.", message);
  }

  @Test
  void thereIsAtLeastOneClass() {
    assertThrows(IllegalArgumentException.class, () -> new Classes(List.of()));
    assertThrows(IllegalArgumentException.class, () -> Classes.numbered(0));
    assertThrows(NullPointerException.class, () -> animals.index(null));
  }

  @Test
  void theNamesAreCopied() {
    List<String> names = new ArrayList<>(List.of("cat", "dog"));
    Classes classes = new Classes(names);
    names.clear();
    assertEquals(2, classes.size());
    assertThrows(UnsupportedOperationException.class, () -> classes.names().clear());
  }
}
