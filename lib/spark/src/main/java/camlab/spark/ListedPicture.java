package camlab.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * A picture that every machine of the cluster can read, and the class to explain in it.
 *
 * @param name what the picture is called in the results
 * @param path the picture, as Hadoop names files: {@code hdfs://…}, {@code s3a://…}, or a local
 *     path that is the same on every machine
 * @param className the class; empty for the one that the network finds most likely
 * @param masks paths of mask files, one for each object of the class; none if it is not known where
 *     they are
 */
public record ListedPicture(String name, String path, String className, List<String> masks)
    implements Serializable {

  /**
   * Requires all parts.
   *
   * @param name what the picture is called in the results
   * @param path the picture
   * @param className the class; empty for the one that the network finds most likely
   * @param masks paths of mask files
   * @throws IllegalArgumentException if there are masks of a class that is not named: nobody would
   *     know that they are of the class that the network finds most likely
   */
  public ListedPicture {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(className, "className");
    masks = List.copyOf(masks);
    if (className.isEmpty() && !masks.isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' has masks, but no class. Name the class whose objects they show.".formatted(name));
    }
  }

  /**
   * {@return a picture; nobody knows where the object is}
   *
   * @param name what the picture is called in the results
   * @param path the picture
   * @param className the class
   */
  public static ListedPicture of(String name, String path, String className) {
    return new ListedPicture(name, path, className, List.of());
  }
}
