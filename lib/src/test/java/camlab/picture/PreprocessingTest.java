package camlab.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PreprocessingTest {

  @Test
  void normalisesColourByColour() {
    Preprocessing tiny = new Preprocessing(2, 2, List.of(0f, 0.5f, 1f), List.of(1f, 0.5f, 2f));
    float[] values =
        tiny.apply(Picture.of(2, 2, new int[] {0xFF0000, 0x00FF00, 0x0000FF, 0x330000}));
    float[] expected = {1, 0, 0, 0.2f, -1, 1, -1, -1, -0.5f, -0.5f, 0, -0.5f};
    assertEquals(expected.length, values.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], values[i], 1e-7f);
    }
  }

  @Test
  void imageNetOfGrey() {
    float[] values = Preprocessing.IMAGENET.apply(Resources.read("grey.png"));
    assertEquals(3 * 224 * 224, values.length);
    assertEquals((128 / 255.0 - 0.485) / 0.229, values[0], 1e-6);
    assertEquals((128 / 255.0 - 0.456) / 0.224, values[224 * 224], 1e-6);
    assertEquals((128 / 255.0 - 0.406) / 0.225, values[3 * 224 * 224 - 1], 1e-6);
  }

  @Test
  void theRegionIsTheMiddleSquare() {
    Preprocessing same = new Preprocessing(256, 256, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    var wide = same.region(Picture.of(600, 300, new int[600 * 300]));
    assertEquals(new Preprocessing.Region(150, 0, 300, 300), wide);
    var tall = Preprocessing.IMAGENET.region(Picture.of(256, 512, new int[256 * 512]));
    assertEquals(new Preprocessing.Region(16, 144, 224, 224), tall);
  }

  @Test
  void isImmutableAndChecked() {
    List<Float> mean = new ArrayList<>(List.of(0f, 0f, 0f));
    Preprocessing made = new Preprocessing(2, 2, mean, List.of(1f, 1f, 1f));
    mean.set(0, 9f);
    assertEquals(List.of(0f, 0f, 0f), made.mean());
    assertThrows(IllegalArgumentException.class, () -> new Preprocessing(0, 2, mean, mean));
    assertThrows(
        IllegalArgumentException.class, () -> new Preprocessing(2, 2, mean, List.of(1f, 0f, 1f)));
    assertThrows(
        IllegalArgumentException.class, () -> new Preprocessing(2, 2, List.of(1f), List.of(1f)));
  }
}
