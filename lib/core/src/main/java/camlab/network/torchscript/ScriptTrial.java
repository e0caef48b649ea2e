package camlab.network.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.engine.ComputationException;
import camlab.engine.PyTorch;
import camlab.heatmap.Region;
import camlab.identity.Fingerprint;
import camlab.network.Classes;
import camlab.network.Stated;
import camlab.network.Trial;
import camlab.picture.Preprocessing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * What a program shows when it is run once: which tensors it puts out, what a batch does to stated
 * arrays, and whether it ends with the softmax that its text has.
 */
final class ScriptTrial {

  private static final long SEED = 13;

  /** Single precision, through a softmax. */
  private static final float ROUNDING = 1e-5f;

  /** Of how many times the noise a program with branches is asked, too. */
  private static final List<Float> OTHERS = List.of(0.1f, -1f, 3f);

  /** Single precision, in another order. */
  private static final float REPAIRED = 1e-4f;

  private final TorchScriptArchive archive;
  private final ScriptHooks hooks;
  private final Classes classes;
  private final Shape picture;

  ScriptTrial(
      TorchScriptArchive archive, ScriptHooks hooks, Classes classes, Preprocessing preprocessing) {
    this.archive = archive;
    this.hooks = hooks;
    this.classes = classes;
    Region.Size size = preprocessing.sizeToTry();
    picture = new Shape(1, preprocessing.channels().count(), size.height(), size.width());
  }

  /** The shape of one picture as the network takes it, (1, C, H, W). */
  Shape picture() {
    return picture;
  }

  /** Noise in the place of one picture. */
  private NDArray noise(NDManager scope) {
    return Trial.picture(scope, picture, new SplittableRandom(SEED));
  }

  /**
   * Chooses which of a program's tensors is explained. One that returns a tensor has nothing to
   * choose, and is not run.
   */
  ScriptOutputs.Choice choice(NDManager manager, Stated stated) {
    String what = archive.path().toString();
    if (hooks.returned() instanceof ScriptType.Tensor) {
      stated
          .output()
          .ifPresent(
              output -> {
                throw new TorchScriptException(
                    "%s puts out one tensor, so there is no output '%s' to choose. Leave it out."
                        .formatted(what, output));
              });
      return ScriptOutputs.only();
    }
    try (NDManager scope = manager.newSubManager()) {
      PyTorch.Program program = TorchScript.load(archive, hooks.listing(), scope);
      ScriptInputs inputs = new ScriptInputs(hooks.arguments().arrays(scope), true);
      NDList found = inputs.run(program, OutputCode.ALL, noise(scope));
      return new ScriptOutputs(what, hooks.returned(), found).choice(stated.output(), classes);
    } catch (ComputationException e) {
      requireNoChance(e);
      throw new TorchScriptException(
          "%s does not run with a picture of shape %s: %s"
              .formatted(what, picture, TorchScript.reason(e)),
          e);
    }
  }

  /** The stated arrays; whether they are rows is tried with a batch of two equal pictures. */
  ScriptInputs inputs(NDManager manager, PyTorch.Program program) {
    ScriptInputs rows = new ScriptInputs(hooks.arguments().arrays(manager), true);
    ScriptInputs whole = new ScriptInputs(rows.constants(), false);
    return rows.hasRows() && !areEqual(manager, program, rows) && areEqual(manager, program, whole)
        ? whole
        : rows;
  }

