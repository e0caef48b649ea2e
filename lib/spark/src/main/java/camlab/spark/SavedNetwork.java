package camlab.spark;

import camlab.cam.CamMethod;
import camlab.cam.Catalogue;
import camlab.measure.Measure;
import camlab.measure.Measures;
import camlab.network.Classes;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.picture.Preprocessing;
import camlab.zoo.Networks;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkFiles;

/**
 * A file of {@code torch.export} or TorchScript that Spark brings to each executor, methods and
 * measures by their names.
 *
 * @param name what the network is called in the results
 * @param file the file's name, without a folder, as Spark brings it
 * @param classes the file of the classes' names, as Spark brings it
 * @param meaning what the network's numbers mean
 * @param preprocessing which
 * @param target the layer; empty for the network's own target layer
 * @param methodNames names of the catalogue
 * @param measureNames names of measures
 */
record SavedNetwork(
    String name,
    String file,
    String classes,
    Meaning meaning,
    Preset preprocessing,
    String target,
    List<String> methodNames,
    List<String> measureNames)
    implements Setup {

  /** The usual preprocessings. */
  enum Preset {
    IMAGENET,
    INCEPTION,
    CLIP,
    CAFFE,
    PLAIN;

    Preprocessing preprocessing() {
      return switch (this) {
        case IMAGENET -> Preprocessing.IMAGENET;
        case INCEPTION -> Preprocessing.INCEPTION;
        case CLIP -> Preprocessing.CLIP;
        case CAFFE -> Preprocessing.CAFFE;
        case PLAIN -> Preprocessing.PLAIN;
      };
    }
  }

  @Override
  public Network network() {
    return Networks.load(
        Path.of(SparkFiles.get(file)),
        Classes.read(Path.of(SparkFiles.get(classes))).as(meaning),
        preprocessing.preprocessing());
  }

  @Override
  public List<CamMethod> methods() {
    return methodNames.stream().map(Catalogue::method).toList();
  }

  @Override
  public List<Measure> measures() {
    return Measures.named(measureNames.toArray(String[]::new));
  }

  @Override
  public Optional<String> layer() {
    return Optional.of(target).filter(stated -> !stated.isEmpty());
  }
}
