package camlab.notebook;

import camlab.figure.Interactive;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.Map;
import java.util.function.Function;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * Lets JJava show a cell's last value as {@link Notebook}'s {@code show} does: pictures, masks,
 * heatmaps, a layer's maps and charts as PNG, tables and figures to play with as HTML. The kernel
 * finds this class when the jar is on its class path. It is the only one that refers to a kernel;
 * nothing else refers to it, so that the jar needs no kernel elsewhere.
 */
public final class JJavaExtension implements Extension {

  /** Called by the kernel when it starts. */
  @Override
  public void install(BaseKernel kernel) {
    register(kernel.getRenderer());
  }

  static void register(Renderer renderer) {
    register(renderer, Picture.class, MimeBundle.PNG, MimeBundle::of);
    register(renderer, Mask.class, MimeBundle.PNG, MimeBundle::of);
    register(renderer, Heatmap.class, MimeBundle.PNG, MimeBundle::of);
    register(renderer, ChannelMaps.class, MimeBundle.PNG, MimeBundle::of);
    register(renderer, Chart.class, MimeBundle.PNG, chart -> MimeBundle.of((Chart<?, ?>) chart));
    register(renderer, Table.class, MimeBundle.HTML, MimeBundle::of);
    register(renderer, Interactive.class, MimeBundle.HTML, MimeBundle::of);
  }

  private static <T> void register(
      Renderer renderer, Class<T> type, String richest, Function<T, Map<String, String>> bundle) {
    renderer
        .createRegistration(type)
        .preferring(richest, MimeBundle.TEXT)
        .register(
            (value, context) ->
                bundle
                    .apply(value)
                    .forEach(
                        (mime, data) ->
                            context.renderIfRequested(MIMEType.parse(mime), () -> data)));
  }
}
