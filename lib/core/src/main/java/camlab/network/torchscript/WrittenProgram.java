package camlab.network.torchscript;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript program that was made here and lies in no file yet.
 *
 * @param root the full name of the network's class
 * @param code the text of every code file, by its name in the zip
 * @param contents everything else
 */
public record WrittenProgram(String root, Map<String, String> code, Contents contents) {

  /** The folder everything in the zip lies in. */
  public static final String FOLDER = "program";

  /**
   * Copies the code, and keeps its order.
   *
   * @param root the full name of the network's class
   * @param code the text of every code file, by its name in the zip
   * @param contents everything else
   */
  public WrittenProgram {
    code = Collections.unmodifiableMap(new LinkedHashMap<>(code));
  }

  /** What of a program's zip is no code. */
  public interface Contents {

    /**
     * {@return the bytes of a file that says which objects there are; none if there is no such
     * file}
     *
     * @param name its name in the zip
     * @throws IOException if they cannot be read
     */
    byte[] bytes(String name) throws IOException;

    /**
     * Writes the files.
     *
     * @param zip where to
     * @param wanted whether a file is to be written, by its name in the zip
     * @throws IOException if they cannot be read or written
     */
    void write(ZipOutputStream zip, Predicate<String> wanted) throws IOException;
  }
}
