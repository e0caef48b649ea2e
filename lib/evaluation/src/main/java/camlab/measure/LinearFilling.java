package camlab.measure;

import camlab.picture.Mask;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The linear system of {@link NoisyLinearImputation}, solved by conjugate gradients.
 *
 * <p>For every removed pixel p: (Σ<sub>q</sub> w<sub>pq</sub>) x<sub>p</sub> − Σ<sub>q
 * removed</sub> w<sub>pq</sub> x<sub>q</sub> = Σ<sub>q kept</sub> w<sub>pq</sub> v<sub>q</sub>, q
 * over the neighbours inside the picture. Before it is divided by its sum of weights, each row
 * weighs a pair as the other's row does: the matrix is symmetric, and positive definite as soon as
 * one pixel is kept, since the eight neighbours connect all pixels. That is what conjugate
 * gradients need.
 *
 * <p>By themselves they pass a value on by one pixel a step, so a wide hole takes hundreds of
 * steps. Therefore the residual is corrected by two parts each time: as it is, and by what one
 * number for each block of pixels can do about it, from a small system of its own that is solved
 * directly (a two-level preconditioner, I + Z (Zᵀ A Z)<sup>−1</sup> Zᵀ with Z the blocks). What is
 * near is left to the steps, what is far to the blocks.
 *
 * <p>Grids have a border of one position that holds zeros, so that no neighbour has to be looked
 * for.
 */
final class LinearFilling {

  private static final double EDGE = 1.0 / 6;
  private static final double CORNER = 1.0 / 12;

  /** The residual at the end, relative to the right-hand side: far below one grey value. */
  private static final double TOLERANCE = 1e-8;

  /** Side of a block: smaller ones save steps, but each step takes longer. */
  private static final int BLOCK = 8;

  private final Mask removed;
  private final int stride;

  /** Where the removed pixels lie in a grid with a border, in ascending order. */
  private final int[] unknowns;

  /** How many of the unknowns, counted from the first, each unbroken row of them ends with. */
  private final int[] runEnds;

  /** For every unknown, the sum of the weights of its neighbours inside the picture. */
  private final double[] weightSums;

  /** For every unknown, its block. */
  private final int[] blocks;

  private final int blockCount;

  /** The sums over blocks of the equations, for a picture of one number in each block. */
  private final BandedSystem ofBlocks;

  LinearFilling(Mask removed) {
    if (removed.count() == removed.width() * removed.height()) {
      throw new IllegalArgumentException(
          "All pixels were removed: there is nothing to fill in from. Keep at least one.");
    }
    this.removed = removed;
    this.stride = removed.width() + 2;
    double[] inside = new double[stride * (removed.height() + 2)];
    int[] positions = new int[removed.count()];
    int count = 0;
    for (int row = 0; row < removed.height(); row++) {
      for (int column = 0; column < removed.width(); column++) {
        inside[position(row, column)] = 1;
        if (removed.contains(row, column)) {
          positions[count++] = position(row, column);
        }
      }
    }
    this.unknowns = positions;
    this.runEnds =
        IntStream.rangeClosed(1, count)
            .filter(i -> i == unknowns.length || unknowns[i] != unknowns[i - 1] + 1)
            .toArray();
    this.weightSums = Arrays.stream(positions).mapToDouble(p -> neighbours(inside, p)).toArray();
    int acrossBlocks = (removed.width() + BLOCK - 1) / BLOCK;
    this.blockCount = acrossBlocks * ((removed.height() + BLOCK - 1) / BLOCK);
    this.blocks =
        Arrays.stream(positions)
            .map(p -> (p / stride - 1) / BLOCK * acrossBlocks + (p % stride - 1) / BLOCK)
            .toArray();
    this.ofBlocks = new BandedSystem(blockCount, acrossBlocks + 1);
    addBlocks();
  }

  /** Every pair of removed neighbours once: that before a pixel in reading order, and the pixel. */
  private void addBlocks() {
    int[] blockAt = new int[stride * (removed.height() + 2)];
    Arrays.fill(blockAt, -1);
    int[] before = {-1, -stride, -stride - 1, -stride + 1};
    for (int i = 0; i < unknowns.length; i++) {
      int block = blocks[i];
      blockAt[unknowns[i]] = block;
      ofBlocks.add(block, block, weightSums[i]);
      for (int side = 0; side < before.length; side++) {
        int other = blockAt[unknowns[i] + before[side]];
        if (other >= 0) {
          double weight = side < 2 ? EDGE : CORNER;
          ofBlocks.add(block, other, other == block ? -2 * weight : -weight);
        }
      }
    }
    ofBlocks.factorize();
  }

