package camlab.course;

import camlab.figure.Canvas;
import camlab.picture.Picture;
import java.awt.Color;
import java.awt.Font;
import java.awt.Rectangle;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cards with pictures, in groups one below the other, five cards to a row at most, and arrows from
 * each card to those that build on it: the map of a course.
 *
 * @param groups the groups, from top to bottom
 */
public record CardMap(List<Group> groups) {

  /**
   * Cards that belong together.
   *
   * @param title what stands beside them
   * @param text a sentence below the title
   * @param cards the cards, from left to right
   */
  public record Group(String title, String text, List<Card> cards) {

    /** Copies the cards. */
    public Group {
      cards = List.copyOf(cards);
    }
  }

  /**
   * A card.
   *
   * @param name what others call it, such as "03"; stands on it too
   * @param title what it is about
   * @param picture a picture of it, if there is one
   * @param after the names of the cards it builds on, each of which stands before it
   */
  public record Card(String name, String title, Optional<Picture> picture, List<String> after) {

    /** Copies the names. */
    public Card {
      after = List.copyOf(after);
    }
  }

  private static final Font HEADING = Canvas.bold(17);
  private static final Font TEXT = Canvas.plain(12);
  private static final Font NAME = Canvas.bold(12);
  private static final Font TITLE = Canvas.bold(11);
  private static final double DOWN = Math.PI / 2;
  private static final int MARGIN = 20;
  private static final int NUMBER = 28;
  private static final int LABEL = 138;
  private static final int WIDTH = 160;
  private static final int PICTURE = 104;
  private static final int HEIGHT = PICTURE + 48;
  private static final int GAP = 24;
  private static final int CHANNEL = 46;
  private static final int RESOLUTION = 1;
  private static final int MOST_COLUMNS = 5; // more make it wider than a notebook shows
  private static final int STRONG = 7; // of the colours; the yellow behind them is too pale

