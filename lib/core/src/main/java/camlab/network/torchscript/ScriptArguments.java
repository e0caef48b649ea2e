package camlab.network.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.network.Constant;
import camlab.network.Fact;
import camlab.network.Stated;
import camlab.network.UnknownNameException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a program's {@code forward} is called with: the picture, and for its other parameters what
 * was stated, or what it has by default, or {@code None} where it takes that.
 *
 * <p>The picture is the first parameter that is a tensor and for which nothing was stated; where
 * there is none, the first that may be a tensor, or is a list of tensors and gets the picture as
 * its only one.
 */
final class ScriptArguments {

  /** What the picture is called in methods that are added to the program. */
  static final String PICTURE = "picture";

  /** What a tensor is by itself, what it is where it may be missing, and a list of them. */
  private static final List<String> PICTURE_TYPES =
      List.of("Tensor", "Optional[Tensor]", "List[Tensor]");

  /**
   * A parameter as the program writes it down.
   *
   * @param name its name
   * @param type its type
   * @param preset the text of its default; empty if it has none
   */
  private record Parameter(String name, String type, Optional<String> preset) {

    static Parameter of(String what, String text) {
      int colon = text.indexOf(':');
      if (colon < 0) {
        throw new TorchScriptException(
            "%s cannot be used: its forward has the parameter '%s', a form that PyTorch does not write; expected a name and a type, such as x: Tensor. Save it again with torch.jit.save."
                .formatted(what, text.strip()));
      }
      String rest = text.substring(colon + 1).strip();
      int equals = rest.indexOf('=');
      return new Parameter(
          text.substring(0, colon).strip(),
          equals < 0 ? rest : rest.substring(0, equals).strip(),
          equals < 0 ? Optional.empty() : Optional.of(rest.substring(equals + 1).strip()));
    }

    boolean mayBeMissing() {
      return type.startsWith("Optional[") || type.equals("NoneType");
    }

    /** The type of what it holds if it is not missing. */
    String held() {
      return type.startsWith("Optional[")
          ? type.substring("Optional[".length(), type.length() - 1)
          : type;
    }

    @Override
    public String toString() {
      return name + ": " + type;
    }
  }

  private final List<Parameter> parameters;
  private final Parameter picture;
  private final Map<String, Constant> stated;
  private final Map<String, Exported.Input> declared;
  private final List<String> values = new ArrayList<>();
  private final List<Constant> arrays = new ArrayList<>();

  /**
   * Finds a value for each parameter.
   *
   * @param what the program, for messages
   * @param forward its method
   * @param declared what its file says of the tensors it takes, as far as it does
   * @param stated what was stated of it
   * @throws TorchScriptException if a parameter has no value, or a stated one does not fit; the
   *     message shows how to say it
   */
  ScriptArguments(String what, ScriptMethod forward, List<Exported.Input> declared, Stated stated) {
    parameters = forward.parameters().stream().map(text -> Parameter.of(what, text)).toList();
    this.declared =
        declared.stream().collect(Collectors.toMap(Exported.Input::name, Function.identity()));
    this.stated = stated.inputs();
    Set<String> names = new LinkedHashSet<>(forward.arguments());
    for (String name : this.stated.keySet()) {
      if (!names.contains(name)) {
        throw UnknownNameException.of("parameter of " + what, name, names);
      }
    }
    picture =
        PICTURE_TYPES.stream()
            .flatMap(type -> parameters.stream().filter(parameter -> takesPicture(parameter, type)))
            .findFirst()
            .orElseThrow(
                () ->
                    new TorchScriptException(
                        "%s takes (%s): no tensor among them is left that the picture could be. A network takes a picture as a tensor. Save a module around it whose forward takes one and hands it on as this one takes it: def forward(self, x): return self.network(…), with x where the picture belongs."
                            .formatted(what, list(parameters))));
    List<Parameter> missing = new ArrayList<>();
    for (Parameter parameter : parameters) {
      Optional<String> value = value(what, parameter);
      value.ifPresentOrElse(values::add, () -> missing.add(parameter));
    }
    if (!missing.isEmpty()) {
      throw missing(what, missing);
    }
  }

  private boolean takesPicture(Parameter parameter, String type) {
    return parameter.type().equals(type) && !stated.containsKey(parameter.name());
  }

