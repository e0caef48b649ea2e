package camlab.network.torchscript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an expression of a program stands for, as far as it is known before anything runs. */
sealed interface Known {

  /** What stands for a number, a truth value or a text that is not known. */
  Plain UNKNOWN = new Plain("?");

  /** The device, and its name: on any other one, places are where they are on this one. */
  Plain DEVICE = new Plain("\"cpu\"");

  /** Nothing. */
  Plain NONE = new Plain("None");

  /** Whole numbers up to here are exact as double precision has them. */
  double EXACT = 1L << 53;

  /** A tensor, by the name it has among the calls. */
  record Tensor(String name) implements Known {}

  /** A whole number. */
  record Whole(long value) implements Known {}

  /** A number with a fraction. */
  record Decimal(double value) implements Known {}

  /** A text, a truth value, … as the program writes it. */
  record Plain(String text) implements Known {

    /** {@return whether it is a text of which every character is known} */
    boolean isText() {
      return text.startsWith("\"") && text.indexOf('\\') < 0;
    }
  }

  /** A list or a tuple; of a list all that have it see what is added to it. */
  record Items(List<Known> elements) implements Known {

    /** A list of its own. */
    public Items {
      elements = new ArrayList<>(elements);
    }
  }

  /** A dictionary; all that have it see what is put into it. */
  record Table(Map<Known, Known> entries) implements Known {

    /** A dictionary of its own. */
    public Table {
      entries = new HashMap<>(entries);
    }
  }

  /** A module or what belongs to one, by the attributes that lead to it. */
  record Attribute(String path) implements Known {}

  /** A function of the program itself, by its full name. */
  record Function(String name) implements Known {}

  /** {@return true or false, as a program writes them} */
  static Known truth(boolean value) {
    return new Plain(value ? "True" : "False");
  }

  /** {@return a number; one that is not known if double precision does not have it} */
  static Known number(double value) {
    if (Double.isNaN(value) || Math.abs(value) > EXACT) {
      return UNKNOWN;
    }
    return value == Math.rint(value) ? new Whole((long) value) : new Decimal(value);
  }

  /** {@return what a value of a file stands for that holds no others} */
  static Known plain(Object value) {
    if (value == null) {
      return NONE;
    }
    if (value instanceof Boolean truth) {
      return truth(truth);
    }
    if (value instanceof Integer || value instanceof Long) {
      return new Whole(((Number) value).longValue());
    }
    if (value instanceof Double number) {
      return number(number);
    }
    if (value instanceof String text) {
      return text.contains("\"") || text.contains("\\") ? UNKNOWN : new Plain('"' + text + '"');
    }
    return UNKNOWN;
  }
}
