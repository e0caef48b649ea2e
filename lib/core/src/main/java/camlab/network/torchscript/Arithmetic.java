package camlab.network.torchscript;

import camlab.network.torchscript.Known.Decimal;
import camlab.network.torchscript.Known.Items;
import camlab.network.torchscript.Known.Plain;
import camlab.network.torchscript.Known.Table;
import camlab.network.torchscript.Known.Tensor;
import camlab.network.torchscript.Known.Whole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a program computes of numbers, truth values, texts and lists: lengths, and what it decides
 * by them. What comes of something that is not known is not known.
 */
final class Arithmetic {

  /** What computes one number of others. */
  private static final Set<String> NUMBERS =
      Set.of(
          "abs",
          "add",
          "ceil",
          "clamp",
          "clamp_max",
          "clamp_min",
          "div",
          "exp",
          "floor",
          "floor_divide",
          "floordiv",
          "log",
          "max",
          "maximum",
          "min",
          "minimum",
          "mul",
          "neg",
          "pow",
          "reciprocal",
          "remainder",
          "round",
          "rsqrt",
          "rsub",
          "sqrt",
          "sub",
          "to",
          "trunc");

  private static final Set<String> COMPARISONS = Set.of("eq", "ne", "lt", "le", "gt", "ge");

  /** What changes a list or a dictionary. */
  private static final Set<String> CHANGES =
      Set.of(
          "Delete",
          "_set_item",
          "append",
          "clear",
          "extend",
          "insert",
          "pop",
          "popitem",
          "remove",
          "reverse",
          "setdefault",
          "update");

  /** A list that becomes longer was made to exhaust its reader. */
  private static final int LONGEST_LIST = 10_000;

  /** PyTorch's numbers of its types. */
  private static final int INT32 = 3;

  private static final int INT64 = 4;

  private static final Plain TRUE = new Plain("True");
  private static final Plain FALSE = new Plain("False");

  private Arithmetic() {}

  /** {@return whether it is a number, or one that is not known} */
  static boolean isNumber(Known value) {
    return value instanceof Whole || value instanceof Decimal || value.equals(Known.UNKNOWN);
  }

  /**
   * {@return whether a call changes a list or a dictionary}
   *
   * @param function such as {@code torch.append}
   */
  static boolean isChange(String function) {
    return CHANGES.contains(function.substring(function.lastIndexOf('.') + 1));
  }

  /** {@return whether something holds; empty if that is not known} */
  static Optional<Boolean> holds(Known value) {
    if (value.equals(TRUE) || value.equals(FALSE)) {
      return Optional.of(value.equals(TRUE));
    }
    return value instanceof Whole whole ? Optional.of(whole.value() != 0) : Optional.empty();
  }

  /**
   * {@return what comes of a call; empty if it is none of those that are known here}
   *
   * @param function such as {@code torch.add}
   * @param placed what it is called with
   * @param named what it is called with by name
   */
  static Optional<Known> of(String function, List<Known> placed, Map<String, Known> named) {
    String name = function.substring(function.lastIndexOf('.') + 1);
    if (function.startsWith("torch.__") || function.equals("bool")) {
      return Optional.of(logic(name, placed));
    }
    if (placed.get(0) instanceof Table table && name.equals("_set_item") && placed.size() == 3) {
      return changed(table, placed.get(1), placed.get(2));
    }
    if (placed.get(0) instanceof Items items) {
      return ofList(name, items, placed);
    }
    if (areNumbers(placed) && NUMBERS.contains(name)) {
      return Optional.of(number(name, placed, named));
    }
    return !holdTensors(placed) && COMPARISONS.contains(name) && placed.size() == 2
        ? Optional.of(compared(name, placed.get(0), placed.get(1)))
        : Optional.empty();
  }

  private static Known logic(String name, List<Known> placed) {
    Known one = placed.get(0);
    Known other = placed.get(placed.size() - 1);
    return switch (name) {
      case "bool" -> truth(holds(one));
      case "__not__" -> truth(holds(one).map(holds -> !holds));
      case "__is__" -> truth(isSame(one, other));
      case "__isnot__" -> truth(isSame(one, other).map(same -> !same));
      case "__and__" -> all(placed);
      case "__or__" -> any(placed);
      case "__contains__" ->
          any(among(one).stream().map(each -> compared("eq", each, other)).toList());
      default -> Known.UNKNOWN;
    };
  }

  /** What a list or the keys of a dictionary hold. */
  private static Collection<Known> among(Known all) {
    if (all instanceof Items items) {
      return items.elements();
    }
    return all instanceof Table table ? table.entries().keySet() : List.of(Known.UNKNOWN);
  }

