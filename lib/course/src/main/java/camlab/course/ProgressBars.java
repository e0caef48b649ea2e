package camlab.course;

import camlab.progress.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress as a bar that is drawn over itself once a second, never on standard error. */
public final class ProgressBars {

  private static final int WIDTH = 100;
  private static final int MEBIBYTE = 1 << 20;
  private static final int INTERVAL_MS = 1000;

  private ProgressBars() {}

  /**
   * A bar that goes back to the start of its line before it is drawn again.
   *
   * @param out a terminal, or a notebook's standard output
   */
  public static Progress on(PrintStream out) {
    return (work, done) ->
        new Bar(
            work,
            done,
            text -> {
              out.print("\r" + text);
              out.flush();
            },
            out::println);
  }

  private static final class Bar implements Progress.Running {

    private final ProgressBar bar;
    private final Runnable end;

    Bar(Progress.Work work, long done, Consumer<String> draw, Runnable end) {
      this.end = end;
      ProgressBarBuilder builder =
          new ProgressBarBuilder()
              .setTaskName(work.name())
              .setInitialMax(work.total())
              .startsFrom(done, Duration.ZERO)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(INTERVAL_MS)
              // The library's own consumer asks the terminal for its width, and logs if there is
              // none.
              .setConsumer(new DelegatingProgressBarConsumer(draw, WIDTH));
      if (work.unit() == Progress.Unit.BYTES) {
        builder.setUnit(" MiB", MEBIBYTE).showSpeed();
      }
      bar = builder.build();
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
