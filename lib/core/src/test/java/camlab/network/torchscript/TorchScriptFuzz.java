package camlab.network.torchscript;

import camlab.TestFiles;
import camlab.fuzz.FuzzedReader;
import camlab.fuzz.ZipParts;
import camlab.network.Classes;
import camlab.network.Stated;
import camlab.picture.Preprocessing;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The reader of TorchScript files. */
public final class TorchScriptFuzz {

  private static final String[] PARTS = {".py", "data.pkl", "constants.pkl", "version"};

  private TorchScriptFuzz() {}

  private static List<Path> files(String... names) {
    return Stream.of(names).map(TestFiles::path).toList();
  }

  /** What is read before the engine sees anything: the zip, the code, its calls. */
  public static final class Code {

    private static final ZipParts ZIPS =
        new ZipParts(
            files(
                "torchscript/forms.pt",
                "torchscript/functions.traced.pt",
                "torchscript/functions.scripted.pt",
                "torchscript/loop.pt",
                "torchscript/tokens.pt",
                "torchscript/tuple.pt",
                "torchscript/frozen.pt",
                "conditions/encoder.pt",
                "conditions/gpu.pt",
                "conditions/dropouts.pt",
                "conditions/mobile.ptl"),
            PARTS);

    /** A letter of code may be a call, which is kept as several objects. */
    private static final FuzzedReader READER =
        new FuzzedReader(Code::read, ".pt", 20_000, Set.of(TorchScriptException.class));

    private Code() {}

    private static void read(Path file) {
      ScriptRepairs repairs = new ScriptRepairs(TorchScriptArchive.read(file), "cpu");
      new ScriptHooks(repairs.archive(), Stated.NOTHING).rewritten();
    }

    /** The fixtures. */
    public static List<byte[]> seeds() {
      return ZIPS.seeds();
    }

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
      READER.reads(ZIPS.file(input));
    }
  }

  /** The whole: what passes is loaded by the engine, and run. */
  public static final class Whole {

    private static final ZipParts ZIPS =
        new ZipParts(files("torchscript/forms.pt", "torchscript/clamp.pt"), PARTS);

    private static final Preprocessing SMALL = Preprocessing.builder().rgb().size(4, 4).build();

    private static final FuzzedReader READER =
        new FuzzedReader(
            file -> TorchScript.load(file, Classes.numbered(2), SMALL).close(),
            ".pt",
            20_000,
            Set.of(TorchScriptException.class, IllegalArgumentException.class));

    private Whole() {}

    /** The fixtures. */
    public static List<byte[]> seeds() {
      return ZIPS.seeds();
    }

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
      READER.reads(ZIPS.file(input));
    }
  }
}