  /** Whether each of two equal pictures gets what one gets alone. */
  private boolean areEqual(NDManager manager, PyTorch.Program program, ScriptInputs inputs) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray one = noise(scope);
      NDArray alone = inputs.run(program, OutputCode.ONE, one).singletonOrThrow();
      NDArray both = inputs.run(program, OutputCode.ONE, one.repeat(0, 2)).singletonOrThrow();
      return both.getShape().equals(alone.repeat(0, 2).getShape())
          && Trial.same(both, alone.repeat(0, 2), ROUNDING);
    } catch (ComputationException e) {
      return false;
    }
  }

  /**
   * Which softmax or sigmoid makes of what the changed program puts out what it put out before, but
   * not of other numbers. Where there are branches, other pictures may take others, or be tested by
   * what is no probability any more: so some more are tried.
   */
  Optional<ScriptEnding.End> ending(NDManager manager, HookedProgram program) {
    if (hooks.ending().isEmpty()) {
      return Optional.empty();
    }
    try (NDManager scope = manager.newSubManager()) {
      NDArray one = noise(scope);
      NDArray before = program.whole(one);
      NDArray logits = program.run(one);
      return ScriptEnding.confirmed(
          hooks.ending(),
          end ->
              makes(end, logits, before)
                  && !makes(end, logits.neg(), before)
                  && (!hooks.hasBranches()
                      || OTHERS.stream()
                          .map(one::mul)
                          .allMatch(
                              other -> makes(end, program.run(other), program.whole(other)))));
    } catch (ComputationException e) {
      return Optional.empty();
    }
  }

  private boolean makes(ScriptEnding.End end, NDArray logits, NDArray output) {
    Shape shape = logits.getShape();
    return shape.equals(output.getShape())
        && shape.dimension() > 1
        && Trial.same(end.of(logits, classes.axis(shape)), output, ROUNDING);
  }

  /**
   * The layers that run; all of them where the program has no branches. It is run only where its
   * text does not tell. A picture that is not taken is not this question's.
   *
   * @param told what the text tells, of a program that draws no random numbers on the way; empty if
   *     it does, or leaves open what runs
   * @throws TorchScriptException if random numbers are drawn
   */
  Set<String> ran(NDManager manager, HookedProgram program, Supplier<Optional<Set<String>>> told) {
    Set<String> all = Set.copyOf(program.layers());
    if (!hooks.hasBranches()) {
      return all;
    }
    Optional<Set<String>> known = told.get();
    if (known.isPresent()) {
      return known.get();
    }
    try (NDManager scope = manager.newSubManager()) {
      return Set.copyOf(program.trace(noise(scope), all, HookCode.RECORD).layers().keySet());
    } catch (ComputationException e) {
      requireNoChance(e);
      return all;
    }
  }

  /**
   * Requires that no random numbers are drawn (where there are branches, {@link #ran} shows it,
   * which runs the program then), that nothing is kept from call to call, and that a program whose
   * attention was replaced by its steps computes what it computed before.
   *
   * @throws TorchScriptException if not; the message says why
   */
  void requireRepaired(NDManager manager, HookedProgram program, ScriptRepairs repairs) {
    boolean mayDraw = !repairs.chance().isEmpty() && !hooks.hasBranches();
    if (!mayDraw && !repairs.keeps() && repairs.replaced().isEmpty()) {
      return;
    }
    try (NDManager scope = manager.newSubManager()) {
      NDArray one = noise(scope);
      NDArray first = program.whole(one);
      if (repairs.keeps()) {
        requireSame(program, one, first);
      }
      if (!repairs.replaced().isEmpty()) {
        PyTorch.Program before = TorchScript.load(repairs.original(), Map.of(), scope);
        NDList outputs = before.run(program.inputs().copies(one));
        if (outputs.size() == 1
            && !Trial.same(first.flatten(), outputs.head().flatten(), REPAIRED)) {
          throw new TorchScriptException(
              "%s computes attention in one piece (%s), which is not what its steps give. Trace the network again with gradients on, after torch.backends.mha.set_fastpath_enabled(False)."
                  .formatted(archive.path(), String.join(", ", repairs.replaced())));
        }
      }
    } catch (ComputationException e) {
      requireNoChance(e);
      // The network's own first run says what is wrong with it otherwise, with what it takes.
    }
  }

  /** Requires the same of a picture after a darker and a brighter one. */
  private void requireSame(HookedProgram program, NDArray one, NDArray first) {
    program.whole(one.neg().sub(1));
    program.whole(one.neg().add(1));
    Trial.difference(first, program.whole(one), REPAIRED)
        .ifPresent(
            numbers -> {
              throw new TorchScriptException(
                  "%s puts out other numbers each time it is run: of one picture, before and after others, %s. Its forward changes what belongs to the network (self.name = …, or a buffer in place). Save it with a forward that leaves that as it is."
                      .formatted(archive.path(), numbers));
            });
  }

  /** What draws random numbers was given an error in its place. */
  private void requireNoChance(ComputationException e) {
    if (e.isOfChance()) {
      throw new TorchScriptException(
          "%s draws random numbers when it is run. %s"
              .formatted(archive.path(), TorchScript.reason(e)),
          e);
    }
  }

  /**
   * The checksum of the file, and of what was chosen of it.
   *
   * @param checksum that of the file
   * @param endTakenOff whether a softmax or a sigmoid was taken off its end
   */
  String identity(String checksum, boolean endTakenOff) {
    String chosen = hooks.choice().name();
    String stated = hooks.arguments().identity();
    if (chosen.isEmpty() && stated.isEmpty() && !endTakenOff) {
      return checksum;
    }
    return new Fingerprint()
        .add(checksum)
        .add(chosen)
        .add(stated)
        .add(endTakenOff ? "logits" : "")
        .hex();
  }
}
