package camlab.zoo;

import camlab.download.Cache;
import camlab.download.RemoteFile;
import camlab.network.LayeredNetwork;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A network with ImageNet's 1000 classes that somebody has trained and published.
 *
 * @param name what it is called here, such as {@code resnet50-imagenet}
 * @param network what it is, such as {@code ResNet-50}
 * @param publisher who publishes it
 * @param licence the licence of the publisher's code, as SPDX names it; the weights come under the
 *     publisher's terms
 * @param file the file of its weights
 * @param preprocessing what is done to a picture before it sees it
 * @param meaning what its numbers mean: how it was trained
 */
public record PublishedNetwork(
    String name,
    String network,
    String publisher,
    String licence,
    RemoteFile file,
    Preprocessing preprocessing,
    Meaning meaning) {

  /**
   * Requires all parts.
   *
   * @param name what it is called here, such as {@code resnet50-imagenet}
   * @param network what it is, such as {@code ResNet-50}
   * @param publisher who publishes it
   * @param licence the licence of the publisher's code, as SPDX names it
   * @param file the file of its weights
   * @param preprocessing what is done to a picture before it sees it
   * @param meaning what its numbers mean: how it was trained
   */
  public PublishedNetwork {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(publisher, "publisher");
    Objects.requireNonNull(licence, "licence");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(preprocessing, "preprocessing");
    Objects.requireNonNull(meaning, "meaning");
  }

  /**
   * Loads the network, from the cache if its file is there, else from its publisher.
   *
   * @param cache where the file stays
   * @return the network; the caller closes it
   * @throws camlab.download.DownloadException if it cannot be had; the message says which file to
   *     put where
   * @throws camlab.weights.WeightsException if the file holds the weights of no known plan
   */
  public LayeredNetwork load(Cache cache) {
    Path weightsFile = cache.fetch(file);
    StateDict weights = StateDict.read(weightsFile);
    return Network.of(
        Plans.recognise(weights, weightsFile),
        weights,
        ImageNet.classes().as(meaning),
        preprocessing);
  }
}
