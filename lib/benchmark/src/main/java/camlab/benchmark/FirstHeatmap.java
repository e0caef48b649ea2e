package camlab.benchmark;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import camlab.cam.GradCam;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From a TorchScript file to the first heatmap: loading it, the first Grad-CAM, for which the
 * network is looked over, and those that follow; and loading it with DJL alone. Each is timed once
 * an iteration, in a JVM that is warm.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 10)
@Fork(1)
public class FirstHeatmap {

  private static final int SIDE = 224;

  private static final Classes NAMES = Classes.numbered(DeepProgram.CLASSES);

  private static final Preprocessing PREPROCESSING =
      new Preprocessing(SIDE, SIDE, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());

  /** A file of so many layers. */
  @State(Scope.Benchmark)
  public static class Program {

    /** How many. */
    @Param({"100", "400", "1200"})
    public int layers;

    private Path file;
    private Picture picture;

    /** The last layer that has positions. */
    String last;

    /** Writes the file. */
    @Setup
    public void write() throws IOException {
      file = Files.createTempFile("camlab-benchmark-", ".pt");
      DeepProgram.write(file, layers);
      last = "relu" + ((layers - 2) / 2 - 1);
      picture = Picture.of(SIDE, SIDE, new Random(2).ints(SIDE * SIDE, 0, 1 << 24).toArray());
    }

    /** Deletes the file. */
    @TearDown
    public void delete() throws IOException {
      Files.delete(file);
    }

    Network open() {
      return TorchScript.load(file, NAMES, PREPROCESSING);
    }

    Heatmap heatmap(Network network, String layer) {
      return new GradCam().heatmap(network, picture, layer, Target.predicted());
    }
  }

  /** A network that nobody has asked anything. */
  @State(Scope.Benchmark)
  public static class Fresh {

    private Network network;

    /** Opens the file anew. */
    @Setup(Level.Invocation)
    public void open(Program program) {
      network = program.open();
    }

    /** Closes the network. */
    @TearDown(Level.Invocation)
    public void close() {
      network.close();
    }
  }

  /** A network of which everything is known. */
  @State(Scope.Benchmark)
  public static class Known {

    private Network network;

    /** Opens the file, and looks the network over. */
    @Setup
    public void open(Program program) {
      network = program.open();
      program.heatmap(network, network.targetLayer());
    }

    /** Closes the network. */
    @TearDown
    public void close() {
      network.close();
    }
  }

  /** {@return whether DJL alone has loaded the file} */
  @Benchmark
  public boolean loadPlain(Program program) throws IOException, MalformedModelException {
    try (Model model = Model.newInstance("plain", "PyTorch")) {
      model.load(program.file.getParent(), program.file.getFileName().toString());
      return model.getBlock().isInitialized();
    }
  }

  /** {@return how many layers were found in the file} */
  @Benchmark
  public int load(Program program) {
    try (Network network = program.open()) {
      return network.layers().size();
    }
  }

  /** {@return the first Grad-CAM of a layer that was named} */
  @Benchmark
  public Heatmap firstOfNamed(Program program, Fresh fresh) {
    return program.heatmap(fresh.network, program.last);
  }

  /** {@return the first Grad-CAM of the layer that one looks at by default, found on the way} */
  @Benchmark
  public Heatmap firstOfDefault(Program program, Fresh fresh) {
    return program.heatmap(fresh.network, fresh.network.targetLayer());
  }

  /** {@return a Grad-CAM from then on} */
  @Benchmark
  public Heatmap steady(Program program, Known known) {
    return program.heatmap(known.network, known.network.targetLayer());
  }
}
