package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether everybody can read the figures' colours. */
final class ColorVisionTest {

  private static final int STEPS = 64;
  private static final int WHITE = 0xFFFFFF;

  @ParameterizedTest
  @EnumSource
  void greysStayGrey(ColorVision eye) {
    assertEquals(0, eye.lightness(0x000000), 0.01);
    assertEquals(53.585, eye.lightness(0x808080), 0.01);
    assertEquals(100, eye.lightness(WHITE), 0.01);
    assertEquals(0, eye.difference(0x808080, 0x808080));
    assertEquals(21, eye.contrast(WHITE, 0), 0.01);
  }

  @Test
  void redIsDarkWithoutConesForLongWaves() {
    // Linear light 0.152286, 0.114503, 0: luminance 0.2126729 · 0.152286 + 0.7151522 · 0.114503.
    assertEquals(0.114274 + 0.05, 0.05 * ColorVision.PROTANOPIA.contrast(0xFF0000, 0), 1e-6);
    assertEquals(53.24, ColorVision.FULL.lightness(0xFF0000), 0.01);
    assertEquals(114.53, ColorVision.FULL.difference(0xFF0000, WHITE), 0.01);
  }

  @ParameterizedTest
  @EnumSource
  void mapsOfValuesGrowInLightness(ColorVision eye) {
    for (ColorMap colors :
        new ColorMap[] {Overlay.DEFAULT.colors(), ColorMap.PLASMA, ColorMap.VIRIDIS}) {
      for (int i = 1; i <= STEPS; i++) {
        int lower = colors.rgb((i - 1.0) / STEPS);
        int upper = colors.rgb((double) i / STEPS);
        String where = colors + " at " + i + " of " + STEPS;
        assertTrue(eye.lightness(upper) > eye.lightness(lower) + 0.1, where);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aQuarterOfTheScaleIsAnotherColour(ColorVision eye) {
    for (ColorMap colors : new ColorMap[] {Overlay.DEFAULT.colors(), ColorMap.VIRIDIS}) {
      for (int i = 0; i <= STEPS; i++) {
        for (int j = i + STEPS / 4; j <= STEPS; j++) {
          double difference =
              eye.difference(colors.rgb((double) i / STEPS), colors.rgb((double) j / STEPS));
          assertTrue(difference > 10, colors + " " + i + " " + j + " " + difference);
        }
      }
    }
  }

  /** Why turbo is not the default: with full vision, too, its top is as dark as its bottom. */
  @ParameterizedTest
  @EnumSource
  void turboFallsAgain(ColorVision eye) {
    assertTrue(eye.lightness(ColorMap.TURBO.rgb(1)) < eye.lightness(ColorMap.TURBO.rgb(0.5)) - 40);
  }

  @ParameterizedTest
  @EnumSource
  void signedColoursDarkenFromTheMiddleAndDifferBySign(ColorVision eye) {
    for (int i = 1; i <= STEPS; i++) {
      double v = (double) i / STEPS / 2;
      double inner = v - 0.5 / STEPS;
      int positive = ColorMap.DIVERGING.rgb(0.5 + v);
      int negative = ColorMap.DIVERGING.rgb(0.5 - v);
      assertTrue(eye.lightness(positive) < eye.lightness(ColorMap.DIVERGING.rgb(0.5 + inner)));
      assertTrue(eye.lightness(negative) < eye.lightness(ColorMap.DIVERGING.rgb(0.5 - inner)));
      assertTrue(i < STEPS / 4 || eye.difference(positive, negative) > 20, "at ± " + 2 * v);
    }
  }

  @ParameterizedTest
  @EnumSource
  void seriesOfAChartDiffer(ColorVision eye) {
    Color[] series = Canvas.seriesColors();
    for (int i = 0; i < series.length; i++) {
      assertTrue(eye.difference(series[i].getRGB(), WHITE) > 20, "on white: " + series[i]);
      for (int j = 0; j < i; j++) {
        double difference = eye.difference(series[i].getRGB(), series[j].getRGB());
        assertTrue(difference > 15, series[i] + " " + series[j] + " " + difference);
      }
    }
  }

  /** The guidelines ask for 4.5 for text and 3 for other marks. */
  @ParameterizedTest
  @EnumSource
  void wordsAndFramesStandOutFromWhite(ColorVision eye) {
    assertTrue(eye.contrast(Canvas.INK.getRGB(), WHITE) > 4.5);
    assertTrue(eye.contrast(Canvas.MUTED.getRGB(), WHITE) > 4.5);
    assertTrue(eye.contrast(Canvas.ACCENT.getRGB(), WHITE) > 3);
  }
}
