package camlab.evaluation;

import camlab.file.TextFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The CSV file of an evaluation, which grows by one line for each result. Every line is handed to
 * the operating system as a whole before the next result of that thread is worked out: a process
 * that is killed leaves at most one line without its end, which is cut off when the file is opened
 * again.
 *
 * <p>While it is open, no other evaluation can write to it. Several threads of one may.
 */
final class ResultFile extends KnownAnswers {

  private static final String HEADER =
      "network,layer,picture,class,method,measure,value,reason,"
          + "network identity,picture identity,class identity,method identity,measure identity";

  /** The first line of files that older versions wrote. */
  private static final String OLDER = "network,layer,picture,class,method,measure,value,reason";

  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private final Path file;

  /** Its writes are not ended by an interrupt, as those of a channel are. */
  private final RandomAccessFile content;

  private ResultFile(Path file, RandomAccessFile content) {
    this.file = file;
    this.content = content;
  }

  /**
   * Opens a file, or starts it if there is none.
   *
   * @throws UncheckedIOException if it cannot be written
   * @throws IllegalStateException if another evaluation is writing it
   * @throws IllegalArgumentException if it holds something else
   */
  static ResultFile open(Path file) {
    try {
      RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
      ResultFile results = new ResultFile(file, content);
      try {
        results.lock();
        results.load();
        return results;
      } catch (IOException | RuntimeException e) {
        content.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s cannot be written (%s). Does its folder exist, may you write there, and is there room on the disk?"
              .formatted(file, e),
          e);
    }
  }

  /** All results of a file that is not open, in the order they were written. */
  static Results read(Path file) {
    try {
      return new Results(results(file, TextFile.read(file).replace("\r\n", "\n")));
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be read (%s).".formatted(file, e), e);
    }
  }

  /** The lock is freed when the file is closed. */
  private void lock() throws IOException {
    try {
      FileLock lock = content.getChannel().tryLock();
      if (lock != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      throw busy();
    }
    throw busy();
  }

  private IllegalStateException busy() {
    return new IllegalStateException(
        "Another evaluation is writing to %s. Wait for it, or name another file.".formatted(file));
  }

  /** Reads the results, cuts off a last line without its end, and begins a new file. */
  private void load() throws IOException {
    byte[] bytes = new byte[Math.toIntExact(content.length())];
    content.readFully(bytes);
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.startsWith("\uFEFF" + HEADER) || text.startsWith(HEADER + "\r\n")) {
      throw new IllegalArgumentException(
          "%s was saved again by another program, with a byte-order mark or other line ends. It can be read, but not written on: name another file."
              .formatted(file));
    }
    if (HEADER.startsWith(text)) {
      content.setLength(0);
      write(HEADER + "\n");
      return;
    }
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    for (Result result : results(file, whole)) {
      super.add(result);
    }
    content.setLength(whole.getBytes(StandardCharsets.UTF_8).length);
    content.seek(content.length());
  }

  /** The results of a text, but for a last line without its end. */
  private static List<Result> results(Path file, String text) throws IOException {
    if (!text.startsWith(HEADER + "\n")) {
      throw new IllegalArgumentException(
          text.startsWith(OLDER + "\n")
              ? "%s was written by an older version, which did not keep with which settings. Name another file, and work the numbers out again."
                  .formatted(file)
              : "%s is not the file of an evaluation: expected the first line '%s'. Name another file."
                  .formatted(file, HEADER));
    }
    List<Result> results = new ArrayList<>();
    String whole = text.substring(HEADER.length() + 1, text.lastIndexOf('\n') + 1);
    try (CSVParser lines = CSVParser.parse(whole, FORMAT)) {
      for (CSVRecord line : lines) {
        results.add(result(line));
      }
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s is damaged behind its result %d (%s). Take that line out, or name another file.",
              file,
              results.size(),
              e.getMessage()),
          e);
    }
    return results;
  }

  private static Result result(CSVRecord line) {
    if (line.size() != 13) {
      throw new IllegalArgumentException("13 fields expected, found " + line.size());
    }
    Question question =
        new Question(
            new Named(line.get(0), line.get(8)),
            line.get(1),
            new Named(line.get(2), line.get(9)),
            new Named(line.get(3), line.get(10)),
            new Named(line.get(4), line.get(11)),
            new Named(line.get(5), line.get(12)));
    return line.get(6).isEmpty()
        ? Result.refused(question, line.get(7))
        : Result.of(question, Double.parseDouble(line.get(6)));
  }

  /** A whole file, as {@link #read} reads it. */
  static String text(Results results) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    results.rows().forEach(result -> text.append(line(result)).append('\n'));
    return text.toString();
  }

  private static String line(Result result) {
    Question question = result.question();
    return FORMAT.format(
        result.network(),
        result.layer(),
        result.picture(),
        result.className(),
        result.method(),
        result.measure(),
        result.value().isPresent() ? Double.toString(result.value().getAsDouble()) : "",
        result.reason().orElse(""),
        question.network().identity(),
        question.picture().identity(),
        question.className().identity(),
        question.method().identity(),
        question.measure().identity());
  }

  /** Writes a result. */
  @Override
  synchronized void add(Result result) {
    try {
      write(line(result) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s cannot be written (%s). Is the disk full?".formatted(file, e), e);
    }
    super.add(result);
  }

  private void write(String text) throws IOException {
    content.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try {
      content.close();
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be closed (%s).".formatted(file, e), e);
    }
  }
}
