package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.NormalInitializer;
import camlab.cam.GradCam;
import camlab.capture.SmallNetworks;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.network.Classes;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Prediction;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is measured on rectangles, and of networks of one channel. */
class OtherInputsTest {

  private static final Preprocessing WIDE =
      Preprocessing.builder().grey().size(12, 20).mean(0.25).deviation(0.5).build();

  /** A convolution and a linear layer that fixes the size, of one channel. */
  private static SequentialBlock block(NDManager manager) {
    manager.getEngine().setRandomSeed(1);
    SequentialBlock block =
        new SequentialBlock()
            .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build())
            .add(Activation::relu)
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(2).build());
    block.setInitializer(new NormalInitializer(0.2f), Parameter.Type.WEIGHT);
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 12, 20));
    return block;
  }

  private static Mask leftHalf(Picture picture) {
    BitSet pixels = new BitSet();
    for (int row = 0; row < picture.height(); row++) {
      pixels.set(row * picture.width(), row * picture.width() + picture.width() / 2);
    }
    return Mask.of(picture.width(), picture.height(), pixels);
  }

  /** Every measure gives a number, from the probabilities of what was shown to the network. */
  @Test
  void everyMeasureOnAGreyRectangle() {
    Picture picture = SmallNetworks.picture(3);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu());
        LayeredNetwork network =
            Network.of("wide", block(manager), Classes.oneOf("cat", "dog"), WIDE)) {
      Heatmap map = new GradCam().heatmap(network, picture, "dog");
      Explanation explanation =
          Explanation.of(network, picture, "dog", map)
              .withObject(WIDE.view(leftHalf(picture)))
              .by(Explainer.of(network, new GradCam(), network.targetLayer(), "dog"));
      assertEquals(WIDE.view(picture), explanation.view());
      assertEquals(explanation.view(), explanation.view().grey());
      double y = explanation.confidence().of(explanation.view());
      double predicted =
          network.predict(picture).stream()
              .filter(prediction -> prediction.name().equals("dog"))
              .mapToDouble(Prediction::probability)
              .sum();
      assertEquals(predicted, y, 1e-6);
      for (Measure measure : Measures.all()) {
        try {
          assertTrue(Double.isFinite(measure.of(explanation)), measure.name());
        } catch (NotApplicableException e) {
          assertTrue(e.getMessage().contains("constant"), measure.name() + ": " + e.getMessage());
        }
      }
      List<Picture> pictures = new Deletion(2, Baseline.zero(WIDE), 1).pictures(explanation);
      assertEquals(3, pictures.size());
      assertEquals(20, pictures.get(1).width());
      assertEquals(12, pictures.get(1).height());
      assertEquals(0x404040, pictures.get(2).rgb(11, 19)); // 255 · 0.25 = 63.75
      CascadingRandomization.Step step =
          CascadingRandomization.ofAllLayers(network, 1)
              .run(network, each -> List.of(new GradCam().heatmap(each, picture, "dog")))
              .get(0);
      assertEquals(map.width(), step.map().width());
      String message =
          assertThrows(IllegalArgumentException.class, () -> explanation.confidence().of(picture))
              .getMessage();
      assertEquals(
          "The network sees pictures of 20×12, found one of 60×50. Take preprocessing().view(picture).",
          message);
    }
  }

  /** All energy of a map of 1 left, 0 right is in the left 10 of 20 columns, but for the slope. */
  @Test
  void localisationOnARectangle() {
    Picture picture = SmallNetworks.picture(3);
    Heatmap left = Heatmap.of(new float[][] {{1, 1, 0, 0}}, new Provenance("", "", "", Double.NaN));
    Confidence none = views -> new double[views.size()];
    Explanation explanation =
        new Explanation(WIDE.view(picture), left, none, Optional.of(WIDE.view(leftHalf(picture))));
    // Columns 0 to 7 are 1, as the cells' middles lie at 7.5 and 12.5; then it goes down to 0.
    double inside = (8 + 0.8 + 0.6) / (8 + 0.8 + 0.6 + 0.4 + 0.2);
    assertEquals(inside, new EnergyInObject().of(explanation), 1e-6);
    assertEquals(1, new PointingGame(0).of(explanation));
  }

  /** A grey picture gets grey noise, of the deviation that is stated. */
  @Test
  void greyPicturesStayGrey() {
    Picture grey = WIDE.view(SmallNetworks.picture(5));
    Picture filled = new NoisyLinearImputation(0.1, 4).of(grey, leftHalf(grey));
    assertEquals(filled, filled.grey());
    Picture quiet = new NoisyLinearImputation(0, 4).of(grey, leftHalf(grey));
    double squares = 0;
    for (int i = 0; i < 120; i++) {
      double noise = (filled.rgb(i / 10, i % 10) & 0xFF) - (quiet.rgb(i / 10, i % 10) & 0xFF);
      squares += noise * noise;
    }
    assertEquals(0.1, Math.sqrt(squares / 120) / 255, 0.025);
  }

  @Test
  void zeroIsTheColourThatBecomesZero() {
    assertEquals(0x7C7568, Baseline.zero(Preprocessing.CAFFE).of(one()).rgb(0, 0));
    assertEquals(0x7C7468, Baseline.zero(Preprocessing.IMAGENET).of(one()).rgb(0, 0));
    assertEquals(0, Baseline.zero(Preprocessing.PLAIN).of(one()).rgb(0, 0));
  }

  private static Picture one() {
    return Picture.of(1, 1, new int[1]);
  }
}
