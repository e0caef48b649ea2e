package camlab.weights;

import camlab.file.Places;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The format of {@code torch.save} since PyTorch 1.6: an uncompressed zip with {@code
 * NAME/data.pkl}, which describes the tensors, {@code NAME/data/KEY} for each storage, and {@code
 * NAME/byteorder}. Source: PyTorch's {@code torch/serialization.py} and {@code
 * caffe2/serialize/inline_container.h}.
 */
final class PyTorchZip {

  static final String PICKLE = "/data.pkl";

  private PyTorchZip() {}

  static Checkpoint read(WeightsFile file, String part) {
    Places.requireOnDisk(file.path(), WeightsException::new);
    try (ZipFile zip = new ZipFile(file.path().toFile())) {
      String folder = folder(file, zip);
      ZipEntry pickle = stored(file, zip, folder + PICKLE);
      if (pickle.getSize() > TensorUnpickler.MAX_BYTES) {
        throw file.problem(
            String.format(
                Locale.ROOT,
                "the description of its tensors has %,d bytes; at most %,d are read. Save the plain state_dict: torch.save(model.state_dict(), …).",
                pickle.getSize(),
                TensorUnpickler.MAX_BYTES));
      }
      ByteOrder order = byteOrder(file, zip, folder);
      Object root = unpickled(file, zip, pickle, false);
      return Checkpoint.of(
          new Checkpoint.Bytes(file, order, storage -> storage(file, zip, folder, storage)),
          root,
          part);
    } catch (IOException | IllegalArgumentException e) {
      // ZipFile reports names that are not UTF-8 as an IllegalArgumentException.
      throw file.damaged(e);
    }
  }

  /**
   * What a pickle in the zip describes, of no more than {@link TensorUnpickler#MAX_BYTES}.
   *
   * @param ofProgram whether classes may be those of a program's own code
   */
  static Object unpickled(WeightsFile file, ZipFile zip, ZipEntry pickle, boolean ofProgram)
      throws IOException {
    byte[] content;
    try (InputStream bytes = zip.getInputStream(pickle)) {
      content = bytes.readNBytes((int) pickle.getSize());
    }
    PickleInput input = new PickleInput(new ByteArrayInputStream(content), content.length);
    return new TensorUnpickler(file, input, ofProgram).next();
  }

  static String folder(WeightsFile file, ZipFile zip) {
    List<String> names = zip.stream().map(ZipEntry::getName).toList();
    if (names.stream().anyMatch(PyTorchZip::isProgram)) {
      throw file.problem(
          "this is a TorchScript program (it holds code), not a state_dict. Open it as a"
              + " TorchScript network, or save its weights in Python:"
              + " torch.save(torch.jit.load(file).state_dict(), \"weights.pth\").");
    }
    return names.stream()
        .filter(
            name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
        .findFirst()
        .map(name -> name.substring(0, name.length() - PICKLE.length()))
        .orElseThrow(
            () ->
                file.problem(
                    "this zip is not from torch.save: expected NAME/data.pkl, found %s. If it is an archive of a weights file, unpack it first."
                        .formatted(
                            names.isEmpty()
                                ? "nothing"
                                : Messages.shown(
                                    String.join(
                                        ", ", names.subList(0, Math.min(4, names.size())))))));
  }

  private static boolean isProgram(String name) {
    return name.contains("/code/") || name.endsWith("/constants.pkl");
  }

  static ByteOrder byteOrder(WeightsFile file, ZipFile zip, String folder) throws IOException {
    ZipEntry entry = zip.getEntry(folder + "/byteorder");
    if (entry == null) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    try (InputStream bytes = zip.getInputStream(entry)) {
      String order = new String(bytes.readNBytes(16), StandardCharsets.UTF_8);
      return switch (order) {
        case "little" -> ByteOrder.LITTLE_ENDIAN;
        case "big" -> ByteOrder.BIG_ENDIAN;
        default ->
            throw file.problem(
                "its byte order is \"%s\"; expected \"little\" or \"big\". Download or save it again."
                    .formatted(Messages.shown(order)));
      };
    }
  }

  private static Storage storage(
      WeightsFile file, ZipFile zip, String folder, PickledStorage described) {
    String name = folder + "/data/" + described.key();
    ZipEntry entry = stored(file, zip, name);
    long count = entry.getSize() / described.type().bytes();
    if (count < described.rootCount()) {
      throw file.problem(
          String.format(
              Locale.ROOT,
              "the file is damaged or incomplete: storage %s has room for %,d elements and should have %,d. Download or save it again.",
              Messages.shown(described.key()),
              count,
              described.rootCount()));
    }
    return position -> open(file, name, position);
  }

  /**
   * An entry that is there and not compressed. PyTorch never compresses; a stored entry cannot
   * declare more bytes than the file has, so no declared size can ask for more memory than that.
   */
  static ZipEntry stored(WeightsFile file, ZipFile zip, String name) {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw file.problem(
          "the file is damaged or incomplete: it lacks %s. Download or save it again."
              .formatted(Messages.shown(name)));
    }
    if (entry.getMethod() != ZipEntry.STORED
        || entry.getSize() != entry.getCompressedSize()
        || entry.getSize() > file.length()) {
      throw file.problem(
          "%s is compressed or declares a wrong size; torch.save stores it as it is. Unpacking and zipping again spoils the file: take the original."
              .formatted(Messages.shown(name)));
    }
    return entry;
  }

  /** Opens the zip for one storage; closing the stream closes the zip. */
  static InputStream open(WeightsFile file, String name, long position) throws IOException {
    ZipFile zip = new ZipFile(file.path().toFile());
    try {
      InputStream bytes = zip.getInputStream(zip.getEntry(name));
      bytes.skipNBytes(position);
      return new FilterInputStream(bytes) {
        @Override
        public void close() throws IOException {
          zip.close();
        }
      };
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }
}
