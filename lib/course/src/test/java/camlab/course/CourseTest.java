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
            new LessonNotebook(1, "First", 40, Set.of(), Optional.of(RED)),
            new LessonNotebook(2, "Second", 40, Set.of(1), Optional.of(RED))),
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
        Set.of(2, 3, 4), LessonNotebook.numbers(" lessons 02 to 04 (Grad-CAM) and $e^x$."));
    assertEquals(Set.of(3, 4, 5, 11), LessonNotebook.numbers("lesson 11, and lessons 03 to 05."));
    assertEquals(Set.of(), LessonNotebook.numbers(" Java; matrices; 2 GB"));
  }

  /** 3 needs 1 and 2, and 2 needs 1: it is enough to say that 3 needs 2. */
  @Test
  void whatIsNeededAnywayIsLeftOut() {
    LessonNotebook third = new LessonNotebook(3, "Third", 1, Set.of(1, 2), Optional.of(RED));
    Course course =
        new Course(
            List.of(
                new LessonNotebook(1, "First", 1, Set.of(), Optional.of(RED)),
                new LessonNotebook(2, "Second", 1, Set.of(1), Optional.of(RED)),
                third));
    assertEquals(Set.of(2), course.direct(third));
  }

  @Test
  void theShippedLessonsTellAllOfIt() {
    List<LessonNotebook> lessons = Course.read().lessons();
    for (int i = 0; i < lessons.size(); i++) {
      LessonNotebook lesson = lessons.get(i);
      assertEquals(i + 1, lesson.number());
      assertTrue(
          lesson.cover().isPresent(), "no cell with a picture is tagged cover: " + lesson.title());
      assertTrue(lesson.needs().stream().allMatch(n -> n < lesson.number()), lesson.title());
      assertTrue(lesson.minutes() >= 10 && lesson.minutes() <= 120, lesson.title());
    }
    assertTrue(lessons.size() >= 15);
  }
}
