package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.Catalogue;
import camlab.evaluation.Named;
import camlab.evaluation.Question;
import camlab.evaluation.Ranking;
import camlab.evaluation.Result;
import camlab.evaluation.Results;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.measure.CascadingRandomization;
import camlab.measure.Complexity;
import camlab.measure.Measure;
import camlab.network.AlexNet;
import camlab.network.Classes;
import camlab.network.Classifier;
import camlab.network.HookPoint;
import camlab.network.Layout;
import camlab.network.Summary;
import camlab.network.Vgg16;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

final class TablesTest {

  private static final Table TABLE =
      Table.create(
          "A & B",
          StringColumn.create("layer", "<script>", "fc", null),
          IntColumn.create("parameters", 61_100_840, -12, 0),
          DoubleColumn.create("score", -3.14159, 0.5, Double.NaN));

  @Test
  void layersTellWhereTheirLayoutIsDoubted() {
    HookPoint found = hookPoint(0.25, Optional.empty());
    HookPoint doubted = hookPoint(Double.NaN, Optional.of("it shows channels last"));
    Table table = Tables.hookPoints(List.of(found, doubted));
    String layout = Layout.CHANNELS_FIRST.toString();
    assertEquals(
        List.of(layout, layout + ", against the evidence"), table.stringColumn("layout").asList());
    assertEquals(0.25, table.doubleColumn("zero gradients").get(0));
    assertTrue(table.doubleColumn("zero gradients").isMissing(1), "no gradient came");
  }

  private static HookPoint hookPoint(double zeroGradients, Optional<String> against) {
    return new HookPoint(
        "features",
        "Conv2d",
        List.of(1L, 2L, 3L, 3L),
        Optional.of(Layout.CHANNELS_FIRST),
        zeroGradients,
        1,
        false,
        false,
        against);
  }

  @Test
  void theSurestAnswersOfEachPicture() {
    Classifier classifier =
        Classifier.of(
            "by brightness",
            Classes.of("dark", "grey", "light"),
            shown ->
                shown.stream()
                    .map(picture -> new float[] {1, 2, picture.rgb(0, 0) & 0xFF})
                    .toArray(float[][]::new));
    Map<String, Picture> pictures = new LinkedHashMap<>();
    pictures.put("white", Maps.plain(2, 2, 0xFFFFFF));
    pictures.put("black", Maps.plain(2, 2, 0));
    Table table = Tables.answers("surest", classifier, pictures, 2);
    assertEquals("surest", table.name());
    assertEquals(List.of("white", "black"), table.stringColumn("picture").asList());
    assertEquals(
        List.of("light, logit 255.00, grey, logit 2.00", "grey, logit 2.00, dark, logit 1.00"),
        table.stringColumn("answers").asList());
    assertThrows(IllegalArgumentException.class, () -> Tables.answers("", classifier, pictures, 0));
  }

  @Test
  void textIsEscaped() {
    String html = Tables.html(TABLE);
    assertTrue(html.contains("A &amp; B"), html);
    assertTrue(html.contains("&lt;script&gt;"), html);
    assertFalse(html.contains("<script>"), html);
  }

  @Test
  void numbersReadWell() {
    assertEquals("61,100,840", Tables.text(TABLE.column(1), 0));
    assertEquals("−12", Tables.text(TABLE.column(1), 1));
    assertEquals("0", Tables.text(TABLE.column(1), 2));
    assertEquals("−3.142", Tables.text(TABLE.column(2), 0));
    assertEquals("0.5", Tables.text(TABLE.column(2), 1));
    assertEquals("", Tables.text(TABLE.column(2), 2));
    assertEquals(
        "9,007,199,254,740,993", Tables.text(LongColumn.create("l", 9_007_199_254_740_993L), 0));
    String html = Tables.html(TABLE);
    assertTrue(html.contains("text-align:right;\">61,100,840</td>"), html);
    assertTrue(html.contains("text-align:left;\">fc</td>"), html);
  }

  /** Its last digits are not those of every machine. */
  @Test
  void plainTextHasTheSameNumbers() {
    Table table = Table.create("T", DoubleColumn.create("reach", 0.16078548956190192, 1e-17, 1));
    String text = Tables.text(table, 2);
    assertEquals(
        List.of("T", "reach |", "-", "0.1608 |", "1.00e-17 |"),
        text.lines()
            .map(line -> line.strip().replaceAll(" +", " ").replaceAll("-{2,}", "-"))
            .toList());
    assertTrue(Tables.text(TABLE, 40).contains("−3.142"), Tables.text(TABLE, 40));
    assertTrue(Tables.text(TABLE, 40).contains("61,100,840"), Tables.text(TABLE, 40));
  }

  @Test
  void longTablesAreCutOpenly() {
    String html = Tables.html(TABLE, 1);
    assertFalse(html.contains("fc"), html);
    assertTrue(html.contains("… 2 more rows"), html);
    assertThrows(IllegalArgumentException.class, () -> Tables.html(TABLE, 0));
  }

  @Test
  void briefNumbers() {
    assertEquals("0", Numbers.brief(0));
    assertEquals("0.0123", Numbers.brief(0.012345));
    assertEquals("−4.31", Numbers.brief(-4.3149));
    assertEquals("1.2e-07", Numbers.brief(1.23e-7));
    assertEquals("61,100,840", Numbers.brief(61_100_840));
    assertEquals("100", Numbers.brief(99.99));
    assertEquals("NaN", Numbers.brief(Double.NaN));
  }

