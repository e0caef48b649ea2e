package camlab.training;

import camlab.cam.GradCam;
import camlab.cam.LayerCam;
import camlab.cam.LayerMethod;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.course.Lesson;
import camlab.figure.Overlay;
import camlab.figure.Panels;
import camlab.figure.Panels.Tile;
import camlab.heatmap.Heatmap;
import camlab.network.LayeredNetwork;
import camlab.picture.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws the picture at the top of the README: what the shipped network of drawn pets looks at. */
@Command(
    name = "draw-heatmaps",
    mixinStandardHelpOptions = true,
    description = "Draws Grad-CAM and LayerCAM for cat and dog on the pictures of the lessons.")
public final class DrawHeatmaps implements Callable<Integer> {

  private static final int WIDTH = 180;

  @Option(names = "--to", required = true, description = "The PNG file to write.")
  private Path to;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new DrawHeatmaps()).execute(arguments));
  }

  @Override
  public Integer call() {
    try (Lesson lesson = Lesson.shipped()) {
      drawn(lesson).write(to);
    }
    System.out.println(to);
    return 0;
  }

  static Picture drawn(Lesson lesson) {
    List<LayerMethod> methods = List.of(new GradCam(), new LayerCam());
    List<String> classes = lesson.network().classes().names();
    List<String> headings = new ArrayList<>(List.of("picture"));
    methods.forEach(method -> classes.forEach(kind -> headings.add(method.name() + ", " + kind)));
    Panels panels = Panels.ofWidth(WIDTH).columns(headings);
    lesson
        .pictures()
        .forEach((name, picture) -> panels.row(name, tiles(lesson.network(), picture, methods)));
    return panels.colorBar(Overlay.DEFAULT, "own min", "own max").draw();
  }

  private static List<Tile> tiles(
      LayeredNetwork network, Picture picture, List<LayerMethod> methods) {
    List<Tile> tiles = new ArrayList<>(List.of(Tile.of(picture)));
    String layer = network.targetLayer();
    try (Recording recording = Recording.of(network, picture, layer)) {
      for (LayerMethod method : methods) {
        for (String kind : network.classes().names()) {
          Heatmap map = method.heatmap(recording, layer, Target.of(kind));
          String score = String.format(Locale.ROOT, "%+.1f", map.provenance().score());
          tiles.add(Tile.of(Overlay.of(picture, map), kind + " " + score.replace('-', '−')));
        }
      }
    }
    return tiles;
  }
}
