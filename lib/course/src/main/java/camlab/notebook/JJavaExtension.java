package camlab.notebook;

import javax.imageio.ImageIO;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;

/**
 * Lets JJava show a cell's last value as {@link Notebook}'s {@code show} does, and guards the
 * kernel while it shows any value: see {@link CellValue}. The kernel finds this class when the jar
 * is on its class path. It is the only one that refers to JJava; nothing else refers to it, so that
 * the jar needs no kernel elsewhere.
 */
public final class JJavaExtension implements Extension {

  /** Called by the kernel when it starts. */
  @Override
  public void install(BaseKernel kernel) {
    ImageIO.setUseCache(false); // in files on disk, of what fits the memory
    register(kernel.getRenderer());
  }

  static void register(Renderer renderer) {
    CellValue.ALL.forEach(value -> register(renderer, value));
  }

  static <T> void register(Renderer renderer, CellValue<T> kind) {
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