  private Optional<String> value(String what, Parameter parameter) {
    if (parameter.equals(picture)) {
      return Optional.of(parameter.type().startsWith("List") ? "[" + PICTURE + "]" : PICTURE);
    }
    Constant constant = stated.get(parameter.name());
    if (constant != null) {
      return Optional.of(literal(what, parameter, constant));
    }
    return parameter.preset().or(() -> Optional.of("None").filter(n -> parameter.mayBeMissing()));
  }

  private String literal(String what, Parameter parameter, Constant constant) {
    String type = parameter.held();
    if (constant instanceof Constant.Nothing && parameter.mayBeMissing()) {
      return "None";
    }
    if (constant instanceof Constant.Flag flag && type.equals("bool")) {
      return flag.value() ? "True" : "False";
    }
    if (constant instanceof Constant.Whole whole && (type.equals("int") || isNumber(type))) {
      return String.valueOf(whole.value());
    }
    if (constant instanceof Constant.Whole whole && type.equals("float")) {
      return decimal((double) whole.value());
    }
    if (constant instanceof Constant.Real real
        && Double.isFinite(real.value())
        && (type.equals("float") || isNumber(type))) {
      return decimal(real.value());
    }
    if (type.equals("Tensor") && !(constant instanceof Constant.Nothing)) {
      requireDeclared(what, parameter, constant);
      arrays.add(constant);
      return array(arrays.size() - 1);
    }
    throw new TorchScriptException(
        "%s takes '%s', which %s is not. Expected such as %s."
            .formatted(what, parameter, words(constant), example(parameter)));
  }

  /** Requires the shape that the file declares, but for the number of pictures. */
  private void requireDeclared(String what, Parameter parameter, Constant constant) {
    List<Long> found = lengths(constant);
    Optional<List<Long>> expected = declaredOf(parameter).flatMap(Exported.Input::lengths);
    boolean fits =
        expected
            .map(
                lengths ->
                    lengths.size() == found.size()
                        && IntStream.range(0, lengths.size())
                            .allMatch(
                                i -> lengths.get(i) < 0 || lengths.get(i).equals(found.get(i))))
            .orElse(true);
    if (!fits) {
      throw new TorchScriptException(
          "%s was exported for an array of shape %s as '%s', and %s is stated. Expected such as %s."
              .formatted(
                  what,
                  DeclaredPicture.shape(expected.orElseThrow()),
                  parameter.name(),
                  words(constant),
                  example(parameter)));
    }
  }

  private static List<Long> lengths(Constant constant) {
    if (constant instanceof Constant.Floats floats) {
      return floats.shape();
    }
    return constant instanceof Constant.Wholes wholes ? wholes.shape() : List.of();
  }

  private Optional<Exported.Input> declaredOf(Parameter parameter) {
    return Optional.ofNullable(declared.get(parameter.name()));
  }

  /** What the file declares of the picture; empty if it declares nothing, as TorchScript's do. */
  Optional<Exported.Input> declaredPicture() {
    return declaredOf(picture);
  }

  /** What a program calls a whole number or one with a fraction. */
  private static boolean isNumber(String type) {
    return type.equals("number") || type.equals("Scalar");
  }

  private static String decimal(double value) {
    return String.valueOf(value).toLowerCase(Locale.ROOT);
  }

  private static String array(int place) {
    return "camlab_input_" + place;
  }

  private static String words(Constant constant) {
    if (constant instanceof Constant.Floats floats) {
      return "an array of shape " + floats.shape();
    }
    if (constant instanceof Constant.Wholes wholes) {
      return "an array of whole numbers of shape " + wholes.shape();
    }
    if (constant instanceof Constant.Whole whole) {
      return String.valueOf(whole.value());
    }
    if (constant instanceof Constant.Real real) {
      return String.valueOf(real.value());
    }
    return constant instanceof Constant.Flag flag ? String.valueOf(flag.value()) : "None";
  }

  private TorchScriptException missing(String what, List<Parameter> missing) {
    String hint =
        missing.stream().anyMatch(parameter -> parameter.type().equals("Tensor"))
            ? " The picture goes to '%s', the first tensor; if another one is the picture, state that one's value."
                .formatted(picture.name())
            : "";
    List<Parameter> other =
        missing.stream().filter(parameter -> example(parameter).isEmpty()).toList();
    if (!other.isEmpty()) {
      throw new TorchScriptException(
          "%s takes (%s), and a value of %s cannot be stated. Save a module whose forward takes the picture and has the rest inside."
              .formatted(what, list(parameters), list(other)));
    }
    return new TorchScriptException(
        "%s takes (%s), and nothing says what %s %s.%s State a value for every picture: Stated.NOTHING%s."
            .formatted(
                what,
                list(parameters),
                list(missing),
                missing.size() == 1 ? "is" : "are",
                hint,
                missing.stream()
                    .map(
                        parameter ->
                            ".input(\"%s\", %s)".formatted(parameter.name(), example(parameter)))
                    .collect(Collectors.joining())));
  }

