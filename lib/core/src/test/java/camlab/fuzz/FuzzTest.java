package camlab.fuzz;

import camlab.network.export.ExportedProgramFuzz;
import camlab.network.torchscript.TorchScriptFuzz;
import camlab.picture.PictureFuzz;
import camlab.weights.PickleFuzz;
import camlab.weights.SafetensorsFuzz;
import java.util.List;

/** The readers of the core. */
class FuzzTest extends FuzzTests {

  static List<Target> targets() {
    return List.of(
        new Target(PickleFuzz.class, PickleFuzz::seeds, PickleFuzz::fuzzerTestOneInput),
        new Target(
            SafetensorsFuzz.class, SafetensorsFuzz::seeds, SafetensorsFuzz::fuzzerTestOneInput),
        new Target(
            TorchScriptFuzz.Code.class,
            TorchScriptFuzz.Code::seeds,
            TorchScriptFuzz.Code::fuzzerTestOneInput),
        new Target(
            TorchScriptFuzz.Whole.class,
            TorchScriptFuzz.Whole::seeds,
            TorchScriptFuzz.Whole::fuzzerTestOneInput),
        new Target(
            ExportedProgramFuzz.Calls.class,
            ExportedProgramFuzz.Calls::seeds,
            ExportedProgramFuzz.Calls::fuzzerTestOneInput),
        new Target(
            ExportedProgramFuzz.Whole.class,
            ExportedProgramFuzz.Whole::seeds,
            ExportedProgramFuzz.Whole::fuzzerTestOneInput),
        new Target(
            PictureFuzz.Png.class, PictureFuzz.Png::seeds, PictureFuzz.Png::fuzzerTestOneInput),
        new Target(
            PictureFuzz.Jpeg.class, PictureFuzz.Jpeg::seeds, PictureFuzz.Jpeg::fuzzerTestOneInput));
  }
}
