package camlab.training;

import camlab.course.Gallery;
import camlab.drawing.Animal;
import camlab.drawing.Drawing;
import camlab.drawing.DrawingGenerator;
import camlab.drawing.DrawnAnimal;
import camlab.picture.Picture;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Draws the cats and dogs that ship in {@code data/pets}, with their tables and masks. */
@Command(
    name = "draw-pets",
    mixinStandardHelpOptions = true,
    description = "Draws the pictures of data/pets, with masks and tables.")
public final class DrawPets implements Callable<Integer> {

  /** Seeds from here on are drawn for the lessons and their scored test set, never trained on. */
  private static final long SHIPPED_SEEDS = 4_000_000_000L;

  private static final long TEST_SEEDS = SHIPPED_SEEDS + 1_000_000;
  private static final int LESSON_SIDE = 320;
  private static final int TEST_SIDE = 224;
  private static final int TESTS_OF_A_KIND = 16;

  @Option(names = "--folder", required = true, description = "Where to put them: data/pets.")
  private Path folder;

  private final DrawingGenerator generator = new DrawingGenerator();
  private final Table pictures =
      Table.create(
          StringColumn.create("file"),
          StringColumn.create("set"),
          StringColumn.create("name"),
          StringColumn.create("title"),
          IntColumn.create("cats"),
          IntColumn.create("dogs"),
          LongColumn.create("seed"));
  private final Table animals =
      Table.create(
          StringColumn.create("file"),
          StringColumn.create("animal"),
          IntColumn.create("left"),
          IntColumn.create("top"),
          IntColumn.create("width"),
          IntColumn.create("height"),
          IntColumn.create("pixels"),
          StringColumn.create("mask"));

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DrawPets()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    lesson("cat", "a cat in a room", List.of(Animal.CAT), 31);
    lesson("dog", "a dog in a garden", List.of(Animal.DOG), 22);
    lesson("both", "a cat and a dog", List.of(Animal.CAT, Animal.DOG), 20);
    lesson("three-cats", "three cats", List.of(Animal.CAT, Animal.CAT, Animal.CAT), 17);
    lesson("two-dogs", "two dogs, near and far", List.of(Animal.DOG, Animal.DOG), 28);
    lesson("crowd", "two cats and a dog", List.of(Animal.CAT, Animal.CAT, Animal.DOG), 33);
    for (int i = 0; i < TESTS_OF_A_KIND; i++) {
      test("cat", List.of(Animal.CAT), i);
      test("dog", List.of(Animal.DOG), TESTS_OF_A_KIND + i);
      test("both", List.of(Animal.CAT, Animal.DOG), 2 * TESTS_OF_A_KIND + 2 * i);
      test("both", List.of(Animal.CAT, Animal.DOG), 2 * TESTS_OF_A_KIND + 2 * i + 1);
    }
    pictures.write().csv(folder.resolve("pictures.csv").toFile());
    animals.write().csv(folder.resolve("animals.csv").toFile());
    System.out.printf("%d pictures, %d animals%n", pictures.rowCount(), animals.rowCount());
    return 0;
  }

  private void lesson(String name, String title, List<Animal> kinds, int number)
      throws IOException {
    Drawing drawing = generator.draw(kinds, SHIPPED_SEEDS + number, LESSON_SIDE);
    write(drawing, Gallery.LESSON, name, title);
  }

  private void test(String kind, List<Animal> kinds, int number) throws IOException {
    Drawing drawing = generator.draw(kinds, TEST_SEEDS + number, TEST_SIDE);
    write(drawing, Gallery.TEST, "test-%s-%02d".formatted(kind, number), drawing.scene());
  }

  private void write(Drawing drawing, String set, String name, String title) throws IOException {
    String file = set + "/" + name + ".png";
    Files.createDirectories(folder.resolve(set));
    Files.createDirectories(folder.resolve("masks"));
    Picture.of(drawing.image()).write(folder.resolve(file));
    pictures.stringColumn("file").append(file);
    pictures.stringColumn("set").append(set);
    pictures.stringColumn("name").append(name);
    pictures.stringColumn("title").append(title);
    pictures.intColumn("cats").append(count(drawing, Animal.CAT));
    pictures.intColumn("dogs").append(count(drawing, Animal.DOG));
    pictures.longColumn("seed").append(drawing.seed());
    for (int i = 0; i < drawing.animals().size(); i++) {
      DrawnAnimal animal = drawing.animals().get(i);
      String mask = "masks/%s-%d.png".formatted(name, i + 1);
      animal.mask().toPicture().write(folder.resolve(mask));
      Rectangle box = animal.box();
      animals.stringColumn("file").append(file);
      animals.stringColumn("animal").append(animal.animal().label());
      animals.intColumn("left").append(box.x);
      animals.intColumn("top").append(box.y);
      animals.intColumn("width").append(box.width);
      animals.intColumn("height").append(box.height);
      animals.intColumn("pixels").append(animal.mask().count());
      animals.stringColumn("mask").append(mask);
    }
  }

  private static int count(Drawing drawing, Animal kind) {
    return (int) drawing.animals().stream().filter(animal -> animal.animal() == kind).count();
  }
}
