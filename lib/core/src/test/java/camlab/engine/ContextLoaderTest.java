package camlab.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import camlab.TestFiles;
import camlab.capture.OwnProcess;
import camlab.capture.OwnProcess.Ended;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.ResNet;
import camlab.network.Summary;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Preprocessing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The engine starts in threads, and beside engines, where DJL by itself does not find it. */
class ContextLoaderTest {

  /** What a Java of its own runs, since an engine starts once: prints what became of it. */
  static final class Program {

    private Program() {}

    public static void main(String[] arguments) {
      System.setProperty("ai.djl.offline", "true");
      switch (arguments[1]) {
        case "none" -> Thread.currentThread().setContextClassLoader(null);
        case "blind" ->
            Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
        case "asked before" -> {
          Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
          System.out.println(Engine.getAllEngines());
        }
        default -> System.setProperty("ai.djl.default_engine", arguments[1]);
      }
      ClassLoader before = Thread.currentThread().getContextClassLoader();
      try (Network network =
          TorchScript.load(Path.of(arguments[0]), Classes.numbered(4), Preprocessing.IMAGENET)) {
        System.out.println(network.classes().size());
        System.out.println(Summary.of(ResNet.thin50(4, 0.25)).parameters());
      }
      System.out.println(before == Thread.currentThread().getContextClassLoader());
    }
  }

  @Test
  void aThreadWithoutContextStartsIt() throws IOException, InterruptedException {
    assertEquals(expected(), told("none"));
  }

  @Test
  void aThreadWhoseContextSeesNothingOfItStartsIt() throws IOException, InterruptedException {
    assertEquals(expected(), told("blind"));
  }

  @Test
  void itStartsWhereDjlHasLookedForEnginesInVain() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>(expected());
    lines.add(0, "[]");
    assertEquals(lines, told("asked before"));
  }

  @Test
  void itIsTakenWhereAnotherEngineIsTheUsualOne() throws IOException, InterruptedException {
    assertEquals(expected(), told("RPC"));
  }

  private static List<String> expected() {
    return List.of("4", "1483028", "true");
  }

  private static List<String> told(String how) throws IOException, InterruptedException {
    Ended java = OwnProcess.run(Program.class, TestFiles.path("trials/tops.pt").toString(), how);
    assertEquals(0, java.status(), java.output());
    return java.output().lines().toList();
  }
}
