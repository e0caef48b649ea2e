package org.example;

import camlab.cam.GradCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.Prediction;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Says what a TorchScript file sees in a picture, and where it looks. */
public final class WhereItLooks {

  private WhereItLooks() {}

  /**
   * Prints the class, its probability, and the position of the layer that speaks most for it.
   *
   * @param arguments the TorchScript file, the picture, and the names of the two classes
   */
  public static void main(String[] arguments) {
    if (arguments.length != 4) {
      throw new IllegalArgumentException(
          "Expected a TorchScript file, a picture and the names of two classes, found "
              + List.of(arguments)
              + ".");
    }
    Path file = Path.of(arguments[0]);
    Picture picture = Picture.read(Path.of(arguments[1]));
    // This network was trained to answer for each class on its own; else it is Classes.oneOf.
    Classes classes = Classes.independent(arguments[2], arguments[3]);
    try (Network network = TorchScript.load(file, classes, Preprocessing.IMAGENET);
        Recording recording = Recording.of(network, picture, network.targetLayer())) {
      Prediction best = recording.predictions().get(0);
      Heatmap map =
          new GradCam().heatmap(recording, network.targetLayer(), Target.of(best.index()));
      System.out.println(
          String.format(
              Locale.ROOT,
              "%s, probability %.4f; Grad-CAM at %s peaks in row %d of %d, column %d of %d",
              best.name(),
              best.probability(),
              network.targetLayer(),
              map.peak().row() + 1,
              map.height(),
              map.peak().column() + 1,
              map.width()));
    }
  }
}
