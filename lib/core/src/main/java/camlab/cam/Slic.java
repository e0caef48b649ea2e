package camlab.cam;

import camlab.picture.Picture;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Regions that follow the picture: pixels that are near each other and alike.
 *
 * <p>SLIC, clusters of pixels by k-means in colour and place. Centres start on a grid whose cells
 * have about the side S = √(N/K), N pixels, K regions, each at the place of the smallest gradient
 * of the 3×3 around; then ten times each pixel goes to the nearest of the centres within S in
 * either direction, and each centre to the mean of its pixels. The distance is √(d<sub>lab</sub>² +
 * (d<sub>xy</sub>/S)² m²), colours in CIELAB. In the end each region is made connected: a part of
 * less than a quarter of S² joins a region that it touches. So their number comes near K and seldom
 * meets it; of a picture that is noise from pixel to pixel few are left.
 *
 * <p>Source: R. Achanta, A. Shaji, K. Smith, A. Lucchi, P. Fua, S. Süsstrunk, "SLIC Superpixels
 * Compared to State-of-the-Art Superpixel Methods", IEEE Transactions on Pattern Analysis and
 * Machine Intelligence 2012, algorithm 1 and section 3. The paper goes on until centres stay, and
 * says that ten rounds are enough. The quarter is that of the authors' program.
 *
 * @param regions K, how many regions are wanted, at least 1
 * @param compactness m, above 0, finite: the larger, the more the regions are like cells of a grid
 */
public record Slic(int regions, double compactness) implements Superpixels {

  private static final int USUAL_REGIONS = 50;
  private static final double USUAL_COMPACTNESS = 10;

  /** About 50 regions with a compactness of 10. */
  public Slic() {
    this(USUAL_REGIONS, USUAL_COMPACTNESS);
  }

  /**
   * Checks both.
   *
   * @param regions K, how many regions are wanted, at least 1
   * @param compactness m, above 0, finite
   */
  public Slic {
    if (regions < 1 || !(compactness > 0 && Double.isFinite(compactness))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "At least 1 region and a finite compactness above 0 are needed, found %d and %s.",
              regions,
              compactness));
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the picture is of another size
   */
  @Override
  public int[] labels(int height, int width, Supplier<Picture> picture) {
    Picture given = picture.get();
    if (given.height() != height || given.width() != width) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Regions of %d×%d pixels (width × height) were asked for, of a picture of %d×%d.",
              width,
              height,
              given.width(),
              given.height()));
    }
    return new SlicClusters(given, this).labels();
  }
}
