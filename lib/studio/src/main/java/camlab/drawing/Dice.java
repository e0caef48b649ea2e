package camlab.drawing;

import java.util.List;
import java.util.SplittableRandom;

/** Random choices; only {@code nextLong} of the generator is used, which no JDK may change. */
final class Dice {
  private final SplittableRandom random;

  Dice(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A stream of its own, so that one more choice in one place does not move all the others. */
  Dice fork() {
    return new Dice(random.nextLong());
  }

  double unit() {
    return (random.nextLong() >>> 11) * 0x1p-53;
  }

  double between(double low, double high) {
    return low + (high - low) * unit();
  }

  /** Values near the centre are likelier. */
  double around(double centre, double spread) {
    return centre + spread * (unit() + unit() - 1);
  }

  boolean chance(double probability) {
    return unit() < probability;
  }

  int count(int low, int high) {
    return low + (int) (unit() * (high - low + 1));
  }

  double sign() {
    return chance(0.5) ? 1 : -1;
  }

  <T> T pick(List<T> choices) {
    return choices.get((int) (unit() * choices.size()));
  }

  long seed() {
    return random.nextLong();
  }
}
