package camlab.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class IdentityTest {

  private enum Colour {
    RED
  }

  private record Inner(double share, List<Float> shares) {}

  private record Outer(
      String name, boolean strict, Colour colour, Inner inner, @Incidental Runnable watcher)
      implements Identified {

    static Outer named(String name) {
      return new Outer(name, true, Colour.RED, new Inner(0.25, List.of(0.5f, 1f)), () -> {});
    }
  }

  /** As the methods are: no record, and with a field of its superclass. */
  private static class Base {
    private final long seed;

    Base(long seed) {
      this.seed = seed;
    }

    long seed() {
      return seed;
    }
  }

  private static final class Derived extends Base implements Identified {
    private final int batch;

    Derived(int batch, long seed) {
      super(seed);
      this.batch = batch;
    }

    long sum() {
      return batch + seed();
    }
  }

  private record Grown(int tolerance, @Later("true") boolean edge) implements Identified {}

  private record Holder(Object setting) implements Identified {}

  @Test
  void everyFieldIsPartOfIt() {
    assertEquals(
        "Outer(colour=RED, inner=Inner(share=0.25, shares=[0.5, 1.0]), name='a', strict=true)",
        Outer.named("a").identity());
    Derived derived = new Derived(3, 4);
    assertEquals("Derived(batch=3, seed=4)", derived.identity());
    assertEquals(7, derived.sum());
  }

  /** Numbers kept before there was a setting stay those of its usual value. */
  @Test
  void aSettingThatCameLaterCountsWhereItIsUnusual() {
    assertEquals("Grown(tolerance=3)", new Grown(3, true).identity());
    assertEquals("Grown(edge=false, tolerance=3)", new Grown(3, false).identity());
  }

  /** Otherwise a name could look like a name and another setting. */
  @Test
  void textCannotBeTakenForMore() {
    assertTrue(Outer.named("a', seed='2").identity().contains("name='a\\', seed=\\'2'"));
    assertEquals("Holder(setting='\\\\')", new Holder("\\").identity());
  }

  @Test
  void aNestedIdentityCounts() {
    Identified own =
        new Identified() {
          @Override
          public String identity() {
            return "mine, version 2";
          }
        };
    assertEquals("Holder(setting=mine, version 2)", new Holder(own).identity());
  }

  @Test
  void whatCannotBeToldApartIsRefused() {
    IntUnaryOperator formula = x -> x + 1;
    for (Object setting : List.of(formula, Map.of("a", 1), new Object())) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> new Holder(setting).identity())
              .getMessage();
      assertTrue(message.startsWith("The setting 'setting' of Holder has no identity"), message);
    }
    Identified own = new Identified() {};
    String message = assertThrows(IllegalArgumentException.class, own::identity).getMessage();
    assertTrue(message.contains("is a class of your own, and has no identity"), message);
    assertTrue(message.contains("Let it override identity()"), message);
  }

  @Test
  void theLocaleDoesNotCount() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals("Inner(share=0.25, shares=[])", Identity.of(new Inner(0.25, List.of())));
    } finally {
      Locale.setDefault(before);
    }
  }
}