  private int position(int row, int column) {
    return (row + 1) * stride + column + 1;
  }

  /** Σ<sub>q</sub> w<sub>pq</sub> x<sub>q</sub> over the eight neighbours of a position. */
  private double neighbours(double[] x, int p) {
    int above = p - stride;
    int below = p + stride;
    return EDGE * (x[above] + x[below] + x[p - 1] + x[p + 1])
        + CORNER * (x[above - 1] + x[above + 1] + x[below - 1] + x[below + 1]);
  }

  /**
   * Fills in one colour.
   *
   * @param values row-major, of the mask's size; removed ones do not matter
   * @return the same values, with the removed ones replaced
   * @throws IllegalArgumentException if the size differs
   */
  double[] fill(double[] values) {
    int width = removed.width();
    if (values.length != width * removed.height()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The mask is %d×%d, but there are %d values.",
              width,
              removed.height(),
              values.length));
    }
    double[] kept = new double[stride * (removed.height() + 2)];
    for (int i = 0; i < values.length; i++) {
      if (!removed.contains(i / width, i % width)) {
        kept[position(i / width, i % width)] = values[i];
      }
    }
    double[] known = Arrays.stream(unknowns).mapToDouble(p -> neighbours(kept, p)).toArray();
    double[] solution = solve(known);
    double[] filled = values.clone();
    for (int i = 0; i < unknowns.length; i++) {
      int p = unknowns[i];
      filled[(p / stride - 1) * width + p % stride - 1] = solution[i];
    }
    return filled;
  }

  /** Conjugate gradients from zero; the search direction lives on a grid of zeros. */
  private double[] solve(double[] known) {
    int size = known.length;
    double[] x = new double[size];
    double[] residual = known.clone();
    double[] product = new double[size];
    double[] direction = new double[stride * (removed.height() + 2)];
    double[] sums = new double[blockCount];
    double squared = 0;
    for (int i = 0; i < size; i++) {
      squared += known[i] * known[i];
      sums[blocks[i]] += known[i];
    }
    double enough = TOLERANCE * TOLERANCE * squared;
    double before = Double.POSITIVE_INFINITY;
    while (squared > enough) {
      double[] ofBlock = sums.clone();
      ofBlocks.solve(ofBlock);
      double corrected = squared;
      for (int block = 0; block < blockCount; block++) {
        corrected += sums[block] * ofBlock[block];
      }
      double kept = corrected / before;
      before = corrected;
      for (int i = 0; i < size; i++) {
        int p = unknowns[i];
        direction[p] = residual[i] + ofBlock[blocks[i]] + kept * direction[p];
      }
      double step = corrected / multiply(direction, product);
      squared = 0;
      Arrays.fill(sums, 0);
      for (int i = 0; i < size; i++) {
        x[i] += step * direction[unknowns[i]];
        double left = residual[i] - step * product[i];
        residual[i] = left;
        squared += left * left;
        sums[blocks[i]] += left;
      }
    }
    return x;
  }

  /**
   * The matrix times a direction. Along a row, what two of the three columns around a pixel add up
   * to is known from the pixel before it.
   *
   * @param direction on a grid
   * @param product takes the result, one value per unknown
   * @return the scalar product of the two
   */
  private double multiply(double[] direction, double[] product) {
    double sum = 0;
    int i = 0;
    for (int end : runEnds) {
      int p = unknowns[i];
      double west = direction[p - 1];
      double centre = direction[p];
      double westEnds = direction[p - 1 - stride] + direction[p - 1 + stride];
      double ends = direction[p - stride] + direction[p + stride];
      for (; i < end; i++) {
        p++;
        double east = direction[p];
        double eastEnds = direction[p - stride] + direction[p + stride];
        double value =
            weightSums[i] * centre - EDGE * (ends + west + east) - CORNER * (westEnds + eastEnds);
        product[i] = value;
        sum += centre * value;
        west = centre;
        centre = east;
        westEnds = ends;
        ends = eastEnds;
      }
    }
    return sum;
  }
}
