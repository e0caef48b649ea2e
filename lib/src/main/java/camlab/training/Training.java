package camlab.training;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import camlab.network.Architecture;
import camlab.network.LayerGraph;
import camlab.picture.Preprocessing;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Trains a network from scratch with DJL, seeded and resumable.
 *
 * <p>Each logit learns to answer one question on its own, "is there a cat?", "is there a dog?": the
 * loss is the binary cross-entropy of each class, so that a picture that holds both is no
 * contradiction. The optimiser is Adam with decoupled rates per {@link Stage}; what is kept is an
 * exponential moving average of the weights, which is steadier than the last step.
 *
 * <p>After every epoch the state is saved. A training that was stopped goes on from its last epoch;
 * only Adam's moments start anew.
 */
public final class Training {

  private static final double AVERAGING = 0.998;
  private static final float WEIGHT_DECAY = 1e-5f;

  private final Architecture architecture;
  private final Preprocessing preprocessing;
  private final List<Stage> stages;
  private final int batch;
  private final long seed;
  private final Path folder;

  /**
   * A training, not started yet.
   *
   * @param architecture the network's plan
   * @param preprocessing its colours (sizes are the stages')
   * @param stages what to do one after the other
   * @param batch pictures per step
   * @param seed where all random choices come from
   * @param folder where checkpoints and the curve are kept
   */
  public Training(
      Architecture architecture,
      Preprocessing preprocessing,
      List<Stage> stages,
      int batch,
      long seed,
      Path folder) {
    this.architecture = architecture;
    this.preprocessing = preprocessing;
    this.stages = List.copyOf(stages);
    this.batch = batch;
    this.seed = seed;
    this.folder = folder;
  }

  /**
   * Trains, or goes on with a training that was stopped.
   *
   * @param sets gives the training pictures for a stage's crop
   * @param validation gives pictures never trained on for a stage's crop, to draw the curve
   * @param log told of every epoch
   */
  public void run(
      IntFunction<TrainingSet> sets, IntFunction<TrainingSet> validation, CurveLog log) {
    Engine.getInstance().setRandomSeed((int) seed);
    try (Model model = Model.newInstance(architecture.name());
        NDManager averageScope = NDManager.newBaseManager()) {
      LayerGraph graph = architecture.layers().get();
      model.setBlock(graph);
      graph.setInitializer(
          new XavierInitializer(
              XavierInitializer.RandomType.GAUSSIAN, XavierInitializer.FactorType.IN, 2),
          Parameter.Type.WEIGHT);
      graph.initialize(model.getNDManager(), DataType.FLOAT32, architecture.inputShape());
      LayerGraph average = architecture.allocate(averageScope);
      Checkpoint checkpoint = new Checkpoint(folder);
      int done = checkpoint.load(graph, average, model.getNDManager(), averageScope);
      if (done == 0) {
        Averages.copy(graph, average);
      }
      int first = 0;
      for (Stage stage : stages) {
        if (done < first + stage.epochs()) {
          TrainingSet set = sets.apply(stage.crop());
          TrainingSet held = validation.apply(stage.crop());
          try (Steps steps = new Steps(model, graph, average, stage, set)) {
            for (int epoch = Math.max(0, done - first); epoch < stage.epochs(); epoch++) {
              long start = System.nanoTime();
              double loss = steps.epoch(first + epoch, (double) epoch / stage.epochs());
              checkpoint.save(graph, average, first + epoch + 1);
              log.epoch(
                  new CurveLog.Epoch(
                      first + epoch + 1,
                      stage.crop(),
                      loss,
                      accuracy(average, held, stage.crop()),
                      (System.nanoTime() - start) / 1e9));
            }
          }
        }
        first += stage.epochs();
      }
    }
  }

  /** One stage's steps, with its own optimiser. */
  private final class Steps implements AutoCloseable {

    private final LayerGraph graph;
    private final LayerGraph average;
    private final Stage stage;
    private final TrainingSet set;
    private final Augmentation augmentation;
    private final Trainer trainer;
    private float rate;

