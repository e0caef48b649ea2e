package camlab.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.dflib.jjava.kernel.JavaNotebookStatics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each kernel's own container for what is displayed reaches its own display call. */
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

  /** What a cell displays under IJava. */
  public static final class IJavaKernel extends BaseKernel {
    private final List<io.github.spencerpark.jupyter.kernel.display.DisplayData> shown =
        new ArrayList<>();

    @Override
    public void display(io.github.spencerpark.jupyter.kernel.display.DisplayData data) {
      shown.add(data);
    }

    @Override
    public io.github.spencerpark.jupyter.kernel.display.DisplayData eval(String code) {
      throw new UnsupportedOperationException("This kernel only displays.");
    }

    @Override
    public LanguageInfo getLanguageInfo() {
      return new LanguageInfo.Builder("Java").build();
    }
  }

  @AfterEach
  void endKernels() {
    JavaNotebookStatics.setKernel(null);
    IJava.setKernelInstance(null);
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
  void iJavaIsFound() {
    IJavaKernel kernel = new IJavaKernel();
    IJava.setKernelInstance(kernel);
    Display.send(DATA);
    assertEquals(1, kernel.shown.size());
    var shown = kernel.shown.get(0);
    var html = io.github.spencerpark.jupyter.kernel.display.mime.MIMEType.TEXT_HTML;
    assertEquals("<p>", shown.getData(html));
  }

  /** The classes of both kernels are on the class path of the tests, but neither runs. */
  @Test
  void outsideAKernelNothingIsShown() {
    IJavaKernel ended = new IJavaKernel();
    IJava.setKernelInstance(ended);
    IJava.setKernelInstance(null);
    Display.send(DATA);
    assertTrue(ended.shown.isEmpty());
  }

  @Test
  void aKernelOfAnotherKindIsNamed() {
    JavaNotebookStatics.setKernel("no display call");
    String message =
        assertThrows(IllegalStateException.class, () -> Display.send(DATA)).getMessage();
    assertTrue(message.startsWith("The Java kernel of org.dflib.jjava.kernel."), message);
  }
}