  /**
   * Copies the groups and checks the cards' names.
   *
   * @throws IllegalArgumentException if there is no group, two cards have one name, or a card
   *     builds on one that does not stand before it
   */
  public CardMap {
    groups = List.copyOf(groups);
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("A map has at least one group of cards, found none.");
    }
    List<String> before = new ArrayList<>();
    for (Group group : groups) {
      for (Card card : group.cards) {
        if (!before.containsAll(card.after)) {
          throw new IllegalArgumentException(
              "Card %s builds on %s, but only %s stand before it."
                  .formatted(card.name, card.after, before));
        }
        if (before.contains(card.name)) {
          throw new IllegalArgumentException("Two cards are called '%s'.".formatted(card.name));
        }
        before.add(card.name);
      }
    }
  }

  /** Draws the map. */
  public Picture draw() {
    Map<String, Rectangle> places = places();
    int columns = groups.stream().mapToInt(CardMap::columns).max().orElse(0);
    int rows = groups.stream().mapToInt(CardMap::rows).sum();
    int width = 2 * MARGIN + LABEL + columns * (WIDTH + GAP) - GAP;
    int height = 2 * MARGIN + rows * (HEIGHT + CHANNEL) - CHANNEL;
    try (Canvas canvas = new Canvas(width, height, RESOLUTION)) {
      groups.forEach(group -> group.cards.forEach(card -> arrows(canvas, card, places)));
      int row = 0;
      for (Group group : groups) {
        label(canvas, group, top(row));
        group.cards.forEach(card -> draw(canvas, card, places.get(card.name)));
        row += rows(group);
      }
      return canvas.finish();
    }
  }

  private Map<String, Rectangle> places() {
    Map<String, Rectangle> places = new LinkedHashMap<>();
    int row = 0;
    for (Group group : groups) {
      int columns = columns(group);
      for (int i = 0; i < group.cards.size(); i++) {
        int left = MARGIN + LABEL + i % columns * (WIDTH + GAP);
        places.put(
            group.cards.get(i).name, new Rectangle(left, top(row + i / columns), WIDTH, HEIGHT));
      }
      row += rows(group);
    }
    return places;
  }

  private static int top(int row) {
    return MARGIN + row * (HEIGHT + CHANNEL);
  }

  private static int rows(Group group) {
    return Math.max(1, (group.cards.size() + MOST_COLUMNS - 1) / MOST_COLUMNS);
  }

  /** As many in each row of a group, but for the last. */
  private static int columns(Group group) {
    return (group.cards.size() + rows(group) - 1) / rows(group);
  }

  private static void label(Canvas canvas, Group group, int top) {
    canvas.text(group.title, MARGIN, top, HEADING, Canvas.INK);
    List<String> lines = new ArrayList<>();
    String rest = group.text;
    while (!rest.isEmpty()) {
      String line = Canvas.wrap(rest, TEXT, LABEL - GAP).get(0);
      lines.add(line);
      rest = rest.startsWith(line) ? rest.substring(line.length()).strip() : "";
    }
    canvas.lines(lines, MARGIN, top + Canvas.lineHeight(HEADING) + 4, TEXT, Canvas.MUTED);
  }

  private static void draw(Canvas canvas, Card card, Rectangle at) {
    canvas.fill(at.x, at.y, at.width, at.height, Color.WHITE);
    canvas.frame(at.x, at.y, at.width, at.height, 1, Canvas.LINE);
    card.picture.ifPresent(picture -> cover(canvas, picture, at));
    int below = at.y + PICTURE;
    canvas.fill(at.x, below, at.width, 1, Canvas.LINE);
    canvas.fill(at.x, at.y, NUMBER, Canvas.lineHeight(NAME), Canvas.INK);
    canvas.centred(List.of(card.name), at.x, at.y, NUMBER, NAME, Color.WHITE);
    List<String> title = Canvas.wrap(card.title, TITLE, at.width - 16);
    canvas.lines(title, at.x + 8, below + 7, TITLE, Canvas.INK);
  }

  private static void cover(Canvas canvas, Picture picture, Rectangle at) {
    double zoom = Math.min((at.width - 8.0) / picture.width(), (PICTURE - 8.0) / picture.height());
    int width = Math.max(1, (int) (zoom * picture.width()));
    int height = Math.max(1, (int) (zoom * picture.height()));
    canvas.picture(
        picture, at.x + (at.width - width) / 2, at.y + (PICTURE - height) / 2, width, height);
  }

  /** Arrows of one card have one colour, so that those which cross can be told apart. */
  private void arrows(Canvas canvas, Card card, Map<String, Rectangle> places) {
    Color[] colors = Arrays.copyOf(Canvas.seriesColors(), STRONG);
    List<String> names = List.copyOf(places.keySet());
    for (String before : card.after) {
      Color color = colors[names.indexOf(before) % colors.length];
      Rectangle from = places.get(before);
      Rectangle to = places.get(card.name);
      boolean next = from.y == to.y && to.x - from.x == WIDTH + GAP;
      int lane = names.indexOf(before) % 3 * 6 - 6; // lines side by side stay apart
      canvas.arrow(next ? toTheRight(from, to) : down(from, to, lane), next ? 0 : DOWN, color);
    }
  }

  private static Path2D toTheRight(Rectangle from, Rectangle to) {
    Path2D path = new Path2D.Double();
    path.moveTo(from.getMaxX(), from.getCenterY());
    path.lineTo(to.x - 4, to.getCenterY());
    return path;
  }

  /**
   * Over what lies between two cards of a row; from the upper row to the next one; or further down
   * between the cards of the rows between.
   */
  private static Path2D down(Rectangle from, Rectangle to, int lane) {
    double x = from.getCenterX() + Math.signum(to.x - from.x) * WIDTH / 4 + lane;
    double end = to.getCenterX() + Math.signum(from.x - to.x) * WIDTH / 4 + lane;
    double y = from.y == to.y ? from.y : from.getMaxY();
    Path2D path = new Path2D.Double();
    path.moveTo(x, y);
    if (from.y == to.y) {
      path.curveTo(x, y - CHANNEL, end, y - CHANNEL, end, to.y - 4);
      return path;
    }
    for (double row = y + CHANNEL; row < to.y; row += HEIGHT + CHANNEL) {
      double between = (from.x < to.x ? to.x - GAP / 2.0 : to.getMaxX() + GAP / 2.0) + lane / 2.0;
      path.curveTo(x, row - CHANNEL / 3.0, between, row - CHANNEL / 1.5, between, row);
      path.lineTo(between, row + HEIGHT);
      x = between;
    }
    double bend = CHANNEL / 1.5;
    path.curveTo(x, to.y - CHANNEL + bend, end, to.y - bend, end, to.y - 4);
    return path;
  }
}
