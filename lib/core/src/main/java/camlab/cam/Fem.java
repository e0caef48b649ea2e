package camlab.cam;

import ai.djl.ndarray.NDArray;

/**
 * FEM, the feature explanation method: a channel lights up where it is unusually strong, by the
 * K-sigma rule, and counts by its mean.
 *
 * <p>With μ<sub>k</sub> and σ<sub>k</sub> the mean and the standard deviation (dividing by hw) of
 * channel k over its positions: B<sub>kij</sub> = 1 where A<sub>kij</sub> ≥ μ<sub>k</sub> +
 * Kσ<sub>k</sub>, else 0; map = Σ<sub>k</sub> μ<sub>k</sub> B<sub>k</sub>. The paper sets K = 1 for
 * its pictures and names 2 as the usual strict choice; here K = 2 unless another is given.
 *
 * <p>No class is asked for: the map shows what the layer responds to at all. Signed where a layer
 * puts out negative values.
 *
 * <p>One forward pass.
 *
 * <p>Source: K. A. A. Fuad et al., "Features Understanding in 3D CNNs for Actions Recognition in
 * Video", IPTA 2020.
 */
public final class Fem extends ActivationCam {

  private static final double USUAL = 2;

  private final double sigmas;

  /** With K = 2. */
  public Fem() {
    this(USUAL);
  }

  /**
   * With another threshold.
   *
   * @param sigmas K, how many standard deviations above the mean a position must lie
   */
  public Fem(double sigmas) {
    if (!Double.isFinite(sigmas)) {
      throw new IllegalArgumentException(
          "K is a number of standard deviations, such as 2; found %s.".formatted(sigmas));
    }
    this.sigmas = sigmas;
  }

  @Override
  public String name() {
    return "FEM";
  }

  @Override
  public NDArray map(NDArray activation) {
    NDArray mean = meanOverPositions(activation);
    return sumOverChannels(mean.mul(strong(activation)));
  }

  /**
   * Where each channel is unusually strong.
   *
   * @param activation A, shape (…, K, h, w)
   * @return B, the same shape, 1 or 0
   */
  public NDArray strong(NDArray activation) {
    NDArray mean = meanOverPositions(activation);
    NDArray variance = meanOverPositions(activation.sub(mean).square());
    NDArray threshold = mean.add(variance.sqrt().mul(sigmas));
    return activation.gte(threshold).toType(activation.getDataType(), false);
  }
}
