package camlab.evaluation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The answers of a run: those that were known, and those it has worked out. Nothing keeps them
 * longer than this object; {@link ResultFile} writes them down as well. Several threads may ask and
 * add.
 */
class KnownAnswers implements AutoCloseable {

  private final Map<List<String>, Result> known = new ConcurrentHashMap<>();

  /** The answer to a question, be it a number or a reason; with the names that are asked with. */
  Optional<Result> answer(Question question) {
    return Optional.ofNullable(known.get(question.identity())).map(result -> result.to(question));
  }

  /** Adds the answer to a question that had none. */
  void add(Result result) {
    known.put(result.question().identity(), result);
  }

  /**
   * Answers that are looked for in others as well: what only those have is copied when it is asked
   * for, and what is added is added to both. Neither is closed with it.
   */
  static KnownAnswers of(KnownAnswers own, KnownAnswers others) {
    return new KnownAnswers() {
      @Override
      synchronized Optional<Result> answer(Question question) {
        Optional<Result> answer = own.answer(question);
        if (answer.isEmpty()) {
          answer = others.answer(question);
          answer.ifPresent(own::add);
        }
        return answer;
      }

      @Override
      synchronized void add(Result result) {
        own.add(result);
        others.add(result);
      }
    };
  }

  @Override
  public void close() {
    // Nothing is held but memory.
  }
}
