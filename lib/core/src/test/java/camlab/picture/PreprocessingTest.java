package camlab.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.Region;
import java.util.ArrayList;
import java.util.BitSet;
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
    assertEquals(region(150, 0, 300, 300, 600, 300, 256), wide);
    var tall = Preprocessing.IMAGENET.region(Picture.of(256, 512, new int[256 * 512]));
    assertEquals(region(16, 144, 224, 224, 256, 512, 224), tall);
  }

  /** A picture of 40×20 becomes 20×10, and the columns 5 to 14 of that are the view. */
  @Test
  void theRegionOfASmallPicture() {
    Region region = view(10, 10).region(Picture.of(40, 20, new int[800]));
    assertEquals(region(10, 0, 20, 20, 40, 20, 10), region);
    assertFalse(region.isWhole());
  }

  /** 2/3 of the size: 5×3 becomes 3×2 (3.33 rounded down), so that a column is 5/3 wide. */
  @Test
  void theLongerSideIsRoundedDown() {
    Region region = view(2, 2).region(Picture.of(5, 3, new int[15]));
    // Half a column is left over on each side: the crop starts at the even one, 0.
    assertEquals(region(0, 0, 10 / 3.0, 3, 5, 3, 2), region);
  }

  /** What is padded lies outside the picture. */
  @Test
  void theRegionReachesBeyondASmallPicture() {
    Region region = view(2, 4).region(Picture.of(4, 4, new int[16]));
    assertEquals(region(-2, -2, 8, 8, 4, 4, 4), region);
    assertTrue(region.isWhole());
  }

  private static Region region(
      double left, double top, double width, double height, int columns, int rows, int view) {
    return new Region(
        left, top, width, height, new Region.Size(columns, rows), new Region.Size(view, view));
  }

  /** A mask of 6×2 with its left half set: of the two columns in the middle, the left one. */
  @Test
  void theMaskIsCroppedAsThePictureIs() {
    BitSet pixels = new BitSet();
    pixels.set(0, 3);
    pixels.set(6, 9);
    Mask view = view(2, 2).view(Mask.of(6, 2, pixels));
    assertEquals(2, view.width());
    assertEquals(2, view.height());
    assertEquals(Picture.of(2, 2, new int[] {0xFFFFFF, 0, 0xFFFFFF, 0}), view.toPicture());
  }

  /** 16×16 at a quarter of the size: a cell of 4×4 counts from half of it on. */
  @Test
  void halfCoveredPixelsBelongToTheView() {
    BitSet pixels = new BitSet();
    for (int row = 0; row < 16; row++) {
      pixels.set(row * 16, row * 16 + 7); // the second column of cells is covered by more than half
      pixels.set(row * 16 + 13, row * 16 + 14); // the fourth by a quarter
    }
    Mask view = view(4, 4).view(Mask.of(16, 16, pixels));
    for (int row = 0; row < 4; row++) {
      assertTrue(view.contains(row, 0));
      assertTrue(view.contains(row, 1));
      assertFalse(view.contains(row, 2));
      assertFalse(view.contains(row, 3));
    }
  }

  private static Preprocessing view(int resize, int crop) {
    return new Preprocessing(resize, crop, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
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
