package org.example;

import camlab.cam.GradCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.figure.Overlay;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.Prediction;
import camlab.network.ResNet;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.nio.file.Path;
import java.util.List;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Lays the heatmap of a network's answer over the picture it was asked about. */
public final class DrawHeatmap {

  private DrawHeatmap() {}

  /**
   * Writes the overlay and prints one row for each class.
   *
   * @param arguments the weights of a ResNet-50 with a quarter of the filters (.pth or
   *     .safetensors), the picture, the file for the overlay, and the names of the two classes
   */
  public static void main(String[] arguments) {
    if (arguments.length != 5) {
      throw new IllegalArgumentException(
          "Expected weights, a picture, a file for the overlay and the names of two classes, found "
              + List.of(arguments)
              + ".");
    }
    Path weights = Path.of(arguments[0]);
    Picture picture = Picture.read(Path.of(arguments[1]));
    // This network was trained to answer for each class on its own; else it is Classes.oneOf.
    Classes classes = Classes.independent(arguments[3], arguments[4]);
    try (Network network =
            Network.load(ResNet.thin50(2, 0.25), weights, classes, Preprocessing.IMAGENET);
        Recording recording = Recording.of(network, picture, network.targetLayer())) {
      List<Prediction> answers = recording.predictions();
      Heatmap map =
          new GradCam().heatmap(recording, network.targetLayer(), Target.of(answers.get(0).index()));
      Overlay.of(picture, map).write(Path.of(arguments[2]));
      System.out.println(table(answers));
    }
  }

  private static Table table(List<Prediction> answers) {
    return Table.create(
        "answers",
        StringColumn.create("class", answers.stream().map(Prediction::name)),
        DoubleColumn.create(
            "probability", answers.stream().mapToDouble(Prediction::probability).toArray()));
  }
}
