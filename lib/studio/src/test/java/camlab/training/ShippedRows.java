package camlab.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import camlab.course.Models;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** The tables of {@code data/evaluations}. */
final class ShippedRows {

  private ShippedRows() {}

  static Path file(String name) {
    Path models = Models.file("alexnet-drawn-pets").getParent();
    return models.resolveSibling("data").resolve("evaluations").resolve(name);
  }

  static List<CSVRecord> of(String file) throws IOException {
    CSVFormat withHead = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser rows = CSVParser.parse(file(file), UTF_8, withHead)) {
      return rows.getRecords();
    }
  }
}
