package camlab.training;

import camlab.drawing.Animal;
import camlab.drawing.Drawing;
import camlab.drawing.DrawnAnimal;
import camlab.drawing.Fauna;
import camlab.picture.Picture;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Writes drawings as a gallery: pictures, masks, and the two tables that describe them. */
final class GalleryWriter {
  private final Path folder;
  private final Fauna fauna;
  private final Table pictures;
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

  GalleryWriter(Path folder, Fauna fauna) {
    this.folder = folder;
    this.fauna = fauna;
    pictures =
        Table.create(
            StringColumn.create("file"),
            StringColumn.create("set"),
            StringColumn.create("name"),
            StringColumn.create("title"));
    for (Animal kind : fauna.animals()) {
      pictures.addColumns(IntColumn.create(column(kind)));
    }
    pictures.addColumns(LongColumn.create("seed"));
  }

  /** The column that counts a kind, for example {@code cats}. */
  private static String column(Animal kind) {
    return kind.name().toLowerCase(Locale.ROOT) + "s";
  }

  /** Writes a picture and its masks, and notes them in the tables. */
  void add(Drawing drawing, String set, String name, String title) throws IOException {
    String file = set + "/" + name + ".png";
    Files.createDirectories(folder.resolve(set));
    Files.createDirectories(folder.resolve("masks"));
    Picture.of(drawing.image()).write(folder.resolve(file));
    pictures.stringColumn("file").append(file);
    pictures.stringColumn("set").append(set);
    pictures.stringColumn("name").append(name);
    pictures.stringColumn("title").append(title);
    for (Animal kind : fauna.animals()) {
      pictures.intColumn(column(kind)).append(count(drawing, kind));
    }
    pictures.longColumn("seed").append(drawing.seed());
    for (int i = 0; i < drawing.animals().size(); i++) {
      DrawnAnimal animal = drawing.animals().get(i);
      String mask = String.format(Locale.ROOT, "masks/%s-%d.png", name, i + 1);
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

  /** Writes the tables. */
  void finish() {
    pictures.write().csv(folder.resolve("pictures.csv").toFile());
    animals.write().csv(folder.resolve("animals.csv").toFile());
    System.out.printf(
        Locale.ROOT, "%d pictures, %d animals%n", pictures.rowCount(), animals.rowCount());
  }
}