  private static Known truth(Optional<Boolean> value) {
    return value.map(Known::truth).orElse(Known.UNKNOWN);
  }

  /** Two names may stand for one tensor, but one name for no two. */
  private static Optional<Boolean> isSame(Known one, Known other) {
    if (one instanceof Tensor && one.equals(other)) {
      return Optional.of(true);
    }
    return one.equals(Known.UNKNOWN) || !other.equals(Known.NONE)
        ? Optional.empty()
        : Optional.of(one.equals(Known.NONE));
  }

  private static Known all(List<Known> values) {
    List<Optional<Boolean>> each = values.stream().map(Arithmetic::holds).toList();
    return each.contains(Optional.of(false))
        ? FALSE
        : each.contains(Optional.<Boolean>empty()) ? Known.UNKNOWN : TRUE;
  }

  private static Known any(List<Known> values) {
    List<Optional<Boolean>> each = values.stream().map(Arithmetic::holds).toList();
    return each.contains(Optional.of(true))
        ? TRUE
        : each.contains(Optional.<Boolean>empty()) ? Known.UNKNOWN : FALSE;
  }

  private static Known compared(String name, Known one, Known other) {
    boolean known = !one.equals(Known.UNKNOWN) && !other.equals(Known.UNKNOWN);
    if (known && isNumber(one) && isNumber(other)) {
      int order = Double.compare(value(one), value(other));
      return Known.truth(
          switch (name) {
            case "eq" -> order == 0;
            case "ne" -> order != 0;
            case "lt" -> order < 0;
            case "le" -> order <= 0;
            case "gt" -> order > 0;
            default -> order >= 0;
          });
    }
    boolean equality = name.equals("eq") || name.equals("ne");
    if (!known || !equality || !(one instanceof Plain a) || !(other instanceof Plain b)) {
      return Known.UNKNOWN;
    }
    boolean texts =
        (a.isText() || !a.text().startsWith("\"")) && (b.isText() || !b.text().startsWith("\""));
    return texts ? Known.truth(a.equals(b) == name.equals("eq")) : Known.UNKNOWN;
  }

  // Dictionaries and lists

  /** Under a key that is not known something else may be found afterwards under any other. */
  private static Optional<Known> changed(Table table, Known key, Known value) {
    if (!isKey(key)) {
      return Optional.empty();
    }
    table.entries().put(key, value);
    return Optional.of(table);
  }

  /** {@return whether it is known which key of a dictionary something is} */
  static boolean isKey(Known key) {
    return compared("eq", key, key).equals(TRUE);
  }

