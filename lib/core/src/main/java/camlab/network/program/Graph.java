package camlab.network.program;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an exported program computes: a list of calls of operators, in the order they run. Every
 * value has a name of its own and is made once.
 *
 * @param inputs what goes in, in order
 * @param nodes the calls
 * @param outputs the names or literals that come out, in order
 * @param sizes the lengths of tensors by their names, where they are fixed; -1 where they are not
 * @param types the types of their numbers by their names, as PyTorch writes them, such as {@code
 *     Float}; only those that are known
 */
public record Graph(
    List<Input> inputs,
    List<Node> nodes,
    List<Argument> outputs,
    Map<String, List<Long>> sizes,
    Map<String, String> types) {

  /**
   * Copies the lists.
   *
   * @param inputs what goes in
   * @param nodes the calls
   * @param outputs what comes out
   * @param sizes the lengths of tensors by their names
   * @param types the types of their numbers by their names
   */
  public Graph {
    inputs = List.copyOf(inputs);
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
    sizes = Map.copyOf(sizes);
    types = Map.copyOf(types);
  }

  /** Where the value of an input comes from. */
  public enum Origin {
    /** Whoever runs the program gives it. */
    USER,
    /** A trained tensor, by its name in the state dictionary. */
    PARAMETER,
    /** A tensor that is kept and not trained, by its name in the state dictionary. */
    BUFFER,
    /** A tensor among the program's constants, by its name there. */
    CONSTANT
  }

  /**
   * An input.
   *
   * @param name the value's name; empty for one that was given as a literal and is not used
   * @param origin where it comes from
   * @param source its name there
   * @param type the TorchScript type of what a user gives
   */
  public record Input(String name, Origin origin, String source, String type) {}

  /**
   * A call of an operator.
   *
   * @param target the operator's full name, such as {@code torch.ops.aten.conv2d.default}
   * @param arguments what it is called with
   * @param results what it returns, in order
   * @param calls the calls of modules it belongs to, the outermost first; empty if that is unknown
   */
  public record Node(
      String target, List<Named> arguments, List<Result> results, List<ModuleCall> calls) {

    /**
     * Copies the lists.
     *
     * @param target the operator's full name
     * @param arguments what it is called with
     * @param results what it returns
     * @param calls the calls of modules it belongs to
     */
    public Node {
      arguments = List.copyOf(arguments);
      results = List.copyOf(results);
      calls = List.copyOf(calls);
    }

    /** {@return the names of the values it is called with, those in lists, too} */
    public Stream<String> values() {
      return arguments.stream()
          .map(Named::value)
          .flatMap(
              argument ->
                  argument instanceof Several several
                      ? several.elements().stream()
                      : Stream.of(argument))
          .filter(Value.class::isInstance)
          .map(value -> ((Value) value).name());
    }

    /**
     * {@return the argument of a name}
     *
     * @param name its name in the operator's schema
     */
    public Optional<Argument> argument(String name) {
      return arguments.stream()
          .filter(argument -> argument.name().equals(name))
          .map(Named::value)
          .findFirst();
    }

    /**
     * {@return the text of an argument that is a number, a truth value, …; empty for any other}
     *
     * @param name its name in the operator's schema
     */
    public Optional<String> literal(String name) {
      return argument(name)
          .filter(Literal.class::isInstance)
          .map(value -> ((Literal) value).text());
    }
  }

  /**
   * An argument with its name in the operator's schema.
   *
   * @param name the name
   * @param value the argument
   * @param positional whether it is given by its place; unknown in files of PyTorch 2.5 and before
   */
  public record Named(String name, Argument value, Optional<Boolean> positional) {

    /**
     * {@return one that is given by its place}
     *
     * @param name its name
     * @param value the argument
     */
    public static Named placed(String name, Argument value) {
      return new Named(name, value, Optional.of(true));
    }
  }

  /** What an operator is called with. */
  public sealed interface Argument {}

  /**
   * A value that was made before.
   *
   * @param name its name
   */
  public record Value(String name) implements Argument {}

  /**
   * A number, a text, a type, a device, …, as TorchScript writes it.
   *
   * @param text how it writes it
   */
  public record Literal(String text) implements Argument {}

  /**
   * A list.
   *
   * @param elements what is in it
   * @param type the TorchScript type of an element
   */
  public record Several(List<Argument> elements, String type) implements Argument {

    /**
     * Copies the list.
     *
     * @param elements what is in it
     * @param type the TorchScript type of an element
     */
    public Several {
      elements = List.copyOf(elements);
    }
  }

  /**
   * A program that an operator of higher order runs.
   *
   * @param graph the program
   */
  public record Inner(Graph graph) implements Argument {}

  /**
   * What has no meaning here, such as an object of Python.
   *
   * @param kind what it is
   */
  public record Unknown(String kind) implements Argument {}

  /** What an operator returns. */
  public sealed interface Result {}

  /**
   * One value.
   *
   * @param name its name; empty if nobody asks for it
   * @param tensor whether it is a tensor, and not a number
   */
  public record One(String name, boolean tensor) implements Result {}

  /**
   * A list of tensors.
   *
   * @param names their names
   */
  public record Parts(List<String> names) implements Result {

    /**
     * Copies the list.
     *
     * @param names their names
     */
    public Parts {
      names = List.copyOf(names);
    }
  }

  /**
   * The call of a module.
   *
   * @param key tells two calls of one module apart, in files of newer versions
   * @param path the module's dotted name; empty for the whole
   * @param type the full name of its class
   */
  public record ModuleCall(String key, String path, String type) {}
}