    Steps(Model model, LayerGraph graph, LayerGraph average, Stage stage, TrainingSet set) {
      this.graph = graph;
      this.average = average;
      this.stage = stage;
      this.set = set;
      this.augmentation = new Augmentation(stage.crop(), preprocessing);
      Tracker currentRate = updates -> rate;
      Optimizer adam =
          Optimizer.adam()
              .optLearningRateTracker(currentRate)
              .optWeightDecays(WEIGHT_DECAY)
              .build();
      this.trainer =
          model.newTrainer(
              new DefaultTrainingConfig(Loss.sigmoidBinaryCrossEntropyLoss()).optOptimizer(adam));
      trainer.initialize(new Shape(batch, 3, stage.crop(), stage.crop()));
    }

    double epoch(int number, double progress) {
      SplittableRandom random = new SplittableRandom(seed * 1_000 + number);
      int[] order = shuffled(set.size(), random);
      int steps = set.size() / batch;
      double losses = 0;
      for (int step = 0; step < steps; step++) {
        rate = stage.learningRate(progress + (double) step / steps / stage.epochs());
        losses += step(order, step * batch, random);
        Averages.update(graph, average, AVERAGING);
      }
      return losses / steps;
    }

    private double step(int[] order, int from, SplittableRandom random) {
      int crop = stage.crop();
      FloatBuffer pictures = FloatBuffer.allocate(batch * 3 * crop * crop);
      FloatBuffer labels = FloatBuffer.allocate(batch * set.labels(0).length);
      for (int i = from; i < from + batch; i++) {
        augmentation.write(set.pixels(order[i]), set.side(), random, pictures);
        labels.put(set.labels(order[i]));
      }
      try (NDManager scope = trainer.getManager().newSubManager()) {
        NDArray input = scope.create(pictures.flip(), new Shape(batch, 3, crop, crop));
        NDArray expected = scope.create(labels.flip(), new Shape(batch, labels.capacity() / batch));
        double value;
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDList logits = trainer.forward(new NDList(input));
          NDArray loss = trainer.getLoss().evaluate(new NDList(expected), logits);
          collector.backward(loss);
          value = loss.getFloat();
        }
        trainer.step();
        return value;
      }
    }

    @Override
    public void close() {
      trainer.close();
    }
  }

  private static int[] shuffled(int size, SplittableRandom random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** The share of pictures with one kind of animal for which that class has the largest logit. */
  private double accuracy(LayerGraph graph, TrainingSet set, int crop) {
    int right = 0;
    int counted = 0;
    Augmentation centre = new Augmentation(crop, preprocessing);
    for (int i = 0; i < set.size(); i++) {
      float[] labels = set.labels(i);
      if (labels[0] == labels[1]) {
        continue;
      }
      FloatBuffer picture = FloatBuffer.allocate(3 * crop * crop);
      centre.writePlain(set.pixels(i), set.side(), picture);
      try (NDManager scope = NDManager.newBaseManager()) {
        NDArray input = scope.create(picture.flip(), new Shape(1, 3, crop, crop));
        NDArray logits =
            graph.run(new ParameterStore(scope, false), input, false, LayerGraph.Hook.NONE);
        float[] scores = logits.toFloatArray();
        right += (scores[0] > scores[1]) == (labels[0] > labels[1]) ? 1 : 0;
        counted++;
      }
    }
    return (double) right / counted;
  }

  /** Copies and moving averages of all parameters of two graphs of one plan. */
  private static final class Averages {

    static void copy(LayerGraph from, LayerGraph to) {
      update(from, to, 0);
    }

    static void update(LayerGraph from, LayerGraph to, double keep) {
      Map<String, Parameter> source = from.namedParameters();
      try (NDManager scope = NDManager.newBaseManager()) {
        to.namedParameters()
            .forEach(
                (name, parameter) -> {
                  NDArray now = source.get(name).getArray().stopGradient();
                  NDArray average = parameter.getArray().stopGradient();
                  now.attach(scope);
                  average.attach(scope);
                  NDArray scaled = now.mul(1 - keep);
                  average.muli(keep).addi(scaled);
                });
      }
    }
  }
}
