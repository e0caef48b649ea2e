package camlab.zoo;

import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.EfficientNetLite;
import camlab.network.ResNet;
import camlab.network.SqueezeNet;
import camlab.network.Vgg16;
import camlab.network.Xception;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import camlab.weights.WeightsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The plans that weights are recognised by. A new network is one line of one of the two lists. */
public final class Plans {

  /** Xception's: 299 pixels out of 333, and colours from -1 to 1. */
  private static final Preprocessing XCEPTION =
      new Preprocessing(333, 299, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));

  /** EfficientNet-Lite's: the colours that TensorFlow's release of it has, 127 and 128 of 255. */
  private static final Preprocessing LITE =
      new Preprocessing(
          256,
          224,
          List.of(127 / 255f, 127 / 255f, 127 / 255f),
          List.of(128 / 255f, 128 / 255f, 128 / 255f));

  private static final List<Known> KNOWN =
      List.of(
          new Known("CamLab", AlexNet::small, Preprocessing.IMAGENET),
          new Known("torchvision", AlexNet::torchvision, Preprocessing.IMAGENET),
          new Known("torchvision", SqueezeNet::version1_1, Preprocessing.IMAGENET),
          new Known("TensorFlow", EfficientNetLite::lite0, LITE),
          new Known("torchvision", ResNet::resNet18, Preprocessing.IMAGENET),
          new Known("torchvision", ResNet::resNet50, Preprocessing.IMAGENET),
          new Known("timm", Xception::legacy, XCEPTION),
          new Known("torchvision", Vgg16::torchvision, Preprocessing.IMAGENET));

  private static final List<Thin> KNOWN_THIN =
      List.of(
          new Thin(ResNet::thin50, Preprocessing.IMAGENET),
          new Thin(Xception::thin, XCEPTION),
          new Thin(Vgg16::thin, Preprocessing.IMAGENET));

  private Plans() {}

  /**
   * A plan of a number of classes.
   *
   * @param publisher whose names for the tensors it has
   * @param plan by the number of classes
   * @param preprocessing what its designers did to a picture
   */
  private record Known(
      String publisher, IntFunction<Architecture> plan, Preprocessing preprocessing) {}

  /**
   * A plan of a number of classes with a share of another one's filters.
   *
   * @param plan by the number of classes and the share of the filters that each layer keeps
   * @param preprocessing what is done to a picture
   */
  private record Thin(
      BiFunction<Integer, Double, Architecture> plan, Preprocessing preprocessing) {}

  /**
   * {@return the plan that a set of weights belongs to, told from names and numbers of filters}
   *
   * @param weights the weights
   * @param file where they come from, for the message
   * @throws WeightsException if they are none of the known plans', or those of no class
   */
  public static Architecture recognise(StateDict weights, Path file) {
    for (Thin thin : KNOWN_THIN) {
      Architecture full = thin.plan().apply(1, 1.0);
      StateDict named = weights.named(full.parameterNames());
      if (parameters(named).equals(new HashSet<>(full.parameterNames()))) {
        String first = full.parameterNames().get(0);
        double width = filters(named, first) / (double) full.parameterShapes().get(first)[0];
        if (width > 0 && width < 1) {
          Architecture plan = thin.plan().apply(classes(full, named, file), width);
          if (fits(plan, named)) {
            return plan;
          }
        }
      }
    }
    for (Known known : KNOWN) {
      Architecture plan = known.plan().apply(1);
      StateDict named = weights.named(plan.parameterNames());
      // Shapes that differ are told one by one when the network is filled.
      if (parameters(named).equals(new HashSet<>(plan.parameterNames()))) {
        return known.plan().apply(classes(plan, named, file));
      }
    }
    throw new WeightsException(
        "%s holds the weights of no network CamLab knows (%s). Its first tensors are %s."
            .formatted(file, names(), weights.names().stream().limit(3).toList()));
  }

  /** Such as {@code torchvision's AlexNet, VGG-16; timm's Xception}. */
  private static String names() {
    Map<String, List<String>> byPublisher = new LinkedHashMap<>();
    for (Known known : KNOWN) {
      byPublisher
          .computeIfAbsent(known.publisher(), publisher -> new ArrayList<>())
          .add(known.plan().apply(1).name());
    }
    return byPublisher.entrySet().stream()
        .map(entry -> entry.getKey() + "'s " + String.join(", ", entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  /**
   * {@return what is done to a picture before a network of a plan sees it: what its designers did}
   *
   * @param plan one of the plans, of any number of classes and any share of the filters
   * @throws IllegalArgumentException if it is none of them
   */
  public static Preprocessing preprocessing(Architecture plan) {
    List<String> names = plan.parameterNames();
    return Stream.concat(
            KNOWN.stream()
                .filter(known -> known.plan().apply(1).parameterNames().equals(names))
                .map(Known::preprocessing),
            KNOWN_THIN.stream()
                .filter(thin -> thin.plan().apply(1, 1.0).parameterNames().equals(names))
                .map(Thin::preprocessing))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "What is done to a picture is known of CamLab's own plans only, found '%s'. State it when you open the network: Network.load(plan, file, classes, preprocessing)."
                        .formatted(plan.name())));
  }

  /** The last parameter of a plan has one row or value for each class. */
  private static int classes(Architecture plan, StateDict weights, Path file) {
    List<String> names = plan.parameterNames();
    String last = names.get(names.size() - 1);
    int classes = filters(weights, last);
    if (classes < 1) {
      throw new WeightsException(
          "%s holds %s of shape %s; expected a value for each class of the network, and at least one. Save the weights again."
              .formatted(file, last, Arrays.toString(weights.shape(last))));
    }
    return classes;
  }

  private static int filters(StateDict weights, String name) {
    long[] shape = weights.shape(name);
    return shape.length == 0 ? 0 : (int) shape[0];
  }

  /** Whether every parameter has as many filters or units as the plan's. */
  private static boolean fits(Architecture plan, StateDict weights) {
    Map<String, long[]> shapes = plan.parameterShapes();
    return shapes.entrySet().stream()
        .allMatch(entry -> entry.getValue()[0] == filters(weights, entry.getKey()));
  }

  /** Batch normalisation counts its batches; no network needs to know how many there were. */
  private static Set<String> parameters(StateDict weights) {
    return weights.names().stream()
        .filter(name -> !name.endsWith("num_batches_tracked"))
        .collect(Collectors.toSet());
  }
}
