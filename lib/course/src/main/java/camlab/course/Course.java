package camlab.course;

import camlab.course.CardMap.Card;
import camlab.course.CardMap.Group;
import camlab.picture.Picture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The lessons as their notebooks tell: titles, times, what needs what, and a picture of each.
 *
 * @param lessons in reading order
 */
public record Course(List<LessonNotebook> lessons) {

  /**
   * A part of the course.
   *
   * @param title its name
   * @param about what it is about, in a few words
   * @param first the number of its first lesson
   * @param last the number of its last lesson; those with a letter behind it belong to it
   */
  public record Part(String title, String about, int first, int last) {}

  /** Copies the lessons. */
  public Course {
    lessons = List.copyOf(lessons);
  }

  /**
   * Reads the notebooks of the course.
   *
   * @throws IllegalArgumentException if a notebook lacks what a lesson tells about itself
   */
  public static Course read() {
    return read(Root.find().resolve("notebooks"));
  }

  /** Reads the lessons of a folder: the notebooks whose names start with a number above 0. */
  static Course read(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return new Course(
          files
              .filter(file -> LessonNotebook.isLesson(file.getFileName().toString()))
              .sorted()
              .map(LessonNotebook::read)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException("The notebooks in %s cannot be read.".formatted(folder), e);
    }
  }

  /**
   * The map: a card for each lesson, grouped by parts, and an arrow to each from those it builds
   * on. What these build on in turn is left out.
   *
   * @param parts which together hold every lesson once
   * @throws IllegalArgumentException if a lesson is in no part or in two
   */
  public Picture map(List<Part> parts) {
    List<Group> groups = new ArrayList<>();
    for (LessonNotebook lesson : lessons) {
      long holding = parts.stream().filter(part -> holds(part, lesson)).count();
      if (holding != 1) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Lesson %s is in %d parts; every lesson belongs to one.",
                lesson.name(),
                holding));
      }
    }
    for (Part part : parts) {
      List<Card> cards =
          lessons.stream().filter(lesson -> holds(part, lesson)).map(this::card).toList();
      groups.add(new Group(part.title(), part.about(), cards));
    }
    return new CardMap(groups).draw();
  }

  private static boolean holds(Part part, LessonNotebook lesson) {
    return part.first() <= lesson.number() && lesson.number() <= part.last();
  }

  private Card card(LessonNotebook lesson) {
    return new Card(lesson.name(), lesson.title(), lesson.cover(), List.copyOf(direct(lesson)));
  }

  /** What a lesson needs, without what that needs itself. */
  Set<String> direct(LessonNotebook lesson) {
    Set<String> direct = new TreeSet<>(lesson.needs());
    for (String needed : lesson.needs()) {
      direct.removeAll(all(needed));
    }
    return direct;
  }

  /** All that a lesson needs, directly or not. */
  private Set<String> all(String name) {
    Set<String> all = new TreeSet<>();
    for (LessonNotebook lesson : lessons) {
      if (lesson.name().equals(name)) {
        for (String needed : lesson.needs()) {
          all.add(needed);
          all.addAll(all(needed));
        }
      }
    }
    return all;
  }

  /** The minutes that each lesson asks for, and all of them together. */
  public Table timetable() {
    Table table =
        Table.create(
            "How long it takes",
            StringColumn.create("lesson"),
            StringColumn.create("needs"),
            IntColumn.create("minutes"));
    int total = 0;
    for (LessonNotebook lesson : lessons) {
      table.stringColumn(0).append(lesson.name() + " " + lesson.title());
      table.stringColumn(1).append(String.join(", ", direct(lesson)));
      table.intColumn(2).append(lesson.minutes());
      total += lesson.minutes();
    }
    table.stringColumn(0).append("all");
    table.stringColumn(1).append("");
    table.intColumn(2).append(total);
    return table;
  }
}
