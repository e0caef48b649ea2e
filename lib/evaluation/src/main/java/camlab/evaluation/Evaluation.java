package camlab.evaluation;

import camlab.cam.CamMethod;
import camlab.measure.Measure;
import camlab.network.Network;
import camlab.progress.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Every method on every picture, judged by every measure.
 *
 * @param name what to call the network in the results
 * @param network the network
 * @param layer the layer the maps are taken at
 * @param subjects the pictures, each with the class to explain
 * @param methods the methods, told apart by their identities
 * @param measures the measures, told apart by their identities
 */
public record Evaluation(
    String name,
    Network network,
    String layer,
    List<Subject> subjects,
    List<CamMethod> methods,
    List<Measure> measures) {

  /**
   * The environment variable that names a file in which every evaluation of this process looks for
   * its answers, and keeps them: {@value}. Nothing sets it by itself.
   */
  public static final String KEPT = "CAMLAB_ANSWERS";

  /**
   * Copies the lists.
   *
   * @param name what to call the network in the results
   * @param network the network
   * @param layer the layer the maps are taken at
   * @param subjects the pictures, each with the class to explain
   * @param methods the methods, told apart by their identities
   * @param measures the measures, told apart by their identities
   * @throws IllegalArgumentException if two subjects, methods or measures cannot be told apart, or
   *     a method or measure has no identity, without which a number that was kept could not be
   *     found again
   */
  public Evaluation {
    Objects.requireNonNull(name, "name");
    subjects = List.copyOf(subjects);
    methods = List.copyOf(methods);
    measures = List.copyOf(measures);
    requireDistinct(
        "subjects", subjects.stream().map(s -> s.name() + " · " + s.className()).toList());
    requireDistinct("methods", methods.stream().map(CamMethod::identity).toList());
    requireDistinct("measures", measures.stream().map(Measure::identity).toList());
  }

  private static void requireDistinct(String what, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (names.indexOf(names.get(i)) < i) {
        throw new IllegalArgumentException(
            "Two %s are called '%s': their results could not be told apart."
                .formatted(what, names.get(i)));
      }
    }
  }

  /**
   * {@return an evaluation at the network's default layer, under the network's own name}
   *
   * @param network the network
   * @param subjects the pictures, and what they show
   * @param methods the methods
   * @param measures the measures
   */
  public static Evaluation of(
      Network network, List<Subject> subjects, List<CamMethod> methods, List<Measure> measures) {
    return new Evaluation(
        network.name(), network, network.targetLayer(), subjects, methods, measures);
  }

  /**
   * As {@link #run(Path, Progress)}, without a file: the results are kept by whoever asked, and a
   * run that is stopped begins anew, unless {@link #KEPT} names a file.
   *
   * @return one result for each subject, method and measure, in this order
   * @throws camlab.network.UnknownNameException if the layer or a class does not exist; nothing has
   *     run then
   * @throws CancellationException if the thread was interrupted, which it stays
   */
  public Results run() {
    return run(KnownAnswers::new, kept(), Progress.NONE);
  }

  /**
   * As {@link #run(Path, Progress)}, with nobody who watches.
   *
   * @param file the file
   * @return the results
   */
  public Results run(Path file) {
    return run(file, Progress.NONE);
  }

  /**
   * Works out what the file does not yet hold, line by line, and returns all answers.
   *
   * <p>The run can be stopped at any time, also by ending the process: called again with the same
   * file it goes on where it was, and no number is lost or worked out twice. A number belongs to
   * its {@link Question}: weights, preprocessing, what the logits mean, picture, class, and every
   * setting of method and measure. What has been changed is a new question, and its answer a new
   * line; names do not count. Several evaluations (of several networks, say) may fill one file, one
   * after the other.
   *
   * <p>Where the environment variable {@value #KEPT} names another file of this kind, an answer
   * that stands there is taken from it, and what is worked out is written there as well. So a
   * second process does not work out what a first one has, whatever files the two fill. A question
   * tells nothing of the program that answered it: such a file is for one version of it.
   *
   * <p>Several subjects are judged at a time, at most four: the threads that the engine takes for
   * an operation are shared out among them ({@code OMP_NUM_THREADS=1}: one after the other). So
   * methods and measures are used by several threads, pictures and objects read by them, and the
   * lines of different subjects may lie in the file between each other.
   *
   * <p>A run that is begun again asks what is left in other batches. What it works out may differ
   * from what an unbroken run does by what single precision rounds: once, 1.4·10⁻¹⁰ was seen.
   *
   * <p>Where there is no number because a picture cannot be read, or because a method or measure
   * does not apply ({@link camlab.network.NotApplicableException}), the reason is the answer. Any
   * other exception ends the run, and the file keeps what was done.
   *
   * @param file a CSV file, in a folder that exists, with the columns network, layer, picture,
   *     class, method, measure, value, reason, and the identities of the five that have one
   * @param progress is told of every number
   * @return one result for each subject, method and measure, in this order
   * @throws camlab.network.UnknownNameException if the layer or a class does not exist; nothing has
   *     run then
   * @throws CancellationException if the thread was interrupted, which it stays; the file holds
   *     what was done
   * @throws IllegalStateException if another evaluation is writing to a file
   * @throws IllegalArgumentException if a file holds something else
   * @throws java.io.UncheckedIOException if a file cannot be written
   */
  public Results run(Path file, Progress progress) {
    return run(file, kept(), progress);
  }

  Results run(Path file, Optional<Path> kept, Progress progress) {
    return run(() -> ResultFile.open(file), kept, progress);
  }

  /** The file that the environment names, if it names one. */
  private static Optional<Path> kept() {
    return Optional.ofNullable(System.getenv(KEPT)).filter(name -> !name.isBlank()).map(Path::of);
  }

  private Results run(Supplier<KnownAnswers> open, Optional<Path> kept, Progress progress) {
    network.model().resolve(layer);
    subjects.forEach(subject -> network.classes().index(subject.className()));
    try (KnownAnswers own = open.get();
        KnownAnswers others =
            kept.<KnownAnswers>map(ResultFile::open).orElseGet(KnownAnswers::new);
        EvaluationRun run = new EvaluationRun(this, KnownAnswers.of(own, others), progress)) {
      return run.run();
    }
  }
}
