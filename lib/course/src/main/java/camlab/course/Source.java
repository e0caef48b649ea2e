package camlab.course;

import camlab.download.Cache;
import camlab.download.RemoteFile;
import camlab.zoo.PublishedNetwork;
import camlab.zoo.Zoo;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * Where networks and pictures come from: what ships, and what is fetched.
 *
 * @param root the project's folder
 * @param cache where fetched files stay
 * @param published the networks that can be fetched
 */
record Source(Path root, Cache cache, List<PublishedNetwork> published) {

  /** Copies the list. */
  Source {
    published = List.copyOf(published);
  }

  /**
   * The project this notebook belongs to, the user's cache and the library's list of networks. The
   * progress of downloads is a bar on standard output, which terminals and notebooks show.
   */
  static Source standard() {
    return new Source(Root.find(), Cache.standard(ProgressBars.on(System.out)), Zoo.published());
  }

  /** A folder of the project. */
  Path folder(String name) {
    return root.resolve(name);
  }

  /** A table of the project. */
  Table table(String folder, String file) {
    return Gallery.table(folder(folder).resolve(file));
  }

  /**
   * A file that a manifest describes, from the cache or from its address.
   *
   * @throws camlab.download.DownloadException if it cannot be had
   */
  Path fetch(Row row) {
    return cache.fetch(remote(row));
  }

  /** What a manifest says of a file in the columns file, address, bytes and sha256. */
  static RemoteFile remote(Row row) {
    return new RemoteFile(
        row.getString("file"),
        URI.create(row.getString("address")),
        row.getInt("bytes"),
        row.getString("sha256"));
  }
}
