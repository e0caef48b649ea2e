package camlab.evaluation;

import camlab.cam.CamMethod;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.measure.Explanation;
import camlab.measure.Measure;
import camlab.measure.PointingGame;
import camlab.network.Network;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.progress.Interruption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the numbers of a published table of the pointing game came about: whoever has PASCAL VOC 2007
 * or COCO 2014 gets the numbers to hold against them in one call.
 *
 * <p>The network sees the whole picture, its shorter side resized to 224 pixels, and no part is cut
 * off. The map of every class that the picture is labelled with is resized to the original, and
 * hits if a pixel of the class lies nearer to its highest point than 15 pixels of the original. The
 * accuracy is the mean over the classes of the share of hits. For PASCAL VOC a class's pixels are
 * those of all its boxes, for COCO those of its outlines; of VOC, objects marked as difficult alone
 * are no question. That is for the caller's masks to say.
 *
 * <p>Source: R. Fong, M. Patrick and A. Vedaldi, "Understanding Deep Networks via Extremal
 * Perturbations and Smooth Masks", ICCV 2019, and its code, github.com/facebookresearch/TorchRay
 * (torchray/benchmark/pointing_game.py, docs/pointing.csv); the game is J. Zhang et al.'s, ECCV
 * 2016. Published of Grad-CAM: 86.6 % and 90.4 % for VGG-16 and ResNet-50 on VOC 2007's test
 * pictures, 54.2 % and 57.3 % on COCO 2014's validation pictures; of a point in the middle 69.6 %
 * and 27.8 %.
 */
public final class PublishedPointing {

  private static final int SHORT_SIDE = 224;
  private static final int TOLERANCE = 15;
  private static final int DRAWS = 1000;

  /** Their circle has no edge, and of several highest points they take the first. */
  private static final PointingGame GAME =
      new PointingGame(TOLERANCE, false, PointingGame.Ties.FIRST);

  private PublishedPointing() {}

  /**
   * Works out the row of every method. Nothing is kept in a file.
   *
   * @param network a network that takes pictures of any size as they are
   * @param layer the layer the maps are taken at
   * @param methods the methods, told apart by their names
   * @param subjects the pictures, each with one of its classes and where that is
   * @return for each method the mean accuracy
   * @throws IllegalArgumentException if the network resizes or cuts pictures itself, two methods
   *     have one name, there is no picture, or it is not known where a class is
   */
  public static Map<String, Mean> run(
      Network network, String layer, List<CamMethod> methods, List<Subject> subjects) {
    if (network.preprocessing().size().isPresent()) {
      throw new IllegalArgumentException(
          "This table is of networks that see the whole of a picture, the shorter side of %s pixels; %s sees %s. Open the network with preprocessing().toBuilder().ownSize()."
              .formatted(SHORT_SIDE, network.name(), network.preprocessing().fit()));
    }
    Published.requireNames(methods);
    Map<String, List<Result>> results = new LinkedHashMap<>();
    methods.forEach(method -> results.put(method.name(), new ArrayList<>()));
    Named named = new Named(network.name(), network.identity());
    for (Subject subject : subjects) {
      Interruption.check("Stopped before picture '%s'.".formatted(subject.name()));
      Picture original = subject.picture().get();
      Mask object = object(subject, original);
      Picture seen = original.resizedShortSide(SHORT_SIDE);
      Target target = Target.of(subject.className());
      try (Recording recording = Recording.of(network, seen, layer)) {
        for (CamMethod method : methods) {
          Question question =
              new Question(
                  named,
                  layer,
                  new Named(subject.name(), original.checksum()),
                  new Named(
                      subject.className(),
                      network.classes().index(subject.className()) + " in " + object.checksum()),
                  new Named(method.name(), method.identity()),
                  new Named(OnOriginal.NAME, new OnOriginal(GAME).identity()));
          Heatmap map = overAll(method.heatmap(recording, layer, target), original);
          results.get(method.name()).add(Result.of(question, GAME.hits(map, object) ? 1 : 0));
        }
      }
    }
    Map<String, Mean> means = new LinkedHashMap<>();
    results.forEach((name, rows) -> means.put(name, mean(rows)));
    return means;
  }

  private static Mean mean(List<Result> rows) {
    return Mean.of(
        OnOriginal.NAME,
        new Results(rows),
        List.of(new OnOriginal(GAME)),
        Averaging.CLASSES,
        Choice.GIVEN,
        DRAWS,
        1);
  }

  private static Mask object(Subject subject, Picture original) {
    Mask mask =
        subject
            .object()
            .get()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "It is not known where '%s' is in picture '%s'."
                            .formatted(subject.className(), subject.name())));
    if (mask.width() != original.width() || mask.height() != original.height()) {
      throw new IllegalArgumentException(
          "The mask of picture '%s' is not of its size. Take the mask of this picture."
              .formatted(subject.name()));
    }
    return mask;
  }

  /** The picture was resized as a whole, so its map lies over all of the original. */
  private static Heatmap overAll(Heatmap map, Picture original) {
    Provenance from = map.provenance();
    return map.withProvenance(
            new Provenance(
                from.method(), from.layer(), from.target(), from.score(), Optional.empty()))
        .resized(original.height(), original.width());
  }

  /**
   * The pointing game on the picture as it was, and not as the network sees it; here it only names
   * what was done.
   */
  private record OnOriginal(PointingGame game) implements Measure {

    private static final String NAME = "pointing on the original";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public boolean higherIsBetter() {
      return true;
    }

    @Override
    public double of(Explanation explanation) {
      throw new IllegalStateException("An explanation knows the network's view only.");
    }
  }
}
