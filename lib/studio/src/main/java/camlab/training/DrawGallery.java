package camlab.training;

import static camlab.drawing.Animal.BEAR;
import static camlab.drawing.Animal.CAT;
import static camlab.drawing.Animal.DOG;
import static camlab.drawing.Animal.ELEPHANT;

import camlab.course.Gallery;
import camlab.drawing.Animal;
import camlab.drawing.Drawing;
import camlab.drawing.DrawingGenerator;
import camlab.drawing.Fauna;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws the pictures that ship in {@code data/}, with their tables and masks. */
@Command(
    name = "draw-gallery",
    mixinStandardHelpOptions = true,
    description = "Draws the pictures of data/pets or data/wildlife, with masks and tables.")
public final class DrawGallery implements Callable<Integer> {

  /**
   * Seeds from here on are drawn for the lessons and the sets that are scored, never trained on.
   */
  private static final long PETS_SEEDS = 4_000_000_000L;

  private static final long WILDLIFE_SEEDS = 5_000_000_000L;

  /** How far from a fauna's first seed its scored pictures begin. */
  private static final long SCORED = 1_000_000;

  private static final int LESSON_SIDE = 320;
  private static final int SCORED_SIDE = 224;
  private static final int PETS_OF_A_KIND = 16;
  private static final int WILDLIFE_OF_A_KIND = 51;
  private static final int GROUPS_OF_A_KIND = 12;
  private static final int MIXED = 16;

  @Option(names = "--fauna", required = true, description = "Which: ${COMPLETION-CANDIDATES}.")
  private Fauna fauna;

  @Option(names = "--folder", required = true, description = "Where to put them.")
  private Path folder;

  private DrawingGenerator generator;
  private GalleryWriter writer;
  private long seeds;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new DrawGallery()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    generator = new DrawingGenerator(fauna);
    writer = new GalleryWriter(folder, fauna);
    switch (fauna) {
      case PETS -> pets();
      case WILDLIFE -> wildlife();
    }
    writer.finish();
    return 0;
  }

  private void pets() throws IOException {
    seeds = PETS_SEEDS;
    lesson("cat", "a cat in a room", List.of(CAT), 31);
    lesson("dog", "a dog in a garden", List.of(DOG), 22);
    lesson("both", "a cat and a dog", List.of(CAT, DOG), 20);
    lesson("three-cats", "three cats", List.of(CAT, CAT, CAT), 17);
    lesson("two-dogs", "two dogs, near and far", List.of(DOG, DOG), 28);
    lesson("crowd", "two cats and a dog", List.of(CAT, CAT, DOG), 33);
    for (int i = 0; i < PETS_OF_A_KIND; i++) {
      scored(Gallery.TEST, "cat", List.of(CAT), i);
      scored(Gallery.TEST, "dog", List.of(DOG), PETS_OF_A_KIND + i);
      scored(Gallery.TEST, "both", List.of(CAT, DOG), 2 * PETS_OF_A_KIND + 2 * i);
      scored(Gallery.TEST, "both", List.of(CAT, DOG), 2 * PETS_OF_A_KIND + 2 * i + 1);
    }
  }

  private void wildlife() throws IOException {
    seeds = WILDLIFE_SEEDS;
    lesson("elephant", "an elephant in a savanna", List.of(ELEPHANT), 21);
    lesson("bear", "a bear by a river", List.of(BEAR), 7);
    lesson("both", "an elephant and a bear", List.of(ELEPHANT, BEAR), 6);
    lesson("two-bears", "two bears, near and far", List.of(BEAR, BEAR), 14);
    lesson("herd", "a herd of elephants", List.of(ELEPHANT, ELEPHANT, ELEPHANT), 11);
    lesson("bear-family", "a family of bears", List.of(BEAR, BEAR, BEAR), 13);
    lesson("crowd", "two elephants and a bear", List.of(ELEPHANT, ELEPHANT, BEAR), 32);
    int next = 0;
    for (int i = 0; i < WILDLIFE_OF_A_KIND; i++) {
      scored(Gallery.TEST, "elephant", List.of(ELEPHANT), next++);
      scored(Gallery.TEST, "bear", List.of(BEAR), next++);
    }
    for (int i = 0; i < GROUPS_OF_A_KIND; i++) {
      int count = 2 + i % 2;
      scored(Gallery.GROUPS, "elephants", Collections.nCopies(count, ELEPHANT), next++);
      scored(Gallery.GROUPS, "bears", Collections.nCopies(count, BEAR), next++);
    }
    for (int i = 0; i < MIXED; i++) {
      List<Animal> kinds =
          switch (i % 4) {
            case 0 -> List.of(ELEPHANT, ELEPHANT, BEAR);
            case 1 -> List.of(ELEPHANT, BEAR, BEAR);
            default -> List.of(ELEPHANT, BEAR);
          };
      scored(Gallery.GROUPS, "mixed", kinds, next++);
    }
  }

  private void lesson(String name, String title, List<Animal> kinds, int number)
      throws IOException {
    writer.add(generator.draw(kinds, seeds + number, LESSON_SIDE), Gallery.LESSON, name, title);
  }

  private void scored(String set, String kind, List<Animal> kinds, int number) throws IOException {
    Drawing drawing = generator.draw(kinds, seeds + SCORED + number, SCORED_SIDE);
    writer.add(
        drawing, set, String.format(Locale.ROOT, "%s-%s-%02d", set, kind, number), drawing.scene());
  }
}
