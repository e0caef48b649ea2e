package camlab.network.export;

import camlab.network.program.Graph;
import camlab.network.program.Graph.Argument;
import camlab.network.program.Graph.Inner;
import camlab.network.program.Graph.Input;
import camlab.network.program.Graph.Literal;
import camlab.network.program.Graph.ModuleCall;
import camlab.network.program.Graph.Named;
import camlab.network.program.Graph.Node;
import camlab.network.program.Graph.One;
import camlab.network.program.Graph.Origin;
import camlab.network.program.Graph.Parts;
import camlab.network.program.Graph.Result;
import camlab.network.program.Graph.Several;
import camlab.network.program.Graph.Unknown;
import camlab.network.program.Graph.Value;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Reads the JSON of an exported program. Names, kinds and numbers are those of PyTorch's {@code
 * torch/_export/serde/schema.py}, schema versions 7 and 8; fields that are not known are left
 * alone.
 */
final class GraphReader {

  private static final int OLDEST = 5;
  private static final int NEWEST = 8;

  /** What takes a place in the operator's list of arguments, and not a name. */
  private static final int POSITIONAL = 1;

  /** Of any network there is. */
  private static final int MOST_NODES = 100_000;

  private static final int DEEPEST = 8;

  /** Calls of modules in one another. */
  private static final int MOST_CALLS = 200;

  /** A longer name is taken as it is. */
  private static final int LONGEST_NAME = 2_000;

  private static final Pattern GETATTR = Pattern.compile("getattr\\(([^()]*), '([^']*)'\\)");

  /** One of a list or of a dictionary of modules. */
  private static final Pattern ITEM = Pattern.compile("\\[(?:'([^']*)'|(\\d+))\\]");

  /** TorchScript's number of bfloat16; up to bool, its numbers are one less than those here. */
  private static final int BFLOAT16 = 15;

  private static final int BOOL_HERE = 12;
  private static final int BFLOAT16_HERE = 13;

  /** TorchScript's numbers of memory formats, by those here: contiguous, channels last, …. */
  private static final List<Integer> MEMORY_FORMATS = List.of(0, 2, 3, 1);

  private static final int STRIDED_HERE = 7;

  private final String what;
  private int nodes;

  private GraphReader(String what) {
    this.what = what;
  }

  /**
   * Reads a program.
   *
   * @param what the file, for messages
   * @param root the outermost object
   */
  static Graph read(String what, JsonObject root) {
    return undamaged(what, () -> new GraphReader(what).read(root));
  }

  private Graph read(JsonObject root) {
    requireVersion(root);
    JsonObject module = root.getAsJsonObject("graph_module");
    JsonObject signature = module.getAsJsonObject("signature");
    Graph graph = graph(module.getAsJsonObject("graph"), 0);
    if (signature.getAsJsonArray("output_specs").size() != graph.outputs().size()) {
      throw problem("it is damaged: its signature has another number of outputs");
    }
    return new Graph(
        inputs(signature.getAsJsonArray("input_specs"), names(module)),
        graph.nodes(),
        outputs(signature.getAsJsonArray("output_specs"), graph.outputs()),
        graph.sizes(),
        graph.types());
  }

  /**
   * Reads a part of the tree.
   *
   * @param <T> what is made of it
   * @param what the file, for messages
   * @param part what is read
   * @throws ExportedProgramException if something is missing or of another kind
   */
  static <T> T undamaged(String what, Supplier<T> part) {
    try {
      return part.get();
    } catch (ClassCastException
        | IllegalStateException
        | NullPointerException
        | NumberFormatException
        | IndexOutOfBoundsException
        | UnsupportedOperationException e) {
      // Whatever is missing or of another kind meets one of these in the tree.
      throw new ExportedProgramException(
          "%s is damaged, or no exported program: its graph lacks a part or has one of another kind. Save it again with torch.export.save."
              .formatted(what),
          e);
    }
  }

  private ExportedProgramException problem(String problem) {
    return new ExportedProgramException("%s cannot be used: %s.".formatted(what, problem));
  }

  private void requireVersion(JsonObject root) {
    int major = root.getAsJsonObject("schema_version").get("major").getAsInt();
    if (major < OLDEST || major > NEWEST) {
      JsonElement torch = root.get("torch_version");
      throw problem(
          String.format(
              Locale.ROOT,
              "it is written in version %d of PyTorch's schema%s; versions %d to %d can be read. Export it with another version of PyTorch, or take TorchScript",
              major,
              torch == null ? "" : " (by PyTorch " + torch.getAsString() + ")",
              OLDEST,
              NEWEST));
    }
  }

