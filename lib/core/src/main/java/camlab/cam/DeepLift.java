package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Autograd;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.identity.Identified;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.RowNorm;
import camlab.network.Softmax;
import camlab.picture.Picture;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * DeepLIFT by the rescale rule: the score's rise from a baseline picture to this one, shared out
 * among the pixels. Unlike integrated gradients it asks the network for two pictures only, this one
 * and the baseline, and the shares add up to the rise for each of its layers.
 *
 * <p>(x − x′) ⊙ m with m what the chain rule makes of ∂y/∂logits, but for what bends. An
 * activation, which takes a for the picture and a′ for the baseline, multiplies by (f(a) − f(a′)) /
 * (a − a′), and by f′(a) where a and a′ are equal but for rounding. Max pooling gives what its
 * window rises by to the place that is the largest of the picture's, and what it falls by to that
 * of the baseline's; of places that are equal but for rounding, to the first. A product of two
 * branches has its derivative halfway between the two pictures. A layer norm or group norm is taken
 * apart into a mean, products and a root, a softmax into exponentials, a sum, its logarithm and
 * differences. The map is the sum over the channels, signed; its sum is y(x) − y(x′).
 *
 * <p>A network with any other layer is refused, with the layer's name: of exported programs one
 * that calls an operator of which nothing is known here or that chooses by the picture, of DJL's
 * blocks one with code of its own. A file of TorchScript cannot be gone through layer by layer.
 *
 * <p>Four passes forward, three of them layer by layer, and one backward.
 *
 * <p>Source: A. Shrikumar, P. Greenside, A. Kundaje, "Learning Important Features Through
 * Propagating Activation Differences", ICML 2017, sections 3.2 to 3.5.2; max pooling as in the
 * package shap. (Captum 0.8.0 loses what one place has from several windows that overlap.)
 */
public final class DeepLift extends PixelMethod {

  /**
   * As a share of their magnitudes, how far two values lie apart that are equal but for rounding.
   */
  private static final float EQUAL = 1e-6f;

  /** More places than a window of max pooling has in a row. */
  private static final int WIDEST = 8;

  /** Scores so low that their shares of a softmax are zeros. */
  private static final float LEAST = -1e30f;

  /** How far the rise of the logits may miss that of the score, as a share of their magnitudes. */
  private static final double ROUNDING = 1e-4;

  private final Baseline baseline;

  /** Against a black picture. */
  public DeepLift() {
    this(Blank.BLACK);
  }

  /**
   * Against a picture of one colour.
   *
   * @param blank the colour, or zero in every channel
   */
  public DeepLift(Blank blank) {
    this.baseline = new OneColour(Objects.requireNonNull(blank, "blank"));
  }

  /**
   * Against another picture.
   *
   * @param baseline preprocessed as the network wants it
   */
  public DeepLift(Picture baseline) {
    this.baseline = new IdentifiedPicture(Objects.requireNonNull(baseline, "baseline"));
  }

  /** What pictures are compared with. */
  @FunctionalInterface
  private interface Baseline {

    /** As the network takes it, shape (1, C, H, W) or (1, C, 1, 1). */
    NDArray input(Network network, NDManager scope);
  }

  /** A picture of one colour. */
  private record OneColour(Blank blank) implements Baseline {
    @Override
    public NDArray input(Network network, NDManager scope) {
      float[] channels = blank.channels(network);
      return scope.create(channels, new Shape(1, channels.length, 1, 1));
    }
  }

  /** A picture, told from others by what is in it. */
  private record IdentifiedPicture(Picture picture) implements Baseline, Identified {
    @Override
    public NDArray input(Network network, NDManager scope) {
      return network.input(scope, List.of(picture));
    }

    @Override
    public String identity() {
      return picture.checksum();
    }
  }

  @Override
  public String name() {
    return "DeepLIFT";
  }

  @Override
  NDArray map(NDArray attribution) {
    return attribution.sum(new int[] {1});
  }

