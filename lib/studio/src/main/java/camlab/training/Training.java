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
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import camlab.network.Architecture;
import camlab.network.LayerGraph;
import camlab.network.Meaning;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Trains a network from scratch with DJL, seeded and resumable.
 *
 * <p>Where a picture may show several classes, each logit learns to answer one question on its own,
 * "is there a cat?", "is there a dog?": the loss is the binary cross-entropy of each class, so that
 * a picture that holds both is no contradiction. Where every picture shows exactly one class, it is
 * the cross-entropy of the softmax. The optimiser is AdamW with a step size per {@link Stage}; what
 * is kept is an exponential moving average of the weights, which is steadier than the last step.
 *
 * <p>After every epoch the state is saved. A training that was stopped goes on from its last epoch;
 * only Adam's moments start anew.
 */
public final class Training {

  private static final double AVERAGING = 0.998;
  private static final int VALIDATION_BATCH = 32;

  private final Recipe recipe;
  private final long seed;
  private final Path folder;

  /**
   * A training, not started yet.
   *
   * @param recipe how
   * @param seed where all random choices come from
   * @param folder where checkpoints and the curve are kept
   */
  public Training(Recipe recipe, long seed, Path folder) {
    this.recipe = recipe;
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
    Architecture architecture = recipe.trainedPlan();
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
      log.goOnAfter(done);
      int first = 0;
      for (Stage stage : recipe.stages()) {
        if (done < first + stage.epochs()) {
          TrainingSet set = sets.apply(stage.crop());
          TrainingSet held = validation.apply(stage.crop());
          try (Steps steps = new Steps(model, graph, average, stage, set)) {
            for (int epoch = Math.max(0, done - first); epoch < stage.epochs(); epoch++) {
              long start = System.nanoTime();
              double loss = steps.epoch(first + epoch, (double) epoch / stage.epochs());
              log.epoch(
                  new CurveLog.Epoch(
                      first + epoch + 1,
                      stage.crop(),
                      loss,
                      accuracy(average, held, stage.crop()),
                      (System.nanoTime() - start) / 1e9));
              // Killed before this, it goes on one epoch earlier, and the log forgets that epoch.
              checkpoint.save(graph, average, first + epoch + 1);
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
      this.augmentation = augmentation(stage.crop());
      Tracker currentRate = updates -> rate;
      Optimizer adam =
          Optimizer.adamW()
              .optLearningRateTracker(currentRate)
              .optWeightDecays(recipe.weightDecay())
              .build();
      this.trainer = model.newTrainer(new DefaultTrainingConfig(loss()).optOptimizer(adam));
      trainer.initialize(new Shape(recipe.batch(), 3, stage.crop(), stage.crop()));
    }

    double epoch(int number, double progress) {
      SplittableRandom random = new SplittableRandom(seed * 1_000 + number);
      int[] order = shuffled(set.size(), random);
      int steps = set.size() / recipe.batch();
      double losses = 0;
      for (int step = 0; step < steps; step++) {
        rate = stage.learningRate(progress + (double) step / steps / stage.epochs());
        losses += step(order, step * recipe.batch(), random);
        Averages.update(graph, average, averaging((long) number * steps + step));
      }
      return losses / steps;
    }

    private double step(int[] order, int from, SplittableRandom random) {
      int batch = recipe.batch();
      int crop = stage.crop();
      int values = 3 * crop * crop;
      float[] pictures = new float[batch * values];
      FloatBuffer labels = FloatBuffer.allocate(batch * set.labels(0).length);
      for (int i = 0; i < batch; i++) {
        labels.put(set.labels(order[from + i]));
      }
      long[] seeds = random.longs(batch).toArray();
      IntStream.range(0, batch)
          .parallel()
          .forEach(
              i ->
                  augmentation.write(
                      set.pixels(order[from + i]),
                      set.side(order[from + i]),
                      new SplittableRandom(seeds[i]),
                      pictures,
                      i * values));
      try (NDManager scope = trainer.getManager().newSubManager()) {
        NDArray input = scope.create(FloatBuffer.wrap(pictures), new Shape(batch, 3, crop, crop));
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

  /**
   * How much of the average a step keeps. Early steps keep less, or the weights of the start would
   * weigh on a short training to its end.
   *
   * @param steps how many steps were done before
   */
  private static double averaging(long steps) {
    return Math.min(AVERAGING, (1.0 + steps) / (10.0 + steps));
  }

  /** The numbers from 0, in an order by lot. */
  static int[] shuffled(int size, SplittableRandom random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private Augmentation augmentation(int crop) {
    return new Augmentation(crop, recipe.smallestShare(), recipe.preprocessing());
  }

  private Loss loss() {
    return recipe.meaning() == Meaning.ONE_OF_SEVERAL
        ? new SoftmaxCrossEntropyLoss("cross-entropy", 1, -1, false, true)
        : Loss.sigmoidBinaryCrossEntropyLoss();
  }

  /** The share of pictures with one class for which that class has the largest logit. */
  private double accuracy(LayerGraph graph, TrainingSet set, int crop) {
    int[] single =
        IntStream.range(0, set.size()).filter(i -> classesOf(set.labels(i)) == 1).toArray();
    Augmentation plain = augmentation(crop);
    int values = 3 * crop * crop;
    int right = 0;
    for (int from = 0; from < single.length; from += VALIDATION_BATCH) {
      int count = Math.min(VALIDATION_BATCH, single.length - from);
      float[] pictures = new float[count * values];
      for (int i = 0; i < count; i++) {
        int index = single[from + i];
        plain.writePlain(set.pixels(index), set.side(index), pictures, i * values);
      }
      try (NDManager scope = NDManager.newBaseManager()) {
        NDArray input = scope.create(FloatBuffer.wrap(pictures), new Shape(count, 3, crop, crop));
        long[] answers =
            graph
                .run(new ParameterStore(scope, false), input, false, LayerGraph.Hook.NONE)
                .argMax(1)
                .toLongArray();
        for (int i = 0; i < count; i++) {
          right += set.labels(single[from + i])[(int) answers[i]] > 0 ? 1 : 0;
        }
      }
    }
    return (double) right / single.length;
  }

  private static double classesOf(float[] labels) {
    double classes = 0;
    for (float label : labels) {
      classes += label;
    }
    return classes;
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
