package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RememberedConfidenceTest {

  private final List<Picture> seen = new ArrayList<>();

  /** As sure as the picture is blue. */
  private final Confidence blue =
      views -> {
        seen.addAll(views);
        return views.stream().mapToDouble(view -> (view.rgb(0, 0) & 0xFF) / 255.0).toArray();
      };

  private static Picture picture(int rgb) {
    return Picture.of(1, 1, new int[] {rgb});
  }

  @Test
  void anEqualPictureIsAskedAboutOnce() {
    Confidence confidence = blue.remembering(10);
    List<Picture> views = List.of(picture(255), picture(0), picture(255), picture(51));
    assertArrayEquals(new double[] {1, 0, 1, 0.2}, confidence.of(views));
    assertArrayEquals(new double[] {0.2, 0}, confidence.of(List.of(picture(51), picture(0))));
    assertEquals(1, confidence.of(picture(255)));
    assertEquals(List.of(picture(255), picture(0), picture(51)), seen);
  }

  @Test
  void whatIsKnownIsNotAskedAbout() {
    Confidence confidence = blue.remembering(10, Map.of(picture(51), 0.2));
    assertArrayEquals(new double[] {0.2, 1}, confidence.of(List.of(picture(51), picture(255))));
    assertEquals(List.of(picture(255)), seen);
  }

  @Test
  void thoseAskedAboutLongestAgoAreForgotten() {
    Confidence confidence = blue.remembering(2);
    assertArrayEquals(
        new double[] {1, 0, 0.2}, confidence.of(List.of(picture(255), picture(0), picture(51))));
    assertEquals(0, confidence.of(picture(0)));
    assertEquals(3, seen.size());
    assertEquals(1, confidence.of(picture(255)));
    assertEquals(4, seen.size());
    assertEquals(0, confidence.of(picture(0)));
    assertEquals(4, seen.size());
  }
}
