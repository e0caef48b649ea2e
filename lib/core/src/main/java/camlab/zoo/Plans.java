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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** The plans that weights are recognised by. A new network is one line of one of the two lists. */
public final class Plans {

  /** By the number of classes. */
  private static final List<IntFunction<Architecture>> KNOWN =
      List.of(
          AlexNet::small,
          AlexNet::torchvision,
          SqueezeNet::version1_1,
          EfficientNetLite::lite0,
          ResNet::resNet18,
          ResNet::resNet50,
          Xception::legacy,
          Vgg16::torchvision);

  /** By the number of classes and the share of the filters that each layer keeps. */
  private static final List<BiFunction<Integer, Double, Architecture>> KNOWN_THIN =
      List.of(ResNet::thin50, Xception::thin, Vgg16::thin);

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

  private Plans() {}

  /**
   * {@return the plan that a set of weights belongs to, told from names and numbers of filters}
   *
   * @param weights the weights
   * @param file where they come from, for the message
   * @throws WeightsException if they are none of the known plans'
   */
  public static Architecture recognise(StateDict weights, Path file) {
    for (BiFunction<Integer, Double, Architecture> thin : KNOWN_THIN) {
      Architecture full = thin.apply(1, 1.0);
      StateDict named = weights.named(full.parameterNames());
      if (parameters(named).equals(new HashSet<>(full.parameterNames()))) {
        String first = full.parameterNames().get(0);
        double width = filters(named, first) / (double) full.parameterShapes().get(first)[0];
        if (width > 0 && width < 1) {
          Architecture plan = thin.apply(classes(full, named), width);
          if (fits(plan, named)) {
            return plan;
          }
        }
      }
    }
    for (IntFunction<Architecture> known : KNOWN) {
      Architecture plan = known.apply(1);
      StateDict named = weights.named(plan.parameterNames());
      // Shapes that differ are told one by one when the network is filled.
      if (parameters(named).equals(new HashSet<>(plan.parameterNames()))) {
        return known.apply(classes(plan, named));
      }
    }
    throw new WeightsException(
        "%s holds the weights of no network CamLab knows (torchvision's AlexNet, VGG-16, ResNet-18, ResNet-50, SqueezeNet 1.1; timm's Xception; EfficientNet-Lite0). Its first tensors are %s."
            .formatted(file, weights.names().stream().limit(3).toList()));
  }

  /**
   * {@return what is done to a picture before a network of a plan sees it: what its designers did}
   *
   * @param plan the plan
   */
  public static Preprocessing preprocessing(Architecture plan) {
    if (plan.name().equals(EfficientNetLite.LITE0)) {
      return LITE;
    }
    return plan.pictureSize() == XCEPTION.crop() ? XCEPTION : Preprocessing.IMAGENET;
  }

  /** The last parameter of a plan has one row or value for each class. */
  private static int classes(Architecture plan, StateDict weights) {
    List<String> names = plan.parameterNames();
    return filters(weights, names.get(names.size() - 1));
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
