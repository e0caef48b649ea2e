package camlab.figure;

import camlab.cam.Catalogue;
import camlab.evaluation.Comparison;
import camlab.evaluation.Ranking;
import camlab.evaluation.Result;
import camlab.evaluation.Results;
import camlab.measure.CascadingRandomization;
import camlab.network.Classifier;
import camlab.network.HookPoint;
import camlab.network.Prediction;
import camlab.network.Summary;
import camlab.picture.Picture;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.columns.numbers.DoubleColumnType;

/**
 * What the library finds out, as Tablesaw tables; and tables as HTML that reads well in a notebook.
 */
public final class Tables {

  private static final String CELL = "padding:3px 10px;border:none;";

  private Tables() {}

  /**
   * {@return one row per layer: name and type, output shape, parameters, cumulative parameters}
   *
   * @param summary the summary
   */
  public static Table of(Summary summary) {
    List<Summary.Row> rows = summary.rows();
    return Table.create(
        summary.name(),
        StringColumn.create("layer (type)", rows.stream().map(Summary.Row::label)),
        StringColumn.create("output shape", rows.stream().map(Summary.Row::shapeText)),
        LongColumn.create("parameters", rows.stream().mapToLong(Summary.Row::parameters).toArray()),
        LongColumn.create(
            "cumulative", rows.stream().mapToLong(Summary.Row::cumulative).toArray()));
  }

  /**
   * {@return one row per layer to look at: type, output shape, where its positions are (and whether
   * the evidence speaks against that, see {@link HookPoint#against}), the share of zero gradients,
   * and whether its module is another layer, too}
   *
   * @param points as {@code network.hookPoints(picture)} gives them
   */
  public static Table hookPoints(List<HookPoint> points) {
    return Table.create(
        "layers",
        StringColumn.create("layer", points.stream().map(HookPoint::layer)),
        StringColumn.create("type", points.stream().map(HookPoint::type)),
        StringColumn.create("output shape", points.stream().map(HookPoint::shapeText)),
        StringColumn.create("layout", points.stream().map(Tables::layout)),
        numbers("zero gradients", points, HookPoint::zeroGradients),
        BooleanColumn.create("re-used", points.stream().map(HookPoint::reused).toList()));
  }

  private static String layout(HookPoint point) {
    return point.layoutText() + (point.against().isPresent() ? ", against the evidence" : "");
  }

  /**
   * {@return the totals of a network: parameters, and estimates of the memory they and one picture
   * take}
   *
   * @param summary the summary
   */
  public static Table totals(Summary summary) {
    double input = summary.inputMegabytes();
    double pass = summary.passMegabytes();
    double weights = summary.parameterMegabytes();
    return Table.create(
        summary.name() + ", in all",
        StringColumn.create(
            "quantity",
            "parameters",
            "input (MiB)",
            "forward and backward pass (MiB)",
            "weights (MiB)",
            "estimated total (MiB)"),
        StringColumn.create(
            "value",
            String.format(Locale.ROOT, "%,d", summary.parameters()),
            String.format(Locale.ROOT, "%.2f", input),
            String.format(Locale.ROOT, "%.2f", pass),
            String.format(Locale.ROOT, "%.2f", weights),
            String.format(Locale.ROOT, "%.2f", input + pass + weights)));
  }