  /**
   * {@inheritDoc}
   *
   * @throws NotApplicableException with the reason, if the network's layers are not known one by
   *     one, one of them has no rule, or the score is not a sum of logits
   * @throws IllegalArgumentException if the network takes pictures of any size, and the baseline is
   *     not of the input's
   */
  @Override
  NDArray attribution(NDArray input, Recording recording, String layer, Target target) {
    return LayerWalk.each(
        recording,
        input,
        target,
        (pictures, score) -> Lifted.of(baseline, recording.network(), pictures, score).shares());
  }

  /**
   * What the shares miss the score's rise by: Σ shares − (y(x) − y(x′)), rounding if all is well.
   *
   * @param recording a forward pass
   * @param target the score to explain
   * @return one number for each recorded picture, in the unit of the score
   */
  public double[] completenessDeltas(Recording recording, Target target) {
    try (NDManager scope = recording.input().getManager().newSubManager()) {
      NDArray input = recording.input();
      input.attach(scope);
      Target settled = settled(recording, target);
      double[] deltas = new double[recording.pictures()];
      for (int i = 0; i < deltas.length; i++) {
        Target score = recording.target(settled, i);
        Lifted lifted = Lifted.of(baseline, recording.network(), LayerWalk.one(input, i), score);
        double shares = lifted.shares().toType(DataType.FLOAT64, false).sum().getDouble();
        deltas[i] = shares - (recording.score(settled, i) - lifted.score(score));
      }
      return deltas;
    }
  }

  /**
   * A network that was run for pictures and for the baseline.
   *
   * @param network the network
   * @param walk of the pictures
   * @param reference of the baseline, once for each picture
   * @param shares what each pixel adds to the score's rise
   */
  private record Lifted(Network network, LayerWalk walk, LayerWalk reference, NDArray shares) {

    static Lifted of(Baseline baseline, Network network, NDArray input, Target target) {
      NDArray one = baseline.input(network, input.getManager());
      requireSize(one, input);
      NDArray start = input.zerosLike().add(one);
      LayerWalk walk = LayerWalk.of(network, input, "DeepLIFT");
      LayerWalk reference = LayerWalk.of(network, start, "DeepLIFT");
      NDArray multiplier =
          walk.back(
              atLogits(network, walk.logits(), reference.logits(), target),
              (step, behind) -> back(walk, step, reference.step(step.layer()), behind));
      return new Lifted(network, walk, reference, input.sub(start).mul(multiplier));
    }

    private static void requireSize(NDArray baseline, NDArray input) {
      Shape found = baseline.getShape();
      boolean whole =
          found.get(2) == input.getShape().get(2) && found.get(3) == input.getShape().get(3);
      if (!whole && found.slice(2).size() != 1) {
        throw new IllegalArgumentException(
            "The baseline is of the size of what is explained: expected %s, found %s."
                .formatted(input.getShape().slice(2), found.slice(2)));
      }
    }

    /** The score of the baseline in the place of a picture. */
    double score(Target target) {
      return target
          .value(reference.logits().get(0), network.classes())
          .toType(DataType.FLOAT64, false)
          .getDouble();
    }

    /** ∂y/∂logits, the same at both ends of the way. */
    private static NDArray atLogits(Network network, NDArray logits, NDArray start, Target target) {
      NDArray gradient =
          Autograd.gradients(
                  new NDList(logits),
                  given -> target.sum(given.head(), network.classes()),
                  logits.getManager().create(1f))
              .head();
      NDArray rises = logits.sub(start).mul(gradient);
      double found = rises.sum().getFloat();
      double expected =
          target.sum(logits, network.classes()).getFloat()
              - target.sum(start, network.classes()).getFloat();
      double magnitude = logits.abs().add(start.abs()).mul(gradient.abs()).sum().getFloat();
      if (Math.abs(found - expected) > ROUNDING * magnitude) {
        throw new NotApplicableException(
            String.format(
                Locale.ROOT,
                "DeepLIFT shares out what each logit's rise adds to the score's, but here that adds up to %.4g and the score rises by %.4g: it is not a sum of logits. Take a class, or the difference of two.",
                found,
                expected));
      }
      return gradient;
    }

