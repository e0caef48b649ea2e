package camlab.training;

import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.Meaning;
import camlab.network.ResNet;
import camlab.network.Vgg16;
import camlab.network.Xception;
import camlab.picture.Preprocessing;
import java.util.List;

/**
 * How a network is trained.
 *
 * @param plan the network that comes out
 * @param preprocessing what is done to a picture before it; a training uses its colours
 * @param normalised whether batch normalisation follows every convolution while training; it is
 *     folded into the convolutions when the weights are written (see {@link NormalisedPlan})
 * @param meaning what the logits learn to mean: softmax cross-entropy where a picture shows exactly
 *     one class, otherwise a binary cross-entropy for each class
 * @param smallestShare the smallest part of a picture's area that a step sees, in (0, 1]
 * @param stages what to do one after the other
 * @param batch pictures per step
 * @param weightDecay share of every weight taken away per step, times the step size
 */
public record Recipe(
    Architecture plan,
    Preprocessing preprocessing,
    boolean normalised,
    Meaning meaning,
    double smallestShare,
    List<Stage> stages,
    int batch,
    float weightDecay) {

  private static final int BATCH = 64;

  /** Copies the list. */
  public Recipe {
    stages = List.copyOf(stages);
  }

  /** The AlexNet of drawn cats and dogs. */
  public static Recipe alexNetOfDrawings(int classes) {
    List<Stage> stages = List.of(new Stage(128, 14, 3e-4f), new Stage(224, 12, 3e-4f));
    return new Recipe(
        AlexNet.small(classes),
        imageNet(224),
        false,
        Meaning.INDEPENDENT,
        0.85,
        stages,
        BATCH,
        1e-5f);
  }

  /** An AlexNet of a few thousand drawings, each showing one class. */
  public static Recipe alexNetOfFewDrawings(int classes) {
    List<Stage> stages = List.of(new Stage(224, 4, 1e-3f));
    return new Recipe(
        AlexNet.small(classes),
        imageNet(224),
        true,
        Meaning.INDEPENDENT,
        0.85,
        stages,
        BATCH,
        1e-2f);
  }

  /** An AlexNet of drawings that each show one class, and one of the two rarely. */
  public static Recipe alexNetOfLopsidedDrawings(int classes) {
    return new Recipe(
        AlexNet.small(classes),
        imageNet(224),
        true,
        Meaning.ONE_OF_SEVERAL,
        0.5,
        List.of(new Stage(128, 8, 1e-3f), new Stage(224, 2, 3e-4f)),
        BATCH,
        5e-2f);
  }

  /** An AlexNet of photographs, each showing one class. */
  public static Recipe alexNetOfPhotographs(int classes) {
    List<Stage> stages = List.of(new Stage(128, 20, 1e-3f), new Stage(192, 3, 3e-4f));
    return new Recipe(
        AlexNet.small(classes),
        imageNet(224),
        true,
        Meaning.ONE_OF_SEVERAL,
        0.3,
        stages,
        BATCH,
        2e-2f);
  }

  /** A thin VGG-16 of drawings. */
  public static Recipe vgg16OfDrawings(int classes) {
    List<Stage> stages = List.of(new Stage(128, 6, 1e-3f));
    return new Recipe(
        Vgg16.thin(classes, 0.25),
        imageNet(224),
        true,
        Meaning.INDEPENDENT,
        0.7,
        stages,
        BATCH,
        1e-2f);
  }

  /** A thin ResNet-50 of drawings. */
  public static Recipe resNet50OfDrawings(int classes) {
    List<Stage> stages = List.of(new Stage(128, 8, 1e-3f), new Stage(224, 2, 3e-4f));
    return new Recipe(
        ResNet.thin50(classes, 0.25),
        imageNet(224),
        false,
        Meaning.INDEPENDENT,
        0.7,
        stages,
        BATCH,
        1e-2f);
  }

  /** A thin Xception of drawings. */
  public static Recipe xceptionOfDrawings(int classes) {
    List<Float> half = List.of(0.5f, 0.5f, 0.5f);
    List<Stage> stages = List.of(new Stage(150, 6, 1e-3f), new Stage(299, 2, 3e-4f));
    return new Recipe(
        Xception.thin(classes, 0.25),
        new Preprocessing(299, 299, half, half),
        false,
        Meaning.INDEPENDENT,
        0.7,
        stages,
        BATCH,
        1e-2f);
  }

  /**
   * The same with other numbers of epochs.
   *
   * @param epochs of each stage, at least 1
   */
  Recipe withEpochs(int epochs) {
    List<Stage> changed =
        stages.stream()
            .map(stage -> new Stage(stage.crop(), epochs, stage.learningRate()))
            .toList();
    return new Recipe(
        plan, preprocessing, normalised, meaning, smallestShare, changed, batch, weightDecay);
  }

  private static Preprocessing imageNet(int side) {
    return new Preprocessing(
        side, side, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
  }

  /** The classes that a network of this recipe tells apart, and what its numbers mean. */
  Classes classes(List<String> names) {
    return new Classes(names, meaning);
  }

  /** The plan with what only the training needs. */
  Architecture trainedPlan() {
    return normalised ? NormalisedPlan.of(plan) : plan;
  }
}
