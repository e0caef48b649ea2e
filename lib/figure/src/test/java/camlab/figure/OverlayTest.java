package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.OwnProcess;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.picture.Picture;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class OverlayTest {

  private static final Overlay WHITE_OVER = new Overlay(ColorMap.GRAY, 0.5);

  @Test
  void arithmetic() {
    // v = 0, 1/2, 1; strength 0, 3/4, 1; grey 0, 128, 255 at half opacity over (100, 60, 20).
    Picture drawn = WHITE_OVER.draw(Maps.plain(3, 1, 0x643C14), Maps.of(Maps.row(2, 3, 4)));
    assertEquals(0x643C14, drawn.rgb(0, 0));
    // 100 + 0.375 · 28 = 110.5; 60 + 0.375 · 68 = 85.5; 20 + 0.375 · 108 = 60.5
    assertEquals(0x6F563D, drawn.rgb(0, 1));
    // 177.5, 157.5, 137.5
    assertEquals(0xB29E8A, drawn.rgb(0, 2));
  }

  @Test
  void isResizedBeforeItIsScaled() {
    // 0, 4 resized to four: 0, 1, 3, 4; v = 1/4 has the strength 7/16 and the grey 64.
    Picture drawn =
        new Overlay(ColorMap.GRAY, 1).draw(Maps.plain(4, 1, 0), Maps.of(Maps.row(0, 4)));
    assertEquals(0x1C1C1C, drawn.rgb(0, 1)); // 7/16 · 64 = 28
    assertEquals(0xFFFFFF, drawn.rgb(0, 3));
    // Resized to one, nothing is left to scale: the map is constant.
    Picture dot = Maps.plain(1, 1, 0x123456);
    assertEquals(dot, Overlay.of(dot, Maps.of(Maps.row(0, 4))));
  }

  @Test
  void noOpacityIsThePicture() {
    Picture picture = Picture.of(2, 2, new int[] {0x102030, 0xFFFFFF, 0, 0xABCDEF});
    Heatmap map = Maps.of(Maps.row(1, 2), Maps.row(3, 4));
    for (ColorMap colors : ColorMap.values()) {
      assertEquals(picture, new Overlay(colors, 0).draw(picture, map));
    }
  }

  @Test
  void aMapWithoutDifferencesIsThePicture() {
    Picture picture = Picture.of(2, 1, new int[] {0x102030, 0xFFFFFF});
    assertEquals(picture, Overlay.of(picture, Maps.constant(13, 13, 0)));
    assertEquals(picture, Overlay.of(picture, Maps.constant(13, 13, 7)));
    Overlay signed = new Overlay(ColorMap.DIVERGING, 1);
    assertEquals(picture, signed.draw(picture, Maps.constant(13, 13, 0)));
  }

  @Test
  void thePictureIsNotRescaled() {
    // Where the map is lowest a bright and a dark picture both keep every pixel: nothing is divided
    // by a maximum that the overlay reached elsewhere.
    Heatmap map = Maps.of(Maps.row(0, 0, 0, 1));
    for (int grey : new int[] {0x000000, 0x202020, 0xF0F0F0, 0xFFFFFF}) {
      Picture drawn = new Overlay(ColorMap.TURBO, 1).draw(Maps.plain(4, 1, grey), map);
      assertEquals(grey, drawn.rgb(0, 0));
      assertEquals(grey, drawn.rgb(0, 2));
      assertEquals(ColorMap.TURBO.rgb(1), drawn.rgb(0, 3));
    }
  }

  @Test
  void aPixelDependsOnItsOwnValueOnly() {
    Range range = new Range(0, 10);
    Picture picture = Maps.plain(2, 1, 0x808080);
    Picture one = Overlay.DEFAULT.draw(picture, Maps.of(Maps.row(5, 0)), range);
    Picture other = Overlay.DEFAULT.draw(picture, Maps.of(Maps.row(5, 10)), range);
    assertEquals(one.rgb(0, 0), other.rgb(0, 0));
    // Beyond the range colours stay those of its ends.
    Picture beyond = Overlay.DEFAULT.draw(picture, Maps.of(Maps.row(-5, 20)), range);
    assertEquals(0x808080, beyond.rgb(0, 0));
    assertEquals(other.rgb(0, 1), beyond.rgb(0, 1));
  }

  @Test
  void signedMapsLeaveZeroAlone() {
    Picture drawn =
        new Overlay(ColorMap.DIVERGING, 1)
            .draw(Maps.plain(3, 1, 0x123456), Maps.of(Maps.row(-2, 0, 1)));
    assertEquals(0x053061, drawn.rgb(0, 0));
    assertEquals(0x123456, drawn.rgb(0, 1));
    assertEquals(Rgb.mix(0x123456, ColorMap.DIVERGING.rgb(0.75), 0.5), drawn.rgb(0, 2));
  }

  /** 0, 4 over the columns 10 to 29: v = 0 up to column 14, 1 from column 25, 1/40 at column 15. */
  @Test
  void overTheOriginalTheMapLiesWhereItBelongs() {
    Picture original = Maps.plain(40, 20, 0x643C14);
    Picture drawn = new Overlay(ColorMap.GRAY, 1).draw(original, Maps.ofTheMiddle(Maps.row(0, 4)));
    assertEquals(40, drawn.width());
    assertEquals(20, drawn.height());
    for (int row = 0; row < 20; row++) {
      assertEquals(0x643C14, drawn.rgb(row, 10));
      assertEquals(0x643C14, drawn.rgb(row, 14));
      assertEquals(0xFFFFFF, drawn.rgb(row, 25));
      assertEquals(0xFFFFFF, drawn.rgb(row, 29));
      double v = 1 / 20.0;
      assertEquals(
          Rgb.mix(0x643C14, ColorMap.GRAY.rgb(v), 1 - (1 - v) * (1 - v)), drawn.rgb(row, 15));
    }
  }

  /**
   * Grey of the same brightness, three fifths of the way to white; the brightness of 0x643C14 is
   * 0.299 · 100 + 0.587 · 60 + 0.114 · 20 = 67.4.
   */
  @Test
  void whatTheNetworkDidNotSeeIsPale() {
    Picture original = Maps.plain(40, 20, 0x643C14);
    Picture drawn = Overlay.of(original, Maps.ofTheMiddle(Maps.row(0, 4)));
    int grey = (int) Math.round(67 + 0.6 * (255 - 67));
    for (int row = 0; row < 20; row++) {
      for (int column : new int[] {0, 8, 31, 39}) {
        assertEquals(grey * 0x010101, drawn.rgb(row, column));
      }
      // A line around what was seen, outside of it.
      assertEquals(drawn.rgb(0, 9), drawn.rgb(row, 9));
      assertEquals(drawn.rgb(0, 9), drawn.rgb(row, 30));
      assertNotEquals(drawn.rgb(0, 8), drawn.rgb(row, 9));
    }
  }

  @Test
  void theSeenPartKeepsItsBrightness() {
    Picture original = Maps.plain(40, 20, 0x808080);
    Picture drawn = Overlay.of(original, Maps.ofTheMiddle(Maps.row(3, 3)));
    for (int column = 10; column < 30; column++) {
      assertEquals(0x808080, drawn.rgb(7, column));
    }
  }

  @Test
  void overTheViewTheMapLiesAsAWhole() {
    Picture view = Maps.plain(10, 10, 0x643C14);
    Heatmap map = Maps.ofTheMiddle(Maps.row(0, 4));
    assertEquals(Overlay.of(view, Maps.of(Maps.row(0, 4))), Overlay.of(view, map));
  }

  @Test
  void aPictureThatWasNotExplainedIsRefused() {
    Heatmap map = Maps.ofTheMiddle(Maps.row(0, 4));
    Picture smaller = Maps.plain(20, 10, 0);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Overlay.of(smaller, map)).getMessage();
    assertTrue(message.contains("explains a picture of 40×20"), message);
    assertTrue(message.contains("found one of 20×10"), message);
    assertThrows(
        IllegalArgumentException.class, () -> Overlay.DEFAULT.draw(smaller, map, new Range(0, 1)));
    assertThrows(IllegalArgumentException.class, () -> OpacitySlider.of("", smaller, map));
    ChannelGrid grid =
        ChannelGrid.of(ChannelMaps.of("layer", 1, 1, 2, new float[] {0, 4}, map.region()));
    assertThrows(IllegalArgumentException.class, () -> grid.over(smaller, 20));
  }

  /**
   * The picture, the map and the overlay take 12 bytes for each pixel, which are 92 MB of these.
   */
  @Test
  void aPictureThatIsTooLargeIsRefusedWithASentence() throws IOException, InterruptedException {
    OwnProcess.Ended ended = OwnProcess.run(Large.class, "4000", "2000", "1200", "900");
    assertEquals(
        "A picture of 4,000×2,000 pixels takes 30 MB, for which Java has no room left: it may use 92 MB in all. Take a smaller one: a reduced copy, Picture.readReduced(path), or what the network saw, preprocessing().view(picture). Or start Java with more memory, such as -Xmx2g.\n"
            + "Picture 1200×900",
        ended.output());
    assertEquals(0, ended.status());
  }

  /** Overlays on pictures of several sizes, one after the other. */
  static final class Large {

    private Large() {}

    public static void main(String[] sizes) {
      for (int i = 0; i < sizes.length; i += 2) {
        int width = Integer.parseInt(sizes[i]);
        int height = Integer.parseInt(sizes[i + 1]);
        try {
          Picture picture = Maps.plain(width, height, 0x643C14);
          System.out.println(Overlay.of(picture, Maps.of(Maps.row(0, 4))));
        } catch (IllegalArgumentException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }

  @Test
  void opacityIsAShare() {
    assertThrows(IllegalArgumentException.class, () -> new Overlay(ColorMap.JET, 1.1));
    assertThrows(IllegalArgumentException.class, () -> new Overlay(ColorMap.JET, -0.1));
    assertThrows(IllegalArgumentException.class, () -> new Overlay(ColorMap.JET, Double.NaN));
  }
}
