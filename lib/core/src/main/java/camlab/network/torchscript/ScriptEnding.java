package camlab.network.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import camlab.network.Fact;
import camlab.network.Meaning;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * Finds the softmax or the sigmoid that a program ends with, or the logarithm of one: followed back
 * from what it returns, through calls, variables, tuples and dictionaries, and through operations
 * that only give the numbers another shape. A softmax that anything else is done with, as in
 * attention, is none.
 */
final class ScriptEnding {

  /** What may turn logits into probabilities. */
  enum Kind {
    /** Over the classes. */
    SOFTMAX("softmax", Meaning.ONE_OF_SEVERAL),
    /** The logarithm of the softmax over the classes. */
    LOG_SOFTMAX("log_softmax", Meaning.ONE_OF_SEVERAL),
    /** Of each number. */
    SIGMOID("sigmoid", Meaning.INDEPENDENT),
    /** The logarithm of the sigmoid of each number. */
    LOG_SIGMOID("log_sigmoid", Meaning.INDEPENDENT);

    private final String words;
    private final Meaning meaning;

    Kind(String words, Meaning meaning) {
      this.words = words;
      this.meaning = meaning;
    }

    /** What the numbers before it mean. */
    Meaning meaning() {
      return meaning;
    }

    private NDArray of(NDArray logits, int axis) {
      return switch (this) {
        case SOFTMAX -> logits.softmax(axis);
        case LOG_SOFTMAX -> logits.logSoftmax(axis);
        case SIGMOID -> Activation.sigmoid(logits);
        case LOG_SIGMOID -> Activation.softPlus(logits.neg()).neg();
      };
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * What a program makes of its logits: probabilities or their logarithms, cut off at both ends.
   *
   * @param kind what they go through
   * @param least what is below is set to it; −∞ if nothing is
   * @param most what is above is set to it; ∞ if nothing is
   */
  record End(Kind kind, double least, double most) {

    private static End of(Kind kind) {
      return new End(kind, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /**
     * {@return what it makes of logits}
     *
     * @param axis which dimension the classes are along
     */
    NDArray of(NDArray logits, int axis) {
      NDArray made = kind.of(logits, axis);
      return isCut() ? made.clip(least, most) : made;
    }

    /** In words, that its limits are taken off with it; empty if it has none that cut off any. */
    String limits() {
      boolean logarithm = kind == Kind.LOG_SOFTMAX || kind == Kind.LOG_SIGMOID;
      double lowest = logarithm ? Double.NEGATIVE_INFINITY : 0;
      double highest = logarithm ? 0 : 1;
      List<String> limits =
          DoubleStream.of(least, most)
              .filter(limit -> limit > lowest && limit < highest)
              .mapToObj(limit -> Fact.number(limit, SHOWN))
              .toList();
      return limits.isEmpty()
          ? ""
          : " with the limit%s %s behind it"
              .formatted(limits.size() > 1 ? "s" : "", String.join(" and ", limits));
    }

    private boolean isCut() {
      return least > Double.NEGATIVE_INFINITY || most < Double.POSITIVE_INFINITY;
    }

    private Optional<End> cut(double lower, double upper) {
      return Optional.of(new End(kind, Math.max(least, lower), Math.min(most, upper)));
    }

    /** What its logarithm is; empty if there is no name for that. */
    private Optional<End> logarithm() {
      return switch (kind) {
        case SOFTMAX -> Optional.of(new End(Kind.LOG_SOFTMAX, logarithm(least), logarithm(most)));
        case SIGMOID -> Optional.of(new End(Kind.LOG_SIGMOID, logarithm(least), logarithm(most)));
        default -> Optional.empty();
      };
    }

    /** No probability is below 0, so a limit there cuts off nothing. */
    private static double logarithm(double limit) {
      return Math.log(Math.max(limit, 0));
    }

    /** What its exponential is; empty if there is no name for that. */
    private Optional<End> exponential() {
      return switch (kind) {
        case LOG_SOFTMAX -> Optional.of(new End(Kind.SOFTMAX, Math.exp(least), Math.exp(most)));
        case LOG_SIGMOID -> Optional.of(new End(Kind.SIGMOID, Math.exp(least), Math.exp(most)));
        default -> Optional.empty();
      };
    }
  }

  /**
   * Where it is called, or what is done behind it.
   *
   * @param method the method in whose body the call stands
   * @param made what comes of it all
   * @param start where the call starts in the body
   * @param from where its first argument starts
   * @param to where that ends
   * @param end where the call ends
   */
  record Place(ScriptHooks.Method method, End made, int start, int from, int to, int end) {}

  private static final Map<String, Kind> KINDS =
      Map.of(
          "torch.softmax", Kind.SOFTMAX,
          "torch._softmax", Kind.SOFTMAX,
          "torch.special_softmax", Kind.SOFTMAX,
          "torch.nn.functional.softmax", Kind.SOFTMAX,
          "torch.log_softmax", Kind.LOG_SOFTMAX,
          "torch.nn.functional.log_softmax", Kind.LOG_SOFTMAX,
          "torch.sigmoid", Kind.SIGMOID,
          "torch.sigmoid_", Kind.SIGMOID,
          "torch.special_expit", Kind.SIGMOID,
          "torch.log_sigmoid", Kind.LOG_SIGMOID);

  /** What some write by itself behind a softmax or a sigmoid, or the logarithm of one. */
  private static final Map<String, Function<End, Optional<End>>> BEHIND =
      Map.of(
          "torch.log", End::logarithm,
          "torch.log_", End::logarithm,
          "torch.exp", End::exponential,
          "torch.exp_", End::exponential);

  private enum Limit {
    LOWER,
    UPPER
  }

  /** Cuts, and the limits that they are given behind the numbers, in this order. */
  private static final Map<String, List<Limit>> CUTS =
      Map.of(
          "torch.clamp", List.of(Limit.LOWER, Limit.UPPER),
          "torch.clamp_", List.of(Limit.LOWER, Limit.UPPER),
          "torch.clip", List.of(Limit.LOWER, Limit.UPPER),
          "torch.clip_", List.of(Limit.LOWER, Limit.UPPER),
          "torch.clamp_min", List.of(Limit.LOWER),
          "torch.clamp_min_", List.of(Limit.LOWER),
          "torch.clamp_max", List.of(Limit.UPPER),
          "torch.clamp_max_", List.of(Limit.UPPER));

  /** What gives numbers another shape, or none, and leaves them as they are. */
  private static final Set<String> HARMLESS =
      Set.of(
          "torch.flatten",
          "torch.view",
          "torch.view_as",
          "torch.reshape",
          "torch.reshape_as",
          "torch.squeeze",
          "torch.squeeze_",
          "torch.unsqueeze",
          "torch.unsqueeze_",
          "torch.permute",
          "torch.transpose",
          "torch.movedim",
          "torch.moveaxis",
          "torch.contiguous",
          "torch.clone",
          "torch.alias",
          "torch.to",
          "torch.type_as",
          "torch.float",
          "torch.dropout",
          "torch.nn.functional.dropout",
          "torch._unwrap_optional");

  /** Casts: their second argument is the value. */
  private static final Set<String> CASTS = Set.of("annotate", "unchecked_cast");

  private static final Pattern BINDING =
      Pattern.compile("^(\\w+(?:, \\w+)*),?(?: : [^=]+)? = ", Pattern.DOTALL);
  private static final Pattern SET_ITEM =
      Pattern.compile("^(?:\\w+ = )?torch\\._set_item\\((\\w+), ", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("[\\w.]+");
  private static final String MIN = "min=";
  private static final String MAX = "max=";
  private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.?\\d*(?:e[-+]?\\d+)?");
  private static final Pattern ATTRIBUTE = Pattern.compile("\\.(\\w+)");
  private static final String RETURN = "return ";

  /** Digits of a limit in words. */
  private static final int SHOWN = 4;

  private static final int DEEPEST = 200;
  private static final int MOST_STEPS = 20_000;

  private final ScriptType.Reader types;
  private final List<Place> places = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private int frames;

  /** The calls whose arguments are being followed, the innermost first. */
  private final Deque<Around> around = new ArrayDeque<>();

  private ScriptEnding(ScriptType.Reader types) {
    this.types = types;
  }

  /**
   * Follows an output back.
   *
   * @param root the network's {@code forward}
   * @param steps the keys, fields and places that lead to the output in what it returns
   * @param types the program's named tuples
   * @return the calls that may be its end; in the branches of a program there may be several
   */
  static List<Place> find(ScriptHooks.Method root, List<String> steps, ScriptType.Reader types) {
    ScriptEnding ending = new ScriptEnding(types);
    ending.followReturns(ending.new Frame(root, null, List.of()), steps, 0);
    return ending.places;
  }

  /** A call with its first argument, both as places in a method's body. */
  private record Call(ScriptHooks.Method method, ScriptText.Range all, ScriptText.Range argument) {

    Place place(End made) {
      return new Place(method, made, all.from(), argument.from(), argument.to(), all.to());
    }
  }

  /** A call behind an end, and what it makes of that. */
  private record Around(Call call, Function<End, Optional<End>> makes) {}

  /** Where the value of a variable stands. */
  private record Binding(ScriptText.Range value, List<String> steps) {}

  /** A method as it runs for one call. */
  private final class Frame {
    final int number = frames++;
    final ScriptHooks.Method method;
    final Frame caller;
    final List<ScriptText.Range> arguments;
    final String body;
    final ScriptText text;
    final List<ScriptText.Range> returns = new ArrayList<>();
    final Map<String, List<Binding>> bindings = new HashMap<>();

    /** What is put into dictionaries under a key, by the dictionary's variable and the key. */
    final Map<List<String>, List<ScriptText.Range>> items = new HashMap<>();

    final Map<Integer, ScriptHooks.Method> calls = new HashMap<>();

    Frame(ScriptHooks.Method method, Frame caller, List<ScriptText.Range> arguments) {
      this.method = method;
      this.caller = caller;
      this.arguments = arguments;
      body = method.method.body();
      text = new ScriptText(method.owner.name(), body);
      method.inner.forEach((call, inner) -> calls.put(call.start(), inner));
      text.statements().forEach(this::read);
    }

    private void read(ScriptText.Range statement) {
      String line = body.substring(statement.from(), statement.to());
      Matcher binding = BINDING.matcher(line);
      Matcher item = SET_ITEM.matcher(line);
      if (line.startsWith(RETURN)) {
        returns.add(new ScriptText.Range(statement.from() + RETURN.length(), statement.to()));
      } else if (item.lookingAt()) {
        int open = statement.from() + item.start(1) - 1;
        List<ScriptText.Range> parts = text.ranges(open + 1, text.closing(open));
        items
            .computeIfAbsent(
                List.of(item.group(1), step(string(parts.get(1)))), key -> new ArrayList<>())
            .add(parts.get(2));
      } else if (binding.lookingAt()) {
        List<String> names = List.of(binding.group(1).split(", ", -1));
        boolean several = line.startsWith(binding.group(1) + ", ");
        ScriptText.Range value =
            new ScriptText.Range(statement.from() + binding.end(), statement.to());
        for (int i = 0; i < names.size(); i++) {
          bindings
              .computeIfAbsent(names.get(i), name -> new ArrayList<>())
              .add(new Binding(value, several ? List.of(String.valueOf(i)) : List.of()));
        }
      }
    }

    String string(ScriptText.Range range) {
      return body.substring(range.from(), range.to());
    }

    /** The full name of a function that goes by its name, or by that of a variable. */
    String function(String name) {
      return bindings.getOrDefault(name, List.of()).stream()
          .map(binding -> string(binding.value()).strip())
          .filter(value -> value.startsWith("__torch__."))
          .findFirst()
          .orElse(name);
    }
  }

  private void followReturns(Frame frame, List<String> steps, int depth) {
    frame.returns.forEach(value -> follow(frame, value, steps, depth + 1));
  }

  private void follow(Frame frame, ScriptText.Range expression, List<String> steps, int depth) {
    ScriptText.Range at = frame.text.stripped(expression);
    if (depth > DEEPEST
        || seen.size() > MOST_STEPS
        || at.from() >= at.to()
        || !seen.add(frame.number + " " + at + " " + steps + " " + behind())) {
      return;
    }
    switch (frame.body.charAt(at.from())) {
      case '(' -> followBracket(frame, at, steps, depth);
      case '[' -> {
        if (frame.text.closing(at.from()) == at.to() - 1) {
          followElement(frame, inside(frame, at.from()), steps, depth);
        }
      }
      case '{' -> followKey(frame, inside(frame, at.from()), steps, depth);
      default -> followName(frame, at, steps, depth);
    }
  }

  /** The calls that what is followed now goes through, by their places. */
  private List<ScriptText.Range> behind() {
    return around.stream().map(each -> each.call().all()).toList();
  }

  /** What stands between the commas in a bracket. */
  private static List<ScriptText.Range> inside(Frame frame, int open) {
    return frame.text.ranges(open + 1, frame.text.closing(open));
  }

  /** A tuple, a value in brackets, or what is called or taken of one. */
  private void followBracket(Frame frame, ScriptText.Range at, List<String> steps, int depth) {
    int close = frame.text.closing(at.from());
    ScriptText.Range inner = new ScriptText.Range(at.from() + 1, close);
    if (close == at.to() - 1) {
      List<ScriptText.Range> parts = inside(frame, at.from());
      if (parts.size() == 1 && frame.body.charAt(close - 1) != ',') {
        follow(frame, inner, steps, depth + 1);
      } else {
        followElement(frame, parts, steps, depth);
      }
      return;
    }
    if (frame.body.charAt(close + 1) == '[') {
      followIndex(frame, inner, new ScriptText.Range(close + 1, at.to()), steps, depth);
      return;
    }
    Matcher attribute = ATTRIBUTE.matcher(frame.body).region(close + 1, at.to());
    if (!attribute.lookingAt()) {
      return;
    }
    if (attribute.end() == at.to()) {
      follow(frame, inner, longer(attribute.group(1), steps), depth + 1);
    } else if (frame.calls.containsKey(attribute.start(1))
        && frame.body.charAt(attribute.end()) == '('
        && frame.text.closing(attribute.end()) == at.to() - 1) {
      ScriptHooks.Method called = frame.calls.get(attribute.start(1));
      followReturns(new Frame(called, frame, inside(frame, attribute.end())), steps, depth + 1);
    }
  }

  private void followIndex(
      Frame frame, ScriptText.Range value, ScriptText.Range index, List<String> steps, int depth) {
    if (frame.text.closing(index.from()) == index.to() - 1) {
      String step = step(frame.body.substring(index.from() + 1, index.to() - 1));
      follow(frame, value, longer(step, steps), depth + 1);
    }
  }

  private void followElement(
      Frame frame, List<ScriptText.Range> parts, List<String> steps, int depth) {
    int place = steps.isEmpty() ? -1 : place(steps.get(0));
    if (place >= 0 && place < parts.size()) {
      follow(frame, parts.get(place), steps.subList(1, steps.size()), depth + 1);
    }
  }

  private static int place(String step) {
    return step.matches("\\d{1,4}") ? Integer.parseInt(step) : -1;
  }

  private void followKey(
      Frame frame, List<ScriptText.Range> entries, List<String> steps, int depth) {
    for (ScriptText.Range entry : entries) {
      ScriptText.Range at = frame.text.stripped(entry);
      int colon =
          frame.body.charAt(at.from()) == '"'
              ? frame.text.closing(at.from()) + 1
              : frame.body.indexOf(':', at.from());
      if (!steps.isEmpty()
          && colon > 0
          && step(frame.body.substring(at.from(), colon)).equals(steps.get(0))) {
        follow(
            frame,
            new ScriptText.Range(colon + 1, at.to()),
            steps.subList(1, steps.size()),
            depth + 1);
      }
    }
  }

  /** A variable, what is taken of it, or the call of a function. */
  private void followName(Frame frame, ScriptText.Range at, List<String> steps, int depth) {
    Matcher name = NAME.matcher(frame.body).region(at.from(), at.to());
    if (!name.lookingAt()) {
      return;
    }
    if (name.end() == at.to()) {
      followVariable(frame, name.group(), steps, depth);
    } else if (frame.body.charAt(name.end()) == '[') {
      followIndex(
          frame,
          new ScriptText.Range(at.from(), name.end()),
          new ScriptText.Range(name.end(), at.to()),
          steps,
          depth);
    } else if (frame.body.charAt(name.end()) == '('
        && frame.text.closing(name.end()) == at.to() - 1) {
      followCall(frame, at, name.end(), frame.function(name.group()), steps, depth);
    }
  }

  private void followVariable(Frame frame, String name, List<String> steps, int depth) {
    for (Binding binding : frame.bindings.getOrDefault(name, List.of())) {
      List<String> all = new ArrayList<>(binding.steps());
      all.addAll(steps);
      follow(frame, binding.value(), all, depth + 1);
    }
    if (!steps.isEmpty()) {
      for (ScriptText.Range item :
          frame.items.getOrDefault(List.of(name, steps.get(0)), List.of())) {
        follow(frame, item, steps.subList(1, steps.size()), depth + 1);
      }
    }
    int parameter = frame.method.method.arguments().indexOf(name);
    if (parameter >= 0 && frame.caller != null && parameter < frame.arguments.size()) {
      follow(frame.caller, frame.arguments.get(parameter), steps, depth + 1);
    }
  }

  private void followCall(
      Frame frame, ScriptText.Range at, int open, String function, List<String> steps, int depth) {
    List<ScriptText.Range> arguments = inside(frame, open);
    // A cut that is like a ReLU is called by its full name in an exported program.
    String name = ScriptClass.readable(function).replaceFirst("^ops\\.aten\\.", "torch.");
    List<String> fields = types.fields(function);
    boolean whole = steps.isEmpty() && !arguments.isEmpty();
    Optional<Function<End, Optional<End>>> behind =
        whole ? behind(name, arguments.stream().map(frame::string).toList()) : Optional.empty();
    if (whole && KINDS.containsKey(name)) {
      add(KINDS.get(name), new Call(frame.method, at, frame.text.stripped(arguments.get(0))));
    } else if (behind.isPresent()) {
      Call call = new Call(frame.method, at, frame.text.stripped(arguments.get(0)));
      around.push(new Around(call, behind.get()));
      follow(frame, arguments.get(0), steps, depth + 1);
      around.pop();
    } else if (HARMLESS.contains(name) && !arguments.isEmpty()) {
      follow(frame, arguments.get(0), steps, depth + 1);
    } else if (CASTS.contains(name) && arguments.size() > 1) {
      follow(frame, arguments.get(1), steps, depth + 1);
    } else if (!fields.isEmpty() && !steps.isEmpty()) {
      int place =
          fields.contains(steps.get(0)) ? fields.indexOf(steps.get(0)) : place(steps.get(0));
      if (place >= 0 && place < arguments.size()) {
        follow(frame, arguments.get(place), steps.subList(1, steps.size()), depth + 1);
      }
    }
  }

  /** What a call makes of an end that it is given; empty if it is none of these. */
  private static Optional<Function<End, Optional<End>>> behind(
      String function, List<String> arguments) {
    return CUTS.containsKey(function)
        ? cut(CUTS.get(function), arguments.subList(1, arguments.size()))
        : Optional.ofNullable(BEHIND.get(function));
  }

  /**
   * What a cut makes of an end.
   *
   * @param limits which limits it is given, in order
   * @param given as the program writes them; those that are left out are none
   */
  private static Optional<Function<End, Optional<End>>> cut(
      List<Limit> limits, List<String> given) {
    Map<Limit, Double> known = new EnumMap<>(Limit.class);
    for (int i = 0; i < Math.min(limits.size(), given.size()); i++) {
      String written = given.get(i).strip();
      Limit limit =
          written.startsWith(MAX)
              ? Limit.UPPER
              : written.startsWith(MIN) ? Limit.LOWER : limits.get(i);
      String number = written.substring(written.indexOf('=') + 1);
      if (NUMBER.matcher(number).matches()) {
        known.put(limit, Double.valueOf(number));
      } else if (!number.equals("None")) {
        return Optional.empty();
      }
    }
    double least = known.getOrDefault(Limit.LOWER, Double.NEGATIVE_INFINITY);
    double most = known.getOrDefault(Limit.UPPER, Double.POSITIVE_INFINITY);
    return Optional.of(end -> end.cut(least, most));
  }

  /** Adds a call, and those around it, if it is known what they make of it. */
  private void add(Kind kind, Call call) {
    Optional<End> made = Optional.of(End.of(kind));
    for (Around each : around) {
      made = made.flatMap(each.makes());
    }
    made.ifPresent(
        end -> {
          around.forEach(each -> add(each.call().place(end)));
          add(call.place(end));
        });
  }

  private void add(Place place) {
    if (!places.contains(place)) {
      places.add(place);
    }
  }

  private static List<String> longer(String first, List<String> steps) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(steps);
    return all;
  }

  /** The step that a key or a place as the program writes it stands for. */
  private static String step(String literal) {
    String text = literal.strip();
    return text.startsWith("\"") && text.endsWith("\"") && text.length() > 1
        ? text.substring(1, text.length() - 1)
            .replace("\\n", "\n")
            .replace("\\\"", "\"")
            .replace("\\\\", "\\")
        : text;
  }

  /**
   * Which of the ends found is what the program does to its logits; none where there are branches
   * with ends of different meanings, of which a picture shows one.
   *
   * @param places what was found
   * @param same whether what the program put out is what an end makes of what it puts out without
   */
  static Optional<End> confirmed(List<Place> places, Predicate<End> same) {
    List<End> ends = places.stream().map(Place::made).distinct().toList();
    return ends.stream().map(end -> end.kind().meaning()).distinct().count() > 1
        ? Optional.empty()
        : ends.stream().filter(same).findFirst();
  }

  /** In words, where the end stands: such as {@code nn.Softmax 'end'} or {@code forward of Net}. */
  static String words(Place place) {
    return String.format(
        Locale.ROOT,
        "%s in %s of %s",
        place.made().kind(),
        place.method().method.name(),
        place.method().owner.type());
  }
}
