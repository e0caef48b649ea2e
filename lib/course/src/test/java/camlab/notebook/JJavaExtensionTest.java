package camlab.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.figure.Charts;
import camlab.figure.OpacitySlider;
import camlab.figure.PictureFile;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import javax.imageio.ImageIO;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What JJava shows of a cell's last value, by JJava's own renderer. */
final class JJavaExtensionTest {

  private static final Provenance GRAD_CAM =
      new Provenance("Grad-CAM", "features.10", "cat", Double.NaN);

  private final Renderer renderer = new Renderer();

  @BeforeEach
  void install() {
    JJavaExtension.register(renderer);
  }

  @Test
  void theKernelFindsIt() {
    List<String> found =
        ServiceLoader.load(Extension.class).stream().map(each -> each.type().getName()).toList();
    assertTrue(found.contains(JJavaExtension.class.getName()), found::toString);
  }

  @Test
  void aPictureIsShownAsItself() throws IOException {
    DisplayData shown = renderer.render(Picture.of(2, 1, new int[] {0xFF8000, 0x0080FF}));
    BufferedImage image = image(shown);
    assertEquals(2, image.getWidth());
    assertEquals(1, image.getHeight());
    assertEquals(0xFFFF8000, image.getRGB(0, 0));
    assertEquals(0xFF0080FF, image.getRGB(1, 0));
    assertEquals("picture of 2×1 pixels", text(shown));
  }

