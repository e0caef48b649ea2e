package camlab.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/**
 * What is advised where the engine does not start: what helps against the cause that Java names.
 */
class NotStartedTest {

  private static String told(Throwable cause) {
    EngineException failed = new EngineException("Failed to load PyTorch native library", cause);
    return ComputationException.notStarted("Put it there.", failed).getMessage();
  }

  @Test
  void theAdviceGoesByTheCause() {
    String denied =
        told(new IllegalCallerException("Illegal native access from an unnamed module"));
    assertTrue(denied.contains("IllegalCallerException: Illegal native access"), denied);
    assertTrue(denied.endsWith("Add --enable-native-access=ALL-UNNAMED."), denied);
    String twice =
        told(new UnsatisfiedLinkError("Native Library x.so already loaded in another classloader"));
    assertTrue(twice.endsWith("shared folder, or start the process anew."), twice);
    String missing = told(new UnsatisfiedLinkError("no djl_torch in java.library.path"));
    assertTrue(missing.endsWith("java.library.path. Put it there."), missing);
  }

  /** An older DJL that another dependency brings: PyTorch's native half is there, and no help. */
  @Test
  void whatLiesBetweenAPyTorchAndADjlIsNamedWhereItIsMissing() {
    EngineException failed =
        new EngineException(
            "Cannot download jni files: https://example.org/pytorch/2.7.1/jnilib/0.35.0/linux-x86_64/cpu/libdjl_torch.so",
            new UnknownHostException("example.org"));
    String told = ComputationException.notStarted("Put it there.", failed).getMessage();
    assertTrue(told.contains("ai.djl.pytorch:pytorch-jni:2.7.1-0.35.0,"), told);
    assertFalse(told.contains("Put it there."), told);
  }
}
