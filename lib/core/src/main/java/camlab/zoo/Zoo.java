package camlab.zoo;

import camlab.download.Cache;
import camlab.download.RemoteFile;
import camlab.network.LayeredNetwork;
import camlab.network.Meaning;
import camlab.network.UnknownNameException;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Published networks by name. Each is fetched when it is first asked for, checked against its
 * checksum, and stays in the user's cache folder; see {@link Cache#standard}.
 */
public final class Zoo {

  private Zoo() {}

  /** {@return all there are, as the library lists them in its resource {@code published.json}} */
  public static List<PublishedNetwork> published() {
    try (Reader list =
        new InputStreamReader(
            Zoo.class.getResourceAsStream("published.json"), StandardCharsets.UTF_8)) {
      return Stream.of(new Gson().fromJson(list, Row[].class)).map(Row::network).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("The library's own list of networks cannot be read.", e);
    }
  }

  /**
   * Loads a network, without a word about a download that may take minutes.
   *
   * @param name such as {@code resnet50-imagenet}
   * @return the network; the caller closes it
   * @throws UnknownNameException if none is called that; the message lists the near names
   * @throws camlab.download.DownloadException if it cannot be had; the message says which file to
   *     put where
   */
  public static LayeredNetwork load(String name) {
    return load(name, Progress.NONE);
  }

  /**
   * Loads a network.
   *
   * @param name such as {@code resnet50-imagenet}
   * @param progress sees how far a download has come
   * @return the network; the caller closes it
   * @throws UnknownNameException if none is called that; the message lists the near names
   * @throws camlab.download.DownloadException if it cannot be had; the message says which file to
   *     put where
   */
  public static LayeredNetwork load(String name, Progress progress) {
    return find(name).load(Cache.standard(progress));
  }

  private static PublishedNetwork find(String name) {
    List<PublishedNetwork> published = published();
    return published.stream()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UnknownNameException.of(
                    "published network",
                    name,
                    published.stream().map(PublishedNetwork::name).toList()));
  }

  /** A network as the list writes it. */
  @SuppressWarnings("unused") // Gson fills it
  private static final class Row {
    private String name;
    private String network;
    private String publisher;
    private String licence;
    private String file;
    private String address;
    private long bytes;
    private String sha256;
    private int resize;
    private int crop;
    private List<Float> mean;
    private List<Float> std;
    private Meaning meaning;

    /** Where the file is one of those in a zip file; null where it is published as it is. */
    private RemoteFile.Archive archive;

    PublishedNetwork network() {
      return new PublishedNetwork(
          name,
          network,
          publisher,
          licence,
          new RemoteFile(file, URI.create(address), bytes, sha256, Optional.ofNullable(archive)),
          new Preprocessing(resize, crop, mean, std),
          meaning);
    }
  }
}
