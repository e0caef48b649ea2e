package camlab.evaluation;

import camlab.network.Network;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A picture and the class to explain in it. Nothing is read before it is needed.
 *
 * @param name the picture's name; a picture in which several classes are explained has one subject
 *     for each, all of the same name
 * @param className the class
 * @param picture reads the picture
 * @param object reads where the object of the class is in the picture, if that is known
 */
public record Subject(
    String name, String className, Supplier<Picture> picture, Supplier<Optional<Mask>> object) {

  /**
   * Requires all parts.
   *
   * @param name the picture's name
   * @param className the class
   * @param picture reads the picture
   * @param object reads where the object of the class is in the picture, if that is known
   */
  public Subject {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(className, "className");
    Objects.requireNonNull(picture, "picture");
    Objects.requireNonNull(object, "object");
  }

  /**
   * {@return a picture file; nobody knows where the object is}
   *
   * @param name the picture's name
   * @param className the class
   * @param file the file
   */
  public static Subject of(String name, String className, Path file) {
    return of(name, className, file, List.of());
  }

  /**
   * {@return a picture file}
   *
   * @param name the picture's name
   * @param className the class
   * @param file the picture
   * @param masks mask files, one for each object of the class; none if it is not known where they
   *     are
   */
  public static Subject of(String name, String className, Path file, List<Path> masks) {
    List<Path> files = List.copyOf(masks);
    return new Subject(
        name,
        className,
        () -> Picture.read(file),
        () ->
            files.isEmpty()
                ? Optional.empty()
                : Optional.of(Mask.union(files.stream().map(Mask::read).toList())));
  }

  /**
   * {@return the same picture, with the class that a network finds most likely; where that is, is
   * not known} The picture is read for it.
   *
   * @param network the network
   */
  public Subject predictedBy(Network network) {
    String predicted = network.predict(picture.get()).get(0).name();
    return new Subject(name, predicted, picture, Optional::empty);
  }
}
