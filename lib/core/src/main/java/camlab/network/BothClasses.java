package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import camlab.engine.PyTorch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model that puts out one number for two classes, told as one number for each: of a logit y, −y
 * and y; of a probability p, 1 − p and p.
 *
 * @param model puts out shape (N, 1)
 * @param probability whether the number is a probability
 */
record BothClasses(LayeredModel model, boolean probability) implements LayeredModel {

  private static final String NAME = "both";

  private NDArray both(NDArray number) {
    NDArray first = probability ? number.neg().add(1) : number.neg();
    return first.concat(number, 1);
  }

  private Trace both(Trace trace) {
    return new Trace(both(trace.logits()), trace.layers());
  }

  /** The same of a graph, with one more layer at its end, {@code both}. */
  static LayerGraph of(LayerGraph graph, boolean probability) {
    BothClasses last = new BothClasses(graph, probability);
    return graph.and(
        new Layer(
            NAME,
            "BothClasses",
            new LambdaBlock(numbers -> new NDList(last.both(numbers.singletonOrThrow())), NAME),
            List.of(graph.last().name())));
  }

  @Override
  public NDArray run(NDArray input) {
    return both(model.run(input));
  }

  @Override
  public void requireTaken(NDArray input) {
    model.requireTaken(input);
  }

  @Override
  public Trace trace(NDArray input, Set<String> layers) {
    return both(model.trace(input, layers));
  }

  @Override
  public Trace traceWithGradients(NDArray input, Set<String> layers) {
    return PyTorch.withGradients(() -> both(model.traceWithGradients(input, layers)));
  }

  @Override
  public boolean repeats() {
    return model.repeats();
  }

  @Override
  public boolean sorts(NDArray picture) {
    return model.sorts(picture);
  }

  @Override
  public boolean takesSeveral(NDArray pictures) {
    return model.takesSeveral(pictures);
  }

  @Override
  public Optional<Trace> held(NDArray pictures, Set<String> layers) {
    return model.held(pictures, layers).map(this::both);
  }

  @Override
  public Trace cut(NDArray input, Set<String> layers) {
    return both(model.cut(input, layers));
  }

  @Override
  public Rest rest(NDArray input, String layer) {
    Rest rest = model.rest(input, layer);
    return outputs -> both(rest.run(outputs));
  }

  @Override
  public Optional<LayerGraph> layered() {
    return model.layered().map(graph -> of(graph, probability));
  }

  @Override
  public List<String> names() {
    return model.names();
  }

  @Override
  public String resolve(String name) {
    return model.resolve(name);
  }

  @Override
  public String type(String layer) {
    return model.type(layer);
  }

  @Override
  public long parameterCount() {
    return model.parameterCount();
  }

  @Override
  public String checksum() {
    return model.checksum();
  }

  @Override
  public Set<String> rectifiers(NDArray input) {
    return model.rectifiers(input);
  }

  @Override
  public Map<String, Shape> shapes(NDArray input) {
    return model.shapes(input);
  }

  @Override
  public Optional<Meaning> meaning() {
    return model.meaning();
  }

  @Override
  public List<Fact> facts() {
    return model.facts();
  }

  @Override
  public Map<String, Shape> weights() {
    return model.weights();
  }

  @Override
  public Optional<NDArray> weight(String name) {
    return model.weight(name);
  }

  @Override
  public Map<String, Layout> layouts(Shape picture) {
    return model.layouts(picture);
  }

  @Override
  public Set<String> withoutLayout(Shape picture) {
    return model.withoutLayout(picture);
  }

  @Override
  public boolean keepsPlaces(NDArray input) {
    return model.keepsPlaces(input);
  }

  @Override
  public boolean resamples() {
    return model.resamples();
  }

  @Override
  public Optional<Map<String, NDArray>> biases(NDManager scope) {
    return model.biases(scope);
  }

  @Override
  public Map<String, Long> entering() {
    return model.entering();
  }

  @Override
  public boolean isReused(String layer) {
    return model.isReused(layer);
  }

  @Override
  public float precision() {
    return model.precision();
  }
}
