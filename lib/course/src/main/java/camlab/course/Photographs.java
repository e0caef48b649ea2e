package camlab.course;

import camlab.network.UnknownNameException;
import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * The second gallery: photographs that {@code data/photographs.csv} names, with licence and origin.
 * None ships; each is fetched when it is asked for. {@code data/photograph-boxes.csv} has a box for
 * each animal, drawn by hand; there are no masks. An animal's label is its class in the network
 * that goes with it: {@code cat} and {@code dog}, or ImageNet's name.
 */
public final class Photographs {

  /** Cats and dogs. */
  public static final String PETS = "pets";

  /** African elephants and bears. */
  public static final String WILDLIFE = "wildlife";

  private final Gallery gallery;
  private final Source source;

  private Photographs(Gallery gallery, Source source) {
    this.gallery = gallery;
    this.source = source;
  }

  /** The project's, in the user's cache. */
  public static Photographs open() {
    return of(Source.standard());
  }

  static Photographs of(Source source) {
    return new Photographs(
        new Gallery(
            source.cache().folder(),
            source.table("data", "photographs.csv"),
            source.table("data", "photograph-boxes.csv")),
        source);
  }

  /** One row per photograph, with its address, licence and author. */
  public Table table() {
    return gallery.pictures();
  }

  /**
   * The photographs of one set, in the order of the table.
   *
   * @param set {@link #PETS} or {@link #WILDLIFE}
   * @throws camlab.download.DownloadException if one is not there and cannot be fetched
   */
  public List<Gallery.Entry> entries(String set) {
    List<Gallery.Entry> entries = new ArrayList<>();
    for (Row row : table()) {
      if (row.getString("set").equals(set)) {
        entries.add(entry(row.getString("name")));
      }
    }
    return List.copyOf(entries);
  }

  /**
   * A photograph by its name.
   *
   * @throws UnknownNameException if there is none; the message lists the near names
   * @throws camlab.download.DownloadException if it is not there and cannot be fetched
   */
  public Gallery.Entry entry(String name) {
    for (Row row : table()) {
      if (row.getString("name").equals(name)) {
        source.fetch(row);
      }
    }
    return gallery.entry(name);
  }
}
