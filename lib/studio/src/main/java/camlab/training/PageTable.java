package camlab.training;

import java.util.List;

/**
 * A table on a page that a program writes anew: between the lines {@code <!-- name -->} and {@code
 * <!-- end of name -->}.
 *
 * @param name of the two lines
 */
record PageTable(String name) {

  /**
   * The page with another table.
   *
   * @param page the text
   * @param rows the lines of the table
   * @throws IllegalArgumentException if it has no such lines
   */
  String on(String page, List<String> rows) {
    String first = "<!-- %s -->".formatted(name);
    String last = "<!-- end of %s -->".formatted(name);
    int begin = page.indexOf(first);
    int end = page.indexOf(last);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "The page has to have the lines %s and %s, between which the table goes."
              .formatted(first, last));
    }
    return page.substring(0, begin + first.length())
        + "\n"
        + String.join("\n", rows)
        + "\n"
        + page.substring(end);
  }
}
