package camlab.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SideBySideTest {

  private static int before;

  @BeforeAll
  static void remember() {
    before = PyTorch.threads();
  }

  @AfterAll
  static void asItWas() {
    JniUtils.setNumThreads(before);
  }

  /** Each of the two waits for the other: one after the other they would wait for ever. */
  @Test
  void sharesOutTheEnginesThreads() {
    JniUtils.setNumThreads(5);
    CountDownLatch both = new CountDownLatch(2);
    Set<Thread> used = ConcurrentHashMap.newKeySet();
    List<String> results =
        SideBySide.map(
            IntStream.range(0, 7).boxed().toList(),
            2,
            piece -> {
              used.add(Thread.currentThread());
              both.countDown();
              waitFor(both);
              return piece + " with " + JniUtils.getNumThreads();
            },
            "Stopped.");
    assertEquals(IntStream.range(0, 7).mapToObj(piece -> piece + " with 2").toList(), results);
    assertEquals(2, used.size());
    assertEquals(5, JniUtils.getNumThreads());
    assertEquals(
        5,
        CompletableFuture.supplyAsync(JniUtils::getNumThreads, runs -> new Thread(runs).start())
            .join());
  }

  @Test
  void oneThreadDoesAllItself() {
    JniUtils.setNumThreads(1);
    List<Thread> used =
        SideBySide.map(List.of(1, 2), 4, piece -> Thread.currentThread(), "Stopped.");
    assertEquals(List.of(Thread.currentThread(), Thread.currentThread()), used);
    JniUtils.setNumThreads(4);
    assertSame(
        Thread.currentThread(),
        SideBySide.map(List.of(1), 4, piece -> Thread.currentThread(), "Stopped.").get(0));
    assertEquals(List.of(), SideBySide.map(List.of(), 4, piece -> piece, "Stopped."));
  }

  /** What is under way is told to end, and has ended when the failure comes out. */
  @Test
  void aFailureComesOutWhenTheOthersHaveEnded() {
    JniUtils.setNumThreads(2);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    IllegalArgumentException failure = new IllegalArgumentException("No such picture.");
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                SideBySide.map(
                    List.of(0, 1, 2),
                    2,
                    piece -> {
                      if (piece == 0) {
                        waitFor(begun);
                        throw failure;
                      }
                      begun.countDown();
                      assertThrows(InterruptedException.class, () -> Thread.sleep(60_000));
                      ended.set(true);
                      return piece;
                    },
                    "Stopped."));
    assertSame(failure, thrown);
    assertTrue(ended.get());
    assertEquals(2, JniUtils.getNumThreads());
    JniUtils.setNumThreads(2);
    assertThrows(
        StackOverflowError.class,
        () ->
            SideBySide.map(
                List.of(0, 1),
                2,
                piece -> {
                  throw new StackOverflowError();
                },
                "Stopped."));
  }

  @Test
  void anInterruptEndsThemAll() {
    JniUtils.setNumThreads(2);
    Thread main = Thread.currentThread();
    CancellationException stopped =
        assertThrows(
            CancellationException.class,
            () ->
                SideBySide.map(
                    List.of(0, 1, 2, 3),
                    2,
                    piece -> {
                      main.interrupt();
                      assertThrows(InterruptedException.class, () -> Thread.sleep(60_000));
                      return piece;
                    },
                    "Stopped."));
    assertEquals("Stopped.", stopped.getMessage());
    assertTrue(Thread.interrupted(), "the thread stays interrupted");
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
