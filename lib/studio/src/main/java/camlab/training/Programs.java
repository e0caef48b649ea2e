package camlab.training;

import camlab.file.Places;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** How this package's programs read their command lines. */
final class Programs {

  private Programs() {}

  /** A command line that says what to do about a path which cannot be named here. */
  static CommandLine of(Callable<Integer> program) {
    return new CommandLine(program).registerConverter(Path.class, Programs::path);
  }

  private static Path path(String text) {
    try {
      return Places.of(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
