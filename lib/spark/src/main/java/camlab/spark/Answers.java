package camlab.spark;

import camlab.evaluation.Results;
import camlab.picture.PictureException;
import java.io.Serializable;

/**
 * What came of one picture.
 *
 * @param csv its results, as the text of an evaluation's file; empty if there are none
 * @param unread the path of a picture that could not be read, so that nobody knows which class
 *     would be explained; empty if it was read, or if the class was named and stands in the results
 * @param reason why it could not be read
 */
record Answers(String csv, String unread, String reason) implements Serializable {

  static Answers of(Results results) {
    return new Answers(results.csv(), "", "");
  }

  static Answers unread(ListedPicture listed, PictureException e) {
    return new Answers("", listed.path(), e.getMessage());
  }
}
