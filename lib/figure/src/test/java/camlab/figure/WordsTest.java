package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.picture.Picture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.PieChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

final class WordsTest {

  @Test
  void ofALongListTheBeginning() {
    assertEquals("a; b", Words.of(List.of(" a", "", "b ")));
    assertEquals("", Words.of(List.of()));
    assertEquals("x".repeat(400), Words.of(List.of("x".repeat(400))));
    assertEquals("x".repeat(390) + "; …", Words.of(List.of("x".repeat(390), "y".repeat(20))));
    assertEquals("x".repeat(400) + " …", Words.of(List.of("x".repeat(401))), "without a blank");
  }

  /** Whether a label has room in one line is nothing that somebody who listens has to know. */
  @Test
  void aTextOfTwoLinesIsOneText() {
    assertEquals(2, Canvas.wrap("Random, new each time", Canvas.bold(12), 130).size());
    Picture drawn =
        Panels.ofWidth(100)
            .columns("Integrated gradients")
            .row(
                "Random, new each time",
                Panels.Tile.of(Maps.plain(10, 10, 0), "first_second-third"))
            .draw();
    assertEquals(
        "Integrated gradients; Random, new each time; first_second-third", drawn.description());
    assertEquals("a b-c_d - e", Words.ofLines(List.of("a ", " b-", "c_", "d -", "e")));
    assertEquals("", Words.ofLines(List.of()));
  }

  @Test
  void aChartIsDescribedByItsTitleItsAxesAndItsLegend() {
    XYChart chart =
        new XYChartBuilder().title("Loss").xAxisTitle("step").yAxisTitle("loss").build();
    chart.addSeries("cats", List.of(1, 2), List.of(3, 4));
    chart.addSeries("dogs", List.of(1, 2), List.of(3, 4)).setShowInLegend(false);
    assertEquals("Loss; across: step; up: loss; cats", Charts.picture(chart).description());
    assertEquals(Charts.picture(chart).description(), Charts.picture(chart, 2).description());
    chart.getStyler().setLegendVisible(false);
    assertEquals("Loss; across: step; up: loss", Words.of(chart));
    chart.setTitle("");
    chart.setXAxisTitle(" ");
    assertEquals("up: loss", Charts.picture(chart).description());
    assertEquals("", Words.of(new PieChartBuilder().build()));
  }

  @Test
  void anOverlayIsDescribedByItsMap() {
    Picture picture = Maps.plain(10, 10, 0xFF0000);
    Heatmap map =
        Maps.of(Maps.row(0, 1)).withProvenance(new Provenance("Grad-CAM", "layer4", "cat", 4.31));
    String words = "over a picture: Grad-CAM · layer4 · cat (4.31)";
    assertEquals(words, Overlay.of(picture, map).description());
    assertEquals(words, Overlay.DEFAULT.draw(picture, map, new Range(0, 1)).description());
  }
}
