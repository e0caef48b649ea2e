package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.TestFiles;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Temporary files often lie on a small disk of their own, and not where the network is. */
class FullDiskTest {

  @Test
  @EnabledOnOs(OS.LINUX)
  void theFolderThatIsFullIsNamed() {
    Path file = TestFiles.path("trials/tops.pt");
    TorchScriptArchive archive = TorchScriptArchive.read(file);
    String message =
        assertThrows(
                TorchScriptException.class, () -> archive.write(Map.of(), Path.of("/dev/full")))
            .getMessage();
    assertTrue(message.startsWith(file + " cannot be read, or its copy /dev/full"), message);
    assertTrue(message.contains("No space left on device"), message);
    assertTrue(message.contains("-Djava.io.tmpdir="), message);
  }
}