    /** The multipliers of what a layer takes. */
    private static NDList back(
        LayerWalk walk, LayerWalk.Step step, LayerWalk.Step start, NDArray behind) {
      return switch (step.kind()) {
        case CONVOLUTION, TRANSPOSED_CONVOLUTION, DENSE, BATCH_NORM, SUM, SAME_VALUES ->
            walk.gradients(step, step.inputs(), behind);
        case LINEAR -> {
          NDList found = walk.gradients(step, step.inputs(), behind);
          requireSameChoice(step, start, behind, found);
          yield found;
        }
        case PRODUCT -> walk.gradients(step, between(step.inputs(), start.inputs()), behind);
        case NORM -> new NDList(ofNorm(walk, step, start, behind));
        case SOFTMAX -> new NDList(ofSoftmax(step, start, behind));
        case ACTIVATION, GATE -> {
          NDArray slope = walk.gradients(step, step.inputs(), behind).head();
          NDArray rise = behind.mul(step.output().sub(start.output()));
          yield new NDList(quotient(rise, step.inputs().head(), start.inputs().head(), slope));
        }
        case MAXIMUM -> {
          NDArray rise = step.output().sub(start.output());
          NDList up = walk.gradients(step, ordered(step), behind.mul(rise.maximum(0)));
          NDList down = walk.gradients(step, ordered(start), behind.mul(rise.minimum(0)));
          NDArray shares = up.head().add(down.head());
          NDArray none = shares.zerosLike();
          yield new NDList(quotient(shares, step.inputs().head(), start.inputs().head(), none));
        }
        case OTHER -> throw step.refused("DeepLIFT");
      };
    }

    /** Where other layers say what is chosen, they may say otherwise for the baseline. */
    private static void requireSameChoice(
        LayerWalk.Step step, LayerWalk.Step start, NDArray behind, NDList found) {
      if (step.shapes().isEmpty()) {
        return;
      }
      NDArray rises = behind.mul(step.output().sub(start.output()));
      double difference = rises.sum().getFloat();
      double magnitude = rises.abs().sum().getFloat();
      for (int i = 0; i < found.size(); i++) {
        NDArray shares = found.get(i).mul(step.inputs().get(i).sub(start.inputs().get(i)));
        difference -= shares.sum().getFloat();
        magnitude += shares.abs().sum().getFloat();
      }
      // Of what a mask hides the rise is no number, and that is no other choice.
      if (Math.abs(difference) > ROUNDING * magnitude) {
        throw new NotApplicableException(
            "DeepLIFT shares out what each layer's inputs make it rise by from the baseline on, but layer '%s' (%s) chooses by the picture, and for the baseline otherwise. Integrated gradients ask for no such thing."
                .formatted(step.layer().name(), step.layer().type()));
      }
    }

    /**
     * What max pooling takes, such that of values that are equal but for rounding the first of a
     * window is the largest. A baseline of one colour makes whole maps of them, and which one
     * rounding lets win depends on the processor.
     */
    private static NDList ordered(LayerWalk.Step step) {
      NDArray values = step.inputs().head();
      int dimensions = values.getShape().dimension();
      if (dimensions < 2) {
        return step.inputs();
      }
      NDManager scope = values.getManager();
      NDArray row = scope.arange((float) values.getShape().get(dimensions - 2)).mul(WIDEST);
      NDArray column = scope.arange((float) values.getShape().get(dimensions - 1));
      NDArray order = row.reshape(-1, 1).add(column.reshape(1, -1));
      return new NDList(values.sub(order.mul(values.abs().max()).mul(EQUAL)));
    }

    /** (x + x′) / 2, where the derivative of a product is what it rises by. */
    private static NDList between(NDList inputs, NDList starts) {
      NDList between = new NDList();
      for (int i = 0; i < inputs.size(); i++) {
        between.add(inputs.get(i).add(starts.get(i)).div(2));
      }
      return between;
    }

