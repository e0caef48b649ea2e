package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;

final class TableRowsTest {

  @Test
  void aColumnIsWhatItsValuesAre() {
    Table table =
        TableRows.titled("four", "text", "whole", "large", "real")
            .add("a", 1, 2, 0.5)
            .add("b", 3, 4_000_000_000L, 2)
            .add(null, null, null, null)
            .table();
    assertEquals("four", table.name());
    assertEquals(List.of("text", "whole", "large", "real"), table.columnNames());
    assertEquals(
        List.of(ColumnType.STRING, ColumnType.INTEGER, ColumnType.LONG, ColumnType.DOUBLE),
        List.of(table.typeArray()));
    assertEquals("b", table.stringColumn("text").get(1));
    assertEquals(3, table.intColumn("whole").get(1));
    assertEquals(4_000_000_000L, table.longColumn("large").get(1));
    assertEquals(2.0, table.doubleColumn("real").get(1));
    assertTrue(table.columns().stream().allMatch(column -> column.isMissing(2)));
  }

  @Test
  void rowsMayFollowATable() {
    TableRows rows = TableRows.titled("", "n").add(1);
    assertEquals(1, rows.table().rowCount());
    assertEquals(2, rows.add(2).table().rowCount());
    assertEquals(0, TableRows.titled("", "n").table().rowCount());
  }

  @Test
  void whatDoesNotFitIsToldByName() {
    TableRows rows = TableRows.titled("", "picture", "class");
    assertEquals(
        "A row needs one value per column: expected 2 (picture, class), found 1 [both].",
        assertThrows(IllegalArgumentException.class, () -> rows.add("both")).getMessage());
    assertEquals(
        "Column 'class' takes text or numbers, found Boolean: true.",
        assertThrows(IllegalArgumentException.class, () -> rows.add("both", true)).getMessage());
    rows.add("both", "cat").add("both", 1);
    assertEquals(
        "Column 'class' takes text only or numbers only, found both: [cat, 1].",
        assertThrows(IllegalArgumentException.class, rows::table).getMessage());
    assertThrows(IllegalArgumentException.class, () -> TableRows.titled("none"));
  }

  /** Half of something is not nothing: only whole numbers of Java become a column of such. */
  @Test
  void numbersOfOtherKindsKeepTheirValues() {
    Table table =
        TableRows.titled("", "share", "huge", "short")
            .add(new BigDecimal("0.5"), BigInteger.ONE.shiftLeft(80), (short) 7)
            .table();
    assertEquals(0.5, table.doubleColumn("share").get(0));
    assertEquals(0x1p80, table.doubleColumn("huge").get(0));
    assertEquals(7, table.intColumn("short").get(0));
  }

  @Test
  void columnsHaveNamesOfTheirOwn() {
    assertThrows(IllegalArgumentException.class, () -> TableRows.titled("", "x", "y", "x"));
  }
}
