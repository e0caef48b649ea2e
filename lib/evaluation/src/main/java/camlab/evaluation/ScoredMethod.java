package camlab.evaluation;

import camlab.cam.CamMethod;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A method that, asked for a class, explains another number of it than the logit.
 *
 * @param method the method
 * @param score the number
 */
record ScoredMethod(CamMethod method, Explained score) implements CamMethod {

  @Override
  public String name() {
    return method.name();
  }

  @Override
  public boolean explainsTarget() {
    return method.explainsTarget();
  }

  @Override
  public String defaultLayer(Network network) {
    return method.defaultLayer(network);
  }

  @Override
  public List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
    return method.heatmaps(
        recording,
        layer,
        Target.oneEach(
            IntStream.range(0, recording.pictures())
                .mapToObj(picture -> score(recording, target, picture))
                .toList()));
  }

  private Target score(Recording recording, Target target, int picture) {
    if (recording.target(target, picture) instanceof Target.OfClass ofClass) {
      return score.of(
          ofClass.index(recording.logits().get(picture), recording.network().classes()));
    }
    throw new IllegalArgumentException(
        "This method explains a number of a class, and is asked for '%s'. Name a class."
            .formatted(recording.label(target, picture)));
  }
}
