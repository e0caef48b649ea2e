package camlab.network.export;

import camlab.network.Classes;
import camlab.network.Fact;
import camlab.network.Network;
import camlab.network.Stated;
import camlab.network.program.Graph;
import camlab.network.torchscript.Exported;
import camlab.network.torchscript.TorchScript;
import camlab.network.torchscript.TorchScriptException;
import camlab.network.torchscript.WrittenProgram;
import camlab.picture.Preprocessing;
import camlab.weights.RawTensors.Raw;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A network from a {@code .pt2} file, as {@code torch.export.save} makes it; no Python is needed.
 *
 * <pre>{@code
 * // Python: torch.export.save(torch.export.export(model.eval(), (picture,)), "model.pt2")
 * try (Network network =
 *         ExportedProgram.load(Path.of("model.pt2"), Classes.of("cat", "dog"), Preprocessing.IMAGENET)) {
 *   Heatmap map = new GradCam().heatmap(network, picture, "cat");
 * }
 * }</pre>
 *
 * <p>The file holds the calls of PyTorch's operators one after another. They are written as a
 * TorchScript program of the same calls, with the file's tensors, and that is loaded: see {@link
 * TorchScript} for what is hooked and how outputs, other inputs and an end are treated. Its layers
 * are the calls of the modules that the network had when it was exported, by their dotted names; a
 * module that was called twice is two layers.
 *
 * <p>Only operators of PyTorch itself run, none that opens files. What the network computed for the
 * picture it was exported with, it computes: sizes that were not declared dynamic are part of it.
 */
public final class ExportedProgram {

  private static final int LISTED = 4;

  private static final Pattern UNKNOWN_OPERATOR =
      Pattern.compile("uses the operator (?:aten::)?(\\w+), which this version");

  private ExportedProgram() {}

  /**
   * Loads a network.
   *
   * @param file a file of {@code torch.export.save}, of PyTorch 2.5 or later; the program takes
   *     pictures of shape (N, C, H, W) and returns logits of shape (N, classes), by themselves or
   *     among other tensors
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @return the network; the caller closes it
   * @throws ExportedProgramException if the file is none of torch.export.save, is damaged, or calls
   *     what cannot be run here; the message says which. Nothing of it has run then
   * @throws TorchScriptException if it takes more than a picture, or puts out several tensors, and
   *     nothing says what or which
   * @throws IllegalArgumentException if the number of classes is not the network's, the
   *     preprocessing makes other pictures than those it was exported for, or its numbers
   *     contradict what the classes say of them
   * @throws java.io.UncheckedIOException if no temporary file can be written, which it goes through
   */
  public static Network load(Path file, Classes classes, Preprocessing preprocessing) {
    return load(file, classes, preprocessing, Stated.NOTHING);
  }

  /**
   * Loads a network of which more is stated. See {@link #load(Path, Classes, Preprocessing)}.
   *
   * @param file a file of {@code torch.export.save}
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @param stated what the file does not show
   * @return the network; the caller closes it
   * @throws TorchScriptException as there, or if the program has no such output as is stated
   * @throws IllegalArgumentException as there, or if it is to run on a device that is not here
   * @throws camlab.network.UnknownNameException if it has no layer or parameter that is stated
   */
  public static Network load(
      Path file, Classes classes, Preprocessing preprocessing, Stated stated) {
    return load(file, classes, preprocessing, stated, false);
  }

  /**
   * Loads a network so that its attention can be looked at: the shares softmax(Q Kᵀ / √d), shape
   * (N, heads, T, T), are layers named {@code attention} in the modules that compute them, such as
   * {@code blocks.0.attn.attention}. Attention in one piece runs in its steps for that, which takes
   * more time and memory and rounds otherwise; one with a mask stays in one piece and is not shown.
   *
   * @param file a file of {@code torch.export.save}
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @param stated what the file does not show
   * @return the network; the caller closes it
   * @see #load(Path, Classes, Preprocessing, Stated)
   */
  public static Network loadShowingAttention(
      Path file, Classes classes, Preprocessing preprocessing, Stated stated) {
    return load(file, classes, preprocessing, stated, true);
  }

