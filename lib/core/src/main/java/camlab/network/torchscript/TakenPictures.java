package camlab.network.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import camlab.engine.ComputationException;
import camlab.network.Trial;
import camlab.progress.Interruption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * Which pictures a program takes, and how many at a time. In an exported one, sizes that were not
 * declared dynamic are numbers in its text: another picture may be refused, or be rearranged into
 * nonsense. So other sizes are refused here. In any program something may be computed over all
 * pictures of a batch, such as a batch norm's averages where none were kept. So whether several
 * pictures at a time come out as each does alone is tried when it is first asked for.
 */
final class TakenPictures {

  private static final long SEED = 14;

  private static final String ADVICE =
      "Export it again with dynamic_shapes, such as {\"x\": {0: torch.export.Dim(\"batch\")}}";

  private final HookedProgram program;
  private final List<Long> lengths;
  private final float rounding;

  /** Whether it takes several pictures; unknown before it is asked for. */
  private volatile Boolean several;

  /**
   * What a program takes.
   *
   * @param program the program
   * @param lengths the shape it was exported for, -1 where it is dynamic; none if it takes any
   * @param precision the step between two neighbouring numbers at 1 in the type it computes in
   */
  TakenPictures(HookedProgram program, List<Long> lengths, float precision) {
    this.program = program;
    this.lengths = List.copyOf(lengths);
    rounding = Trial.rounding(precision);
  }

  /**
   * Requires pictures of the size the program was exported for.
   *
   * @throws ComputationException if they are of another
   */
  void requireSize(NDArray pictures) {
    Shape shape = pictures.getShape();
    for (int i = 1; i < lengths.size(); i++) {
      if (lengths.get(i) >= 0 && shape.dimension() > i && lengths.get(i) != shape.get(i)) {
        throw ComputationException.exportedForOthers(
            "pictures of shape " + shape,
            "for pictures of %s channels and %s × %s pixels (its preprocessing makes them so, where it says that size; -1 is any length)"
                .formatted(lengths.get(1), lengths.get(2), lengths.get(3)));
      }
    }
  }

  /**
   * Requires no more pictures at a time than the program takes.
   *
   * @throws ComputationException if they are more
   */
  void requireAtATime(NDArray pictures) {
    long count = pictures.getShape().get(0);
    if (count > 1 && !takesSeveral(pictures)) {
      if (!isForOne()) {
        throw ComputationException.oneAtATime(count);
      }
      throw ComputationException.exportedForOthers(
          count + " at once, which does not give what each gives alone",
          "for one picture at a time; give it one after the other. " + ADVICE);
    }
  }

  /**
   * Runs something for several pictures at a time, or for one after the other.
   *
   * @param batch the pictures, or what stands for each, along the first dimension
   * @param like pictures of the size that is meant
   * @param run gives an array with the results along its first dimension, in the scope of its
   *     argument
   * @return the results, in the scope of the batch
   */
  NDArray inTurn(NDArray batch, NDArray like, UnaryOperator<NDArray> run) {
    long count = batch.getShape().get(0);
    if (count <= 1 || takesSeveral(like)) {
      return run.apply(batch);
    }
    NDList results = new NDList();
    for (long i = 0; i < count; i++) {
      Interruption.check("Interrupted during a pass through the network.");
      results.add(run.apply(batch.get(new NDIndex(i + ":" + (i + 1)))));
    }
    return NDArrays.concat(results, 0);
  }

  /**
   * Whether a batch of one size is declared; one of any size may not come out as each does alone.
   */
  private boolean isForOne() {
    return !lengths.isEmpty() && lengths.get(0) >= 0;
  }

  /**
   * {@return whether several pictures at a time come out as each does alone} Where not even one is
   * taken, the run itself says what is wrong with it.
   *
   * @param like pictures of the size that is meant
   */
  boolean takesSeveral(NDArray like) {
    if (several == null) {
      several = (isForOne() && lengths.contains(-1L)) ? Boolean.FALSE : tried(like);
    }
    return several == null || several;
  }

  /** Whether two pictures give together what each gives alone; null if that is not taken. */
  private Boolean tried(NDArray like) {
    try (NDManager scope = like.getManager().newSubManager()) {
      Shape shape = new Shape(2).addAll(isForOne() ? declared() : like.getShape().slice(1));
      NDArray two = Trial.unlike(scope, shape, new SplittableRandom(SEED));
      NDArray apart;
      try {
        NDArray first = program.run(two.get(new NDIndex("0:1")));
        NDArray second = program.run(two.get(new NDIndex("1:2")));
        apart = NDArrays.concat(new NDList(first, second), 0);
      } catch (ComputationException e) {
        return null;
      }
      return areSame(two, apart);
    }
  }

  private boolean areSame(NDArray two, NDArray apart) {
    try {
      NDArray together = program.run(two);
      return together.getShape().equals(apart.getShape()) && Trial.same(together, apart, rounding);
    } catch (ComputationException e) {
      return false;
    }
  }

  private Shape declared() {
    return new Shape(lengths.subList(1, lengths.size()));
  }
}
