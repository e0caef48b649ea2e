package camlab.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A table that is filled row by row.
 *
 * <pre>{@code
 * TableRows peaks = TableRows.titled("Largest values", "picture", "class", "largest value");
 * peaks.add("both", "cat", 0.536);
 * peaks.add("both", "dog", 0.444);
 * show(peaks.table());
 * }</pre>
 */
public final class TableRows {

  private final String title;
  private final List<String> columns;
  private final List<Object[]> rows = new ArrayList<>();

  private TableRows(String title, List<String> columns) {
    this.title = title;
    this.columns = columns;
  }

  /**
   * {@return a table without rows}
   *
   * @param title what stands above it, possibly empty
   * @param columns the names of the columns, from left to right, at least one, no two the same
   * @throws IllegalArgumentException if there is none, or two have one name
   */
  public static TableRows titled(String title, String... columns) {
    if (columns.length < 1) {
      throw new IllegalArgumentException("A table has at least one column, found none.");
    }
    if (new HashSet<>(Arrays.asList(columns)).size() < columns.length) {
      throw new IllegalArgumentException(
          "Every column has a name of its own, found %s.".formatted(Arrays.toString(columns)));
    }
    return new TableRows(Objects.requireNonNull(title, "title"), List.of(columns));
  }

  /**
   * Adds a row.
   *
   * @param values one value per column: text, a number, or {@code null} where there is none. A
   *     column holds text only, or numbers only
   * @return this table
   * @throws IllegalArgumentException if there are more or fewer values than columns, or a value is
   *     neither text nor a number
   */
  public TableRows add(Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A row needs one value per column: expected %d (%s), found %d %s.",
              columns.size(),
              String.join(", ", columns),
              values.length,
              Arrays.toString(values)));
    }
    for (int c = 0; c < values.length; c++) {
      if (values[c] != null && !(values[c] instanceof String) && !(values[c] instanceof Number)) {
        throw new IllegalArgumentException(
            "Column '%s' takes text or numbers, found %s: %s."
                .formatted(columns.get(c), values[c].getClass().getSimpleName(), values[c]));
      }
    }
    rows.add(values.clone());
    return this;
  }

  /**
   * {@return the rows so far as a table} A column of Java's whole numbers ({@code Byte}, {@code
   * Short}, {@code Integer}, {@code Long}) is one of such; any other number in it makes it one of
   * doubles; a column without any value is one of text.
   *
   * @throws IllegalArgumentException if a column holds text and numbers
   */
  public Table table() {
    Table table = Table.create(title);
    for (int c = 0; c < columns.size(); c++) {
      List<Object> values = new ArrayList<>();
      for (Object[] row : rows) {
        values.add(row[c]);
      }
      table.addColumns(column(columns.get(c), values));
    }
    return table;
  }

  private static boolean isWhole(Object value) {
    return value instanceof Byte
        || value instanceof Short
        || value instanceof Integer
        || value instanceof Long;
  }

  private static Column<?> column(String name, List<Object> values) {
    List<Object> there = values.stream().filter(Objects::nonNull).toList();
    if (there.stream().allMatch(String.class::isInstance)) {
      StringColumn column = StringColumn.create(name);
      values.forEach(value -> column.append((String) value));
      return column;
    }
    if (there.stream().anyMatch(String.class::isInstance)) {
      throw new IllegalArgumentException(
          "Column '%s' takes text only or numbers only, found both: %s.".formatted(name, there));
    }
    if (!there.stream().allMatch(TableRows::isWhole)) {
      DoubleColumn column = DoubleColumn.create(name);
      values.forEach(value -> column.append(value == null ? null : ((Number) value).doubleValue()));
      return column;
    }
    if (there.stream().anyMatch(Long.class::isInstance)) {
      LongColumn column = LongColumn.create(name);
      values.forEach(value -> column.append(value == null ? null : ((Number) value).longValue()));
      return column;
    }
    IntColumn column = IntColumn.create(name);
    values.forEach(value -> column.append(value == null ? null : ((Number) value).intValue()));
    return column;
  }
}