  private static Network load(
      Path file, Classes classes, Preprocessing preprocessing, Stated stated, boolean attention) {
    Objects.requireNonNull(classes, "classes");
    Objects.requireNonNull(preprocessing, "preprocessing");
    try (ExportedArchive archive = ExportedArchive.open(file)) {
      JsonObject root = archive.graph();
      Graph graph = GraphReader.read(file.toString(), root);
      ProgramText text = text(file.toString(), archive, root, graph, attention);
      Map<String, Raw> kept = archive.kept(graph);
      Map<String, float[]> statistics = ProgramBiases.statistics(kept);
      ProgramBiases biases = new ProgramBiases(file.toString(), text.biases(), statistics);
      Exported source =
          new Exported(
              file,
              text.inputs(),
              text.shown(),
              GraphReader.undamaged(file.toString(), () -> facts(root, text)),
              (program, ended) ->
                  ProgramLayers.of(file.toString(), text.flat(), kept, statistics, program, ended),
              biases::of);
      try {
        WrittenProgram program = ProgramFile.of(text.root(), text.code());
        return TorchScript.load(program, source, classes, preprocessing, stated);
      } catch (TorchScriptException e) {
        throw explained(file, root, e);
      }
    } catch (IOException e) {
      throw new ExportedProgramException("%s cannot be read: %s.".formatted(file, e), e);
    }
  }

  /** The program of a graph, parts of which may be of no kind that its operators take. */
  static ProgramText text(
      String what, ExportedArchive archive, JsonObject root, Graph graph, boolean attention) {
    return GraphReader.undamaged(
        what,
        () ->
            new ProgramText(
                what,
                graph,
                archive.weights(),
                archive.constants(),
                GraphReader.returned(what, root, graph.outputs()),
                attention));
  }

  private static RuntimeException explained(Path file, JsonObject root, TorchScriptException e) {
    Matcher unknown = UNKNOWN_OPERATOR.matcher(e.getMessage());
    if (!unknown.find()) {
      return e;
    }
    return new ExportedProgramException(
        "%s cannot be used: it calls the operator %s, which %s does not have; it was exported by PyTorch %s. Export it with ep.run_decompositions(), or with an older PyTorch."
            .formatted(file, unknown.group(1), Network.engine(), version(root)),
        e);
  }

  private static String version(JsonObject root) {
    return root.has("torch_version") ? root.get("torch_version").getAsString() : "(not said)";
  }

  private static List<Fact> facts(JsonObject root, ProgramText text) {
    List<Fact> facts = new ArrayList<>();
    facts.add(
        new Fact(
            "program",
            "exported by PyTorch " + version(root),
            Fact.Origin.READ,
            "run as a TorchScript program of the same operators"));
    text.inputs().forEach(input -> DeclaredSizes.fact(root, input).ifPresent(facts::add));
    Set<String> changed = new TreeSet<>(text.changedBuffers());
    changed.addAll(GraphReader.changedBuffers(root));
    if (!changed.isEmpty()) {
      facts.add(
          new Fact(
              "state",
              "each run starts from what was saved",
              Fact.Origin.READ,
              "the program changes " + named(changed)));
    }
    if (text.remarks().contains(ProgramText.Remark.NO_GRADIENT)) {
      facts.add(
          new Fact(
              "gradients",
              "none comes through a part of the program",
              Fact.Origin.READ,
              "it was exported with gradients off there (torch.no_grad, or a function with a gradient of its own, which the file does not hold)"));
    }
    if (text.remarks().contains(ProgramText.Remark.AUTOCAST)) {
      facts.add(
          new Fact(
              "autocast",
              "not applied: every operator computes in the type of its numbers",
              Fact.Origin.READ,
              "a part of the program was exported under torch.autocast"));
    }
    return facts;
  }

  /** A program in training mode changes three buffers of each norm. */
  static String named(Set<String> buffers) {
    String first = buffers.stream().limit(LISTED).collect(Collectors.joining(", "));
    return buffers.size() > LISTED
        ? String.format(Locale.ROOT, "%s and %,d more", first, buffers.size() - LISTED)
        : first;
  }
}