  /** The names of the parameters of {@code forward}; none where they are not told. */
  private static List<String> names(JsonObject module) {
    List<String> names = new ArrayList<>();
    JsonArray calls = module.getAsJsonArray("module_call_graph");
    if (calls != null && !calls.isEmpty()) {
      JsonElement signature = calls.get(0).getAsJsonObject().get("signature");
      if (signature != null && signature.isJsonObject()) {
        JsonElement given = signature.getAsJsonObject().get("forward_arg_names");
        if (given != null && given.isJsonArray()) {
          given.getAsJsonArray().forEach(name -> names.add(name.getAsString()));
        }
      }
    }
    return names;
  }

  private List<Input> inputs(JsonArray specifications, List<String> names) {
    List<Input> inputs = new ArrayList<>();
    long users =
        specifications.asList().stream()
            .filter(element -> hasKey(element, "user_input") || hasKey(element, "constant_input"))
            .count();
    int place = 0;
    for (JsonElement element : specifications) {
      Map.Entry<String, JsonElement> entry = only(element);
      JsonObject specification = entry.getValue().getAsJsonObject();
      switch (entry.getKey()) {
        case "parameter" ->
            inputs.add(
                new Input(
                    name(specification),
                    Origin.PARAMETER,
                    specification.get("parameter_name").getAsString(),
                    "Tensor"));
        case "buffer" ->
            inputs.add(
                new Input(
                    name(specification),
                    Origin.BUFFER,
                    specification.get("buffer_name").getAsString(),
                    "Tensor"));
        case "tensor_constant" ->
            inputs.add(
                new Input(
                    name(specification),
                    Origin.CONSTANT,
                    specification.get("tensor_constant_name").getAsString(),
                    "Tensor"));
        case "user_input", "constant_input" -> {
          String given = names.size() == users ? names.get(place) : "";
          place++;
          if (entry.getKey().equals("user_input")) {
            inputs.add(user(specification.get("arg"), given));
          }
        }
        default -> throw problem("it takes an input of the kind " + entry.getKey());
      }
    }
    return inputs;
  }

  private Input user(JsonElement element, String given) {
    Map.Entry<String, JsonElement> argument = only(element);
    String type =
        switch (argument.getKey()) {
          case "as_tensor" -> "Tensor";
          case "as_sym_int" -> "int";
          case "as_sym_float" -> "float";
          case "as_sym_bool" -> "bool";
          default -> "";
        };
    if (argument(element, 0) instanceof Value value && !type.isEmpty()) {
      return new Input(value.name(), Origin.USER, given.isEmpty() ? value.name() : given, type);
    }
    // A number that was given when it was exported is part of the program now.
    return new Input("", Origin.USER, given, "");
  }

  private static String name(JsonObject specification) {
    return specification.getAsJsonObject("arg").get("name").getAsString();
  }

  private static boolean hasKey(JsonElement element, String key) {
    return element.getAsJsonObject().has(key);
  }

