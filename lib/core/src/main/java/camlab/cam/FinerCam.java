package camlab.cam;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.engine.PyTorch;
import camlab.network.NotApplicableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Finer-CAM: Grad-CAM of what a class has and the classes most like it have not.
 *
 * <p>With d(1) … d(T) the classes whose logits are nearest to that of the class c, c itself left
 * out: Grad-CAM of y<sub>c</sub> − γ/T Σ<sub>t</sub> y<sub>d(t)</sub>. Which classes these are, is
 * settled by the unchanged picture; of equally near ones the first counts. A network with fewer
 * other classes has fewer. With γ = 0 it is Grad-CAM.
 *
 * <p>One forward and one backward pass.
 *
 * <p>Source: Z. Zhang et al., "Finer-CAM: Spotting the Difference Reveals Finer Details for Visual
 * Explanation", CVPR 2025; the mean over the classes, γ = 0.6 and T = 3 as the package torchcam
 * 0.5.0 states them. (The authors' own program weighs each class by its probability, and takes 1
 * for γ. With one other class and the same γ there is no difference.)
 */
public final class FinerCam extends LayerMethod {

  private static final double USUAL_STRENGTH = 0.6;
  private static final int USUAL_REFERENCES = 3;

  private final double strength;
  private final int references;

  /** With γ = 0.6 and three classes to compare with. */
  public FinerCam() {
    this(USUAL_STRENGTH, USUAL_REFERENCES);
  }

  /**
   * With other settings.
   *
   * @param strength γ, at least 0
   * @param references T, at least 1
   */
  public FinerCam(double strength, int references) {
    if (!(strength >= 0 && Double.isFinite(strength)) || references < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Finer-CAM needs a strength of at least 0 and at least 1 class to compare with, found %s and %d.",
              strength,
              references));
    }
    this.strength = strength;
    this.references = references;
  }

  @Override
  public String name() {
    return "Finer-CAM";
  }

  /**
   * {@inheritDoc}
   *
   * @throws NotApplicableException with the reason, if the target is not a class's logit, or there
   *     is no other class
   */
  @Override
  protected NDArray maps(NDArray activation, Recording recording, String layer, Target target) {
    List<Target> contrasts = new ArrayList<>(recording.pictures());
    for (int i = 0; i < recording.pictures(); i++) {
      contrasts.add(contrast(recording, recording.target(target, i), i));
    }
    NDArray gradient = recording.gradient(layer, Target.oneEach(contrasts));
    activation.getManager().tempAttachAll(gradient);
    return new GradCam().map(activation, gradient);
  }

  private Target contrast(Recording recording, Target target, int picture) {
    NDArray logits = recording.logits().get(picture);
    if (!(target instanceof Target.OfClass ofClass)) {
      throw new NotApplicableException(
          "Finer-CAM compares the logit of one class with those of the classes most like it; '%s' is no class's logit. Grad-CAM explains any score."
              .formatted(recording.label(target, picture)));
    }
    int index = ofClass.index(logits, recording.network().classes());
    List<Integer> nearest = nearest(logits.toFloatArray(), index);
    if (nearest.isEmpty()) {
      throw new NotApplicableException(
          "Finer-CAM compares a class with others, and %s has only one. Grad-CAM needs no other."
              .formatted(recording.network().name()));
    }
    float[] factors = new float[(int) logits.size()];
    nearest.forEach(other -> factors[other] = (float) (-strength / nearest.size()));
    factors[index] = 1;
    return Target.score(
        ofClass.label(logits, recording.network().classes()),
        changed -> {
          NDArray own =
              PyTorch.lasting(changed.getManager().create(factors), changed.getDataType());
          return changed.mul(own).sum();
        });
  }

  /** The classes whose logits are nearest to that of one class, which is left out. */
  private List<Integer> nearest(float[] logits, int index) {
    return IntStream.range(0, logits.length)
        .filter(other -> other != index)
        .boxed()
        .sorted(Comparator.comparing(other -> Math.abs(logits[other] - logits[index])))
        .limit(references)
        .toList();
  }
}
