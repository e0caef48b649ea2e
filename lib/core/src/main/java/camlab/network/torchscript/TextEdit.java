package camlab.network.torchscript;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * What to put in place of a part of a program's text.
 *
 * @param start where the part begins
 * @param end where it ends; the start, if something is to be put between two signs
 * @param text what to put there
 */
record TextEdit(int start, int end, String text) {

  /**
   * {@return a text with some of its parts changed} Of two that begin at one place, the later one
   * comes first.
   *
   * @param text the text
   * @param edits of parts that do not overlap, in any order
   */
  static String applied(String text, List<TextEdit> edits) {
    List<TextEdit> sorted = new ArrayList<>(edits);
    Collections.reverse(sorted);
    sorted.sort(Comparator.comparingInt(TextEdit::start));
    StringBuilder result = new StringBuilder(text.length());
    int done = 0;
    for (TextEdit edit : sorted) {
      result.append(text, done, edit.start()).append(edit.text());
      done = edit.end();
    }
    return result.append(text, done, text.length()).toString();
  }
}
