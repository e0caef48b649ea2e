package camlab.evaluation;

import ai.djl.ndarray.NDArray;
import camlab.cam.CamMethod;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.engine.SideBySide;
import camlab.heatmap.Heatmap;
import camlab.measure.Confidence;
import camlab.measure.ConfidenceMeasure;
import camlab.measure.Explainer;
import camlab.measure.Explanation;
import camlab.measure.Measure;
import camlab.network.Classifier;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.PictureException;
import camlab.progress.Interruption;
import camlab.progress.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** One run of an evaluation: works out what is not answered yet, several subjects at a time. */
final class EvaluationRun implements AutoCloseable {

  /** So many pictures of one subject are not asked about again; they take some 10 MB. */
  private static final int REMEMBERED = 50;

  /**
   * So many subjects at a time at most: each holds a recording and runs eight pictures at once,
   * with a VGG-16 a gigabyte.
   */
  private static final int AT_A_TIME = 4;

  private static final String STOPPED =
      "The evaluation was stopped. Run again, it goes on where its file ends; without a file it begins anew.";

  private final Evaluation evaluation;
  private final Network network;
  private final Named networkNamed;
  private final KnownAnswers answers;
  private final Progress progress;

  /** One object for each picture and class that somebody has judged or is judging. */
  private final Map<List<String>, Object> inHand = new ConcurrentHashMap<>();

  /** Begun when the first number is worked out: what is there before that takes no time. */
  private Optional<Progress.Running> running = Optional.empty();

  private long done;

  EvaluationRun(Evaluation evaluation, KnownAnswers answers, Progress progress) {
    this.evaluation = evaluation;
    this.network = evaluation.network();
    this.networkNamed = new Named(evaluation.name(), network.identity());
    this.answers = answers;
    this.progress = progress;
  }

  Results run() {
    List<Case> judged = SideBySide.map(evaluation.subjects(), AT_A_TIME, this::judge, STOPPED);
    if (running.isEmpty()) {
      begin();
    }
    return new Results(
        judged.stream()
            .flatMap(known -> known.questions().stream())
            .map(question -> answers.answer(question).orElseThrow())
            .toList());
  }

  private Case judge(Subject subject) {
    requireNotInterrupted();
    Content content;
    try {
      content = Content.of(subject);
    } catch (PictureException e) {
      // There is no content to tell it by, so it is told by its name, until it can be read.
      Case unread = new Case(subject, "unread " + subject.name(), Optional.empty());
      count(unread);
      evaluation.methods().forEach(method -> refuse(unread, method, e.getMessage()));
      return unread;
    }
    Case known = new Case(subject, content.picture().checksum(), content.object());
    // The same picture under another name waits, and finds the answers of the first.
    synchronized (inHand.computeIfAbsent(known.identity(), unseen -> new Object())) {
      count(known);
      judge(known, content);
    }
    return known;
  }

  private void judge(Case known, Content content) {
    Explained explained = explained(known, content.picture());
    if (explained.maps().isEmpty()) {
      return;
    }
    Optional<Mask> seen = content.object().map(network.preprocessing()::view);
    Confidence confidence =
        Confidence.of(network, known.className).remembering(REMEMBERED, explained.known());
    Together together = new Together(confidence);
    explained
        .maps()
        .forEach(
            (method, map) ->
                measure(
                    known,
                    method,
                    new Explanation(explained.view(), map, confidence, seen)
                        .by(explainer(known.className, method)),
                    together));
    together.finish();
  }

  private Explainer explainer(String className, CamMethod method) {
    return Explainer.of(network, method, evaluation.layer(), className);
  }

  /**
   * What one forward pass of a picture gave.
   *
   * @param view the picture as the network sees it
   * @param maps the maps that are asked for
   * @param known the probability of the class, if there is one: most measures ask for it
   */
  private record Explained(
      Picture view, Map<CamMethod, Heatmap> maps, Map<Picture, Double> known) {}

  /** What was read of a subject. */
  private record Content(Picture picture, Optional<Mask> object) {

    static Content of(Subject subject) {
      Content content = new Content(subject.picture().get(), subject.object().get());
      content.object.ifPresent(content::requireSameSize);
      return content;
    }

    private void requireSameSize(Mask mask) {
      if (mask.width() != picture.width() || mask.height() != picture.height()) {
        throw new PictureException(
            String.format(
                Locale.ROOT,
                "The mask is %d×%d, but the picture is %d×%d. Take the mask of this picture.",
                mask.width(),
                mask.height(),
                picture.width(),
                picture.height()));
      }
    }
  }

  /** A subject, with the identities of its picture and of its class in it. */
  private final class Case {

    private final String className;
    private final Named pictureNamed;
    private final Named classNamed;

    Case(Subject subject, String content, Optional<Mask> object) {
      className = subject.className();
      pictureNamed = new Named(subject.name(), content);
      int index = network.classes().index(className);
      String place = object.map(mask -> " in " + mask.checksum()).orElse("");
      classNamed = new Named(className, index + place);
    }

    Question question(CamMethod method, Measure measure) {
      return new Question(
          networkNamed,
          evaluation.layer(),
          pictureNamed,
          classNamed,
          new Named(method.name(), method.identity()),
          new Named(measure.name(), measure.identity()));
    }

    List<String> identity() {
      return List.of(pictureNamed.identity(), classNamed.identity());
    }

    List<Question> questions() {
      return evaluation.methods().stream()
          .flatMap(
              method -> evaluation.measures().stream().map(measure -> question(method, measure)))
          .toList();
    }

