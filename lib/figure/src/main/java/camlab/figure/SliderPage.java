package camlab.figure;

import com.google.gson.Gson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * The HTML of an interactive figure. All that moves is built by the script, so that a front end
 * that drops scripts leaves the still picture and nothing else. It is well-formed XML too.
 */
final class SliderPage {

  /** The longer side of a picture on a page, which is as heavy as the pictures in it. */
  static final int LARGEST = 448;

  private static final int LEAST_WIDTH = 336;
  private static final int BAR_STOPS = 17;

  /**
   * What the script works on.
   *
   * @param title what stands above the figure
   * @param axis what the slider changes
   * @param kind "frames": one picture of all is seen; "opacity": how much of the second one
   * @param width of the pictures, in pixels
   * @param pictures their addresses
   * @param readings one for each place of the slider
   * @param start the slider's first place
   */
  record Parts(
      String title,
      String axis,
      String kind,
      int width,
      List<String> pictures,
      List<String> readings,
      int start) {}

  @SuppressWarnings("InlineFormatString") // a page of its own, not a line of the method
  private static final String PAGE =
      """
      <div class="camlab-interactive %1$s">
      <style>
      .camlab-interactive[data-on] > .camlab-still { display: none; }
      .camlab-play { max-width: %2$dpx; }
      .camlab-play b, .camlab-play label { display: block; margin: 0.3em 0; }
      .camlab-play .camlab-stage { display: grid; }
      .camlab-play .camlab-stage img { grid-area: 1 / 1; width: 100%%; max-width: 100%%; }
      .camlab-play label, .camlab-play .camlab-bar { display: flex; gap: 0.6em; }
      .camlab-play label, .camlab-play .camlab-bar { align-items: center; }
      .camlab-play input { flex: 1; min-width: 6em; }
      .camlab-play output { min-width: 7em; }
      .camlab-play .camlab-bar i { flex: 1; height: 10px; background: %3$s; }
      @media print {
        .camlab-interactive[data-on] > .camlab-still { display: block; }
        .camlab-interactive > .camlab-play { display: none; }
      }
      </style>
      <img class="camlab-still" src="%4$s" alt="%5$s" />
      <script>
      {
        const figure = %6$s;
        const add = (parent, name, properties) =>
          parent.appendChild(Object.assign(document.createElement(name), properties));
        for (const root of document.querySelectorAll(".%1$s:not([data-on])")) {
          const play = add(root, "div", { className: "camlab-play" });
          add(play, "b", { textContent: figure.title });
          const stage = add(play, "div", { className: "camlab-stage" });
          const pictures = figure.pictures.map((src) => add(stage, "img", { src, alt: "" }));
          const label = add(play, "label", { textContent: figure.axis });
          const last = figure.readings.length - 1;
          const slider = add(label, "input", { type: "range", min: 0, max: last, step: 1 });
          slider.value = figure.start;
          slider.setAttribute("aria-label", figure.axis);
          /* Or JupyterLab takes the arrow keys for moving from cell to cell. */
          slider.setAttribute("data-lm-suppress-shortcuts", "true");
          const reading = add(label, "output", {});
          const bar = add(play, "div", { className: "camlab-bar" });
          add(bar, "span", { textContent: figure.low });
          add(bar, "i", {});
          add(bar, "span", { textContent: figure.high });
          const update = () => {
            const place = Number(slider.value);
            reading.textContent = figure.readings[place];
            slider.setAttribute("aria-valuetext", figure.readings[place]);
            pictures.forEach((picture, i) => {
              const shown = figure.kind === "opacity"
                ? (i === 0 ? 1 : place / last)
                : (i === place ? 1 : 0);
              picture.style.opacity = shown;
              picture.alt = shown === 0 ? "" : figure.title + ", " + figure.readings[place];
            });
          };
          slider.addEventListener("input", update);
          update();
          root.dataset.on = "";
        }
      }
      </script>
      </div>
      """;

  private SliderPage() {}

  static String html(Interactive figure, Parts parts, ColorBar bar) {
    // Gson escapes <, > and & in text: nothing can end the script.
    var data = new Gson().toJsonTree(parts).getAsJsonObject();
    data.addProperty("low", bar.low());
    data.addProperty("high", bar.high());
    String json = new Gson().toJson(data);
    return String.format(
        Locale.ROOT,
        PAGE,
        name(json),
        Math.max(LEAST_WIDTH, parts.width()),
        gradient(bar.colors()),
        DataUri.of(figure.still()),
        Tables.escape(parts.title()),
        json);
  }

  /** A class of the figure's own, so that each script finds its own figure. */
  private static String name(String content) {
    CRC32 sum = new CRC32();
    sum.update(content.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "camlab-%08x", sum.getValue());
  }

  private static String gradient(DoubleToIntFunction colors) {
    return IntStream.range(0, BAR_STOPS)
        .mapToObj(
            i -> String.format(Locale.ROOT, "#%06x", colors.applyAsInt(i / (BAR_STOPS - 1.0))))
        .collect(Collectors.joining(", ", "linear-gradient(to right, ", ")"));
  }
}
