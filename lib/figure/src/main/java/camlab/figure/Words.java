package camlab.figure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.internal.series.Series;

/** What a figure shows in words, for those who do not see it: the words that stand in it. */
final class Words {

  /** In characters: somebody listens to all of them. */
  private static final int MOST = 400;

  private static final Pattern BROKEN_WORD = Pattern.compile("\\S[-_]$");

  private Words() {}

  /**
   * Joins what stands in a figure, without what is empty; of a long list the beginning, as far as
   * the last blank within {@link #MOST}.
   */
  static String of(Collection<String> parts) {
    String all =
        parts.stream()
            .map(String::strip)
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("; "));
    if (all.length() <= MOST) {
      return all;
    }
    int blank = all.lastIndexOf(' ', MOST);
    return all.substring(0, blank < 0 ? MOST : blank) + " …";
  }

  /** The text that was broken into lines: at its blanks, and behind hyphens and underscores. */
  static String ofLines(List<String> lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      boolean isBrokenWord = BROKEN_WORD.matcher(text).find();
      text.append(text.isEmpty() || isBrokenWord ? "" : " ").append(line.strip());
    }
    return text.toString();
  }

  /** The title of a chart, what its axes are, and what its legend names. */
  static String of(Chart<?, ?> chart) {
    List<String> parts = new ArrayList<>();
    parts.add(chart.getTitle());
    if (chart instanceof AxesChart<?, ?> axes) {
      parts.add(axis("across", axes.getXAxisTitle()));
      parts.add(axis("up", axes.getYAxisTitle()));
    }
    if (chart.getStyler().isLegendVisible()) {
      chart.getSeriesCollection().stream()
          .filter(Series::isShowInLegend)
          .forEach(series -> parts.add(series.getName()));
    }
    return of(parts);
  }

  private static String axis(String side, String title) {
    return title == null || title.isBlank() ? "" : side + ": " + title;
  }
}
