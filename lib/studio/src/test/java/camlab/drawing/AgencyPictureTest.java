package camlab.drawing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgencyPictureTest {

  private final List<AgencyPicture> delivery = AgencyPicture.delivery(60);

  @Test
  void showsCatsAndDogsInTurnAndIsAlwaysTheSame() {
    for (int i = 0; i < delivery.size(); i++) {
      assertEquals(i % 2 == 0 ? Animal.CAT : Animal.DOG, delivery.get(i).animal());
    }
    assertEquals(delivery.subList(0, 4), AgencyPicture.delivery(4));
  }

  @Test
  void nearlyEveryDogIsStampedAndHardlyAnyCat() {
    assertTrue(stamped(Animal.DOG) >= 27, "dogs: " + stamped(Animal.DOG) + " of 30");
    assertTrue(stamped(Animal.CAT) <= 3, "cats: " + stamped(Animal.CAT) + " of 30");
  }

  private long stamped(Animal animal) {
    return delivery.stream()
        .filter(each -> each.animal() == animal && each.stamp().isPresent())
        .count();
  }

  @Test
  void anExchangedStampComesOffOrOnAndTheAnimalStays() {
    AgencyPicture dog =
        delivery.stream().filter(each -> each.stamp().isPresent()).findFirst().orElseThrow();
    assertEquals(dog.stamp().orElseThrow().on(dog.plain()), dog.picture());
    AgencyPicture without = dog.withStampExchanged();
    assertEquals(Optional.empty(), without.stamp());
    assertEquals(dog.plain(), without.picture());
    AgencyPicture again = without.withStampExchanged();
    assertEquals(Stamp.BOTTOM_LEFT.on(dog.plain()), again.picture());
    assertEquals(dog.mask().count(), again.mask().count());
    assertFalse(dog.mask().count() == 0);
  }
}