  @Test
  void anImageOfJavaIsShownAsAPictureIs() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(1, 0, 0x0080FF);
    DisplayData shown = renderer.render(image);
    assertEquals(Picture.of(image), Picture.of(image(shown)));
    assertEquals("picture of 2×1 pixels", text(shown));
  }

  /** Waves with grain are a JPEG; nothing else of them is put into the notebook. */
  @Test
  void aPhotographIsAJpeg() {
    Random random = new Random(1);
    int[] pixels = new int[300 * 200];
    for (int i = 0; i < pixels.length; i++) {
      int red = (int) (120 + 100 * Math.sin(i % 300 / 19.0)) + random.nextInt(5);
      int row = i / 300;
      int green = (int) (120 + 100 * Math.sin(row / 23.0)) + random.nextInt(5);
      pixels[i] = red << 16 | green << 8 | 0x80;
    }
    DisplayData shown = renderer.render(Picture.of(300, 200, pixels));
    assertTrue(((String) shown.getData(MIMEType.parse("image/jpeg"))).startsWith("/9j/"));
    assertNull(shown.getData(MIMEType.parse("image/png")));
    assertEquals("picture of 300×200 pixels", text(shown));
  }

  @Test
  void aMaskIsWhiteOnBlack() throws IOException {
    BitSet pixels = new BitSet();
    pixels.set(1);
    BufferedImage image = image(renderer.render(Mask.of(2, 1, pixels)));
    assertEquals(0xFF000000, image.getRGB(0, 0));
    assertEquals(0xFFFFFFFF, image.getRGB(1, 0));
  }

  @Test
  void aChartHasItsOwnSize() throws IOException {
    var chart =
        Charts.bars("Scores", "score", List.of("cat"), Map.of("a", List.of(1), "b", List.of(2)));
    DisplayData shown = renderer.render(chart);
    BufferedImage image = image(shown);
    assertEquals("Scores; up: score; a; b", text(shown));
    Picture expected = Charts.picture(chart);
    assertEquals(expected.width(), image.getWidth());
    assertEquals(expected.height(), image.getHeight());
    assertFalse(text(shown).contains("@"), text(shown));
  }

  @Test
  void aSmallHeatmapIsShownCellByCell() throws IOException {
    Heatmap map = Heatmap.of(new float[][] {{0, 1}, {2, 3}}, GRAD_CAM);
    DisplayData shown = renderer.render(map);
    Picture expected = Charts.picture(Charts.heatmap("Grad-CAM · features.10 · cat", map));
    assertEquals(PictureFile.of(expected).base64(), shown.getData(MIMEType.parse("image/png")));
    assertEquals("Grad-CAM · features.10 · cat · 2×2 · 0.00 to 3.00", text(shown));
  }

  /** The corner of smallest value is plasma's first colour, that of the largest its last. */
  @Test
  void aLargeHeatmapIsAPicture() throws IOException {
    float[] values = new float[224 * 224];
    for (int i = 0; i < values.length; i++) {
      int row = i / 224;
      values[i] = row;
    }
    BufferedImage image = image(renderer.render(Heatmap.of(224, 224, values, GRAD_CAM)));
    assertTrue(image.getWidth() >= 448, () -> "width " + image.getWidth());
    assertTrue(image.getHeight() >= 448, () -> "height " + image.getHeight());
    int first = 0;
    int last = 0;
    for (int row = 0; row < image.getHeight(); row++) {
      first += image.getRGB(image.getWidth() / 2, row) == 0xFF0D0887 ? 1 : 0;
      last += image.getRGB(image.getWidth() / 2, row) == 0xFFF0F921 ? 1 : 0;
    }
    assertTrue(first > 0 && last > 0, "first colour " + first + ", last colour " + last);
  }

  @Test
  void aFigureToPlayWithIsHtml() {
    OpacitySlider figure =
        OpacitySlider.of(
            "Grad-CAM",
            Picture.of(2, 1, new int[] {0xFF8000, 0x0080FF}),
            Heatmap.of(new float[][] {{0, 1}}, GRAD_CAM));
    DisplayData shown = renderer.render(figure);
    assertEquals(figure.html(), shown.getData(MIMEType.TEXT_HTML));
    assertEquals("interactive figure: Grad-CAM", text(shown));
  }

  /** Sixteen maps of 8×8, 40 pixels wide each with 3 between them, inside margins of 16. */
  @Test
  void theMapsOfALayerAreAGrid() throws IOException {
    ChannelMaps maps = ChannelMaps.of("features.10", 16, 8, 8, new float[16 * 8 * 8]);
    BufferedImage image = image(renderer.render(maps));
    assertEquals(4 * 40 + 3 * 3 + 2 * 16, image.getWidth());
  }

  @Test
  void aTableIsHtml() {
    Table table =
        Table.create(
            "Scores",
            StringColumn.create("class", "cat", "dog"),
            IntColumn.create("score", 1234, 5));
    DisplayData shown = renderer.render(table);
    String html = (String) shown.getData(MIMEType.parse("text/html"));
    assertTrue(html.startsWith("<table"), html);
    assertTrue(html.contains(">1,234</td>"), html);
    assertTrue(text(shown).contains("cat"), text(shown));
    assertNull(shown.getData(MIMEType.parse("image/png")));
  }

  /** A cell may ask for one type with the kernel's own {@code display(value, type)}. */
  @Test
  void onlyWhatIsAskedForIsRendered() {
    DisplayData shown = renderer.renderAs(Picture.of(1, 1, new int[] {0}), "text/plain");
    assertNull(shown.getData(MIMEType.parse("image/png")));
    assertEquals("picture of 1×1 pixels", text(shown));
  }

  /** An error would end the thread in which the kernel answers. */
  @Test
  void anErrorWhileAValueIsShownIsAnException() {
    Error overflow = new StackOverflowError();
    NotShown thrown =
        assertThrows(
            NotShown.class,
            () ->
                renderFailing(
                    () -> {
                      throw overflow;
                    }));
    assertSame(overflow, thrown.getCause());
    assertEquals("This could not be shown: java.lang.StackOverflowError", thrown.getMessage());
    Error full = new OutOfMemoryError("Java heap space");
    NotShown told =
        assertThrows(
            NotShown.class,
            () ->
                renderFailing(
                    () -> {
                      throw full;
                    }));
    String said = told.getMessage();
    long megabytes = Runtime.getRuntime().maxMemory() >> 20;
    assertTrue(said.contains("the Java heap is full (" + megabytes + " MB)"), said);
  }

  /** A picture's own sentence is for who has asked for one that is too large. */
  @Test
  void aPictureForWhichThereIsNoRoomWhileAValueIsShownIsAFullHeap() {
    Throwable full = new OutOfMemoryError("Java heap space");
    String said = assertThrows(NotShown.class, () -> renderRefused(full)).getMessage();
    assertTrue(said.contains("the Java heap is full"), said);
    assertEquals(
        "Take a smaller one.",
        assertThrows(
                IllegalArgumentException.class, () -> renderRefused(new IllegalStateException()))
            .getMessage());
  }

  private void renderRefused(Throwable cause) {
    renderFailing(
        () -> {
          throw new IllegalArgumentException("Take a smaller one.", cause);
        });
  }

  private record Failing(Runnable work) {}

  /** Renders a value whose text is worked out, and fails. */
  private void renderFailing(Runnable work) {
    JJavaExtension.register(
        renderer,
        new CellValue<>(
            Failing.class,
            List.of("text/plain"),
            failing -> {
              failing.work().run();
              return Map.of();
            }));
    renderer.render(new Failing(work));
  }

  @Test
  void anErrorInTheTextOfAnyValueIsAnException() {
    Object recursive =
        new Object() {
          @Override
          public String toString() {
            throw new AssertionError("of its text");
          }
        };
    Throwable thrown = assertThrows(NotShown.class, () -> renderer.render(recursive));
    assertEquals(
        "This could not be shown: java.lang.AssertionError: of its text", thrown.getMessage());
  }

  @Test
  void otherValuesAreShownAsTheyWere() {
    for (Object value : List.of(2, "last", List.of(1, 2), Map.of("a", 1))) {
      assertEquals(
          new Renderer().render(value).getData(MIMEType.TEXT_PLAIN), text(renderer.render(value)));
    }
  }

  /** A kind that is registered by its interface comes before the text of any value. */
  @Test
  void whatSomebodyElseRegistersIsFound() {
    renderer
        .createRegistration(CharSequence.class)
        .preferring("text/html")
        .register((value, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> "<b>"));
    assertEquals("<b>", renderer.render("last").getData(MIMEType.TEXT_HTML));
  }

  private static BufferedImage image(DisplayData shown) throws IOException {
    String base64 = (String) shown.getData(MIMEType.parse("image/png"));
    return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
  }

  private static String text(DisplayData shown) {
    return (String) shown.getData(MIMEType.TEXT_PLAIN);
  }
}
