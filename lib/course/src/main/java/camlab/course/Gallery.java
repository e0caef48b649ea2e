package camlab.course;

import camlab.evaluation.Subject;
import camlab.file.TextFile;
import camlab.network.UnknownNameException;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.awt.Rectangle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * A folder of pictures with labels, boxes and masks: {@code pictures.csv} has one row per picture,
 * {@code animals.csv} one row per animal in it.
 *
 * @param folder where the tables and the files are
 * @param pictures file, set, name, title, how many of each kind (such as cats, dogs), seed
 * @param animals file, animal, left, top, width, height, and for drawings pixels and mask
 */
public record Gallery(Path folder, Table pictures, Table animals) {

  /** What a cell of several values has between them. */
  static final Pattern BETWEEN = Pattern.compile("[|]");

  /** The pictures the lessons tell their story with. */
  public static final String LESSON = "lesson";

  /** Pictures to score a network or a method on, never trained on. */
  public static final String TEST = "test";

  /** Pictures of several animals, of one kind or of both, never trained on. */
  public static final String GROUPS = "groups";

  /**
   * One animal of a picture.
   *
   * @param label its kind, a class of the network that goes with the gallery
   * @param box the box around its visible pixels, in pixels of the picture
   * @param maskFile which pixels those are; nobody has marked them in photographs
   */
  public record Animal(String label, Rectangle box, Optional<Path> maskFile) {

    /** Copies the box. */
    public Animal {
      box = new Rectangle(box);
    }

    @Override
    public Rectangle box() {
      return new Rectangle(box);
    }

    /**
     * The visible pixels of the animal.
     *
     * @throws IllegalStateException if nobody has marked them
     */
    public Mask mask() {
      return Mask.read(
          maskFile.orElseThrow(
              () ->
                  new IllegalStateException(
                      "This %s has no mask, only a box: photographs come without masks. Use box()."
                          .formatted(label))));
    }
  }

  /**
   * One picture.
   *
   * @param name a short name, unique within the gallery, such as {@code both}
   * @param title a few words for a caption
   * @param file the picture file
   * @param part the part of the file that is the picture; all of it if none is named
   * @param animals what it shows, from back to front, in pixels of the picture
   */
  public record Entry(
      String name, String title, Path file, Optional<Rectangle> part, List<Animal> animals) {

    /** Copies its parts. */
    public Entry {
      part = part.map(Rectangle::new);
      animals = List.copyOf(animals);
    }

    @Override
    public Optional<Rectangle> part() {
      return part.map(Rectangle::new);
    }

    /** Reads the picture. */
    public Picture picture() {
      Picture whole = Picture.read(file);
      return part.map(cut -> whole.cropped(cut.x, cut.y, cut.width, cut.height)).orElse(whole);
    }

    /** The animals of one kind. */
    public List<Animal> animals(String label) {
      return animals.stream().filter(animal -> animal.label().equals(label)).toList();
    }

    /**
     * The visible pixels of all animals of one kind.
     *
     * @return empty if there is none, or nobody has marked them
     */
    public Optional<Mask> mask(String label) {
      return Gallery.mask(animals, label);
    }

    /** What to evaluate methods on: this picture, once for each kind of animal it shows. */
    public List<Subject> subjects() {
      return animals.stream()
          .map(Animal::label)
          .distinct()
          .map(label -> new Subject(name, label, this::picture, () -> mask(label)))
          .toList();
    }
  }

  /** The visible pixels of those of one kind; empty if there is none, or nobody has marked them. */
  static Optional<Mask> mask(List<Animal> animals, String label) {
    List<Animal> kind = animals.stream().filter(animal -> animal.label().equals(label)).toList();
    return kind.isEmpty() || kind.stream().anyMatch(animal -> animal.maskFile().isEmpty())
        ? Optional.empty()
        : Optional.of(Mask.union(kind.stream().map(Animal::mask).toList()));
  }

  /** The drawn cats and dogs that ship in {@code data/pets}. */
  public static Gallery drawnPets() {
    return of(Root.find().resolve("data").resolve("pets"));
  }

  /**
   * The drawn African elephants and black bears that ship in {@code data/wildlife}: {@link #TEST}
   * holds 102 pictures of one animal, half and half, {@link #GROUPS} those of several.
   */
  public static Gallery drawnWildlife() {
    return of(Root.find().resolve("data").resolve("wildlife"));
  }

  /** The gallery of a folder. */
  static Gallery of(Path folder) {
    return new Gallery(
        folder, table(folder.resolve("pictures.csv")), table(folder.resolve("animals.csv")));
  }

  /** A table from a file, whose encoding Tablesaw would guess. */
  static Table table(Path file) {
    return Table.read().csv(TextFile.read(file), file.getFileName().toString());
  }

  /**
   * The pictures of one set, in the order of the table.
   *
   * @param set {@link #LESSON}, {@link #TEST} or {@link #GROUPS}
   */
  public List<Entry> entries(String set) {
    List<Entry> entries = new ArrayList<>();
    for (Row row : pictures) {
      if (row.getString("set").equals(set)) {
        entries.add(entry(row));
      }
    }
    return List.copyOf(entries);
  }

  /**
   * The pictures of one set to evaluate methods on, each once for each kind of animal it shows.
   *
   * @param set {@link #LESSON}, {@link #TEST} or {@link #GROUPS}
   */
  public List<Subject> subjects(String set) {
    return entries(set).stream().flatMap(entry -> entry.subjects().stream()).toList();
  }

  /**
   * A picture by its name.
   *
   * @throws UnknownNameException if there is none; the message lists the near names
   */
  public Entry entry(String name) {
    for (Row row : pictures) {
      if (row.getString("name").equals(name)) {
        return entry(row);
      }
    }
    throw UnknownNameException.of("picture", name, pictures.stringColumn("name").asList());
  }

  private Entry entry(Row row) {
    String file = row.getString("file");
    Optional<Rectangle> part = part(row);
    boolean masks = animals.containsColumn("mask");
    List<Animal> found = new ArrayList<>();
    for (Row animal : animals) {
      if (animal.getString("file").equals(file)) {
        Rectangle box = within(box(animal), part);
        Optional<Path> mask =
            masks ? Optional.of(folder.resolve(animal.getString("mask"))) : Optional.empty();
        if (!box.isEmpty()) {
          found.add(new Animal(animal.getString("animal"), box, mask));
        }
      }
    }
    return new Entry(
        row.getString("name"), row.getString("title"), folder.resolve(file), part, found);
  }

  private static Rectangle box(Row animal) {
    return new Rectangle(
        animal.getInt("left"),
        animal.getInt("top"),
        animal.getInt("width"),
        animal.getInt("height"));
  }

  /** The part of its file that a picture is, if the table has one: left, top, width and height. */
  private Optional<Rectangle> part(Row row) {
    if (!pictures.containsColumn("part") || row.getString("part").isEmpty()) {
      return Optional.empty();
    }
    int[] numbers =
        BETWEEN.splitAsStream(row.getString("part")).mapToInt(Integer::parseInt).toArray();
    return Optional.of(new Rectangle(numbers[0], numbers[1], numbers[2], numbers[3]));
  }

  /** What of a box lies in a part, in pixels of the part. */
  private static Rectangle within(Rectangle box, Optional<Rectangle> part) {
    return part.map(
            cut -> {
              Rectangle seen = box.intersection(cut);
              seen.translate(-cut.x, -cut.y);
              return seen;
            })
        .orElse(box);
  }
}
