package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.course.CardMap.Card;
import camlab.course.CardMap.Group;
import camlab.figure.Canvas;
import camlab.picture.Picture;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CardMapTest {

  private static Card card(String name, int rgb, String... after) {
    return new Card(name, "About " + name, Optional.of(plain(rgb)), List.of(after));
  }

  /** 30 pixels wide and 20 high. */
  private static Picture plain(int rgb) {
    int[] pixels = new int[30 * 20];
    Arrays.fill(pixels, rgb);
    return Picture.of(30, 20, pixels);
  }

  private static CardMap map(Card... second) {
    Card first = card("01", 0x112233);
    return new CardMap(
        List.of(
            new Group("One", "the first part", List.of(first)),
            new Group("Two", "the second part", List.of(second))));
  }

  private static long count(Picture picture, int rgb) {
    long found = 0;
    for (int i = 0; i < picture.width() * picture.height(); i++) {
      found += picture.rgb(i / picture.width(), i % picture.width()) == rgb ? 1 : 0;
    }
    return found;
  }

  @Test
  void everyCardShowsItsPictureAsLargeAsItFits() {
    Picture drawn = map(card("02", 0x445566), card("03", 0x778899)).draw();
    // 30×20 in 152×96 is 144×96; the number covers a corner of it.
    for (int rgb : new int[] {0x112233, 0x445566, 0x778899}) {
      assertEquals(144.0 * 96, (double) count(drawn, rgb), 0.05 * 144 * 96);
    }
  }

  @Test
  void anArrowForWhatBuildsOnAnother() {
    int firstColor = Canvas.seriesColors()[0].getRGB() & 0xFFFFFF;
    assertEquals(0, count(map(card("02", 0)).draw(), firstColor));
    assertTrue(count(map(card("02", 0, "01")).draw(), firstColor) > 25);
  }

  /** Six in two rows of three are as wide as three, and as high as three rows with the first. */
  @Test
  void moreThanFiveCardsStandInTwoRows() {
    Card[] six = new Card[6];
    for (int i = 0; i < six.length; i++) {
      six[i] = card("0" + (i + 2), 0x445566 + i, i == 0 ? "01" : "0" + (i + 1));
    }
    Picture three = map(six[0], six[1], six[2]).draw();
    Picture drawn = map(six).draw();
    assertEquals(three.width(), drawn.width());
    assertEquals(198, drawn.height() - three.height()); // a card, 152, and the channel, 46
    for (int i = 0; i < six.length; i++) {
      assertEquals(144.0 * 96, (double) count(drawn, 0x445566 + i), 0.05 * 144 * 96);
    }
    assertEquals(368, map(Arrays.copyOf(six, 5)).draw().width() - three.width()); // 2 · (160 + 24)
  }

  @Test
  void cardsBuildOnThoseBeforeThem() {
    assertThrows(IllegalArgumentException.class, () -> map(card("02", 0, "03"), card("03", 0)));
    assertThrows(IllegalArgumentException.class, () -> map(card("02", 0, "02")));
  }

  @Test
  void cardsAreSeveralAndHaveNamesOfTheirOwn() {
    assertThrows(IllegalArgumentException.class, () -> new CardMap(List.of()));
    assertThrows(IllegalArgumentException.class, () -> map(card("02", 1), card("02", 2)));
  }
}
