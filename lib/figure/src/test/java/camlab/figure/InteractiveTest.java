package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.figure.Panels.Tile;
import camlab.heatmap.Heatmap;
import camlab.picture.Picture;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

final class InteractiveTest {

  private static final String RUDE = "</script><b>\"cat\" & 'dog'";
  private static final Heatmap MAP = Maps.of(Maps.row(0, 1), Maps.row(2, 4));

  static List<Interactive> figures() {
    return List.of(frames(RUDE), opacity(RUDE));
  }

  private static FrameSlider frames(String title) {
    List<Tile> frames =
        List.of(
            Tile.of(Maps.plain(32, 32, 0xFF0000), "features.0"),
            Tile.of(Maps.plain(32, 32, 0x00FF00), "features.1"),
            Tile.of(Maps.plain(32, 32, 0x0000FF), "</script>"));
    return new FrameSlider(title, "layer", frames, new ColorBar(ColorMap.PLASMA, "0", "own max"));
  }

  private static OpacitySlider opacity(String title) {
    return OpacitySlider.of(title, Maps.plain(32, 32, 0x406080), MAP);
  }

  private static Element parsed(Interactive figure) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(figure.html())))
        .getDocumentElement();
  }

  private static JsonObject data(Interactive figure) throws Exception {
    String script = parsed(figure).getElementsByTagName("script").item(0).getTextContent();
    Matcher data = Pattern.compile("const figure = (.*);").matcher(script);
    assertTrue(data.find());
    return JsonParser.parseString(data.group(1)).getAsJsonObject();
  }

  private static BufferedImage image(String uri) throws Exception {
    byte[] bytes = Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));
    return ImageIO.read(new ByteArrayInputStream(bytes));
  }

  /** Below the colours too, what the network did not see is pale, and has no colour of the map. */
  @Test
  void theSliderShowsWhatTheNetworkSaw() throws Exception {
    Picture original = Maps.plain(40, 20, 0x406080);
    OpacitySlider slider =
        OpacitySlider.of("", original, Maps.ofTheMiddle(Maps.row(0, 1), Maps.row(2, 4)));
    Picture drawn = Overlay.of(original, slider.map());
    JsonObject data = data(slider);
    BufferedImage below = image(data.getAsJsonArray("pictures").get(0).getAsString());
    BufferedImage above = image(data.getAsJsonArray("pictures").get(1).getAsString());
    for (int column : new int[] {0, 9, 30, 39}) {
      assertEquals(drawn.rgb(3, column), below.getRGB(column, 3) & 0xFFFFFF);
      assertEquals(0, above.getRGB(column, 3) >>> 24);
    }
    assertEquals(0x406080, below.getRGB(10, 3) & 0xFFFFFF);
    assertEquals(255, above.getRGB(29, 19) >>> 24);
  }

  /** Of maps over pictures the bar on the page begins with the paper, as that of the still does. */
  @Test
  void theBarIsAsStrongAsTheOverlay() {
    List<Tile> frames =
        List.of(Tile.of(Maps.plain(32, 32, 0), "a"), Tile.of(Maps.plain(32, 32, 1), "b"));
    ColorBar bar = new ColorBar(Overlay.DEFAULT, "0", "own max");
    FrameSlider slider = new FrameSlider("", "layer", frames, bar);
    String end = String.format(Locale.ROOT, "#%06x", Overlay.DEFAULT.blended(0xFFFFFF, 1));
    assertTrue(slider.html().contains("linear-gradient(to right, #ffffff, "), slider.html());
    assertTrue(slider.html().contains(", " + end + ")"), end);
    assertEquals(
        Panels.ofWidth(128).row("", frames).colorBar(Overlay.DEFAULT, "0", "own max").draw(),
        slider.still());
  }

  /** A page is as heavy as its pictures. */
  @Test
  void aLargePhotographIsMadeSmallerForThePage() throws Exception {
    Picture large = Maps.plain(1792, 896, 0x406080);
    JsonObject opacity = data(OpacitySlider.of("", large, MAP));
    JsonObject frames =
        data(
            new FrameSlider(
                "",
                "layer",
                List.of(Tile.of(large, "a"), Tile.of(large, "b")),
                new ColorBar(ColorMap.PLASMA, "0", "1")));
    for (JsonObject data : List.of(opacity, frames)) {
      BufferedImage shown = image(data.getAsJsonArray("pictures").get(1).getAsString());
      assertEquals(448, shown.getWidth());
      assertEquals(224, shown.getHeight());
      assertEquals(448, data.get("width").getAsInt());
    }
  }

  @ParameterizedTest
  @MethodSource("figures")
  void withoutItsScriptItIsTheStillPicture(Interactive figure) throws Exception {
    Element root = parsed(figure);
    assertTrue(root.getAttribute("class").startsWith("camlab-interactive "));
    // One picture in the page itself, and nothing to move: the rest is the script's.
    assertEquals(1, root.getElementsByTagName("img").getLength());
    assertEquals(0, root.getElementsByTagName("input").getLength());
    Element still = (Element) root.getElementsByTagName("img").item(0);
    assertEquals(RUDE, still.getAttribute("alt"));
    BufferedImage shown = image(still.getAttribute("src"));
    Picture expected = figure.still();
    assertEquals(expected.width(), shown.getWidth());
    assertEquals(expected.height(), shown.getHeight());
  }

  @ParameterizedTest
  @MethodSource("figures")
  void nothingEndsItsScriptEarly(Interactive figure) throws Exception {
    assertEquals(1, figure.html().split("</script>", -1).length - 1);
    assertEquals(RUDE, data(figure).get("title").getAsString());
    assertFalse(figure.html().contains("<b>"));
  }

  @ParameterizedTest
  @MethodSource("figures")
  void needsNothingFromOutside(Interactive figure) {
    String own = figure.html().replaceAll("base64,[A-Za-z0-9+/=]*", "");
    assertFalse(own.contains("http") || own.contains("url(") || own.contains("//"), own);
  }

  @ParameterizedTest
  @MethodSource("figures")
  void isTheSameEveryTime(Interactive figure) {
    Interactive again = figure instanceof FrameSlider ? frames(RUDE) : opacity(RUDE);
    assertEquals(figure.html(), again.html());
    assertEquals(figure.still(), again.still());
  }

  @Test
  void figuresOnOnePageHaveTheirOwnNames() throws Exception {
    assertNotEquals(
        parsed(frames("one")).getAttribute("class"), parsed(frames("two")).getAttribute("class"));
  }

  @Test
  void framesAreThere() throws Exception {
    JsonObject data = data(frames("layers"));
    assertEquals(3, data.getAsJsonArray("pictures").size());
    assertEquals("</script>", data.getAsJsonArray("readings").get(2).getAsString());
    BufferedImage second = image(data.getAsJsonArray("pictures").get(1).getAsString());
    assertEquals(0x00FF00, second.getRGB(16, 16) & 0xFFFFFF);
    // Side by side: each of the three colours fills 128×128 pixels.
    Picture still = frames("layers").still();
    assertEquals(128 * 128, count(still, 0xFF0000));
    assertEquals(128 * 128, count(still, 0x00FF00));
    assertEquals(128 * 128, count(still, 0x0000FF));
  }

  private static long count(Picture picture, int rgb) {
    long found = 0;
    for (int i = 0; i < picture.width() * picture.height(); i++) {
      found += picture.rgb(i / picture.width(), i % picture.width()) == rgb ? 1 : 0;
    }
    return found;
  }

  @Test
  void framesAreSeveralAndOfOneSize() {
    ColorBar bar = new ColorBar(ColorMap.PLASMA, new Range(0, 1));
    Tile small = Tile.of(Maps.plain(2, 2, 0), "small");
    Tile large = Tile.of(Maps.plain(3, 2, 0), "large");
    for (List<Tile> frames :
        List.of(List.of(small), List.of(small, Tile.empty()), List.of(small, large))) {
      assertThrows(
          IllegalArgumentException.class, () -> new FrameSlider("title", "layer", frames, bar));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.4, 0.75, 1})
  void aPlaceOfTheSliderIsTheOverlayOfThatOpacity(double opacity) throws Exception {
    OpacitySlider figure = opacity("opacity");
    JsonObject data = data(figure);
    BufferedImage above = image(data.getAsJsonArray("pictures").get(1).getAsString());
    Picture expected = new Overlay(ColorMap.PLASMA, opacity).draw(figure.picture(), MAP);
    for (int i = 0; i < 32 * 32; i++) {
      int layer = above.getRGB(i % 32, i / 32);
      // What a browser does: the layer's alpha times its opacity.
      int seen = Rgb.mix(0x406080, layer & 0xFFFFFF, (layer >>> 24) / 255.0 * opacity);
      for (int bits = 0; bits <= 16; bits += 8) {
        int difference = (seen >> bits & 0xFF) - (expected.rgb(i / 32, i % 32) >> bits & 0xFF);
        assertTrue(Math.abs(difference) <= 1, "pixel " + i);
      }
    }
  }

  @Test
  void opacityStartsWhereOverlaysAre() throws Exception {
    JsonObject data = data(opacity("opacity"));
    assertEquals(21, data.getAsJsonArray("readings").size());
    assertEquals("0 %", data.getAsJsonArray("readings").get(0).getAsString());
    assertEquals("100 %", data.getAsJsonArray("readings").get(20).getAsString());
    double start = data.get("start").getAsDouble();
    assertEquals(Overlay.DEFAULT.opacity(), start / 20, 0.025);
    assertEquals("4", data.get("high").getAsString());
  }
}
