package camlab.course;

import camlab.download.Progress;
import camlab.download.RemoteFile;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress as a bar that is drawn over itself once a second, never on standard error. */
final class ProgressBars {

  private static final int WIDTH = 100;
  private static final int MEBIBYTE = 1 << 20;
  private static final int INTERVAL_MS = 1000;

  private ProgressBars() {}

  /**
   * A bar that goes back to the start of its line before it is drawn again.
   *
   * @param out a terminal, or a notebook's standard output
   */
  static Progress on(PrintStream out) {
    return (file, done) ->
        new Bar(
            file,
            done,
            text -> {
              out.print("\r" + text);
              out.flush();
            },
            out::println);
  }

  private static final class Bar implements Progress.Transfer {

    private final ProgressBar bar;
    private final Runnable end;

    Bar(RemoteFile file, long done, Consumer<String> draw, Runnable end) {
      this.end = end;
      bar =
          new ProgressBarBuilder()
              .setTaskName(file.name())
              .setInitialMax(file.bytes())
              .startsFrom(done, Duration.ZERO)
              .setUnit(" MiB", MEBIBYTE)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(INTERVAL_MS)
              .showSpeed()
              // The library's own consumer asks the terminal for its width, and logs if there is
              // none.
              .setConsumer(new DelegatingProgressBarConsumer(draw, WIDTH))
              .build();
    }

    @Override
    public void reached(long done) {
      bar.stepTo(done);
    }

    @Override
    public void close() {
      bar.close();
      end.run();
    }
  }
}
