package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.course.Course.Part;
import camlab.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CourseTest {

  private static final Picture RED = Picture.of(2, 1, new int[] {0xFF0000, 0xFF0000});

  @TempDir private Path folder;

  private void write(String name, String title, String needs, String tag) throws IOException {
    String png = Base64.getEncoder().encodeToString(RED.png());
    Files.writeString(
        folder.resolve(name),
        """
        {"cells": [
          {"cell_type": "markdown", "metadata": {},
           "source": ["# %s\\n", "\\n", "**You need** %s\\n", "\\n", "**Time**: about 40 minutes."]},
          {"cell_type": "code", "metadata": {}, "source": "", "outputs": [
            {"output_type": "display_data", "data": {"image/png": "none of this"}}]},
          {"cell_type": "code", "metadata": {"tags": ["%s"]}, "source": "", "outputs": [
            {"output_type": "stream", "text": "words"},
            {"output_type": "display_data", "data": {"image/png": "%s\\n"}}]}
        ]}
        """
            .formatted(title, needs, tag, png));
  }

  @Test
  void readsWhatLessonsTell() throws IOException {
    write("00-index.ipynb", "The map", "nothing", "");
    write("01-first.ipynb", "01 · First", "Java.", "cover");
    write("02-second.ipynb", "02 · Second", "lesson 01; lesson 09 helps", "cover");
    Course course = Course.read(folder);
    assertEquals(
        List.of(
            new LessonNotebook("01", "First", 40, Set.of(), Optional.of(RED)),
            new LessonNotebook("02", "Second", 40, Set.of("01"), Optional.of(RED))),
        course.lessons());
    assertEquals(80, course.timetable().intColumn("minutes").get(2));
    assertTrue(course.map(List.of(new Part("All", "both", 1, 2))).width() > 400);
  }

  @Test
  void everyLessonIsInOnePart() throws IOException {
    write("01-first.ipynb", "01 · First", "Java.", "cover");
    Course course = Course.read(folder);
    assertThrows(
        IllegalArgumentException.class, () -> course.map(List.of(new Part("None", "", 2, 3))));
    assertThrows(
        IllegalArgumentException.class,
        () -> course.map(List.of(new Part("A", "", 1, 2), new Part("B", "", 1, 1))));
  }

  @Test
  void aLessonWithoutItsPictureIsStillOnTheMap() throws IOException {
    write("01-first.ipynb", "01 · First", "Java.", "exercise");
    Course course = Course.read(folder);
    assertEquals(Optional.empty(), course.lessons().get(0).cover());
    assertTrue(course.map(List.of(new Part("All", "one", 1, 1))).width() > 200);
  }

  @Test
  void aLessonThatDoesNotTellItsTimeIsNamed() throws IOException {
    Files.writeString(
        folder.resolve("01-first.ipynb"),
        "{\"cells\": [{\"cell_type\": \"markdown\", \"metadata\": {}, \"source\": \"# 01 · A\"}]}");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Course.read(folder));
    assertTrue(e.getMessage().contains("01-first.ipynb"), e.getMessage());
    assertTrue(e.getMessage().contains("**Time**"), e.getMessage());
  }

  @Test
  void needsAreSingleLessonsAndRanges() {
    assertEquals(
        Set.of("02", "03", "04"),
        LessonNotebook.lessons(" lessons 02 to 04 (Grad-CAM) and $e^x$."));
    assertEquals(
        Set.of("03", "04", "05", "11"), LessonNotebook.lessons("lesson 11, and lessons 03 to 05."));
    assertEquals(Set.of("09", "10b"), LessonNotebook.lessons("lessons 09 and 10b"));
    assertEquals(Set.of("08b", "09", "10"), LessonNotebook.lessons("lessons 08b to 10"));
    assertEquals(Set.of(), LessonNotebook.lessons(" Java; matrices; 2 GB"));
  }

  /** 3 needs 1 and 2, and 2 needs 1: it is enough to say that 3 needs 2. */
  @Test
  void whatIsNeededAnywayIsLeftOut() {
    LessonNotebook third =
        new LessonNotebook("03", "Third", 1, Set.of("01", "02"), Optional.of(RED));
    Course course =
        new Course(
            List.of(
                new LessonNotebook("01", "First", 1, Set.of(), Optional.of(RED)),
                new LessonNotebook("02", "Second", 1, Set.of("01"), Optional.of(RED)),
                third));
    assertEquals(Set.of("02"), course.direct(third));
  }

  /** A lesson that came in behind 01: between 01 and 02, and in the same part. */
  @Test
  void aNumberMayHaveALetter() throws IOException {
    write("02-second.ipynb", "02 · Second", "lesson 01b", "cover");
    write("01b-between.ipynb", "01b · Between", "lesson 01", "cover");
    write("01-first.ipynb", "01 · First", "Java.", "cover");
    Course course = Course.read(folder);
    assertEquals(
        List.of("01", "01b", "02"), course.lessons().stream().map(LessonNotebook::name).toList());
    assertEquals(
        List.of("01 First", "01b Between", "02 Second", "all"),
        course.timetable().stringColumn("lesson").asList());
    assertEquals(List.of("", "01", "01b", ""), course.timetable().stringColumn("needs").asList());
    List<Part> parts = List.of(new Part("A", "two", 1, 1), new Part("B", "one", 2, 2));
    assertTrue(course.map(parts).width() > 400);
  }

  @Test
  void theShippedLessonsTellAllOfIt() {
    List<LessonNotebook> lessons = Course.read().lessons();
    Set<String> before = new TreeSet<>();
    int number = 0;
    for (LessonNotebook lesson : lessons) {
      boolean letter = lesson.name().length() > 2;
      number += letter ? 0 : 1;
      assertEquals(number, lesson.number(), lesson.name());
      assertTrue(before.containsAll(lesson.needs()), lesson.name() + " needs " + lesson.needs());
      before.add(lesson.name());
      assertTrue(
          lesson.cover().isPresent(), "no cell with a picture is tagged cover: " + lesson.title());
      assertTrue(lesson.minutes() >= 10 && lesson.minutes() <= 120, lesson.title());
    }
    assertTrue(lessons.size() >= 15);
  }
}
