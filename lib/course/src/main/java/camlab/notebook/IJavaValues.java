package camlab.notebook;

import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;

/**
 * Lets IJava show a cell's last value as JJava does, and guards it while it shows any value: see
 * {@link CellValue}. IJava looks for no extensions, so this counts from the first thing on that
 * {@link Display} shows. It is the only class that refers to IJava, and is loaded by its name.
 */
final class IJavaValues {

  private IJavaValues() {}

  static void install(Object kernel) {
    Renderer renderer = ((BaseKernel) kernel).getRenderer();
    CellValue.ALL.forEach(value -> register(renderer, value));
  }

  private static <T> void register(Renderer renderer, CellValue<T> kind) {
    renderer
        .createRegistration(kind.type())
        .preferring(kind.kinds().toArray(String[]::new))
        .register(
            (value, context) ->
                kind.show(
                    value,
                    (mime, data) -> context.renderIfRequested(MIMEType.parse(mime), () -> data)));
  }
}
