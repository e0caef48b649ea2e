package camlab.network;

import camlab.TestFiles;
import java.nio.file.Path;

/** The files of people who do this job, made again with random weights: see the README there. */
public final class CaseFiles {

  private CaseFiles() {}

  /** The path of one of them, such as {@code arguments/optional.pt}. */
  public static Path path(String name) {
    return TestFiles.path("cases/" + name);
  }
}
