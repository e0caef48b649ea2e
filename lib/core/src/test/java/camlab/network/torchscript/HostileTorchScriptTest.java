package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.fuzz.Zips;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.TorchScriptFiles;
import camlab.picture.Preprocessing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no TorchScript programs, or no longer: each is refused with the reason. */
class HostileTorchScriptTest {

  @TempDir private Path folder;

  private String refusal(Path file) {
    TorchScriptException refused =
        assertThrows(
            TorchScriptException.class,
            () -> TorchScript.load(file, Classes.numbered(2), Preprocessing.IMAGENET));
    return refused.getMessage();
  }

  private void assertRefused(Path file, String part) {
    String message = refusal(file);
    assertTrue(message.contains(part), message);
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("file.pt"), bytes);
  }

  /** The program of {@code forms.pt} with other files in it. */
  private Path changed(Consumer<Map<String, byte[]>> change) throws IOException {
    Map<String, byte[]> files = Zips.entries(TorchScriptFiles.path("forms.pt"));
    change.accept(files);
    Path target = folder.resolve("changed.pt");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        if (file.getKey().contains("/code/")) {
          out.putNextEntry(new ZipEntry(file.getKey()));
          out.write(file.getValue());
          out.closeEntry();
        } else {
          Zips.store(out, file.getKey(), file.getValue());
        }
      }
    }
    return target;
  }

  private Path withCode(String find, String replacement) throws IOException {
    return changed(
        files -> {
          String file =
              files.keySet().stream()
                  .filter(name -> name.endsWith(".py"))
                  .filter(name -> text(files.get(name)).contains(find))
                  .findFirst()
                  .orElseThrow();
          String code = text(files.get(file)).replace(find, replacement);
          files.put(file, code.getBytes(StandardCharsets.UTF_8));
        });
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A byte for each letter. */
  private static byte[] bytes(String letters) {
    return letters.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void theUnchangedCopyIsRead() throws IOException {
    Preprocessing four =
        new Preprocessing(4, 4, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    try (Network network = TorchScript.load(changed(files -> {}), Classes.numbered(2), four)) {
      assertEquals("either", network.layers().get(2));
    }
  }

  /** What is repaired in a program is its calls, and no text in it that reads like one. */
  @Test
  void aTextThatReadsLikeACall() throws IOException {
    Preprocessing four =
        new Preprocessing(4, 4, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    Path file =
        withCode(
            "(twice).forward(x, )",
            "(twice).forward(x, )\n    said = \"torch.dropout(x, 0.5, True\"");
    try (Network network = TorchScript.load(file, Classes.numbered(2), four)) {
      assertEquals("either", network.layers().get(2));
    }
  }

  @Test
  void noZip() throws IOException {
    assertRefused(folder.resolve("missing.pt"), "there is no such file");
    assertRefused(folder, "expected a file of torch.jit.save, found a folder");
    assertRefused(file(new byte[0]), "cannot be read as a zip");
    assertRefused(file("PK, but no zip".getBytes(StandardCharsets.UTF_8)), "cannot be read");
  }

  @Test
  void truncatedAnywhere() throws IOException {
    byte[] whole = Files.readAllBytes(TorchScriptFiles.path("forms.pt"));
    for (int length = 0; length < whole.length; length += 997) {
      assertRefused(file(Arrays.copyOf(whole, length)), "cannot be read as a zip");
    }
  }

  @Test
  void zipsOfOtherThings() throws IOException {
    assertRefused(changed(Map::clear), "no NAME/data.pkl");
    assertRefused(
        changed(
            files -> {
              files.clear();
              files.put("word/document.xml", new byte[10]);
            }),
        "no NAME/data.pkl");
    assertRefused(
        changed(files -> files.keySet().removeIf(name -> name.contains("/code/"))),
        "holds no program");
    assertRefused(changed(files -> files.put("forms/data.pkl", new byte[] {1, 2, 3})), "no module");
  }

  /** An empty tuple, remembered at place 538,970,682: the engine took 8.6 GB to keep it there. */
  @Test
  void aPlaceBeyondAllMemory() throws IOException {
    byte[] far = bytes("\u0080\2)r:\n  .");
    assertRefused(
        changed(files -> files.put("forms/constants.pkl", far)),
        "forms/constants.pkl has 9 bytes and remembers a value at place 538,970,682");
    byte[] behindAll =
        bytes("\u0080\2X\1\0\0\0rq\1cm\nn\nKrG\0\0\0\0\0\0\0r\u008a\1rr\u00ff\u00ff\u00ff\u00ff.");
    assertEquals(4_294_967_295L, PickleMemo.largestPlace(behindAll));
    byte[] usual = bytes("\u0080\2X\1\0\0\0rq\1r\2\0\0\0.r\t\t\t\t");
    assertEquals(2, PickleMemo.largestPlace(usual));
    assertEquals(-1, PickleMemo.largestPlace(bytes("\u0080\2)r\1")));
  }

  @Test
  void damagedContents() throws IOException {
    byte[] bytes = Files.readAllBytes(changed(files -> {}));
    String content = new String(bytes, StandardCharsets.ISO_8859_1);
    int data = content.indexOf("forms/data/0") + "forms/data/0".length();
    bytes[data + 1] ^= 1;
    assertRefused(file(bytes), "damaged");
  }

  @Test
  void moreCodeThanAnyProgramHas() throws IOException {
    assertRefused(
        changed(files -> files.put("forms/code/__torch__/bomb.py", new byte[65 << 20])),
        "at most 67,108,864 are read");
    assertRefused(
        changed(files -> files.put("forms/code/__torch__/x.py", new byte[] {(byte) 0xff})),
        "is no text");
  }

  @Test
  void codeOfAnotherForm() throws IOException {
    assertRefused(withCode("def forward(self: __torch__.Forms,", "def forward("), "does not write");
    assertRefused(withCode("(twice).forward(x, )", "(twice).forward(x, "), "not of the form");
    assertRefused(withCode("(twice).forward(x, )", "(twice).forward(x, ))"), "not of the form");
    assertRefused(withCode("(twice).forward(x, )", "\"(twice).forward(x, )"), "not of the form");
    assertRefused(
        withCode("(twice).forward(x, )", "(".repeat(300) + "x" + ")".repeat(300)), "deeper");
    assertRefused(withCode("class Forms(Module)", "class Other(Module)"), "lacks the class");
    assertRefused(withCode("x: Tensor) -> Tensor", "x: Dict[str, int]) -> Tensor"), "no tensor");
    assertRefused(withCode("x: Tensor) -> Tensor", "x Tensor) -> Tensor"), "does not write");
    assertRefused(withCode("x: Tensor) -> Tensor", "x: Optional[) -> Tensor"), "not closed");
  }

  /** A method that calls itself, and one that calls twice what calls twice what calls twice. */
  @Test
  void callsWithoutEnd() throws IOException {
    assertRefused(withCode("(twice).forward(x, )", "(self).forward(x, )"), "deeper than 200");
    StringBuilder methods = new StringBuilder("(twice).forward(x, )\n    return x0\n");
    for (int i = 0; i < 40; i++) {
      methods.append(
          String.format(
              Locale.ROOT,
              "  def m%d(self: __torch__.Forms, x: Tensor) -> Tensor:\n    return (self).m%d((self).m%d(x, ), )\n",
              i,
              i + 1,
              i + 1));
    }
    methods.append("  def m40(self: __torch__.Forms, x: Tensor) -> Tensor:\n    return x\n");
    String code = methods.toString().replace("(twice).forward", "(self).m0");
    assertRefused(withCode("(twice).forward(x, )", code), "more than 20,000 calls");
  }

  @Test
  void codeThatTheEngineRefuses() throws IOException {
    assertRefused(
        withCode("torch.flatten", "torch.no_such_operator"), "cannot be loaded by PyTorch");
  }
}
