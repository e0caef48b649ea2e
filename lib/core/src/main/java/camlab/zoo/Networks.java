package camlab.zoo;

import camlab.file.Places;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.Stated;
import camlab.network.export.ExportedProgram;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Preprocessing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A network from whatever file it is in, told apart by what is in it: names of files are often
 * wrong.
 *
 * <pre>{@code
 * try (Network network =
 *     Networks.load(Path.of("model.pt2"), Classes.of("cat", "dog"), Preprocessing.IMAGENET)) { … }
 * }</pre>
 */
public final class Networks {

  private static final int HEAD_BYTES = 256;

  private Networks() {}

  /**
   * Loads a network.
   *
   * @param file a file of {@code torch.export.save} or of {@code torch.jit.save}
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @return the network; the caller closes it
   * @throws IllegalArgumentException if the file holds no program; the message says what it holds
   *     instead, and what to call
   * @throws RuntimeException as {@link ExportedProgram#load} and {@link TorchScript#load} say
   */
  public static Network load(Path file, Classes classes, Preprocessing preprocessing) {
    return load(file, classes, preprocessing, Stated.NOTHING);
  }

  /**
   * Loads a network of which more is stated. See {@link #load(Path, Classes, Preprocessing)}.
   *
   * @param file a file of {@code torch.export.save} or of {@code torch.jit.save}
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @param stated what the file does not show
   * @return the network; the caller closes it
   */
  public static Network load(
      Path file, Classes classes, Preprocessing preprocessing, Stated stated) {
    Places.requireFile(
        file, "a file of torch.export.save or torch.jit.save", IllegalArgumentException::new);
    String head = head(file);
    if (head.startsWith("PK\u0003\u0004")) {
      List<String> names = names(file);
      if (names.stream().anyMatch(name -> name.contains("/code/"))) {
        return TorchScript.load(file, classes, preprocessing, stated);
      }
      if (names.stream().anyMatch(name -> name.endsWith("/data.pkl"))
          && names.stream().noneMatch(name -> name.endsWith(".json"))) {
        throw weights(file);
      }
      // It says what is wrong with any other zip.
      return ExportedProgram.load(file, classes, preprocessing, stated);
    }
    if (head.startsWith("\u0080") || (head.length() > 8 && head.charAt(8) == '{')) {
      throw weights(file);
    }
    if (isOnnx(head)) {
      throw problem(
          file,
          "this is an ONNX file, in which no layer can be hooked",
          "Save the network with torch.export.save instead; or run it with DJL's ONNX Runtime engine and camlab.djl.DjlPredictor, for methods that only ask");
    }
    throw problem(
        file,
        "expected a file of torch.export.save or torch.jit.save, found neither",
        "Check the name, or save the network again");
  }

  private static IllegalArgumentException weights(Path file) {
    return problem(
        file,
        "it holds weights, and no program that computes with them",
        "Say which network they are of: Network.load(AlexNet.torchvision(1000), file, classes, preprocessing); or save the whole in Python: torch.export.save(torch.export.export(model.eval(), (picture,)), \"model.pt2\")");
  }

  private static IllegalArgumentException problem(Path file, String found, String advice) {
    return new IllegalArgumentException("%s: %s. %s.".formatted(file, found, advice));
  }

  /** The version of the format, then the producer, the graph or the operators. */
  private static boolean isOnnx(String head) {
    return head.length() > 2
        && head.charAt(0) == '\b'
        && head.charAt(1) < ' '
        && "\u0012:B".indexOf(head.charAt(2)) >= 0;
  }

  private static String head(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      return new String(bytes.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalArgumentException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  private static List<String> names(Path file) {
    Places.requireOnDisk(file, IllegalArgumentException::new);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream().map(ZipEntry::getName).toList();
    } catch (IOException | IllegalArgumentException e) {
      // ZipFile reports names that are not UTF-8 as an IllegalArgumentException.
      throw new IllegalArgumentException(
          "%s is damaged or incomplete: it cannot be read as a zip (%s). Save or download it again."
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