  private static String list(List<Parameter> parameters) {
    return parameters.stream().map(Parameter::toString).collect(Collectors.joining(", "));
  }

  private String example(Parameter parameter) {
    return switch (parameter.held()) {
      case "Tensor" -> array(parameter);
      case "int" -> "new Constant.Whole(1)";
      case "float", "number", "Scalar" -> "new Constant.Real(0.5)";
      case "bool" -> "new Constant.Flag(true)";
      default -> "";
    };
  }

  /** An array as the file declares it, for one picture; some array where it declares none. */
  private String array(Parameter parameter) {
    Optional<Exported.Input> input = declaredOf(parameter);
    boolean whole = input.filter(Exported.Input::isWhole).isPresent();
    String lengths =
        input
            .flatMap(Exported.Input::lengths)
            .map(
                all ->
                    all.stream()
                        .map(length -> ", " + Math.abs(length))
                        .collect(Collectors.joining()))
            .orElse(", 1, 8");
    return "Constant.%s(values%s)".formatted(whole ? "wholes" : "floats", lengths);
  }

  /** The parameters of a method that takes the picture and the arrays, each behind a comma. */
  String parameters() {
    StringBuilder text = new StringBuilder(",\n    " + PICTURE + ": Tensor");
    for (int i = 0; i < arrays.size(); i++) {
      text.append(",\n    ").append(array(i)).append(": Tensor");
    }
    return text.toString();
  }

  /** What to call {@code forward} with, in such a method; each with a comma behind it. */
  String call() {
    return values.stream().map(value -> value + ", ").collect(Collectors.joining());
  }

  /**
   * The stated arrays, in the order of the parameters.
   *
   * @param scope what they belong to
   */
  List<NDArray> arrays(NDManager scope) {
    return arrays.stream().map(constant -> array(scope, constant)).toList();
  }

  private static NDArray array(NDManager scope, Constant constant) {
    if (constant instanceof Constant.Floats floats) {
      float[] values = new float[floats.values().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = floats.values().get(i);
      }
      return scope.create(values, shape(floats.shape()));
    }
    if (constant instanceof Constant.Wholes wholes) {
      long[] values = wholes.values().stream().mapToLong(Long::longValue).toArray();
      return scope.create(values, shape(wholes.shape()));
    }
    if (constant instanceof Constant.Whole whole) {
      return scope.create(whole.value());
    }
    if (constant instanceof Constant.Flag flag) {
      return scope.create(flag.value());
    }
    return scope.create((float) ((Constant.Real) constant).value());
  }

  private static Shape shape(List<Long> lengths) {
    return new Shape(lengths.stream().mapToLong(Long::longValue).toArray());
  }

  /** What tells these constants from others; empty if none was stated. */
  String identity() {
    return parameters.stream()
        .filter(parameter -> stated.containsKey(parameter.name()))
        .map(parameter -> parameter.name() + "=" + stated.get(parameter.name()))
        .collect(Collectors.joining(" "));
  }

  /** What is known of the parameters; nothing if there is only the picture. */
  List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    if (parameters.size() > 1 || !picture.type().equals("Tensor")) {
      boolean only =
          parameters.stream().filter(parameter -> takesPicture(parameter, "Tensor")).count() == 1;
      facts.add(
          new Fact(
              "picture",
              "goes to '%s'".formatted(picture),
              Fact.Origin.READ,
              only
                  ? "the only tensor of forward that was not stated"
                  : "the first of forward that was not stated and may be a picture"));
    }
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      if (!parameter.equals(picture)) {
        Constant constant = stated.get(parameter.name());
        boolean said = constant != null;
        facts.add(
            new Fact(
                "input '%s'".formatted(parameter.name()),
                said ? words(constant) : values.get(i),
                said ? Fact.Origin.STATED : Fact.Origin.READ,
                said
                    ? "the same for every picture"
                    : parameter.preset().isPresent() ? "its default" : "it may be missing"));
      }
    }
    return facts;
  }
}
