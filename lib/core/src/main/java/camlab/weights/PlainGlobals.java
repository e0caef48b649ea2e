package camlab.weights;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names of what training scripts keep beside the weights: settings, dates, paths, counters. In
 * Python, too, making one of these runs no code of the file's; here it makes an {@link Opaque}.
 */
final class PlainGlobals {

  private static final String OLD_BUILTINS = "__builtin__.";

  private static final Set<String> NAMES =
      Set.of(
          "builtins.set",
          "builtins.frozenset",
          "builtins.bytes",
          "builtins.bytearray",
          "builtins.complex",
          "builtins.slice",
          "builtins.range",
          "builtins.Ellipsis",
          "builtins.NotImplemented",
          "builtins.object",
          "builtins.str",
          "builtins.int",
          "builtins.float",
          "builtins.bool",
          "builtins.list",
          "builtins.tuple",
          "builtins.dict",
          "_codecs.encode", // how protocol 2 writes bytes
          "argparse.Namespace",
          "types.SimpleNamespace",
          "typing.Any",
          "datetime.datetime",
          "datetime.date",
          "datetime.time",
          "datetime.timedelta",
          "datetime.timezone",
          "decimal.Decimal",
          "fractions.Fraction",
          "uuid.UUID",
          "numpy.dtype",
          "numpy.ndarray",
          "numpy.core.multiarray.scalar",
          "numpy.core.multiarray._reconstruct",
          "numpy._core.multiarray.scalar",
          "numpy._core.multiarray._reconstruct",
          "torch.Tensor",
          "torch.nn.parameter.Parameter",
          "torch.nn.parameter.Buffer",
          "torch.torch_version.TorchVersion",
          "torch.serialization._get_layout");

  /** Packages of settings and of Lightning's callbacks, whose classes have many names. */
  private static final List<String> PACKAGES =
      List.of(
          "omegaconf.",
          "pytorch_lightning.callbacks.",
          "lightning.pytorch.callbacks.",
          "pathlib.",
          "numpy.dtypes.");

  /** Dictionaries by another name: what they hold is read as a dictionary's. */
  private static final Set<String> DICTIONARIES =
      Set.of(
          "builtins.dict",
          "collections.defaultdict",
          "collections.Counter",
          "pytorch_lightning.utilities.parsing.AttributeDict",
          "lightning.pytorch.utilities.parsing.AttributeDict",
          "lightning_fabric.utilities.data.AttributeDict",
          "lightning.fabric.utilities.data.AttributeDict",
          "easydict.EasyDict",
          "addict.addict.Dict",
          "box.box.Box",
          "munch.Munch",
          "ml_collections.config_dict.config_dict.ConfigDict");

  private PlainGlobals() {}

  /** What protocols before 3 write, whatever Python does: the names of Python 2. */
  private static final Map<String, String> RENAMED =
      Map.of("xrange", "range", "unicode", "str", "long", "int");

  /** Python 2's name of one of the builtins is replaced by Python 3's. */
  static String modern(String name) {
    if (!name.startsWith(OLD_BUILTINS)) {
      return name;
    }
    String builtin = name.substring(OLD_BUILTINS.length());
    return "builtins." + RENAMED.getOrDefault(builtin, builtin);
  }

  static boolean isPlain(String name) {
    return NAMES.contains(name) || PACKAGES.stream().anyMatch(name::startsWith);
  }

  static boolean isDictionary(String name) {
    return DICTIONARIES.contains(name);
  }
}
