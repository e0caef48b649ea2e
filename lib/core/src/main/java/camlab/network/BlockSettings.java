package camlab.network;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The settings of a block that its weights do not show, such as a convolution's stride, as a text
 * that tells two networks apart. DJL shows few of them, so they are read from the fields.
 */
final class BlockSettings {

  /** Of DJL's own blocks; the other fields follow from the weights, or are for training. */
  private static final Set<String> OF_DJL =
      Set.of("stride", "padding", "outPadding", "dilation", "groups", "epsilon", "lambda");

  private BlockSettings() {}

  /**
   * {@return a block's settings, empty if it has none: of DJL's blocks those that the output
   * depends on, of blocks and functions of one's own the numbers and texts that they hold for good}
   * What their code does is not seen, nor what a module does not open, such as Java's own of two
   * functions joined by {@code andThen}.
   *
   * @param block any block
   */
  static String of(Block block) {
    return text(block);
  }

  /** The settings of a block, or of a function that one holds. */
  private static String text(Object owner) {
    List<Field> fields = new ArrayList<>();
    Class<?> type = owner.getClass();
    while (type != null && type != AbstractBlock.class && type != Object.class) {
      Arrays.stream(type.getDeclaredFields()).filter(BlockSettings::counts).forEach(fields::add);
      type = type.getSuperclass();
    }
    // The order in which a class gives its fields is not defined.
    fields.sort(Comparator.comparing(Field::getName));
    return fields.stream()
        .filter(AccessibleObject::trySetAccessible) // not those of a module that keeps its own
        .map(field -> setting(field, owner))
        .filter(setting -> !setting.isEmpty())
        .collect(Collectors.joining(", "));
  }

  /** What may change while a block is used is no setting. */
  private static boolean counts(Field field) {
    int modifiers = field.getModifiers();
    return !Modifier.isStatic(modifiers)
        && (Modifier.isFinal(modifiers) || OF_DJL.contains(field.getName()));
  }

  private static String setting(Field field, Object owner) {
    Object value;
    try {
      value = field.get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(field + " was made accessible.", e);
    }
    if (value instanceof Number
        || value instanceof Boolean
        || value instanceof CharSequence
        || value instanceof Enum<?>
        || value instanceof Shape) {
      return field.getName() + "=" + value;
    }
    // What a function has taken from where it was written are its fields.
    if (value instanceof Function<?, ?>) {
      return text(value);
    }
    return "";
  }
}
