package camlab.evaluation;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress as a bar, which works out the time left itself. */
final class BarProgress implements Progress {

  private static final int WIDTH = 100;
  private static final int INTERVAL_MS = 1000;

  private final PrintStream out;
  private Optional<ProgressBar> bar = Optional.empty();

  BarProgress(PrintStream out) {
    this.out = out;
  }

  @Override
  public void reached(long done, long total, Optional<Duration> left) {
    if (bar.isEmpty()) {
      bar = Optional.of(start(done, total));
    }
    bar.get().stepTo(done);
  }

  private ProgressBar start(long done, long total) {
    return new ProgressBarBuilder()
        .setTaskName("Evaluation")
        .setInitialMax(total)
        .startsFrom(done, Duration.ZERO)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(INTERVAL_MS)
        // The library's own consumer asks the terminal for its width, and logs if there is none.
        .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH))
        .build();
  }

  private void draw(String text) {
    out.print("\r" + text);
    out.flush();
  }

  @Override
  public void ended() {
    bar.ifPresent(
        started -> {
          started.close();
          out.println();
        });
    bar = Optional.empty();
  }
}