  /** What comes out for the user, and not as the new value of a buffer or an input. */
  private List<Argument> outputs(JsonArray specifications, List<Argument> all) {
    List<Argument> outputs = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Map.Entry<String, JsonElement> entry = only(specifications.get(i));
      if (entry.getKey().equals("user_output")) {
        outputs.add(all.get(i));
      }
    }
    return outputs;
  }

  /**
   * In which tuples, lists and dictionaries the outputs lie.
   *
   * @param what the file, for messages
   * @param root the outermost object
   * @param outputs how many there are
   */
  static ReturnType returned(String what, JsonObject root, List<Argument> outputs) {
    return undamaged(what, () -> returned(root, outputs));
  }

  private static ReturnType returned(JsonObject root, List<Argument> outputs) {
    JsonArray calls = root.getAsJsonObject("graph_module").getAsJsonArray("module_call_graph");
    if (calls != null && !calls.isEmpty()) {
      JsonElement signature = calls.get(0).getAsJsonObject().get("signature");
      if (signature != null && signature.isJsonObject()) {
        String specification = signature.getAsJsonObject().get("out_spec").getAsString();
        return ReturnType.read(specification, outputs);
      }
    }
    return ReturnType.flat(outputs);
  }

  /**
   * The buffers that the program gives new values, where it says so behind its outputs, as it does
   * after {@code run_decompositions()}.
   *
   * @param root the outermost object of a program that was read
   */
  static List<String> changedBuffers(JsonObject root) {
    List<String> changed = new ArrayList<>();
    JsonObject signature = root.getAsJsonObject("graph_module").getAsJsonObject("signature");
    for (JsonElement output : signature.getAsJsonArray("output_specs")) {
      if (output.getAsJsonObject().get("buffer_mutation") instanceof JsonObject mutation
          && mutation.get("buffer_name") instanceof JsonPrimitive name) {
        changed.add(name.getAsString());
      }
    }
    return changed;
  }

  private Graph graph(JsonObject graph, int depth) {
    if (depth > DEEPEST) {
      throw problem(String.format(Locale.ROOT, "graphs in graphs go deeper than %d", DEEPEST));
    }
    List<Input> inputs = new ArrayList<>();
    for (JsonElement input : graph.getAsJsonArray("inputs")) {
      if (argument(input, depth) instanceof Value value) {
        inputs.add(new Input(value.name(), Origin.USER, value.name(), "Tensor"));
      } else {
        inputs.add(new Input("", Origin.USER, "", ""));
      }
    }
    List<Node> read = new ArrayList<>();
    for (JsonElement node : graph.getAsJsonArray("nodes")) {
      if (++nodes > MOST_NODES) {
        throw problem(String.format(Locale.ROOT, "it has more than %,d operators", MOST_NODES));
      }
      read.add(node(node.getAsJsonObject(), depth));
    }
    List<Argument> outputs = new ArrayList<>();
    for (JsonElement output : graph.getAsJsonArray("outputs")) {
      outputs.add(argument(output, depth));
    }
    Map<String, List<Long>> sizes = new LinkedHashMap<>();
    Map<String, String> types = new LinkedHashMap<>();
    JsonObject tensors = graph.getAsJsonObject("tensor_values");
    if (tensors != null) {
      for (Map.Entry<String, JsonElement> entry : tensors.entrySet()) {
        JsonObject tensor = entry.getValue().getAsJsonObject();
        sizes.put(entry.getKey(), sizes(tensor));
        if (tensor.has("dtype")) {
          numbers((int) whole(tensor.get("dtype")))
              .ifPresent(type -> types.put(entry.getKey(), type));
        }
      }
    }
    return new Graph(inputs, read, outputs, sizes, types);
  }

  /** The lengths of a tensor along each dimension; -1 where they are not fixed. */
  static List<Long> sizes(JsonObject tensor) {
    return lengths(tensor.getAsJsonArray("sizes"));
  }

  /** Numbers, each -1 where it is an expression. */
  static List<Long> lengths(JsonArray numbers) {
    List<Long> lengths = new ArrayList<>();
    for (JsonElement number : numbers) {
      JsonElement fixed = number.getAsJsonObject().get("as_int");
      if (fixed != null && !fixed.getAsJsonPrimitive().isNumber()) {
        throw new IllegalStateException("a length that is no number");
      }
      lengths.add(fixed == null ? -1L : whole(fixed));
    }
    return lengths;
  }

  private Node node(JsonObject node, int depth) {
    List<Named> arguments = new ArrayList<>();
    for (JsonElement element : node.getAsJsonArray("inputs")) {
      JsonObject input = element.getAsJsonObject();
      JsonElement kind = input.get("kind");
      if (!input.get("name").getAsString().matches("\\w*")) {
        throw problem("an argument in it has a name that is none");
      }
      arguments.add(
          new Named(
              input.get("name").getAsString(),
              argument(input.get("arg"), depth),
              kind == null || kind.isJsonNull()
                  ? Optional.empty()
                  : Optional.of(kind.getAsInt() == POSITIONAL)));
    }
    List<Result> results = new ArrayList<>();
    for (JsonElement element : node.getAsJsonArray("outputs")) {
      results.add(result(element));
    }
    JsonObject metadata = node.getAsJsonObject("metadata");
    JsonElement calls = metadata == null ? null : metadata.get("nn_module_stack");
    return new Node(
        node.get("target").getAsString(),
        arguments,
        results,
        calls == null ? List.of() : calls(calls.getAsString()));
  }

  /** Such as {@code L__self__,,Net;L__self___conv1,conv1,torch.nn.modules.conv.Conv2d}. */
  private List<ModuleCall> calls(String text) {
    List<ModuleCall> calls = new ArrayList<>();
    for (String call : text.split(";", -1)) {
      int first = firstComma(call);
      int last = call.lastIndexOf(',');
      if (first >= 0 && last > first) {
        String path = call.substring(first + 1, last);
        calls.add(new ModuleCall(call.substring(0, last), name(path), call.substring(last + 1)));
      }
      if (calls.size() > MOST_CALLS) {
        throw problem(
            String.format(
                Locale.ROOT, "calls of modules in one another go deeper than %d", MOST_CALLS));
      }
    }
    return calls;
  }

  /**
   * A module's dotted name. Which of several calls it is stands behind it. Where the network's
   * {@code forward} calls its first parameter {@code own} and not {@code self}, older versions
   * write it as Python gets it: {@code getattr(L['own'].body, '0')} is {@code body.0}, and so is
   * {@code L['own'].body[0]}.
   */
  private static String name(String path) {
    String name = path.replaceAll("@\\d+", "");
    if (!name.contains("L['") || name.length() > LONGEST_NAME) {
      return name;
    }
    String before = "";
    while (!before.equals(name)) {
      before = name;
      name = GETATTR.matcher(name).replaceAll("$1.$2");
    }
    return ITEM.matcher(name.replaceFirst("^L\\['\\w+'\\]", ""))
        .replaceAll(".$1$2")
        .replaceFirst("^\\.", "");
  }

  /** The first comma that stands in no brackets; names of modules may have both. */
  private static int firstComma(String call) {
    int depth = 0;
    for (int i = 0; i < call.length(); i++) {
      char c = call.charAt(i);
      if (c == ',' && depth == 0) {
        return i;
      }
      depth += "([".indexOf(c) >= 0 ? 1 : ")]".indexOf(c) >= 0 ? -1 : 0;
    }
    return -1;
  }

  private Result result(JsonElement element) {
    Map.Entry<String, JsonElement> result = only(element);
    JsonElement value = result.getValue();
    return switch (result.getKey()) {
      case "as_tensor" -> new One(value.getAsJsonObject().get("name").getAsString(), true);
      case "as_tensors" ->
          new Parts(
              value.getAsJsonArray().asList().stream()
                  .map(tensor -> tensor.getAsJsonObject().get("name").getAsString())
                  .toList());
      case "as_none" -> new One("", true);
      case "as_optional_tensor" ->
          argument(element, 0) instanceof Value one ? new One(one.name(), true) : new One("", true);
      default -> {
        if (argument(element, 0) instanceof Value number) {
          yield new One(number.name(), false);
        }
        yield new One("", false);
      }
    };
  }

  /** The kind and the value of a union, which is an object with one field. */
  private static Map.Entry<String, JsonElement> only(JsonElement element) {
    JsonObject union = element.getAsJsonObject();
    if (union.size() != 1) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "a value of %d kinds", union.size()));
    }
    return union.entrySet().iterator().next();
  }

  private Argument argument(JsonElement element, int depth) {
    Map.Entry<String, JsonElement> union = only(element);
    JsonElement value = union.getValue();
    return switch (union.getKey()) {
      case "as_none" -> new Literal("None");
      case "as_tensor" -> new Value(value.getAsJsonObject().get("name").getAsString());
      case "as_tensors" -> several(value, "Tensor", each -> named(each));
      case "as_optional_tensor" -> optional(value);
      case "as_optional_tensors" -> several(value, "Optional[Tensor]", this::optional);
      case "as_int" -> new Literal(String.valueOf(whole(value)));
      case "as_ints" -> several(value, "int", each -> new Literal(String.valueOf(whole(each))));
      case "as_float" -> new Literal(decimal(value));
      case "as_complex" -> complex(value.getAsJsonObject());
      case "as_floats" -> several(value, "float", each -> new Literal(decimal(each)));
      case "as_bool" -> new Literal(flag(value));
      case "as_bools" -> several(value, "bool", each -> new Literal(flag(each)));
      case "as_string" -> new Literal(ProgramText.quoted(value.getAsString()));
      case "as_strings" ->
          several(value, "str", each -> new Literal(ProgramText.quoted(each.getAsString())));
      case "as_sym_int", "as_sym_float", "as_sym_bool" -> symbol(value);
      case "as_sym_ints" -> several(value, "int", GraphReader::symbol);
      case "as_sym_floats" -> several(value, "float", GraphReader::symbol);
      case "as_sym_bools" -> several(value, "bool", GraphReader::symbol);
      case "as_int_lists" ->
          several(
              value,
              "List[int]",
              each -> several(each, "int", one -> new Literal(String.valueOf(whole(one)))));
      case "as_scalar_type" -> type(value.getAsInt());
      case "as_memory_format" ->
          new Literal(String.valueOf(MEMORY_FORMATS.get(value.getAsInt() - 1)));
      case "as_layout" ->
          value.getAsInt() == STRIDED_HERE ? new Literal("0") : new Unknown("a sparse layout");
      case "as_device" -> device(value.getAsJsonObject());
      case "as_graph" ->
          new Inner(graph(value.getAsJsonObject().getAsJsonObject("graph"), depth + 1));
      default -> new Unknown(union.getKey());
    };
  }

  private static Argument named(JsonElement element) {
    return new Value(element.getAsJsonObject().get("name").getAsString());
  }

  private Argument optional(JsonElement element) {
    Map.Entry<String, JsonElement> union = only(element);
    return union.getKey().equals("as_none") ? new Literal("None") : named(union.getValue());
  }

  private static Argument symbol(JsonElement element) {
    Map.Entry<String, JsonElement> union = only(element);
    return switch (union.getKey()) {
      case "as_name" -> new Value(union.getValue().getAsString());
      case "as_int" -> new Literal(String.valueOf(whole(union.getValue())));
      case "as_float" -> new Literal(decimal(union.getValue()));
      case "as_bool" -> new Literal(flag(union.getValue()));
      default -> new Unknown(union.getKey());
    };
  }

  private interface Reader {
    Argument read(JsonElement element);
  }

  private static Several several(JsonElement list, String type, Reader reader) {
    return new Several(list.getAsJsonArray().asList().stream().map(reader::read).toList(), type);
  }

  /** A whole number, which must be one of 64 bits. */
  private static long whole(JsonElement value) {
    return Long.parseLong(value.getAsString());
  }

  private static String flag(JsonElement value) {
    return value.getAsBoolean() ? "True" : "False";
  }

  /** As PyTorch writes a number; infinities and what is no number have names. */
  private static Literal complex(JsonObject number) {
    return new Literal(
        "complex(%s, %s)".formatted(decimal(number.get("real")), decimal(number.get("imag"))));
  }

  private static String decimal(JsonElement value) {
    double number =
        switch (value.getAsString()) {
          case "Infinity", "inf" -> Double.POSITIVE_INFINITY;
          case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
          case "NaN", "nan" -> Double.NaN;
          default -> value.getAsDouble();
        };
    if (Double.isNaN(number)) {
      return "nan";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    return Double.toString(number).toLowerCase(Locale.ROOT);
  }

  private static Argument type(int number) {
    if (number >= 1 && number <= BOOL_HERE) {
      return new Literal(String.valueOf(number - 1));
    }
    return number == BFLOAT16_HERE
        ? new Literal(String.valueOf(BFLOAT16))
        : new Unknown("a type of numbers that TorchScript has no number for, " + number);
  }

  private Argument device(JsonObject device) {
    String type = device.get("type").getAsString();
    JsonElement index = device.get("index");
    String place = index == null || index.isJsonNull() ? "" : ":" + index.getAsInt();
    if (!type.matches("\\w+")) {
      throw problem("it names a device '%s'".formatted(type));
    }
    return new Literal(ProgramText.quoted(type + place).transform("torch.device(%s)"::formatted));
  }

  /** The storage of a type of numbers, as a pickle calls it; empty for one it has none for. */
  static Optional<String> storage(int number) {
    return numbers(number).map(type -> type + "Storage");
  }

  /** The name of a type of numbers; empty for one that is not read here. */
  static Optional<String> numbers(int number) {
    List<String> names =
        List.of(
            "Byte",
            "Char",
            "Short",
            "Int",
            "Long",
            "Half",
            "Float",
            "Double",
            "",
            "ComplexFloat",
            "ComplexDouble",
            "Bool",
            "BFloat16");
    return IntStream.rangeClosed(1, names.size())
        .filter(each -> each == number && !names.get(each - 1).isEmpty())
        .mapToObj(each -> names.get(each - 1))
        .findFirst();
  }
}
