package camlab.evaluation;

import camlab.cam.CamMethod;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.measure.Confidence;
import camlab.measure.Explanation;
import camlab.measure.Measure;
import camlab.network.Network;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.PictureException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** One run of an evaluation: works out what its file does not hold yet. */
final class EvaluationRun {

  private final Evaluation evaluation;
  private final Network network;
  private final ResultFile results;
  private final Progress progress;
  private final long start = System.nanoTime();
  private long total;
  private long doneBefore;
  private long done;

  EvaluationRun(Evaluation evaluation, ResultFile results, Progress progress) {
    this.evaluation = evaluation;
    this.network = evaluation.network();
    this.results = results;
    this.progress = progress;
  }

  void run() {
    int perSubject = evaluation.methods().size() * evaluation.measures().size();
    total = (long) evaluation.subjects().size() * perSubject;
    long open = evaluation.subjects().stream().mapToLong(this::openQuestions).sum();
    doneBefore = total - open;
    advance(doneBefore);
    for (Subject subject : evaluation.subjects()) {
      if (openQuestions(subject) > 0) {
        judge(subject);
      }
    }
  }

  private void advance(long numbers) {
    done += numbers;
    long doneNow = done - doneBefore;
    Optional<Duration> left =
        doneNow == 0
            ? Optional.empty()
            : Optional.of(Duration.ofNanos((System.nanoTime() - start) / doneNow * (total - done)));
    progress.reached(done, total, left);
  }

  /** Without a method or a measure, the question is answered by a reason only. */
  private Result question(Subject subject, String method, String measure) {
    return new Result(
        evaluation.name(),
        evaluation.layer(),
        subject.name(),
        subject.className(),
        method,
        measure,
        Double.NaN,
        "");
  }

  private long openQuestions(Subject subject) {
    if (results.answers(question(subject, "", ""))) {
      return 0;
    }
    return evaluation.methods().stream()
        .mapToLong(method -> openMeasures(subject, method).size())
        .sum();
  }

  private List<Measure> openMeasures(Subject subject, CamMethod method) {
    if (results.answers(question(subject, method.name(), ""))) {
      return List.of();
    }
    return evaluation.measures().stream()
        .filter(measure -> !results.answers(question(subject, method.name(), measure.name())))
        .toList();
  }

  private void judge(Subject subject) {
    long open = openQuestions(subject);
    Picture picture;
    Optional<Mask> object;
    try {
      picture = subject.picture().get();
      object = subject.object().get();
      requireSameSize(picture, object);
    } catch (PictureException | IllegalArgumentException e) {
      results.add(question(subject, "", "").unanswered(e.getMessage()));
      advance(open);
      return;
    }
    Picture view = network.preprocessing().view(picture);
    Optional<Mask> seen = object.map(network.preprocessing()::view);
    Confidence confidence = Confidence.of(network, subject.className());
    maps(subject, picture)
        .forEach(
            (method, map) ->
                measure(subject, method, new Explanation(view, map, confidence, seen)));
  }

  private static void requireSameSize(Picture picture, Optional<Mask> object) {
    object.ifPresent(
        mask -> {
          if (mask.width() != picture.width() || mask.height() != picture.height()) {
            throw new IllegalArgumentException(
                "The mask is %d×%d, but the picture is %d×%d. Take the mask of this picture."
                    .formatted(mask.width(), mask.height(), picture.width(), picture.height()));
          }
        });
  }

  /** The maps that are still asked for, all from one forward pass. */
  private Map<CamMethod, Heatmap> maps(Subject subject, Picture picture) {
    Map<CamMethod, Heatmap> maps = new LinkedHashMap<>();
    try (Recording recording = Recording.of(network, picture, evaluation.layer())) {
      for (CamMethod method : evaluation.methods()) {
        List<Measure> open = openMeasures(subject, method);
        if (!open.isEmpty()) {
          requireNotInterrupted();
          try {
            Target target = Target.of(subject.className());
            maps.put(method, method.heatmap(recording, evaluation.layer(), target));
          } catch (UnsupportedOperationException | IllegalArgumentException e) {
            results.add(question(subject, method.name(), "").unanswered(e.getMessage()));
            advance(open.size());
          }
        }
      }
    }
    return maps;
  }

  private void measure(Subject subject, CamMethod method, Explanation explanation) {
    for (Measure measure : openMeasures(subject, method)) {
      requireNotInterrupted();
      Result question = question(subject, method.name(), measure.name());
      results.add(answer(question, measure, explanation));
      advance(1);
    }
  }

  private static Result answer(Result question, Measure measure, Explanation explanation) {
    try {
      double value = measure.of(explanation);
      return Double.isFinite(value)
          ? question.answered(value)
          : question.unanswered("The measure is " + value + ".");
    } catch (IllegalArgumentException e) {
      return question.unanswered(e.getMessage());
    }
  }

  private static void requireNotInterrupted() {
    if (Thread.interrupted()) {
      throw new CancellationException(
          "The evaluation was stopped. Run it again with the same file to go on.");
    }
  }
}
