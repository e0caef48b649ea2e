package camlab.figure;

import camlab.picture.Picture;
import java.awt.Color;
import java.awt.Font;
import java.awt.Rectangle;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Boxes on a grid and arrows between them: how something is worked out. What goes forward through a
 * network is dark, what goes backward has the colour that leads the eye.
 */
public final class Diagram {

  private static final Font NAME = Canvas.bold(14);
  private static final Font TEXT = Canvas.plain(12);
  private static final Font LABEL = Canvas.plain(12);
  private static final int MARGIN = 16;
  private static final int WIDTH = 164;
  private static final int HEIGHT = 66;
  private static final int ACROSS = 104;
  private static final int DOWN = 44;
  private static final int RESOLUTION = 1;

  private record Box(int row, int column, String name, String text) {}

  private record Arrow(String from, String to, String label, Color color) {}

  private final String title;
  private final Map<String, Box> boxes = new LinkedHashMap<>();
  private final List<Arrow> arrows = new ArrayList<>();

  private Diagram(String title) {
    this.title = title;
  }

  /**
   * {@return a diagram without boxes}
   *
   * @param title what stands above it
   */
  public static Diagram titled(String title) {
    return new Diagram(Objects.requireNonNull(title, "title"));
  }

  /**
   * {@return this diagram, with a box more}
   *
   * @param row its row, from 0 at the top
   * @param column its column, from 0 at the left
   * @param name what stands in it first, and what arrows call it
   * @param text what stands below, at most two lines
   * @throws IllegalArgumentException if the name or the place is taken, or the place is none
   */
  public Diagram box(int row, int column, String name, String text) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(text, "text");
    if (row < 0 || column < 0) {
      throw new IllegalArgumentException(
          "Rows and columns are counted from 0; '%s' has row %s, column %s."
              .formatted(name, row, column));
    }
    if (boxes.containsKey(name)) {
      throw new IllegalArgumentException("Two boxes are called '%s'.".formatted(name));
    }
    if (taken(row, column)) {
      throw new IllegalArgumentException(
          "'%s' has the place of another box, row %s, column %s.".formatted(name, row, column));
    }
    boxes.put(name, new Box(row, column, name, text));
    return this;
  }

  /**
   * {@return this diagram, with an arrow more, of what goes forward}
   *
   * @param from the box where it starts
   * @param to the box where it ends
   * @param label what stands beside it, may be empty
   * @throws IllegalArgumentException if there is no such box
   */
  public Diagram forward(String from, String to, String label) {
    return arrow(new Arrow(required(from), required(to), label, Canvas.INK));
  }

  /**
   * {@return this diagram, with an arrow more, of what goes backward}
   *
   * @param from the box where it starts
   * @param to the box where it ends
   * @param label what stands beside it, may be empty
   * @throws IllegalArgumentException if there is no such box
   */
  public Diagram backward(String from, String to, String label) {
    return arrow(new Arrow(required(from), required(to), label, Canvas.ACCENT));
  }

  private Diagram arrow(Arrow arrow) {
    Objects.requireNonNull(arrow.label, "label");
    arrows.add(arrow);
    return this;
  }

  private String required(String name) {
    if (!boxes.containsKey(name)) {
      throw new IllegalArgumentException(
          "There is no box '%s'; the boxes are %s.".formatted(name, boxes.keySet()));
    }
    return name;
  }

  /** {@return Grad-CAM: forward, backward, weights, map} Selvaraju et al. 2017, section 3. */
  public static Diagram gradCam() {
    return titled("Grad-CAM")
        .box(0, 0, "picture", "")
        .box(0, 1, "A", "activations of the target layer, K×h×w")
        .box(0, 2, "y", "logit of the class")
        .box(1, 2, "g = ∂y/∂A", "gradient, K×h×w")
        .box(2, 2, "w", "one weight for each of the K channels")
        .box(1, 1, "B = Σ w A", "sum over the channels, h×w")
        .box(1, 0, "M = R(B)", "the map, h×w")
        .forward("picture", "A", "layers")
        .forward("A", "y", "layers")
        .backward("y", "g = ∂y/∂A", "backward")
        .backward("g = ∂y/∂A", "w", "mean over h×w")
        .forward("w", "B = Σ w A", "")
        .forward("A", "B = Σ w A", "")
        .forward("B = Σ w A", "M = R(B)", "ReLU")
        .forward("M = R(B)", "picture", "enlarged");
  }

  /** {@return a residual block: x + F(x)} He et al. 2016, figure 2. */
  public static Diagram residualBlock() {
    return titled("A residual block")
        .box(0, 0, "x", "what comes in")
        .box(0, 1, "F", "convolutions, with ReLUs between")
        .box(0, 2, "x + F(x)", "added position by position")
        .forward("x", "F", "")
        .forward("F", "x + F(x)", "F(x)")
        .forward("x", "x + F(x)", "shortcut: x as it is");
  }

  /** {@return CAM beside Grad-CAM, for a network that ends in a mean and a linear layer} */
  public static Diagram camAndGradCam() {
    return titled("CAM reads its weights, Grad-CAM works them out")
        .box(0, 0, "A", "activations of the last convolution")
        .box(0, 1, "mean", "of each channel")
        .box(0, 2, "linear", "a weight for each channel and class")
        .box(0, 3, "y", "logit of the class")
        .box(1, 2, "w", "the weights of the class")
        .box(1, 1, "CAM", "Σ w A")
        .box(2, 3, "g = ∂y/∂A", "w/hw at each of the hw positions")
        .box(2, 2, "mean of g", "w/hw")
        .box(2, 1, "Grad-CAM", "R(Σ w A)/hw")
        .forward("A", "mean", "")
        .forward("mean", "linear", "")
        .forward("linear", "y", "")
        .forward("linear", "w", "read")
        .forward("w", "CAM", "")
        .forward("A", "CAM", "")
        .backward("y", "g = ∂y/∂A", "backward")
        .backward("g = ∂y/∂A", "mean of g", "")
        .backward("mean of g", "Grad-CAM", "")
        .forward("A", "Grad-CAM", "");
  }

  /** {@return the picture of it} */
  public Picture draw() {
    long columns = boxes.values().stream().mapToInt(Box::column).max().orElse(0) + 1L;
    long rows = boxes.values().stream().mapToInt(Box::row).max().orElse(0) + 1L;
    int across = Canvas.length(2 * MARGIN + columns * (WIDTH + ACROSS) - ACROSS);
    int width = Math.max(across, titleWidth());
    int height = Canvas.length(top(rows) - DOWN + MARGIN);
    try (Canvas canvas = new Canvas(width, height, RESOLUTION)) {
      canvas.text(title, MARGIN, MARGIN / 2, Canvas.TITLE, Canvas.INK);
      arrows.forEach(arrow -> draw(canvas, arrow, width));
      boxes.values().forEach(box -> draw(canvas, box));
      return canvas.finish();
    }
  }

  private int titleWidth() {
    return 2 * MARGIN + Canvas.textWidth(title, Canvas.TITLE);
  }

  private static long top(long row) {
    return MARGIN + Canvas.lineHeight(Canvas.TITLE) + DOWN / 2 + row * (HEIGHT + DOWN);
  }

  private static Rectangle place(Box box) {
    return new Rectangle(MARGIN + box.column * (WIDTH + ACROSS), (int) top(box.row), WIDTH, HEIGHT);
  }

  private boolean taken(int row, int column) {
    return boxes.values().stream().anyMatch(box -> box.row == row && box.column == column);
  }

  private static void draw(Canvas canvas, Box box) {
    Rectangle at = place(box);
    List<String> lines = Canvas.wrap(box.text, TEXT, WIDTH - 16);
    int height = Canvas.lineHeight(NAME) + lines.size() * Canvas.lineHeight(TEXT);
    int y = at.y + (HEIGHT - height) / 2;
    canvas.fill(at.x, at.y, WIDTH, HEIGHT, Color.WHITE);
    canvas.frame(at.x, at.y, WIDTH, HEIGHT, 1, Canvas.MUTED);
    canvas.centred(List.of(box.name), at.x, y, WIDTH, NAME, Canvas.INK);
    canvas.centred(
        lines.stream().map(String::strip).toList(),
        at.x,
        y + Canvas.lineHeight(NAME),
        WIDTH,
        TEXT,
        Canvas.MUTED);
  }

  private void draw(Canvas canvas, Arrow arrow, int width) {
    Box from = boxes.get(arrow.from);
    Box to = boxes.get(arrow.to);
    if (from.row == to.row) {
      alongRow(canvas, arrow, from, to);
    } else if (from.column == to.column) {
      alongColumn(canvas, arrow, place(from), place(to), width);
    } else {
      roundCorner(canvas, arrow, from, to);
    }
  }

  /** Straight to the neighbour, and over the boxes that stand between. */
  private void alongRow(Canvas canvas, Arrow arrow, Box from, Box to) {
    Rectangle start = place(from);
    Rectangle end = place(to);
    Path2D path = new Path2D.Double();
    boolean right = start.x < end.x;
    int left = Math.min(from.column, to.column) + 1;
    int last = Math.max(from.column, to.column);
    boolean free = true;
    for (int column = left; column < last; column++) {
      free &= !taken(from.row, column);
    }
    int middle = (start.x + end.x + WIDTH) / 2;
    if (free) {
      path.moveTo(right ? start.getMaxX() : start.x, start.getCenterY());
      path.lineTo(right ? end.x - 4 : end.getMaxX() + 4, end.getCenterY());
      canvas.arrow(path, right ? 0 : Math.PI, arrow.color);
      label(canvas, arrow, middle, (int) start.getCenterY() - Canvas.lineHeight(LABEL) - 1);
    } else {
      int above = start.y - DOWN / 4;
      path.moveTo(start.getCenterX(), start.y);
      path.lineTo(start.getCenterX(), above);
      path.lineTo(end.getCenterX(), above);
      path.lineTo(end.getCenterX(), end.y - 4);
      canvas.arrow(path, Math.PI / 2, arrow.color);
      label(canvas, arrow, middle, above - Canvas.lineHeight(LABEL) - 1);
    }
  }

  /** Its label stands at the right, or where that has no room at the left. */
  private static void alongColumn(
      Canvas canvas, Arrow arrow, Rectangle start, Rectangle end, int width) {
    boolean down = start.y < end.y;
    Path2D path = new Path2D.Double();
    path.moveTo(start.getCenterX(), down ? start.getMaxY() : start.y);
    path.lineTo(end.getCenterX(), down ? end.y - 4 : end.getMaxY() + 4);
    canvas.arrow(path, down ? Math.PI / 2 : -Math.PI / 2, arrow.color);
    int middle = (start.y + end.y + HEIGHT - Canvas.lineHeight(LABEL)) / 2;
    int text = Canvas.textWidth(arrow.label, LABEL);
    int right = (int) start.getCenterX() + 8;
    int left = right + text > width - MARGIN / 2 ? right - 16 - text : right;
    canvas.text(arrow.label, left, middle, LABEL, arrow.color);
  }

  /** Down or up first, and then across; the other way round where a box stands in the corner. */
  private void roundCorner(Canvas canvas, Arrow arrow, Box from, Box to) {
    Rectangle start = place(from);
    Rectangle end = place(to);
    boolean down = start.y < end.y;
    boolean right = start.x < end.x;
    Path2D path = new Path2D.Double();
    if (taken(to.row, from.column)) {
      path.moveTo(right ? start.getMaxX() : start.x, start.getCenterY());
      path.lineTo(end.getCenterX(), start.getCenterY());
      path.lineTo(end.getCenterX(), down ? end.y - 4 : end.getMaxY() + 4);
      canvas.arrow(path, down ? Math.PI / 2 : -Math.PI / 2, arrow.color);
    } else {
      path.moveTo(start.getCenterX(), down ? start.getMaxY() : start.y);
      path.lineTo(start.getCenterX(), end.getCenterY());
      path.lineTo(right ? end.x - 4 : end.getMaxX() + 4, end.getCenterY());
      canvas.arrow(path, right ? 0 : Math.PI, arrow.color);
    }
    int middle = (int) (start.getCenterX() + end.getCenterX()) / 2;
    label(canvas, arrow, middle, (int) end.getCenterY() - Canvas.lineHeight(LABEL) - 1);
  }

  private static void label(Canvas canvas, Arrow arrow, int middle, int top) {
    int half = Canvas.textWidth(arrow.label, LABEL) / 2;
    canvas.text(arrow.label, middle - half, top, LABEL, arrow.color);
  }
}
