package camlab.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The formats that are read, told apart by content: names of files are often wrong. */
enum FileFormat {
  PYTORCH_ZIP,
  PYTORCH_LEGACY,
  SAFETENSORS,

  /** JSON, in which an index of weights in several files is written. */
  JSON;

  private static final int HEAD_BYTES = 512;
  private static final int PICKLE_PROTO = 0x80;

  /** Where the first header of a tar archive says that it is one. */
  private static final int TAR_NAME = 257;

  /**
   * The format of a file.
   *
   * @throws WeightsException if it is none of them; says what it seems to be instead
   */
  static FileFormat of(WeightsFile file) {
    byte[] head;
    try (InputStream stream = file.open(0)) {
      head = stream.readNBytes(HEAD_BYTES);
    } catch (IOException e) {
      throw file.damaged(e);
    }
    // A safetensors file starts with a length, whose bytes can look like anything; the ninth byte
    // cannot: in a zip it is a compression method, in PyTorch's legacy format part of a number.
    if (head.length > 8 && head[8] == '{') {
      return SAFETENSORS;
    }
    if (startsWith(head, "PK\u0003\u0004")) {
      return PYTORCH_ZIP;
    }
    if ((head[0] & 0xff) == PICKLE_PROTO) {
      return PYTORCH_LEGACY;
    }
    if (new String(head, StandardCharsets.UTF_8).strip().startsWith("{") && isText(head)) {
      return JSON;
    }
    throw file.problem(
        "expected weights from torch.save or in safetensors; found %s.".formatted(guess(head)));
  }

  private static String guess(byte[] head) {
    String text = new String(head, StandardCharsets.UTF_8).strip().toLowerCase(Locale.ROOT);
    if (text.startsWith("<!doctype") || text.startsWith("<html")) {
      return "a web page. The server sent a page instead of the file, perhaps an error or a log-in:"
          + " open the address in a browser and download the file itself";
    } else if (text.startsWith("version https://git-lfs")) {
      return "a Git LFS pointer instead of the file. Run \"git lfs pull\"";
    } else if (head.length > 1 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b) {
      return "a gzip archive. Unpack it first";
    } else if (new String(head, StandardCharsets.ISO_8859_1).startsWith("ustar", TAR_NAME)) {
      return "a tar archive. Unpack it first";
    } else if (text.startsWith("\ufffdhdf")) {
      return "an HDF5 file, as Keras writes it. Convert it to safetensors in Python";
    } else if (isText(head)) {
      return "a text file. Check the name, or download the weights again";
    }
    return "an unknown format. Check the name, or download the weights again";
  }

  private static boolean isText(byte[] head) {
    for (byte b : head) {
      if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWith(byte[] head, String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      if (i >= head.length || head[i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
