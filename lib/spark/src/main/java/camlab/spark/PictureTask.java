package camlab.spark;

import camlab.evaluation.Evaluation;
import camlab.evaluation.Subject;
import camlab.identity.Fingerprint;
import camlab.network.Network;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.PictureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * All answers of one picture, kept in a file of its own in the folder of the results. What stands
 * there is not worked out again, whichever executor had written it: so a task that is repeated, or
 * a job that is started again, does only what was not finished.
 */
final class PictureTask implements Function<ListedPicture, Answers> {

  private static final long serialVersionUID = 1L;

  private final Broadcast<LoadedOnce> loaded;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final String folder;

  PictureTask(
      Broadcast<LoadedOnce> loaded, Broadcast<SerializableConfiguration> hadoop, String folder) {
    this.loaded = loaded;
    this.hadoop = hadoop;
    this.folder = folder;
  }

  @Override
  public Answers call(ListedPicture listed) throws IOException {
    Path scratch = Files.createTempDirectory("camlab-");
    try {
      Evaluation evaluation;
      try {
        evaluation = loaded.value().evaluation(network -> subject(listed, network, scratch));
      } catch (PictureException e) {
        return Answers.unread(listed, e);
      }
      return answers(evaluation, file(listed), scratch.resolve("answers.csv"));
    } finally {
      remove(scratch);
    }
  }

  private Answers answers(Evaluation evaluation, org.apache.hadoop.fs.Path kept, Path local)
      throws IOException {
    FileSystem system = kept.getFileSystem(configuration());
    if (system.exists(kept)) {
      // Raw: without a file of checksums beside it.
      system.copyToLocalFile(false, kept, hadoop(local), true);
    }
    long before = Files.exists(local) ? Files.size(local) : 0;
    Answers answers = Answers.of(evaluation.run(local));
    if (Files.size(local) > before) {
      // Another attempt at the same picture may be doing the same.
      WholeFile.write(
          kept,
          configuration(),
          (target, part) -> target.copyFromLocalFile(false, true, hadoop(local), part));
    }
    return answers;
  }

  /** Named by what was asked for; what the picture holds is told by its identity in each row. */
  private org.apache.hadoop.fs.Path file(ListedPicture listed) {
    Fingerprint asked = new Fingerprint().add(listed.path()).add(listed.className());
    listed.masks().forEach(asked::add);
    return new org.apache.hadoop.fs.Path(folder, "pictures/%s.csv".formatted(asked.hex()));
  }

  private Subject subject(ListedPicture listed, Network network, Path scratch) {
    if (listed.className().isEmpty()) {
      Picture picture = picture(listed, scratch);
      return new Subject(listed.name(), "", () -> picture, Optional::empty).predictedBy(network);
    }
    return new Subject(
        listed.name(),
        listed.className(),
        () -> picture(listed, scratch),
        () -> mask(listed, scratch));
  }

  private Picture picture(ListedPicture listed, Path scratch) {
    return read(listed.path(), scratch, Picture::read);
  }

  private Optional<Mask> mask(ListedPicture listed, Path scratch) {
    List<Mask> masks = new ArrayList<>();
    listed.masks().forEach(path -> masks.add(read(path, scratch, Mask::read)));
    return masks.isEmpty() ? Optional.empty() : Optional.of(Mask.union(masks));
  }

  /** Reads a file where it is, if this machine has it, or else a copy. */
  private <T> T read(String path, Path scratch, java.util.function.Function<Path, T> reader) {
    org.apache.hadoop.fs.Path there = new org.apache.hadoop.fs.Path(path);
    try {
      FileSystem system = there.getFileSystem(configuration());
      if (system.getScheme().equals("file")) {
        return reader.apply(Path.of(system.makeQualified(there).toUri().getPath()));
      }
      Path copy = scratch.resolve(there.getName());
      system.copyToLocalFile(false, there, hadoop(copy), true);
      try {
        return reader.apply(copy);
      } catch (PictureException e) {
        // Nobody knows the copy.
        throw new PictureException(e.getMessage().replace(copy.toString(), path), e);
      }
    } catch (IOException e) {
      throw new PictureException(
          "%s cannot be read on this machine (%s). Is the file where every executor can read it?"
              .formatted(path, e),
          e);
    }
  }

  private Configuration configuration() {
    return hadoop.value().value();
  }

  private static org.apache.hadoop.fs.Path hadoop(Path local) {
    return new org.apache.hadoop.fs.Path(local.toUri());
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
