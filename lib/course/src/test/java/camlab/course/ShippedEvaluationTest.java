package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;

import camlab.cam.CamMethod;
import camlab.cam.Catalogue;
import camlab.cam.SmoothGrad;
import camlab.evaluation.Evaluation;
import camlab.evaluation.Result;
import camlab.evaluation.Results;
import camlab.evaluation.Subject;
import camlab.measure.Measure;
import camlab.measure.Measures;
import camlab.network.Network;
import camlab.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped evaluation takes a third of an hour; lesson 12 must find every number of it. */
class ShippedEvaluationTest {

  @Test
  void everyNumberIsFoundAgain(@TempDir Path folder) throws IOException {
    Gallery gallery = Gallery.drawnPets();
    List<Subject> subjects = gallery.subjects(Gallery.TEST);
    Path shipped = gallery.folder().resolveSibling("evaluations").resolve("every-method.csv");
    Path file = Files.copy(shipped, folder.resolve("every-method.csv"));
    List<CamMethod> judged =
        Results.read(shipped).rows().stream()
            .map(Result::method)
            .distinct()
            .map(ShippedEvaluationTest::ofLesson)
            .toList();
    List<Measure> measures =
        Measures.named(
            Results.read(shipped).rows().stream()
                .map(Result::measure)
                .distinct()
                .toArray(String[]::new));
    List<Long> done = new ArrayList<>();
    Progress stopping =
        (work, start) -> {
          assertEquals(work.total(), start, "as if the file were another network's or method's");
          return done::add;
        };
    try (Network network = Models.load("alexnet-drawn-pets")) {
      Results results = Evaluation.of(network, subjects, judged, measures).run(file, stopping);
      assertEquals(96 * 17 * 11, results.rows().size());
      assertEquals(96 * 16 * 11, results.values().length);
    }
    assertEquals(List.of(), done);
    assertEquals(-1, Files.mismatch(shipped, file));
  }

  /** SmoothGrad runs with the noise that lesson 11 found good. */
  private static CamMethod ofLesson(String name) {
    return name.equals("SmoothGrad")
        ? new SmoothGrad(25, 0.05, 0, Progress.NONE)
        : Catalogue.method(name);
  }
}
