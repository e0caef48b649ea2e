package camlab.network;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** A layer or class was asked for by a name that does not exist. */
public final class UnknownNameException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private static final int SHOWN = 5;

  private UnknownNameException(String message) {
    super(message);
  }

  /**
   * {@return an exception that names what was asked for and what comes near it}
   *
   * @param kind what kind of thing has the name, such as {@code layer}
   * @param name the name that was asked for
   * @param known the names there are
   * @throws NullPointerException if no name was given; the message says so
   */
  public static UnknownNameException of(String kind, String name, Collection<String> known) {
    if (name == null) {
      throw new NullPointerException("Expected the name of a %s, found null.".formatted(kind));
    }
    if (known.isEmpty()) {
      return new UnknownNameException(
          "There is no %s '%s', for there is none at all.".formatted(kind, name));
    }
    String wanted = name.toLowerCase(Locale.ROOT);
    Comparator<String> byDistance =
        Comparator.comparingInt(candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT)));
    List<String> near = known.stream().sorted(byDistance).limit(SHOWN).toList();
    return new UnknownNameException(
        String.format(
            Locale.ROOT,
            "There is no %s '%s'. %s of the %d there are: %s.",
            kind,
            name,
            known.size() <= SHOWN ? "All" : "The nearest",
            known.size(),
            near.stream().map(near1 -> "'" + near1 + "'").collect(Collectors.joining(", "))));
  }

  /** Edit distance, where a name that holds the other one counts as near. */
  private static int distance(String wanted, String candidate) {
    int edits = LevenshteinDistance.getDefaultInstance().apply(wanted, candidate);
    return candidate.contains(wanted) ? Math.min(edits, 1) : edits;
  }
}
