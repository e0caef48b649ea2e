package camlab.training;

import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.LayerCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.course.Lesson;
import camlab.figure.Overlay;
import camlab.figure.Panels;
import camlab.figure.Panels.Tile;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import camlab.picture.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the picture at the top of the README: what the shipped network looks at. */
@Command(
    name = "draw-readme-picture",
    mixinStandardHelpOptions = true,
    description = "Makes the picture at the top of the README.")
public final class DrawReadmePicture implements Callable<Integer> {

  private static final int TILE = 180;

  @Option(names = "--to", required = true, description = "The file to write (.png).")
  private Path file;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new DrawReadmePicture()).execute(arguments));
  }

  @Override
  public Integer call() {
    try (Lesson lesson = Lesson.shipped()) {
      Panels panels =
          Panels.ofWidth(TILE)
              .columns(
                  "picture", "Grad-CAM, cat", "Grad-CAM, dog", "LayerCAM, cat", "LayerCAM, dog");
      lesson
          .pictures()
          .forEach((name, picture) -> panels.row(name, row(lesson.network(), picture)));
      panels.colorBar(Overlay.DEFAULT, "own min", "own max").draw().write(file);
    }
    return 0;
  }

  private static List<Tile> row(Network network, Picture picture) {
    List<Tile> tiles = new ArrayList<>(List.of(Tile.of(picture)));
    try (Recording recording = Recording.of(network, picture, network.targetLayer())) {
      for (CamMethod method : List.of(new GradCam(), new LayerCam())) {
        for (String animal : network.classes().names()) {
          Heatmap map = method.heatmap(recording, network.targetLayer(), Target.of(animal));
          String score = String.format(Locale.ROOT, "%+.1f", map.provenance().score());
          String title = animal + " " + score.replace('-', '−');
          tiles.add(Tile.of(Overlay.of(picture, map), title));
        }
      }
    }
    return tiles;
  }
}
