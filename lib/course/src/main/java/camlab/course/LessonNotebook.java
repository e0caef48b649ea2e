package camlab.course;

import camlab.file.TextFile;
import camlab.picture.Picture;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/**
 * What a lesson's notebook tells about the lesson, in its first cell and in its picture.
 *
 * @param name its number as file names have it, such as "03", with a letter if it came in behind
 *     another: "08b" is the one between 08 and 09
 * @param title its title, without the number
 * @param minutes how long it takes to read and do
 * @param needs the names of the lessons that it asks for
 * @param cover the first picture below the cell that is tagged {@code cover}, empty if there is
 *     none, as in a notebook whose outputs were cleared
 */
public record LessonNotebook(
    String name, String title, int minutes, Set<String> needs, Optional<Picture> cover) {

  private static final List<String> PICTURE_TYPES = List.of("image/png", "image/jpeg");
  private static final Pattern FILE = Pattern.compile("(?!00)\\d\\d[a-z]?-.*\\.ipynb");
  private static final Pattern TITLE = Pattern.compile("# (\\d\\d[a-z]?) · (.+)");
  private static final Pattern TIME = Pattern.compile("\\*\\*Time\\*\\*\\D*(\\d+) minutes");
  private static final Pattern NEEDS = Pattern.compile("\\*\\*You need\\*\\*([^;\\n]*)");
  private static final Pattern RANGE =
      Pattern.compile("\\b(\\d\\d[a-z]?)(?: to (\\d\\d[a-z]?))?\\b");

  /** Copies the names. */
  public LessonNotebook {
    needs = Set.copyOf(needs);
  }

  static boolean isLesson(String fileName) {
    return FILE.matcher(fileName).matches();
  }

  /**
   * Reads a notebook.
   *
   * @throws IllegalArgumentException if it does not tell its title, its time or what it needs
   */
  static LessonNotebook read(Path file) {
    JsonArray cells = cells(file);
    String first = text(cells.get(0).getAsJsonObject().get("source"));
    Matcher title = find(TITLE, first, file, "a title such as \"# 03 · Grad-CAM\"");
    int minutes =
        Integer.parseInt(
            find(TIME, first, file, "a paragraph \"**Time**: about 45 minutes …\"").group(1));
    String needs = find(NEEDS, first, file, "a paragraph \"**You need** …\"").group(1);
    return new LessonNotebook(
        title.group(1), title.group(2), minutes, lessons(needs), cover(cells));
  }

  /**
   * {@return its number, from 1; those with a letter have the number of the one they are behind}
   */
  public int number() {
    return number(name);
  }

  private static int number(String name) {
    return Integer.parseInt(name.substring(0, 2));
  }

  private static JsonArray cells(Path file) {
    return JsonParser.parseString(TextFile.read(file)).getAsJsonObject().getAsJsonArray("cells");
  }

  private static Matcher find(Pattern pattern, String text, Path file, String what) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException(
          "The first cell of %s has no %s.".formatted(file.getFileName(), what));
    }
    return matcher;
  }

  /** A range is of its two ends and the numbers between; one with a letter is named by itself. */
  static Set<String> lessons(String needs) {
    Set<String> names = new TreeSet<>();
    Matcher ranges = RANGE.matcher(needs);
    while (ranges.find()) {
      String from = ranges.group(1);
      String to = ranges.group(2) == null ? from : ranges.group(2);
      names.addAll(List.of(from, to));
      for (int number = number(from) + 1; number <= number(to); number++) {
        names.add(String.format(Locale.ROOT, "%02d", number));
      }
    }
    return names;
  }

  private static Optional<Picture> cover(JsonArray cells) {
    for (JsonElement cell : cells) {
      if (tags(cell.getAsJsonObject()).contains("cover")) {
        for (JsonElement output : cell.getAsJsonObject().getAsJsonArray("outputs")) {
          JsonObject data = output.getAsJsonObject().getAsJsonObject("data");
          for (String type : PICTURE_TYPES) {
            if (data != null && data.has(type)) {
              return Optional.of(picture(text(data.get(type))));
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private static List<String> tags(JsonObject cell) {
    List<String> tags = new ArrayList<>();
    JsonArray array = cell.getAsJsonObject("metadata").getAsJsonArray("tags");
    if (array != null) {
      array.forEach(tag -> tags.add(tag.getAsString()));
    }
    return tags;
  }

  private static Picture picture(String base64) {
    byte[] bytes = Base64.getMimeDecoder().decode(base64);
    try (var stream = new ByteArrayInputStream(bytes)) {
      return Picture.of(ImageIO.read(stream));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Notebooks hold text in one piece or line by line. */
  private static String text(JsonElement text) {
    if (text.isJsonPrimitive()) {
      return text.getAsString();
    }
    StringBuilder whole = new StringBuilder();
    text.getAsJsonArray().forEach(line -> whole.append(line.getAsString()));
    return whole.toString();
  }
}
