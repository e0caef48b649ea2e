package camlab.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import camlab.cam.GradCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.figure.Charts;
import camlab.file.WholeFile;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.LayerGraph;
import camlab.network.Layers;
import camlab.network.Network;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How time and memory of a Grad-CAM grow: with the picture's side, the batch, the classes, the
 * channels and the layers, one at a time, of a plain network of convolutions and ReLUs with weights
 * by lot.
 */
@Command(
    name = "measure-growth",
    mixinStandardHelpOptions = true,
    description = "Measures how the cost of a Grad-CAM grows, writes a table and draws a chart.")
public final class MeasureGrowth implements Callable<Integer> {

  private static final PageTable TABLE = new PageTable("growth");
  private static final int KERNEL = 3;
  private static final int RESOLUTION = 2;

  @Option(
      names = "--doublings",
      defaultValue = "4",
      description = "How often each is doubled. Default: ${DEFAULT-VALUE}.")
  private int doublings;

  @Option(
      names = "--to",
      required = true,
      description = "The page, which has the lines <!-- growth --> and <!-- end of growth -->.")
  private Path page;

  @Option(names = "--chart", required = true, description = "The PNG file to write.")
  private Path chart;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new MeasureGrowth()).execute(arguments));
  }

  /**
   * What is asked for.
   *
   * @param side of the pictures, in pixels
   * @param batch pictures at once
   * @param classes how many
   * @param channels of each convolution
   * @param layers convolutions, each with a ReLU
   */
  private record Size(int side, int batch, int classes, int channels, int layers) {}

  /**
   * The batch is larger where it does not grow: what is counted comes in hundredths of a second.
   */
  private static final List<Growing> ALL =
      List.of(
          new Growing("side of the picture", i -> new Size(56 << i, 1, 1000, 32, 8), Size::side),
          new Growing("pictures in a batch", i -> usual(1 << i, 1000, 32, 8), Size::batch),
          new Growing("classes", i -> usual(4, 1000 << i, 32, 8), Size::classes),
          new Growing("channels", i -> usual(4, 1000, 16 << i, 8), Size::channels),
          new Growing("layers", i -> usual(4, 1000, 32, 4 << i), Size::layers));

  /**
   * What grows.
   *
   * @param words for it
   * @param size after so many doublings
   * @param value of the size
   */
  private record Growing(String words, IntFunction<Size> size, ToIntFunction<Size> value) {}

  private static Size usual(int batch, int classes, int channels, int layers) {
    return new Size(112, batch, classes, channels, layers);
  }

  @Override
  public Integer call() throws IOException {
    TABLE.on(Files.readString(page), List.of());
    List<String> rows = new ArrayList<>();
    rows.add("| what grows | from, to | Grad-CAM | memory | time grows as | memory grows as |");
    rows.add("|---|---|---|---|---|---|");
    Map<String, double[]> times = new LinkedHashMap<>();
    for (Growing growing : ALL) {
      List<Cost> costs = new ArrayList<>();
      int[] values = new int[doublings + 1];
      for (int i = 0; i <= doublings; i++) {
        Size size = growing.size().apply(i);
        values[i] = growing.value().applyAsInt(size);
        costs.add(cost(size));
        System.out.printf(Locale.ROOT, "%s %,d: %s%n", growing.words(), values[i], costs.get(i));
      }
      double[] seconds = costs.stream().mapToDouble(Cost::seconds).toArray();
      double[] megabytes = costs.stream().mapToDouble(Cost::megabytes).toArray();
      times.put(growing.words(), Arrays.stream(seconds).map(each -> each / seconds[0]).toArray());
      rows.add(
          String.format(
              Locale.ROOT,
              "| %s | %,d, %,d | %s | %s | %s | %s |",
              growing.words(),
              values[0],
              values[doublings],
              list("%,.0f", Arrays.stream(seconds).map(each -> 1000 * each).toArray(), "ms"),
              list("%,.0f", megabytes, "MB"),
              power(seconds),
              power(megabytes)));
    }
    WholeFile.write(page, TABLE.on(Files.readString(page), rows));
    Charts.picture(chart(times), RESOLUTION).write(chart);
    return 0;
  }

  private static String list(String format, double[] values, String unit) {
    List<String> texts = new ArrayList<>();
    Arrays.stream(values).forEach(value -> texts.add(String.format(Locale.ROOT, format, value)));
    return String.join(", ", texts) + " " + unit;
  }

  private static String power(double[] values) {
    double slope = slope(values);
    return Double.isFinite(slope)
        ? String.format(Locale.ROOT, "power %.2f", slope).replace('-', '−')
        : "—";
  }

  /**
   * The power that values grow with, of something that doubles from one to the next: the slope of
   * the line through their logarithms, by least squares. Not a number if one is not above 0.
   */
  static double slope(double[] values) {
    double middle = (values.length - 1) / 2.0;
    double products = 0;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      products += (i - middle) * Math.log(values[i]) / Math.log(2);
      squares += (i - middle) * (i - middle);
    }
    return Double.isFinite(products) ? products / squares : Double.NaN;
  }

  private XYChart chart(Map<String, double[]> times) {
    double[] doubled = IntStream.rangeClosed(0, doublings).mapToDouble(i -> 1 << i).toArray();
    XYChart lines =
        Charts.lines(
            "Grad-CAM: time, as a multiple of the smallest",
            "times as much",
            "times as long",
            doubled,
            times);
    lines.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    return lines;
  }

  private static Cost cost(Size size) {
    try (Network network = network(size);
        NDManager scope = network.newScope()) {
      NDArray input =
          scope.randomUniform(
              -1, 1, new Shape(size.batch(), 3, size.side(), size.side()), DataType.FLOAT32);
      String layer = network.targetLayer();
      return Cost.of(
          () -> {
            try (Recording recording = Recording.of(network, input, List.of(layer))) {
              new GradCam().heatmaps(recording, layer, Target.of(0));
            }
          });
    }
  }

  private static Network network(Size size) {
    String last = "relu" + (size.layers() - 1);
    Architecture plan =
        new Architecture(
            "Plain", () -> layers(size), last, List.of(last), size.classes(), size.side());
    StateDict.Builder weights = StateDict.builder();
    SplittableRandom random = new SplittableRandom(1);
    plan.parameterShapes()
        .forEach(
            (name, shape) -> {
              float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
              double deviation = Math.sqrt(2.0 * shape[0] / values.length);
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) (shape.length > 1 ? deviation * random.nextGaussian() : 0.01);
              }
              weights.put(name, shape, values);
            });
    return Network.of(
        plan,
        weights.build(),
        Classes.numbered(size.classes()),
        new Preprocessing(
            size.side(), size.side(), Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std()));
  }

  private static LayerGraph layers(Size size) {
    LayerGraph.Builder graph = LayerGraph.builder();
    for (int i = 0; i < size.layers(); i++) {
      graph.add(
          "conv" + i,
          "Conv2d",
          Conv2d.builder()
              .setFilters(size.channels())
              .setKernelShape(new Shape(KERNEL, KERNEL))
              .optPadding(new Shape(1, 1))
              .build());
      graph.add("relu" + i, "ReLU", Activation.reluBlock());
    }
    return graph
        .add("pool", "AdaptiveAvgPool2d", Layers.adaptiveAveragePool(1))
        .add("flatten", "Flatten", Blocks.batchFlattenBlock())
        .add("fc", "Linear", Linear.builder().setUnits(size.classes()).build())
        .build();
  }
}