  /**
   * {@return one row per picture: its name, and the answers that a classifier is surest of, such as
   * "cat 97.7 %, dog 2.3 %"}
   *
   * @param title what stands above the table
   * @param classifier who is asked
   * @param pictures the pictures, by name
   * @param most how many answers at most, at least 1
   */
  public static Table answers(
      String title, Classifier classifier, Map<String, Picture> pictures, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("At least one answer is told, asked for " + most + ".");
    }
    TableRows rows = TableRows.titled(title, "picture", "answers");
    pictures.forEach(
        (name, picture) ->
            rows.add(
                name,
                classifier.predict(picture).stream()
                    .limit(most)
                    .map(Prediction::toString)
                    .collect(Collectors.joining(", "))));
    return rows.table();
  }

  /**
   * {@return one row per method: what it needs, what it costs, who described it}
   *
   * @param entries those of {@link Catalogue#entries()}, or some of them
   */
  public static Table methods(List<Catalogue.Entry> entries) {
    return Table.create(
        "methods",
        StringColumn.create("method", entries.stream().map(Catalogue.Entry::name)),
        flags("needs gradients", entries, Catalogue.Entry::needsGradients),
        flags("needs global pooling", entries, Catalogue.Entry::needsPooling),
        flags("needs attention", entries, Catalogue.Entry::needsAttention),
        flags("explains a class", entries, entry -> entry.method().explainsTarget()),
        StringColumn.create("passes", entries.stream().map(Catalogue.Entry::passes)),
        StringColumn.create("paper", entries.stream().map(Catalogue.Entry::paper)));
  }

  private static BooleanColumn flags(
      String name, List<Catalogue.Entry> entries, Function<Catalogue.Entry, Boolean> flag) {
    return BooleanColumn.create(name, entries.stream().map(flag).toList());
  }

  /**
   * Results of an evaluation, one row each.
   *
   * @param results the results
   * @return columns network, layer, picture, class, method, measure, value (missing where there is
   *     none), reason (empty where there is a value)
   */
  public static Table of(Results results) {
    List<Result> rows = results.rows();
    return Table.create(
        "",
        StringColumn.create("network", rows.stream().map(Result::network)),
        StringColumn.create("layer", rows.stream().map(Result::layer)),
        StringColumn.create("picture", rows.stream().map(Result::picture)),
        StringColumn.create("class", rows.stream().map(Result::className)),
        StringColumn.create("method", rows.stream().map(Result::method)),
        StringColumn.create("measure", rows.stream().map(Result::measure)),
        numbers("value", rows, row -> row.value().orElse(DoubleColumnType.missingValueIndicator())),
        StringColumn.create("reason", rows.stream().map(row -> row.reason().orElse(""))));
  }

  /**
   * The places of a ranking, best first, named after the measure.
   *
   * @param ranking the ranking
   * @return columns method, mean, low, high, rank, best rank, worst rank
   */
  public static Table of(Ranking ranking) {
    List<Ranking.Place> places = ranking.places();
    return Table.create(
        ranking.measure(),
        StringColumn.create("method", places.stream().map(Ranking.Place::method)),
        numbers("mean", places, Ranking.Place::mean),
        numbers("low", places, Ranking.Place::low),
        numbers("high", places, Ranking.Place::high),
        numbers("rank", places, Ranking.Place::rank),
        numbers("best rank", places, Ranking.Place::bestRank),
        numbers("worst rank", places, Ranking.Place::worstRank));
  }

  /**
   * Exact comparisons, one row for each.
   *
   * @param comparisons such as {@link Ranking#comparisons()}
   * @return columns method, than, verdict, better, worse, equal, difference, p, p (Holm), sign p
   *     (Holm)
   */
  public static Table comparisons(List<Comparison> comparisons) {
    return Table.create(
        "",
        StringColumn.create("method", comparisons.stream().map(Comparison::method)),
        StringColumn.create("than", comparisons.stream().map(Comparison::than)),
        StringColumn.create(
            "verdict",
            comparisons.stream().map(each -> each.verdict().name().toLowerCase(Locale.ROOT))),
        LongColumn.create("better", comparisons.stream().mapToLong(Comparison::better).toArray()),
        LongColumn.create("worse", comparisons.stream().mapToLong(Comparison::worse).toArray()),
        LongColumn.create("equal", comparisons.stream().mapToLong(Comparison::equal).toArray()),
        numbers("difference", comparisons, Comparison::difference),
        numbers("p", comparisons, Comparison::permutation),
        numbers("p (Holm)", comparisons, Comparison::permutationHolm),
        numbers("sign p (Holm)", comparisons, Comparison::signHolm));
  }

  /**
   * The steps of a randomization, one row for each layer and map.
   *
   * @param steps how many steps
   * @return columns layer, method, rank correlation, absolute rank correlation, SSIM
   */
  public static Table of(List<CascadingRandomization.Step> steps) {
    return Table.create(
        "",
        StringColumn.create("layer", steps.stream().map(CascadingRandomization.Step::layer)),
        StringColumn.create("method", steps.stream().map(step -> step.map().provenance().method())),
        numbers("rank correlation", steps, CascadingRandomization.Step::rankCorrelation),
        numbers(
            "absolute rank correlation",
            steps,
            CascadingRandomization.Step::absoluteRankCorrelation),
        numbers("SSIM", steps, CascadingRandomization.Step::similarity));
  }

  private static <T> DoubleColumn numbers(String name, List<T> rows, ToDoubleFunction<T> number) {
    return DoubleColumn.create(name, rows.stream().mapToDouble(number));
  }

  /**
   * {@return a table as HTML, all of its rows}
   *
   * @param table the table
   */
  public static String html(Table table) {
    return html(table, Integer.MAX_VALUE);
  }

  /**
   * {@return a table as HTML: names and text escaped and left-aligned; numbers right-aligned, whole
   * ones with thousands separators, others with up to four significant digits, or rounded to whole
   * ones from 10,000 on; missing values empty}
   *
   * @param table the table; its name becomes the caption if it has one
   * @param rows how many rows at most, at least 1; a last line says how many more there are
   */
  public static String html(Table table, int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("At least one row is shown, asked for " + rows + ".");
    }
    StringBuilder html =
        new StringBuilder(
            "<table style=\"border-collapse:collapse;font-variant-numeric:tabular-nums;\">");
    if (table.name() != null && !table.name().isBlank()) {
      html.append("<caption style=\"text-align:left;font-weight:bold;padding:4px 10px;\">")
          .append(escape(table.name()))
          .append("</caption>");
    }
    html.append("<thead><tr>");
    for (Column<?> column : table.columns()) {
      cell(html, "th", column, "border-bottom:1px solid currentColor;", escape(column.name()));
    }
    html.append("</tr></thead><tbody>");
    int shown = Math.min(rows, table.rowCount());
    for (int row = 0; row < shown; row++) {
      html.append("<tr>");
      for (Column<?> column : table.columns()) {
        cell(html, "td", column, "", escape(text(column, row)));
      }
      html.append("</tr>");
    }
    if (shown < table.rowCount()) {
      html.append(
              String.format(
                  Locale.ROOT,
                  "<tr><td colspan=\"%d\" style=\"%stext-align:left;opacity:0.7;\">",
                  table.columnCount(),
                  CELL))
          .append(String.format(Locale.ROOT, "… %,d more rows", table.rowCount() - shown))
          .append("</td></tr>");
    }
    return html.append("</tbody></table>").toString();
  }

  /**
   * A table as plain text, with its numbers as {@link #html(Table)} has them: digits that nobody
   * reads differ from machine to machine, since sums of floats depend on their order.
   *
   * @param table the table
   * @param rows how many rows at most
   * @return the rows, each a line
   */
  public static String text(Table table, int rows) {
    int shown = Math.min(rows, table.rowCount());
    Table words = Table.create(table.name());
    for (Column<?> column : table.columns()) {
      words.addColumns(
          StringColumn.create(
              column.name(), IntStream.range(0, shown).mapToObj(row -> text(column, row))));
    }
    return words.print();
  }

  private static void cell(
      StringBuilder html, String tag, Column<?> column, String style, String text) {
    String align = column instanceof NumericColumn ? "right" : "left";
    html.append("<%s style=\"%stext-align:%s;%s\">".formatted(tag, CELL, align, style))
        .append(text)
        .append("</")
        .append(tag)
        .append('>');
  }

  /** A value as {@link #html(Table)} shows it, before escaping. */
  static String text(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return "";
    }
    if (!(column instanceof NumericColumn<?> numbers)) {
      return column.getString(row);
    }
    boolean whole =
        column.type() == ColumnType.INTEGER
            || column.type() == ColumnType.LONG
            || column.type() == ColumnType.SHORT;
    if (column.type() == ColumnType.LONG) {
      // A long does not fit a double to the last digit.
      return Numbers.minus(
          String.format(Locale.ROOT, "%,d", ((Number) column.get(row)).longValue()));
    }
    double value = numbers.getDouble(row);
    return whole
        ? Numbers.minus(String.format(Locale.ROOT, "%,.0f", value))
        : Numbers.significant(value, 4);
  }

  /** Text as it may stand in an element or an attribute. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
