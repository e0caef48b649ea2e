package camlab.djl;

import ai.djl.Model;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Translator;
import camlab.cam.CamMethod;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.engine.ComputationException;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Region;
import camlab.network.Classes;
import camlab.network.Fact;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Prediction;
import camlab.network.Stated;
import camlab.network.Trial;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Preprocessing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A model of DJL with its translator, as a network whose layers are recorded: heatmaps for a
 * program that has {@code Image} and {@code Classifications} already, in three lines.
 *
 * <pre>{@code
 * ZooModel<Image, Classifications> model = criteria.loadModel(); // as the program does it
 * try (TranslatedNetwork network = TranslatedNetwork.of(model)) {
 *   Heatmap map = network.heatmap(new GradCam(), image, "tabby");
 * }
 * }</pre>
 *
 * <p>What goes into the network is what the translator makes of an image; its classes are those
 * that the translator names, and what their numbers mean is found by giving the translator numbers:
 * if it takes their softmax, exactly one of the classes is there. Where the model has a softmax at
 * its end besides, {@link #predict} tells what DJL's predictor tells, and {@link #describe} both
 * numbers. A model made of blocks is opened as {@link Network#of(Model, Classes, Preprocessing)}
 * does; of a PyTorch program, the TorchScript file is read once more, and it is checked that it
 * computes what the model computes.
 *
 * <p>Refused with an {@link IllegalArgumentException} are a translator that makes other numbers of
 * one image each time, as one for training does, and classes that are stated in another order than
 * the translator names them in where its numbers show whose they are.
 *
 * <p>Maps lie over what the translator makes of the image. Which part of the image that is, it does
 * not tell; so a map is drawn over a picture of the size that the network takes, and refused over
 * any other.
 */
public final class TranslatedNetwork implements AutoCloseable {

  /** What {@link Network#describe} says of a preprocessing of its own. */
  private static final Set<String> OF_THE_TRANSLATOR =
      Set.of("pictures", "scale", "mean", "deviation");

  private static final float ROUNDING = 1e-4f;

  private final Translation translation;
  private final Network network;

  /** Where DJL's predictor tells other probabilities than the network's numbers do, in words. */
  private final Optional<String> difference;

  /** Whether somebody has stated what the numbers mean; the predictor's are told if nobody has. */
  private final boolean isStated;

  private TranslatedNetwork(Translation translation, Network network, Classes classes) {
    this.translation = translation;
    this.network = network;
    isStated = classes.meaning() != Meaning.UNSTATED;
    try (NDManager scope = network.newScope()) {
      difference = difference(scope);
    }
  }

  /**
   * {@return the network of a model that {@code Criteria} has loaded}
   *
   * @param model a model with its translator; it stays the caller's and has to stay open
   * @throws NotApplicableException if it runs by another engine than PyTorch
   * @throws IllegalArgumentException if the translator does not tell the classes, or the model's
   *     file is not found
   * @throws IllegalStateException if the model has been closed
   */
  public static TranslatedNetwork of(ZooModel<Image, Classifications> model) {
    Objects.requireNonNull(
        model, "Expected a model, found null: criteria.loadModel() gives one with its translator.");
    return of(model, model.getTranslator());
  }

  /**
   * {@return the network of a model with a translator}
   *
   * @param model a model; it stays the caller's and has to stay open
   * @param translator makes its input of an image, and names its classes
   * @throws NotApplicableException if it runs by another engine than PyTorch
   * @throws IllegalArgumentException if the translator does not tell the classes, or the model's
   *     file is not found
   * @throws IllegalStateException if the model has been closed
   */
  public static TranslatedNetwork of(Model model, Translator<Image, Classifications> translator) {
    return of(model, translator, Stated.NOTHING);
  }

  /**
   * {@return the network of a model that takes images of one size, with a translator that leaves
   * them as large as they are}
   *
   * @param model a model; it stays the caller's and has to stay open
   * @param translator makes its input of an image, and names its classes
   * @param size of which size the images are
   * @throws NotApplicableException if it runs by another engine than PyTorch
   * @throws IllegalArgumentException if the translator does not tell the classes, the model does
   *     not take that size, or the model's file is not found
   * @throws IllegalStateException if the model has been closed
   */
  public static TranslatedNetwork of(
      Model model, Translator<Image, Classifications> translator, Region.Size size) {
    return of(new Translation(model, translator, Optional.of(required(size))), Stated.NOTHING);
  }

  /**
   * {@return the network of a model with a translator that names its classes, of which more is
   * stated}
   *
   * @param model a model; it stays the caller's and has to stay open
   * @param translator makes its input of an image, and names its classes
   * @param stated what else the model does not show
   * @throws NotApplicableException if it runs by another engine than PyTorch
   * @throws IllegalArgumentException if the translator does not tell the classes, or the model's
   *     file is not found
   * @throws IllegalStateException if the model has been closed
   */
  public static TranslatedNetwork of(
      Model model, Translator<Image, Classifications> translator, Stated stated) {
    return of(new Translation(model, translator, Optional.empty()), stated);
  }

  private static Region.Size required(Region.Size size) {
    return Objects.requireNonNull(
        size, "Expected the size of images, found null: new Region.Size(width, height).");
  }

  private static TranslatedNetwork of(Translation translation, Stated stated) {
    Model model = translation.model();
    Network.requireUsable(model);
    try (NDManager scope = model.getNDManager().newSubManager()) {
      Classes named = translation.classes(scope);
      return of(translation, named, new Classes(named.names()), stated);
    }
  }

  /**
   * {@return the network of a model with a translator, of which more is stated}
   *
   * @param model a model; it stays the caller's and has to stay open
   * @param translator makes its input of an image
   * @param classes one name for each number that the model puts out, and what the numbers mean
   * @param stated what else the model does not show
   * @throws NotApplicableException if it runs by another engine than PyTorch
   * @throws IllegalArgumentException if the model's file is not found
   * @throws IllegalStateException if the model has been closed
   */
  public static TranslatedNetwork of(
      Model model, Translator<Image, Classifications> translator, Classes classes, Stated stated) {
    return of(new Translation(model, translator, Optional.empty()), classes, stated);
  }

  /**
   * {@return the network of a model with a translator that leaves images as large as they are, of
   * which more is stated}
   *
   * @param model a model that takes images of one size; it stays the caller's and has to stay open
   * @param translator makes its input of an image
   * @param size of which size the images are
   * @param classes one name for each number that the model puts out, and what the numbers mean
   * @param stated what else the model does not show
   * @throws NotApplicableException if it runs by another engine than PyTorch
   * @throws IllegalArgumentException if the model does not take that size, or its file is not found
   * @throws IllegalStateException if the model has been closed
   */
  public static TranslatedNetwork of(
      Model model,
      Translator<Image, Classifications> translator,
      Region.Size size,
      Classes classes,
      Stated stated) {
    return of(new Translation(model, translator, Optional.of(required(size))), classes, stated);
  }

  private static TranslatedNetwork of(Translation translation, Classes classes, Stated stated) {
    Network.requireUsable(translation.model());
    return of(translation, classes, classes, stated);
  }

  /** What somebody has stated of the classes, and not the translator, is told apart. */
  private static TranslatedNetwork of(
      Translation translation, Classes classes, Classes byTheReader, Stated stated) {
    Model model = translation.model();
    try (NDManager scope = model.getNDManager().newSubManager()) {
      translation.requireSame(scope);
      Preprocessing preprocessing = translation.preprocessing(scope);
      if (!(model.getBlock() instanceof AbstractSymbolBlock)) {
        Network network =
            opened(
                translation,
                scope,
                () ->
                    Network.of(model.getName(), model.getBlock(), classes, preprocessing, stated));
        return closedUnless(
            network, () -> new TranslatedNetwork(translation, network, byTheReader));
      }
      Path file = file(model);
      Network network =
          opened(translation, scope, () -> TorchScript.load(file, classes, preprocessing, stated));
      return closedUnless(
          network,
          () -> {
            requireSame(translation, network, file, scope);
            return new TranslatedNetwork(translation, network, byTheReader);
          });
    }
  }

  /** Opens a network, and adds what a reader can do who has no preprocessing to change. */
  private static Network opened(
      Translation translation, NDManager scope, Supplier<Network> opening) {
    try {
      return opening.get();
    } catch (IllegalArgumentException e) {
      String advice = e.getCause() instanceof ComputationException ? translation.advice(scope) : "";
      throw advice.isEmpty() ? e : new IllegalArgumentException(e.getMessage() + advice, e);
    }
  }

  private static TranslatedNetwork closedUnless(
      Network network, Supplier<TranslatedNetwork> opened) {
    try {
      return opened.get();
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  /**
   * Where the numbers of DJL's predictor are not those of the network, in words: a picture of noise
   * is run by both.
   */
  private Optional<String> difference(NDManager scope) {
    Image noise = noise(network);
    NDArray numbers = network.run(input(scope, noise));
    Classes classes = network.classes();
    if (!numbers.getShape().equals(new Shape(1, classes.size()))) {
      return Optional.empty(); // no predictions are told of it
    }
    Classifications told = translation.predicted(scope, noise);
    Optional<double[]> inOrder = Translation.inOrder(told, classes);
    if (inOrder.isEmpty()) {
      return Optional.of(
          "it names other classes than the network, so that what it makes of their numbers was not compared");
    }
    NDArray own =
        single(
            classes.meaning().tellsProbabilities()
                ? classes.meaning().probabilities(numbers).get(0)
                : numbers.get(0));
    NDArray other = single(scope.create(inOrder.get()));
    if (Trial.same(own, other, ROUNDING)) {
      return Optional.empty();
    }
    requireOrder(own, told, scope);
    int place = Math.toIntExact(own.sub(other).abs().argMax().getLong());
    return Optional.of(
        String.format(
            Locale.ROOT,
            "what DJL's predictor tells is not what the network's numbers mean (%s): of a picture of noise, of '%s', it tells %.4f, and they %.4f. %s",
            classes.meaning(),
            classes.name(place),
            inOrder.get()[place],
            own.getFloat(place),
            consequence()));
  }

  private String consequence() {
    if (!network.meaning().tellsProbabilities()) {
      return "Predictions are those numbers here, as it is not stated what they mean";
    }
    String whose =
        isStated
            ? "Predictions are the network's here, as its meaning was stated."
            : "Predictions are the predictor's here; scores, their gradients and probabilities of a target are the network's.";
    return whose
        + " They differ where a translator takes a softmax of what the model has put through one already: leave one of the two out, such as with optApplySoftmax(false)";
  }

  /**
   * Requires that the classes are named in the translator's order, where its numbers are the
   * network's place by place, and not name by name.
   */
  private void requireOrder(NDArray own, Classifications told, NDManager scope) {
    double[] numbers = told.getProbabilities().stream().mapToDouble(number -> number).toArray();
    if (!Trial.same(own, single(scope.create(numbers)), ROUNDING)) {
      return;
    }
    Classes classes = network.classes();
    int place = 0;
    while (told.getClassNames().get(place).equals(classes.name(place))) {
      place++;
    }
    throw new IllegalArgumentException(
        "Class %s was stated as '%s', but the translator %s calls it '%s', and tells its number for it. State the classes in the order of the model's numbers, or let the translator name them so."
            .formatted(
                place, classes.name(place), translation.name(), told.getClassNames().get(place)));
  }

  /** Where DJL looks for the program of a model, in this order. */
  private static Path file(Model model) {
    Path folder = model.getModelPath();
    Set<String> names = new LinkedHashSet<>();
    for (String name : List.of(model.getName(), folder.getFileName().toString(), "model")) {
      names.add(name);
      names.add(name + ".pt");
    }
    return names.stream()
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "The TorchScript file of the model '%s' is not in %s under one of the names %s. Open it with TorchScript.load(file, classes, preprocessing)."
                        .formatted(model.getName(), folder, names)));
  }

  /** The file may be another than the one that was loaded, or have changed since. */
  private static void requireSame(
      Translation translation, Network network, Path file, NDManager scope) {
    NDArray noise = translation.input(scope, noise(network));
    NDArray found = network.run(single(noise));
    boolean same =
        translation.outputs(scope, noise).stream()
            .anyMatch(expected -> isSame(network, found, single(expected)));
    if (!same) {
      throw new IllegalArgumentException(
          "%s does not compute what the loaded model '%s' computes: is it another file, was it written anew, or are layers in it in training mode (here they run in evaluation)? Open the right one with TorchScript.load(file, classes, preprocessing)."
              .formatted(file, translation.model().getName()));
    }
  }

  private static boolean isSame(Network network, NDArray found, NDArray expected) {
    return found.getShape().equals(expected.getShape())
        && (Trial.same(found, expected, ROUNDING)
            || (network.meaning().tellsProbabilities()
                && Trial.same(network.classes().probabilities(found), expected, ROUNDING)));
  }

  /** An image of noise that becomes what the network takes, also where it keeps its size. */
  private static Image noise(Network network) {
    Shape shape = network.inputShape();
    return Translation.noise((int) shape.get(3), (int) shape.get(2));
  }

  /** What goes between layers is single precision, whatever the translator makes. */
  private static NDArray single(NDArray array) {
    return array.toType(DataType.FLOAT32, false);
  }

  /** {@return the network, which takes what {@link #input} gives} */
  public Network network() {
    return network;
  }

  /**
   * {@return an image as the network takes it, shape (1, C, H, W), in single precision}
   *
   * @param scope what the array belongs to
   * @param image any image
   * @throws IllegalArgumentException if the translator stops on it, or makes another array of it
   */
  public NDArray input(NDManager scope, Image image) {
    Objects.requireNonNull(scope, "Expected what the array belongs to, found null.");
    Objects.requireNonNull(image, "Expected an image, found null.");
    NDArray input = single(translation.input(scope, image));
    input.attach(scope);
    return input;
  }

  /**
   * Runs the network on an image, and keeps what some layers put out.
   *
   * @param image any image
   * @param layers dotted names of the layers to record, at least one
   * @return the recording; the caller closes it
   * @throws IllegalArgumentException if no layer is named, or as for {@link #input}
   * @throws camlab.network.UnknownNameException if the network has no such layer
   * @throws IllegalStateException if this network, or its model, has been closed
   */
  public Recording record(Image image, String... layers) {
    Objects.requireNonNull(layers, "Expected the names of layers, found null.");
    try (NDManager scope = network.newScope()) {
      return Recording.ofView(network, input(scope, image), Arrays.asList(layers));
    }
  }

  /**
   * {@return the map of a class at the {@linkplain CamMethod#defaultLayer default layer}:
   * everything in one call}
   *
   * @param method how
   * @param image any image
   * @param className the class to explain
   * @throws NotApplicableException if the method needs a target layer and the network has none, or
   *     the method does not suit the network
   * @throws camlab.network.UnknownNameException if there is no such class
   * @throws IllegalArgumentException as for {@link #input}
   * @throws IllegalStateException if this network, or its model, has been closed
   */
  public Heatmap heatmap(CamMethod method, Image image, String className) {
    return heatmap(method, image, required(method).defaultLayer(network), Target.of(className));
  }

  /**
   * {@return the map of a score at a layer}
   *
   * @param method how
   * @param image any image
   * @param layer the dotted name of the layer
   * @param target the score to explain
   * @throws NotApplicableException if the method or the target does not suit the network or the
   *     layer
   * @throws camlab.network.UnknownNameException if there is no such layer or class
   * @throws IllegalArgumentException as for {@link #input}
   * @throws IllegalStateException if this network, or its model, has been closed
   */
  public Heatmap heatmap(CamMethod method, Image image, String layer, Target target) {
    required(method);
    try (Recording recording = record(image, layer)) {
      return method.heatmap(recording, layer, target);
    }
  }

  private static CamMethod required(CamMethod method) {
    return Objects.requireNonNull(method, "Expected a method, found null: new GradCam(), say.");
  }

  /**
   * {@return the classes from the most to the least likely} Where it was not stated what the
   * network's numbers mean, probabilities are those that DJL's predictor tells; {@link #describe}
   * says so if the network's own are others, as behind a translator that takes one more softmax.
   *
   * @param image any image
   */
  public List<Prediction> predict(Image image) {
    try (NDManager scope = network.newScope()) {
      NDArray input = input(scope, image);
      List<Prediction> own = network.predictions(network.run(input).get(0));
      Optional<double[]> told =
          !isStated && difference.isPresent() && network.meaning().tellsProbabilities()
              ? Translation.inOrder(translation.predicted(scope, image), network.classes())
              : Optional.empty();
      return told.map(probabilities -> with(own, probabilities)).orElse(own);
    }
  }

  private static List<Prediction> with(List<Prediction> own, double[] probabilities) {
    return own.stream()
        .map(
            prediction ->
                new Prediction(
                    prediction.index(),
                    prediction.name(),
                    prediction.logit(),
                    prediction.meaning(),
                    probabilities[prediction.index()]))
        .sorted(Comparator.comparingDouble(Prediction::probability).reversed())
        .toList();
  }

  /** {@return what is known of the network, and where from} See {@link Network#describe}. */
  public List<Fact> describe() {
    List<Fact> facts = new ArrayList<>();
    for (Fact fact : network.describe()) {
      if (!OF_THE_TRANSLATOR.contains(fact.what())) {
        facts.add(fact.what().equals("outputs") ? ofTranslator(fact) : fact);
      }
    }
    facts.add(
        new Fact(
            "translator",
            translation.name(),
            Fact.Origin.STATED,
            "makes the input of an image: size, scale, mean and deviation are its own"
                + difference.map("; "::concat).orElse("")));
    return List.copyOf(facts);
  }

  /** What the numbers mean is told as found by trial, where the translator showed it. */
  private Fact ofTranslator(Fact outputs) {
    if (isStated || outputs.origin() != Fact.Origin.STATED) {
      return outputs;
    }
    String tried = "from the translator, which was given numbers and took them for that";
    return new Fact(
        outputs.what(),
        outputs.value(),
        Fact.Origin.TRIED,
        outputs.evidence().isEmpty() ? tried : tried + "; " + outputs.evidence());
  }

  /** Frees the network; the model stays open. */
  @Override
  public void close() {
    network.close();
  }
}
