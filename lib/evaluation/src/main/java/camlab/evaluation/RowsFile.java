package camlab.evaluation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** CSV files with a row for each picture, from which trials count their totals. */
final class RowsFile {

  private RowsFile() {}

  /**
   * The rows of a file.
   *
   * @param file the file
   * @param head its columns
   * @param other what a file with other columns does, or is
   * @param command which command writes such a file
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it has other columns
   */
  static List<CSVRecord> read(Path file, List<String> head, String other, String command)
      throws IOException {
    CSVFormat withHead = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser lines = CSVParser.parse(file, UTF_8, withHead)) {
      if (!lines.getHeaderNames().equals(head)) {
        throw new IllegalArgumentException(
            "%s %s: its columns are %s. They have to be %s. The command %s writes such a file."
                .formatted(file.getFileName(), other, lines.getHeaderNames(), head, command));
      }
      return lines.getRecords();
    }
  }
}
