package camlab.evaluation;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.text.StringEscapeUtils;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * The CSV file of an evaluation, which grows by one line for each result. Every line is handed to
 * the operating system as a whole before the next result is worked out: a process that is killed
 * leaves at most one line without its end, which is cut off when the file is opened again.
 *
 * <p>While it is open, no other evaluation can write to it.
 */
final class ResultFile implements AutoCloseable {

  private static final List<String> COLUMNS =
      List.of("network", "layer", "picture", "class", "method", "measure", "value", "reason");

  private static final ColumnType[] TYPES =
      COLUMNS.stream()
          .map(name -> name.equals("value") ? ColumnType.DOUBLE : ColumnType.STRING)
          .toArray(ColumnType[]::new);

  private static final String HEADER = String.join(",", COLUMNS);

  /** What a CSV reader takes in one field. */
  private static final int LONGEST_REASON = 1000;

  private final Path file;
  private final FileChannel channel;
  private final Set<Result> answered = new HashSet<>();

  private ResultFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
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
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      ResultFile results = new ResultFile(file, channel);
      try {
        results.lock();
        results.repair();
        for (Row row : results.table()) {
          results.answered.add(result(row).question());
        }
        return results;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s cannot be written (%s). Does its folder exist, and may you write there?"
              .formatted(file, e),
          e);
    }
  }

  /** The lock is freed when the channel is closed. */
  private void lock() throws IOException {
    try {
      FileLock lock = channel.tryLock();
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

  /** Cuts off a last line without its end, and writes the first line of a new file. */
  private void repair() throws IOException {
    byte[] bytes = bytes();
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    boolean ours = end > 0 ? text.startsWith(HEADER + "\n") : HEADER.startsWith(text);
    if (!ours) {
      throw new IllegalArgumentException(
          "%s is not the file of an evaluation: expected the first line '%s'. Name another file."
              .formatted(file, HEADER));
    }
    channel.truncate(end);
    channel.position(end);
    if (end == 0) {
      write(HEADER);
    }
  }

  private byte[] bytes() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // until all is read
    }
    return bytes.array();
  }

  /** Whether the file has an answer to a question, be it a number or a reason. */
  boolean answers(Result question) {
    return answered.contains(question.question());
  }

  /** Writes a result. */
  void add(Result result) {
    String reason = result.reason();
    String line =
        Stream.of(
                result.network(),
                result.layer(),
                result.picture(),
                result.className(),
                result.method(),
                result.measure(),
                Double.isNaN(result.value()) ? "" : Double.toString(result.value()),
                reason.substring(0, Math.min(reason.length(), LONGEST_REASON)))
            .map(StringEscapeUtils::escapeCsv)
            .collect(Collectors.joining(","));
    try {
      write(line);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s cannot be written (%s). Is the disk full?".formatted(file, e), e);
    }
    answered.add(result.question());
  }

  private void write(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** All results in the file, in the order they were written. */
  Table table() {
    try {
      return Table.read()
          .usingOptions(
              CsvReadOptions.builder(new StringReader(new String(bytes(), StandardCharsets.UTF_8)))
                  .columnTypes(TYPES)
                  .missingValueIndicator("")
                  .tableName(""));
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be read (%s).".formatted(file, e), e);
    }
  }

  private static Result result(Row row) {
    return new Result(
        row.getString("network"),
        row.getString("layer"),
        row.getString("picture"),
        row.getString("class"),
        row.getString("method"),
        row.getString("measure"),
        row.getDouble("value"),
        row.getString("reason"));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be closed (%s).".formatted(file, e), e);
    }
  }
}
