package camlab.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.dflib.jjava.kernel.JavaNotebookStatics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * JJava's own container for what is displayed reaches its own display call. IJava's half is tested
 * with the stand-in for it.
 */
final class DisplayTest {

  private static final Map<String, String> DATA = Map.of("text/html", "<p>", "text/plain", "p");

  /** What a cell displays under JJava. */
  public static final class JJavaKernel {
    private final List<DisplayData> shown = new ArrayList<>();

    /** The kernel's display call. */
    public void display(DisplayData data) {
      shown.add(data);
    }
  }

  /** A kernel that has no room left for a page. */
  public static final class FullKernel {
    /** The kernel's display call. */
    public void display(DisplayData data) {
      if (data.hasDataForType(MIMEType.TEXT_HTML)) {
        throw new OutOfMemoryError("Java heap space");
      }
    }
  }

  @AfterEach
  void endKernels() {
    JavaNotebookStatics.setKernel(null);
  }

  @Test
  void jJavaIsFound() {
    JJavaKernel kernel = new JJavaKernel();
    JavaNotebookStatics.setKernel(kernel);
    Display.send(DATA);
    assertEquals(1, kernel.shown.size());
    assertEquals("<p>", kernel.shown.get(0).getData(MIMEType.TEXT_HTML));
    assertEquals("p", kernel.shown.get(0).getData(MIMEType.TEXT_PLAIN));
  }

  @Test
  void aKernelOfAnotherKindIsNamed() {
    JavaNotebookStatics.setKernel("no display call");
    String message =
        assertThrows(IllegalStateException.class, () -> Display.send(DATA)).getMessage();
    assertTrue(message.startsWith("The Java kernel of org.dflib.jjava.kernel."), message);
  }

  @Test
  void aDisplayCallThatFailsIsNoUnknownKernel() {
    JavaNotebookStatics.setKernel(new FullKernel());
    String message = assertThrows(NotShown.class, () -> Display.send(DATA)).getMessage();
    assertTrue(message.startsWith("This could not be shown, as the Java heap is full"), message);
  }
}
