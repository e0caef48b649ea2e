package camlab.weights;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The format of {@code torch.save} before PyTorch 1.6, in which the published AlexNet and VGG-16
 * came: five pickles one after the other (a magic number, the protocol, facts about the machine,
 * the object, the keys of the storages), then each storage as its number of elements (8 bytes) and
 * its bytes, little-endian on every machine. Source: {@code _legacy_save} and {@code _legacy_load}
 * in PyTorch's {@code torch/serialization.py}.
 */
final class PyTorchLegacy {

  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long PROTOCOL = 1001;

  private PyTorchLegacy() {}

  static Checkpoint read(WeightsFile file, String part) {
    try (InputStream stream = new BufferedInputStream(file.open(0), 1 << 16)) {
      PickleInput input =
          new PickleInput(stream, Math.min(file.length(), TensorUnpickler.MAX_BYTES));
      TensorUnpickler unpickler = new TensorUnpickler(file, input);
      if (!MAGIC.equals(unpickler.next())) {
        throw file.problem(
            "this is a Python pickle, but not one from torch.save. Save the weights with"
                + " torch.save(model.state_dict(), …).");
      }
      Object protocol = unpickler.next();
      if (!(protocol instanceof Number number) || number.longValue() != PROTOCOL) {
        throw file.problem(
            String.format(
                Locale.ROOT,
                "it is written in another protocol than %d, the only one PyTorch ever used. Download or save it again.",
                PROTOCOL));
      }
      Object machine = unpickler.next();
      if (!(machine instanceof Map)) {
        throw file.problem("the file is damaged: its third part is not a dictionary.");
      }
      Object root = unpickler.next();
      Object keys = unpickler.next();
      Map<String, Storage> storages = storages(file, keys, unpickler.storages(), input.position());
      return Checkpoint.of(
          new Checkpoint.Bytes(
              file, ByteOrder.LITTLE_ENDIAN, described -> storage(file, storages, described)),
          root,
          part);
    } catch (IOException e) {
      throw file.damaged(e);
    }
  }

  private static Storage storage(
      WeightsFile file, Map<String, Storage> storages, PickledStorage described) {
    Storage storage = storages.get(described.key());
    if (storage == null) {
      throw file.problem(
          "the file is damaged: storage %s is missing. Download or save it again."
              .formatted(Messages.shown(described.key())));
    }
    return storage;
  }

  private static Map<String, Storage> storages(
      WeightsFile file, Object keys, Map<String, PickledStorage> described, long start)
      throws IOException {
    if (!(keys instanceof List<?> list)) {
      throw file.problem("the file is damaged: its fifth part is not a list of storages.");
    }
    Map<String, Storage> storages = new HashMap<>();
    long position = start;
    for (Object key : list) {
      PickledStorage storage = key instanceof String ? described.get(key) : null;
      if (storage == null || storages.containsKey(storage.key())) {
        throw file.problem(
            "the file is damaged: it lists a storage that no tensor uses, or twice.");
      }
      long count = storedCount(file, position);
      long bytesLeft = file.length() - position - Long.BYTES;
      if (count != storage.rootCount() || count > bytesLeft / storage.type().bytes()) {
        throw file.problem(
            String.format(
                Locale.ROOT,
                "the file is damaged or incomplete: storage %s should have %,d elements of %d bytes; it declares %,d, and %,d bytes are left. Download or save it again.",
                Messages.shown(storage.key()),
                storage.rootCount(),
                storage.type().bytes(),
                count,
                bytesLeft));
      }
      long first = position + Long.BYTES;
      storages.put(storage.key(), offset -> file.open(first + offset));
      position = first + count * storage.type().bytes();
    }
    return storages;
  }

  private static long storedCount(WeightsFile file, long position) throws IOException {
    try (DataInputStream stream = new DataInputStream(file.open(position))) {
      return Long.reverseBytes(stream.readLong());
    }
  }
}