  @Test
  void theTableHasOneRowPerLayer() {
    Summary alexNet = Summary.of(AlexNet.torchvision(1000));
    Table table = Tables.of(alexNet);
    assertEquals(23, table.rowCount());
    assertEquals(
        List.of("layer (type)", "output shape", "parameters", "cumulative"), table.columnNames());
    assertEquals("features.10 (Conv2d)", table.get(11, 0));
    assertEquals("256 × 13 × 13", table.get(11, 1));
    assertEquals(590_080L, table.longColumn("parameters").getLong(11));
    assertEquals(61_100_840L, table.longColumn("cumulative").getLong(22));
  }

  @Test
  void theTotalsAddUp() {
    Summary alexNet = Summary.of(AlexNet.torchvision(1000));
    Table vgg = Tables.totals(Summary.of(Vgg16.torchvision(1000)));
    assertEquals("0.57", vgg.get(1, 1));
    assertEquals("527.79", vgg.get(3, 1));
    Table totals = Tables.totals(alexNet);
    assertEquals("61,100,840", totals.get(0, 1));
    assertEquals("0.57", totals.get(1, 1));
    assertEquals("233.08", totals.get(3, 1));
    double sum = alexNet.inputMegabytes() + alexNet.passMegabytes() + alexNet.parameterMegabytes();
    assertEquals(String.format(Locale.ROOT, "%.2f", sum), totals.get(4, 1));
  }

  @Test
  void oneRowPerMethod() {
    Table table = Tables.methods(Catalogue.entries());
    assertEquals(Catalogue.entries().size(), table.rowCount());
    Table cam = table.where(table.stringColumn("method").isEqualTo("CAM"));
    assertEquals(
        List.of("CAM", false, true, false, true, "2 forward", "Zhou et al. 2016"),
        cam.columns().stream().map(column -> column.get(0)).toList());
    Table leGrad = table.where(table.stringColumn("method").isEqualTo("LeGrad"));
    assertEquals(true, leGrad.booleanColumn("needs attention").get(0));
  }

  @Test
  void resultsOfAnEvaluation() {
    Question question = question("A");
    Table table =
        Tables.of(
            new Results(
                List.of(Result.of(question, 0.25), Result.refused(question, "There is no mask."))));
    assertEquals(
        List.of("network", "layer", "picture", "class", "method", "measure", "value", "reason"),
        table.columnNames());
    assertEquals("net", table.getString(0, "network"));
    assertEquals("conv", table.getString(0, "layer"));
    assertEquals("one", table.getString(0, "picture"));
    assertEquals("cat", table.getString(0, "class"));
    assertEquals("A", table.getString(0, "method"));
    assertEquals("complexity", table.getString(0, "measure"));
    assertEquals(0.25, table.doubleColumn("value").getDouble(0));
    assertEquals("", table.getString(0, "reason"));
    assertTrue(table.column("value").isMissing(1));
    assertEquals("There is no mask.", table.getString(1, "reason"));
  }

  @Test
  void aRanking() {
    List<Result> results = new ArrayList<>();
    for (String picture : List.of("one", "two")) {
      results.add(Result.of(question("A", picture), 2));
      results.add(Result.of(question("B", picture), 1));
    }
    Table table = Tables.of(Ranking.of(new Results(results), new Complexity(), 10, 1));
    assertEquals("complexity", table.name());
    assertEquals(
        List.of("method", "mean", "low", "high", "rank", "best rank", "worst rank"),
        table.columnNames());
    assertEquals("B", table.getString(0, "method"));
    assertEquals(1, table.doubleColumn("mean").getDouble(0));
    assertEquals(2, table.doubleColumn("worst rank").getDouble(1));
  }

  @Test
  void exactComparisons() {
    List<Result> results = new ArrayList<>();
    for (String picture : List.of("one", "two")) {
      results.add(Result.of(question("A", picture), 2));
      results.add(Result.of(question("B", picture), 1));
    }
    Ranking ranking = Ranking.of(new Results(results), new Complexity(), 10, 1);
    Table table = Tables.comparisons(ranking.comparisons());
    assertEquals("B", table.getString(0, "method"));
    assertEquals("A", table.getString(0, "than"));
    assertEquals("tie", table.getString(0, "verdict"));
    assertEquals(2, table.longColumn("better").getLong(0));
    assertEquals(0, table.longColumn("equal").getLong(0));
    assertEquals(0.5, table.doubleColumn("p (Holm)").getDouble(0));
  }

  @Test
  void stepsOfARandomization() {
    Heatmap map =
        Heatmap.of(1, 2, new float[] {0, 1}, new Provenance("mine", "conv", "", Double.NaN));
    Table table =
        Tables.of(List.of(new CascadingRandomization.Step("classifier.4", map, 0.5, -0.25, 0.75)));
    assertEquals(
        List.of("layer", "method", "rank correlation", "absolute rank correlation", "SSIM"),
        table.columnNames());
    assertEquals("classifier.4", table.getString(0, "layer"));
    assertEquals("mine", table.getString(0, "method"));
    assertEquals(0.5, table.doubleColumn("rank correlation").getDouble(0));
    assertEquals(-0.25, table.doubleColumn("absolute rank correlation").getDouble(0));
    assertEquals(0.75, table.doubleColumn("SSIM").getDouble(0));
  }

  private static Question question(String method) {
    return question(method, "one");
  }

  private static Question question(String method, String picture) {
    Measure measure = new Complexity();
    return new Question(
        new Named("net", "sha256:0"),
        "conv",
        new Named(picture, picture),
        new Named("cat", "0"),
        new Named(method, method),
        new Named(measure.name(), measure.identity()));
  }
}