    /** Through γ, c ⊙ s with c = x − mean(x), s = 1/√(mean(c²) + ε), c ⊙ c, and the mean. */
    private static NDArray ofNorm(
        LayerWalk walk, LayerWalk.Step step, LayerWalk.Step start, NDArray behind) {
      RowNorm norm =
          RowNorm.of(walk.graph(), step.layer(), behind.getManager())
              .orElseThrow(() -> step.refused("DeepLIFT"));
      int[] row = {1};
      RowNorm.Rows here = norm.rows(step.inputs().head());
      RowNorm.Rows there = norm.rows(start.inputs().head());
      NDArray m = behind.mul(norm.factor()).reshape(here.centred().getShape());
      NDArray centre = here.centred().add(there.centred()).div(2);
      NDArray ofScale = m.mul(centre).sum(row, true);
      NDArray ofVariance =
          quotient(
              ofScale.mul(here.scale().sub(there.scale())),
              here.variance(),
              there.variance(),
              ofScale.mul(here.scale().pow(3)).div(-2));
      NDArray ofCentred =
          m.mul(here.scale().add(there.scale()).div(2))
              .add(centre.mul(2).mul(ofVariance).div(centre.getShape().get(1)));
      NDArray shares = norm.isCentring() ? ofCentred.sub(ofCentred.mean(row, true)) : ofCentred;
      return shares.reshape(step.inputs().head().getShape());
    }

    /**
     * Through exp(x − λ) with λ = log Σ exp(x). As a product with 1/Σ exp(x) the parts would be as
     * large as the two sums are apart, which nothing bounds.
     */
    private static NDArray ofSoftmax(LayerWalk.Step step, LayerWalk.Step start, NDArray behind) {
      int[] axis = {((Softmax) step.layer().block()).axis()};
      NDArray x = step.inputs().head();
      NDArray y = start.inputs().head();
      // What a mask hides at both ends rises by nothing: −∞ less −∞ would be undefined.
      NDArray here = x.maximum(LEAST);
      NDArray there = y.maximum(LEAST);
      NDArray length = logOfSum(x, here.max(axis, true), axis);
      NDArray other = logOfSum(y, there.max(axis, true), axis);
      NDArray share = x.sub(length).exp();
      NDArray ofShare =
          quotient(
              behind.mul(share.sub(y.sub(other).exp())),
              here.sub(length),
              there.sub(other),
              behind.mul(share));
      NDArray ofLength = ofShare.sum(axis, true).neg();
      // One constant at both ends, which the shares do not depend on, keeps exp finite.
      NDArray most = here.maximum(there).max(axis, true);
      NDArray e = x.sub(most).exp();
      NDArray f = y.sub(most).exp();
      NDArray sum = e.sum(axis, true);
      NDArray otherSum = f.sum(axis, true);
      NDArray ofSum =
          quotient(
              ofLength.mul(length.sub(other)),
              sum,
              otherSum,
              ofLength.div(orOne(sum.maximum(otherSum))));
      return ofShare.add(quotient(ofSum.mul(e.sub(f)), here, there, ofSum.mul(e)));
    }

    private static NDArray logOfSum(NDArray x, NDArray most, int[] axis) {
      return most.add(orOne(x.sub(most).exp().sum(axis, true)).log());
    }

    /** One where a mask hides a whole row. */
    private static NDArray orOne(NDArray sum) {
      return sum.add(sum.lte(0).toType(sum.getDataType(), false));
    }

    /**
     * share ⊘ (a − a′), and something else where the two are equal but for rounding. A slope that
     * is infinite there, as a root's at 0, is none: what does not change has nothing to share out.
     */
    private static NDArray quotient(NDArray share, NDArray a, NDArray b, NDArray otherwise) {
      NDArray way = a.sub(b);
      NDArray equal = way.abs().lte(a.abs().add(b.abs()).mul(EQUAL));
      NDArray one = equal.toType(way.getDataType(), false);
      NDArray divided = share.div(way.add(one.mul(way.neg().add(1))));
      NDArray none = otherwise.isNaN().logicalOr(otherwise.isInfinite());
      return NDArrays.where(equal.logicalAnd(none.logicalNot()), otherwise, divided);
    }
  }
}