  private static Optional<Known> ofList(String name, Items list, List<Known> placed) {
    List<Known> elements = list.elements();
    Known second = argument(placed, 1);
    return switch (name) {
      case "append" -> extended(list, List.of(second));
      case "extend" ->
          second instanceof Items more ? extended(list, more.elements()) : Optional.empty();
      case "_set_item" -> replaced(elements, placed).map(changed -> list);
      case "copy", "list" -> Optional.of(new Items(elements));
      case "slice" -> sliced(elements, placed);
      case "add" ->
          second instanceof Items more
              ? extended(new Items(elements), more.elements())
              : Optional.empty();
      case "mul" -> repeated(elements, second);
      case "eq", "ne" -> Optional.of(equal(elements, second, name.equals("eq")));
      case "any" -> holdTensors(elements) ? Optional.empty() : Optional.of(any(elements));
      case "all" -> holdTensors(elements) ? Optional.empty() : Optional.of(all(elements));
      case "sum" -> areNumbers(elements) ? Optional.of(folded("add", elements)) : Optional.empty();
      case "min", "max" ->
          areNumbers(elements) && !elements.isEmpty()
              ? Optional.of(folded(name, elements))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static boolean areNumbers(List<Known> values) {
    return values.stream().allMatch(Arithmetic::isNumber);
  }

  private static boolean holdTensors(List<Known> values) {
    return values.stream().anyMatch(Tensor.class::isInstance);
  }

  /** Lists are not put into lists: one might come to hold itself. */
  private static Optional<Known> extended(Items list, List<Known> more) {
    boolean nested = more.stream().anyMatch(Items.class::isInstance);
    if (nested || list.elements().size() + more.size() > LONGEST_LIST) {
      return Optional.empty();
    }
    list.elements().addAll(List.copyOf(more));
    return Optional.of(list);
  }

  private static Optional<Known> replaced(List<Known> elements, List<Known> placed) {
    if (placed.size() != 3 || placed.get(2) instanceof Items) {
      return Optional.empty();
    }
    return index(placed.get(1), elements.size()).map(index -> elements.set(index, placed.get(2)));
  }

  /** {@return a place in a list, which is counted from the end if it is negative} */
  static Optional<Integer> index(Known place, int size) {
    if (!(place instanceof Whole whole)) {
      return Optional.empty();
    }
    long index = whole.value() < 0 ? whole.value() + size : whole.value();
    return index >= 0 && index < size ? Optional.of((int) index) : Optional.empty();
  }

  private static Optional<Known> sliced(List<Known> elements, List<Known> placed) {
    int size = elements.size();
    Optional<Integer> from = place(argument(placed, 1), 0, size);
    Optional<Integer> to = place(argument(placed, 2), size, size);
    Known step = argument(placed, 3);
    boolean all = step.equals(Known.NONE) || step.equals(new Whole(1));
    if (from.isEmpty() || to.isEmpty() || !all) {
      return Optional.empty();
    }
    return Optional.of(
        new Items(from.get() < to.get() ? elements.subList(from.get(), to.get()) : List.of()));
  }

  private static Known argument(List<Known> placed, int index) {
    return index < placed.size() ? placed.get(index) : Known.NONE;
  }

  /** A place in a list as a slice names it, which may lie beyond its ends. */
  private static Optional<Integer> place(Known value, int none, int size) {
    if (value.equals(Known.NONE)) {
      return Optional.of(none);
    }
    if (!(value instanceof Whole whole)) {
      return Optional.empty();
    }
    long place = whole.value() < 0 ? whole.value() + size : whole.value();
    return Optional.of((int) Math.max(0, Math.min(size, place)));
  }

  private static Optional<Known> repeated(List<Known> elements, Known times) {
    if (!(times instanceof Whole whole)
        || whole.value() > LONGEST_LIST / Math.max(1, elements.size())) {
      return Optional.empty();
    }
    List<Known> all = new ArrayList<>();
    Collections.nCopies((int) Math.max(0, whole.value()), elements).forEach(all::addAll);
    return Optional.of(new Items(all));
  }

  private static Known equal(List<Known> elements, Known other, boolean wanted) {
    if (!(other instanceof Items items)) {
      return Known.UNKNOWN;
    }
    if (items.elements().size() != elements.size()) {
      return Known.truth(!wanted);
    }
    List<Known> each = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      each.add(compared("eq", elements.get(i), items.elements().get(i)));
    }
    return truth(holds(all(each)).map(same -> same == wanted));
  }

  private static Known folded(String name, List<Known> elements) {
    Known sum = elements.isEmpty() ? new Whole(0) : elements.get(0);
    for (Known each : elements.subList(Math.min(1, elements.size()), elements.size())) {
      sum = number(name, List.of(sum, each), Map.of());
    }
    return sum;
  }

  // Numbers

  private static Known number(String name, List<Known> placed, Map<String, Known> named) {
    if (placed.contains(Known.UNKNOWN) || named.containsKey("alpha")) {
      return Known.UNKNOWN;
    }
    double one = value(placed.get(0));
    double other = placed.size() > 1 ? value(placed.get(1)) : Double.NaN;
    String rounding = named.get("rounding_mode") instanceof Plain mode ? mode.text() : "";
    double result =
        switch (name) {
          case "add" -> one + other;
          case "sub" -> one - other;
          case "rsub" -> other - one;
          case "mul" -> one * other;
          case "div" ->
              rounding.contains("floor")
                  ? Math.floor(one / other)
                  : rounding.contains("trunc") ? (long) (one / other) : one / other;
          case "floor_divide", "floordiv" -> Math.floor(one / other);
          case "remainder" -> one - other * Math.floor(one / other);
          case "ceil" -> Math.ceil(one);
          case "floor" -> Math.floor(one);
          case "neg" -> -one;
          case "abs" -> Math.abs(one);
          case "sqrt" -> Math.sqrt(one);
          case "pow" -> Math.pow(one, other);
          case "max", "maximum", "clamp_min" -> Math.max(one, other);
          case "min", "minimum", "clamp_max" -> Math.min(one, other);
          case "to" -> other == INT32 || other == INT64 ? (long) one : Double.NaN;
          case "clamp" -> placed.size() == 2 && named.isEmpty() ? Math.max(one, other) : Double.NaN;
          default -> Double.NaN;
        };
    return Known.number(result);
  }

  private static double value(Known number) {
    return number instanceof Whole whole ? whole.value() : ((Decimal) number).value();
  }
}