    List<Measure> open(CamMethod method) {
      return evaluation.measures().stream()
          .filter(measure -> answers.answer(question(method, measure)).isEmpty())
          .toList();
    }
  }

  private synchronized void count(Case counted) {
    int open = evaluation.methods().stream().mapToInt(method -> counted.open(method).size()).sum();
    int answered = evaluation.methods().size() * evaluation.measures().size() - open;
    done += answered;
    if (running.isEmpty() && open > 0) {
      begin();
    } else if (answered > 0) {
      running.ifPresent(begun -> begun.reached(done));
    }
  }

  private void begin() {
    long total =
        (long) evaluation.subjects().size()
            * evaluation.methods().size()
            * evaluation.measures().size();
    running =
        Optional.of(
            progress.begin(new Progress.Work("Evaluation", total, Progress.Unit.STEPS), done));
  }

  /** The maps that are still asked for, all from one forward pass. */
  private Explained explained(Case asking, Picture picture) {
    List<CamMethod> open =
        evaluation.methods().stream().filter(method -> !asking.open(method).isEmpty()).toList();
    Map<CamMethod, Heatmap> maps = new LinkedHashMap<>();
    Map<Picture, Double> known = new LinkedHashMap<>();
    if (open.isEmpty()) {
      return new Explained(picture, maps, known);
    }
    Picture view = network.preprocessing().view(picture);
    try (Recording recording = Recording.of(network, picture, evaluation.layer())) {
      probability(recording, asking.className).ifPresent(value -> known.put(view, value));
      for (CamMethod method : open) {
        requireNotInterrupted();
        try {
          Target target = Target.of(asking.className);
          maps.put(method, method.heatmap(recording, evaluation.layer(), target));
        } catch (NotApplicableException e) {
          refuse(asking, method, e.getMessage());
        }
      }
    }
    return new Explained(view, maps, known);
  }

  /** Of the picture itself; none where the network's numbers tell no probability. */
  private Optional<Double> probability(Recording recording, String className) {
    try {
      NDArray probabilities = network.classes().probabilities(recording.logits());
      float probability = probabilities.toFloatArray()[network.classes().index(className)];
      return Optional.of((double) probability);
    } catch (NotApplicableException e) {
      return Optional.empty();
    }
  }

  private void refuse(Case asking, CamMethod method, String reason) {
    for (Measure measure : asking.open(method)) {
      add(Result.refused(asking.question(method, measure), reason));
    }
  }

  private void measure(Case asking, CamMethod method, Explanation explanation, Together together) {
    for (Measure measure : asking.open(method)) {
      requireNotInterrupted();
      together.measure(asking.question(method, measure), measure, explanation);
    }
  }

  /**
   * Measures that ask about a few pictures wait for those of other maps, so that the network is
   * asked in one pass; what follows them waits, too, and so the answers stay in their order.
   */
  private final class Together {

    private final Confidence confidence;
    private final List<Supplier<Result>> waiting = new ArrayList<>();
    private final Set<Picture> pictures = new LinkedHashSet<>();
    private final Map<Picture, Double> found = new HashMap<>();

    Together(Confidence confidence) {
      this.confidence = confidence;
    }

    void measure(Question question, Measure measure, Explanation explanation) {
      if (measure instanceof ConfidenceMeasure few) {
        waiting.add(asked(question, few, explanation));
      } else {
        waiting.add(() -> answer(question, () -> measure.of(explanation)));
      }
      // The picture itself is one of them.
      if (pictures.isEmpty() || pictures.size() > Classifier.AT_ONCE) {
        finish();
      }
    }

    private Supplier<Result> asked(
        Question question, ConfidenceMeasure measure, Explanation explanation) {
      try {
        List<Picture> asked = measure.pictures(explanation);
        pictures.addAll(asked);
        return () -> answer(question, () -> measure.of(confidences(asked)));
      } catch (NotApplicableException e) {
        return () -> Result.refused(question, e.getMessage());
      }
    }

    private double[] confidences(List<Picture> asked) {
      if (found.isEmpty()) {
        List<Picture> all = List.copyOf(pictures);
        double[] confidences = confidence.of(all);
        for (int i = 0; i < confidences.length; i++) {
          found.put(all.get(i), confidences[i]);
        }
      }
      return asked.stream().mapToDouble(found::get).toArray();
    }

    void finish() {
      for (Supplier<Result> each : waiting) {
        requireNotInterrupted();
        add(each.get());
      }
      waiting.clear();
      pictures.clear();
      found.clear();
    }
  }

  private static Result answer(Question question, DoubleSupplier number) {
    double value;
    try {
      value = number.getAsDouble();
    } catch (NotApplicableException e) {
      return Result.refused(question, e.getMessage());
    }
    if (!Double.isFinite(value)) {
      throw new IllegalStateException(
          "%s is %s for %s on picture '%s': a measure gives a finite number, or throws a NotApplicableException that says why there is none."
              .formatted(
                  question.measure().identity(),
                  value,
                  question.method().identity(),
                  question.picture().name()));
    }
    return Result.of(question, value);
  }

  private synchronized void add(Result result) {
    answers.add(result);
    done++;
    running.orElseThrow().reached(done);
  }

  private static void requireNotInterrupted() {
    Interruption.check(STOPPED);
  }

  /** The work has ended, well or not. */
  @Override
  public void close() {
    running.ifPresent(Progress.Running::close);
  }
}
