package camlab.weights;

/** Conversion between float and IEEE 754 binary16; Java has its own only from version 20 on. */
final class HalfFloat {

  /** The largest finite half-precision value. */
  static final float MAX = 65504f;

  /** From this magnitude on, rounding to nearest gives infinity. */
  static final float OVERFLOW = 65520f;

  private HalfFloat() {}

  static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      // Zero or subnormal: the fraction counts steps of 2^-24, which is exact in a float.
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int floatExponent = exponent == 31 ? 255 : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | (floatExponent << 23) | (fraction << 13));
  }

  /** Rounds to the nearest half-precision value, ties to the even one. */
  static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    float magnitude = Math.abs(value);
    int half;
    if (Float.isNaN(value)) {
      half = 0x7e00;
    } else if (magnitude >= OVERFLOW) {
      half = 0x7c00;
    } else if (magnitude < 0x1p-14f) {
      // Subnormal: a whole number of steps of 2^-24; rint rounds ties to even.
      half = (int) Math.rint((double) magnitude * 0x1p24);
    } else {
      int rebased = (bits & 0x7fffffff) - ((127 - 15) << 23);
      // Adding just under half a step, and one more when the kept part is odd, rounds ties to even.
      half = (rebased + 0xfff + ((rebased >> 13) & 1)) >> 13;
    }
    return (short) (sign | half);
  }
}
