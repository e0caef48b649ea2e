package camlab.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.cam.AblationCam;
import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.IntegratedGradients;
import camlab.cam.LayerCam;
import camlab.cam.ScoreCam;
import camlab.cam.SmoothGrad;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.ResNet;
import camlab.network.SqueezeNet;
import camlab.network.Vgg16;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import camlab.weights.StateDict;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * CamLab's side of {@code side_by_side.py}: does what a line of the input asks, once, and answers
 * with how many milliseconds it took by the clock. So both sides take turns, and one machine's mood
 * meets both.
 *
 * <p>A line has four parts with tabs between: a network, its layer, what to do, and with how many
 * pictures at once. To {@code map of Grad-CAM} the answer is the map's values.
 */
public final class Side {

  private static final int CLASSES = 1000;
  private static final int SIDE = 224;
  private static final int BATCH = 16;

  /** As long as captum's own, so that both do as many passes. */
  private static final int SAMPLES = 25;

  private static final int STEPS = 50;
  private static final Target FIRST = Target.of(0);

  private static final Map<String, IntFunction<Architecture>> PLANS =
      Map.of(
          "alexnet", AlexNet::torchvision,
          "vgg16", Vgg16::torchvision,
          "squeezenet1_1", SqueezeNet::version1_1,
          "resnet18", ResNet::resNet18,
          "resnet50", ResNet::resNet50);

  private static final Map<String, CamMethod> METHODS =
      Map.of(
          "Grad-CAM", new GradCam(),
          "LayerCAM", new LayerCam(),
          "Ablation-CAM", new AblationCam(BATCH, Progress.NONE),
          "Score-CAM", new ScoreCam(BATCH, Progress.NONE),
          "SmoothGrad", new SmoothGrad(SAMPLES, 0.15, 0, Progress.NONE),
          "SmoothGrad, one by one", new SmoothGrad(SAMPLES, 0.15, 0, 1, Progress.NONE),
          "Integrated gradients", new IntegratedGradients(STEPS, Progress.NONE),
          "Integrated gradients, one by one", new IntegratedGradients(STEPS, 1, Progress.NONE));

  private final Path folder;
  private String name = "";
  private Network network;
  private String layer;

  private Side(Path folder) {
    this.folder = folder;
  }

  /**
   * Answers until the input ends.
   *
   * @param arguments the folder with the state dictionaries, such as {@code resnet50.pth}
   */
  public static void main(String[] arguments) throws IOException {
    Side side = new Side(Path.of(arguments[0]));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(side.answer(line.split("\t", -1)));
    }
    if (side.network != null) {
      side.network.close();
    }
  }

  /** A network's name and layer, what to do, and with how many pictures. */
  private String answer(String[] asked) {
    open(asked[0], asked[1]);
    int pictures = Integer.parseInt(asked[3]);
    try (NDManager scope = network.newScope()) {
      NDArray input = input(scope, pictures);
      if (asked[2].startsWith("map of ")) {
        Heatmap map = maps(asked[2].substring("map of ".length()), input).get(0);
        return values(map.normalized());
      }
      long begin = System.nanoTime();
      run(asked[2], input);
      return String.format(Locale.ROOT, "%.4f", (System.nanoTime() - begin) / 1e6);
    }
  }

  private void open(String wanted, String where) {
    if (!wanted.equals(name)) {
      if (network != null) {
        network.close();
      }
      StateDict weights = StateDict.read(folder.resolve(wanted + ".pth"));
      network =
          Network.of(
              PLANS.get(wanted).apply(CLASSES),
              weights,
              Classes.numbered(CLASSES),
              Preprocessing.IMAGENET);
      name = wanted;
    }
    layer = where;
  }

  private void run(String work, NDArray input) {
    if (work.equals("forward")) {
      network.run(input).toFloatArray();
    } else if (work.equals("two classes")) {
      try (Recording recording = Recording.of(network, input, List.of(layer))) {
        new GradCam().heatmaps(recording, layer, FIRST);
        new GradCam().heatmaps(recording, layer, Target.of(1));
      }
    } else {
      maps(work, input);
    }
  }

  private List<Heatmap> maps(String method, NDArray input) {
    try (Recording recording = Recording.of(network, input, List.of(layer))) {
      return METHODS.get(method).heatmaps(recording, layer, FIRST);
    }
  }

  /** The same numbers as Python's: sines, shifted from picture to picture. */
  private static NDArray input(NDManager scope, int pictures) {
    float[] values = new float[pictures * 3 * SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(0.37 * i);
    }
    return scope.create(values, new Shape(pictures, 3, SIDE, SIDE));
  }

  private static String values(Heatmap map) {
    List<String> texts = new ArrayList<>();
    for (float value : map.values()) {
      texts.add(String.format(Locale.ROOT, "%.7f", value));
    }
    return String.join(" ", texts);
  }
}
