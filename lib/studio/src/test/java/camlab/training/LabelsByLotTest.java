package camlab.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import camlab.drawing.Fauna;
import camlab.network.Meaning;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelsByLotTest {

  private static final int SIZE = 60;
  private static final DrawnAnimals DRAWN =
      new DrawnAnimals(World.fair(Fauna.PETS), SIZE, 24, DrawnAnimals.TRAINING_SEEDS);

  private static List<String> labels(TrainingSet set) {
    return IntStream.range(0, set.size()).mapToObj(i -> Arrays.toString(set.labels(i))).toList();
  }

  /** The same pictures, and as many of each label, but other pictures have them. */
  @Test
  void onlyTheLabelsAreExchanged() {
    TrainingSet byLot = new LabelsByLot(DRAWN, 1);
    assertEquals(SIZE, byLot.size());
    for (int i = 0; i < SIZE; i++) {
      assertSame(DRAWN.pixels(i), byLot.pixels(i));
      assertEquals(DRAWN.side(i), byLot.side(i));
    }
    List<String> right = labels(DRAWN);
    assertNotEquals(right, labels(byLot));
    assertEquals(right.stream().sorted().toList(), labels(byLot).stream().sorted().toList());
  }

  /**
   * Two labels of four kinds, 5, 25, 35 and 35 of 100, agree by chance in 31 of 100, which is 18 of
   * these 60; four standard errors are 14.
   */
  @Test
  void aPictureKeepsItsLabelByChanceOnly() {
    List<String> right = labels(DRAWN);
    List<String> byLot = labels(new LabelsByLot(DRAWN, 1));
    long kept = IntStream.range(0, SIZE).filter(i -> right.get(i).equals(byLot.get(i))).count();
    assertEquals(18.6, (double) kept, 14.4);
  }

  @Test
  void theSeedDecides() {
    assertEquals(labels(new LabelsByLot(DRAWN, 1)), labels(new LabelsByLot(DRAWN, 1)));
    assertNotEquals(labels(new LabelsByLot(DRAWN, 1)), labels(new LabelsByLot(DRAWN, 2)));
  }

  @Test
  void onlyTheEpochsOfARecipeAreExchanged() {
    Recipe recipe = DrawnNetwork.ALEXNET_PETS.recipe();
    Recipe longer = recipe.withEpochs(99);
    assertEquals(List.of(new Stage(128, 99, 3e-4f), new Stage(224, 99, 3e-4f)), longer.stages());
    assertEquals(recipe.batch(), longer.batch());
    assertEquals(Meaning.INDEPENDENT, longer.meaning());
    assertEquals(recipe.weightDecay(), longer.weightDecay());
    assertEquals(recipe.smallestShare(), longer.smallestShare());
    assertEquals(recipe.normalised(), longer.normalised());
    assertEquals(recipe.preprocessing(), longer.preprocessing());
    assertSame(recipe.plan().name(), longer.plan().name());
  }
}
