package camlab.cam;

/** How many selections there are. */
final class Combinations {

  private Combinations() {}

  /** {@return n over k: in how many ways k of n can be chosen} */
  static double of(int n, int k) {
    double ways = 1;
    for (int i = 1; i <= k; i++) {
      ways = ways * (n - k + i) / i;
    }
    return ways;
  }
}
