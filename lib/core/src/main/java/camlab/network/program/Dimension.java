package camlab.network.program;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One dimension of a tensor, and what of the picture lies along it. Views may split a dimension and
 * join others, so it is a list of parts, the outermost first: {@code 56} rows seen as {@code 8 × 7}
 * are two parts, of steps of 7 rows and of single rows, and joined again they are the 56 rows.
 *
 * @param length how many numbers lie along it; negative if that is dynamic
 * @param parts what they are; none for a single number
 * @param before how many numbers come before those that the parts tell of, as class tokens do
 */
record Dimension(long length, List<Part> parts, long before) {

  /** What a part of a dimension runs along. */
  enum Kind {
    /** From picture to picture. */
    PICTURE,
    /** Down the picture, row by row. */
    ROW,
    /** Along the picture, column by column. */
    COLUMN,
    /** No place in the picture: channels, or what a computation mixed of all places. */
    OTHER,
    /** Places of the picture in an order that nobody knows, as when they are mirrored. */
    LOST
  }

  /** A border is wide if it is more than this part of the picture. */
  private static final int WIDE = 8;

  /** Windows lie far off if they do by more than this part of the picture. */
  private static final int FAR = 12;

  private static final double ROUNDING = 1e-9;

  /**
   * A factor of a dimension.
   *
   * @param kind what it runs along
   * @param length how many steps there are
   * @param stride how many places a step is
   * @param whole how many places there are along all of the picture
   * @param rolled by how many places they were moved around
   * @param own how many of them are the picture's, where the others were added at its border
   * @param first the first of them that is the picture's
   * @param begins where the first of the picture's places begins, as a share of the picture: 0 is
   *     its border; windows that lie beyond it, or leave it out, move this
   * @param ends where the last of them ends; 1 is the other border
   */
  record Part(
      Kind kind,
      long length,
      long stride,
      long whole,
      long rolled,
      long own,
      long first,
      double begins,
      double ends) {

    boolean isPlace() {
      return kind == Kind.ROW || kind == Kind.COLUMN;
    }

    /** Whether it spans the picture from one border to the other, in its order. */
    boolean isOutermost() {
      boolean spans = length < 0 ? stride == 1 && whole == length : stride * length == whole;
      return isPlace() && spans && rolled == 0;
    }

    /** The same, as if it lay from border to border. */
    Part fromBorderToBorder() {
      return new Part(kind, length, stride, whole, rolled, own, first, 0, 1);
    }

    private Part between(Part other) {
      return new Part(
          kind,
          length,
          stride,
          whole,
          rolled,
          own,
          first,
          (begins + other.begins) / 2,
          (ends + other.ends) / 2);
    }

    /** By how much it lies elsewhere than from border to border, as a share of the picture. */
    private double off() {
      return Math.max(Math.abs(begins), Math.abs(ends - 1));
    }

    /** As many other places of the same axis, between two shares of what this one spans. */
    private Part of(long places, double from, double to) {
      double span = ends - begins;
      return new Part(
          kind, places, 1, places, 0, places, 0, begins + span * from, begins + span * to);
    }

    private Part moved(long places) {
      return new Part(
          kind,
          length,
          stride,
          whole,
          Math.floorMod(rolled + places, whole),
          own,
          first,
          begins,
          ends);
    }

    private Part outer(long inner) {
      return isPlace()
          ? new Part(kind, length / inner, stride * inner, whole, rolled, own, first, begins, ends)
          : part(kind, length / inner);
    }

    private Part inner(long steps) {
      return isPlace()
          ? new Part(kind, steps, stride, whole, rolled, own, first, begins, ends)
          : part(kind, steps);
    }

    /** The two as one, where this is outside and the other inside it. */
    private Optional<Part> joined(Part other) {
      if (kind != other.kind) {
        return Optional.empty();
      }
      if (!isPlace()) {
        return Optional.of(part(kind, times(length, other.length)));
      }
      boolean follows =
          length > 0
              && other.length > 0
              && stride == other.stride * other.length
              && whole == other.whole
              && rolled == other.rolled
              && own == other.own
              && first == other.first
              && Double.compare(begins, other.begins) == 0
              && Double.compare(ends, other.ends) == 0;
      long both = length * other.length;
      return follows
          ? Optional.of(new Part(kind, both, other.stride, whole, rolled, own, first, begins, ends))
          : Optional.empty();
    }
  }

  /** Joins the parts that belong together, and leaves out those of a single step. */
  Dimension {
    List<Part> joined = new ArrayList<>();
    for (Part part : parts) {
      if (part.length() == 1) {
        continue;
      }
      Optional<Part> more =
          joined.isEmpty() ? Optional.empty() : joined.get(joined.size() - 1).joined(part);
      if (more.isPresent()) {
        joined.set(joined.size() - 1, more.get());
      } else {
        joined.add(part);
      }
    }
    parts = List.copyOf(joined);
  }

  private static Part part(Kind kind, long length) {
    return new Part(kind, length, 1, length, 0, length, 0, 0, 1);
  }

  /** All of the picture's rows, or of its columns, or all pictures. */
  static Dimension whole(Kind kind, long length) {
    return new Dimension(length, List.of(part(kind, length)), 0);
  }

  /** A dimension that has no place in the picture. */
  static Dimension other(long length) {
    return whole(Kind.OTHER, length);
  }

  static List<Dimension> others(List<Long> lengths) {
    return lengths.stream().map(Dimension::other).toList();
  }

  /** Dimensions of which nobody knows what of the picture lies where. */
  static List<Dimension> allLost(List<Long> lengths) {
    return lengths.stream().map(length -> whole(Kind.LOST, length)).toList();
  }

  /** The same length, of which nobody knows any more what of the picture lies where. */
  Dimension lost() {
    return lost(length);
  }

  /** Another length; places are lost with it. */
  Dimension lost(long length) {
    return mayHavePlaces() ? whole(Kind.LOST, length) : other(length);
  }

  /** Another shape of what is no longer known where it lies, if there were places at all. */
  static List<Dimension> lost(List<Dimension> dimensions, List<Long> lengths) {
    boolean places = dimensions.stream().anyMatch(Dimension::mayHavePlaces);
    return places ? allLost(lengths) : others(lengths);
  }

  private static long times(long one, long other) {
    return one < 0 || other < 0 ? -1 : one * other;
  }

  /** Whether rows or columns run along it, or parts of them. */
  boolean hasPlaces() {
    return parts.stream().anyMatch(Part::isPlace);
  }

  /** Whether places of the picture run along it, and it is not known where each lies. */
  boolean isLost() {
    return parts.stream().anyMatch(part -> part.kind() == Kind.LOST);
  }

  /** Whether places of the picture run along it, known or lost. */
  boolean mayHavePlaces() {
    return hasPlaces() || isLost();
  }

  /** Whether all of the picture's rows or columns run along it, among others. */
  boolean spansPicture() {
    return parts.stream().anyMatch(Part::isOutermost);
  }

  /** Whether it is one axis of the picture from border to border, or a single place. */
  boolean isAll(Kind kind) {
    return parts.isEmpty()
        || (parts.size() == 1
            && parts.get(0).kind() == kind
            && parts.get(0).isOutermost()
            && !hasMore());
  }

  /** Whether it is the places of the picture row by row, perhaps with tokens beside them. */
  boolean isGrid() {
    return parts.size() == 2
        && parts.get(0).kind() == Kind.ROW
        && parts.get(1).kind() == Kind.COLUMN
        && parts.stream().allMatch(Part::isOutermost);
  }

  /** Whether some of its places are none of the picture's. */
  boolean isPadded() {
    return parts.stream().anyMatch(part -> part.own() != part.whole());
  }

  /** How many numbers the parts tell of. */
  long told() {
    return parts.stream().mapToLong(Part::length).reduce(1, Dimension::times);
  }

  /** Whether there are numbers before or behind those that the parts tell of. */
  boolean hasMore() {
    return before > 0 || (!parts.isEmpty() && told() != length);
  }

  /** As an axis of the picture from border to border, perhaps moved around; empty if it is none. */
  private Optional<Part> axis() {
    boolean alone =
        parts.size() == 1
            && !hasMore()
            && length > 0
            && parts.get(0).isPlace()
            && parts.get(0).stride() * length == parts.get(0).whole();
    return alone ? Optional.of(parts.get(0)) : Optional.empty();
  }

  /**
   * Whether they are neighbouring places, some of an axis, as in attention's windows. What is
   * around each of them, as far as its window goes, stays where it is.
   */
  private boolean isStretch() {
    return parts.size() == 1
        && !hasMore()
        && length > 0
        && parts.get(0).isPlace()
        && parts.get(0).stride() == 1
        && parts.get(0).rolled() == 0;
  }

  private static Dimension of(Part part) {
    return new Dimension(part.length(), List.of(part), 0);
  }

  /**
   * All rows made more or fewer, as by a pooling; what is no axis of the picture is lost, and so is
   * one with a wide border: places of what follows would lie far from where they are in the
   * picture.
   */
  Dimension resized(long length) {
    boolean axis = parts.size() == 1 && parts.get(0).isOutermost() && !hasMore();
    return axis && !hasWideBorder() ? of(parts.get(0).of(length, 0, 1)) : lost(length);
  }

  private boolean hasWideBorder() {
    Part part = parts.get(0);
    return part.own() != part.whole() && WIDE * (part.whole() - part.own()) > part.own();
  }

  /**
   * All rows made fewer by windows that are moved over them. A window may use up a border as wide
   * as itself, so it is told where the windows lie.
   *
   * @param middle the middle of the first window, counted in places; -0.5 is the border
   * @param step from one window to the next
   * @param length how many windows there are
   */
  Dimension windowed(double middle, long step, long length) {
    Optional<Part> axis =
        axis().filter(part -> part.rolled() == 0 && part.stride() == 1 && length > 0);
    if (axis.isEmpty()) {
      boolean around = middle == 0 && step == 1 && length == this.length;
      return around && isStretch() ? this : resized(length);
    }
    Part part = axis.get();
    double from = (middle + 0.5 - part.first()) / part.own();
    double to = from + (double) step * (length - 1) / part.own();
    double half = step / 2.0 / part.own();
    Part windows = part.of(length, from - half, to + half);
    return isFarOff(windows) || (isPadded() && isMoved(from, to, length))
        ? lost(length)
        : of(windows);
  }

  /** Whether places lie beside the picture, or leave out some of it: a twelfth, and several. */
  private static boolean isFarOff(Part part) {
    return FAR * part.off() > 1 + ROUNDING && part.off() * part.length() > 1 + ROUNDING;
  }

  /** What layer after layer moves the same way adds up. */
  private static boolean isMoved(double from, double to, long length) {
    double begins = from - 0.5 / length;
    double ends = to - 1 + 0.5 / length;
    double off = Math.max(Math.abs(begins), Math.abs(ends));
    return FAR * off > 1 || Math.abs(begins + ends) * length > 1 + ROUNDING;
  }

  /**
   * With places added at both ends, or taken away there where a number is negative. Places stay
   * only where it is known how many there are: how wide the border is decides what follows.
   *
   * @param more the length with them
   */
  Dimension padded(long before, long after, long more) {
    if (before == 0 && after == 0) {
      return this;
    }
    boolean counted = before >= 0 && after >= 0 && length > 0 && length + before + after == more;
    if (isGrid() && counted) {
      return new Dimension(more, parts, this.before + before);
    }
    return axis()
        .filter(part -> counted && part.rolled() == 0)
        .filter(part -> part.stride() == 1 || part.own() == part.whole())
        .map(
            part -> {
              boolean places = part.stride() == 1;
              long own = places ? part.own() : length;
              long first = places ? part.first() + before : before;
              return new Part(
                  part.kind(), more, 1, more, 0, own, first, part.begins(), part.ends());
            })
        .map(Dimension::of)
        .orElse(lost(more));
  }

  /** Moved around by some places. */
  Dimension rolled(long places) {
    return axis().map(part -> of(part.moved(places * part.stride()))).orElse(lost());
  }

  /**
   * Some of it. What was added at a border may go again, all of it and nothing else; of all rows a
   * few may be left out at the border, as behind an enlargement of an odd number; every second row,
   * from border to border, is rows; tokens beside a grid may be taken away, or taken alone. Else
   * the places are lost: half a picture is none.
   *
   * @param start the first that is taken; negative if that is not known
   * @param step from one to the next
   * @param taken how many are taken; negative if that is dynamic
   */
  Dimension part(long start, long step, long taken) {
    if (taken == length && (taken > 0 || !hasPlaces())) {
      return this;
    }
    if (isGrid() && hasMore() && taken > 0) {
      long end = start + (taken - 1) * step + 1;
      boolean holdsGrid = step == 1 && start >= 0 && start <= before && end >= before + told();
      boolean beside = start >= 0 && (end <= before || start >= before + told());
      return holdsGrid
          ? new Dimension(taken, parts, before - start)
          : beside ? other(taken) : lost(taken);
    }
    boolean unpadded =
        axis()
            .filter(part -> step == 1 && part.stride() == 1 && part.rolled() == 0)
            .filter(part -> start == part.first() && taken == part.own())
            .isPresent();
    boolean everySecond =
        length > 0
            && step > 1
            && start >= 0
            && start < step
            && taken == (length - start + step - 1) / step;
    if (unpadded) {
      return of(parts.get(0).of(taken, 0, 1));
    }
    if (step == 1 && isMost(start, taken)) {
      Part most =
          parts.get(0).of(taken, (double) start / length, (double) (start + taken) / length);
      return isFarOff(most) ? lost(taken) : of(most);
    }
    return everySecond ? resized(taken) : lost(taken);
  }

  /** Whether it is all rows or columns of the picture but a few at the border. */
  private boolean isMost(long start, long taken) {
    return isStretch()
        && isAll(parts.get(0).kind())
        && !isPadded()
        && start >= 0
        && start + taken <= length
        && WIDE * (length - taken) <= length;
  }

  /**
   * What comes of an operation on every number of two tensors: a place in either is one in the
   * result. Where the two have different places, or those of one are lost, they are lost.
   */
  Dimension with(Dimension other) {
    if (length == 1 || other.length == 1) {
      return length == 1 ? other : this;
    }
    if (isLost() || other.isLost()) {
      return whole(Kind.LOST, length);
    }
    if (hasPlaces() && other.hasPlaces()) {
      return hasPlacesOf(other) ? simpler(other) : lost();
    }
    if (hasPlaces() || other.hasPlaces()) {
      return hasPlaces() ? this : other;
    }
    return parts.stream().anyMatch(part -> part.kind() == Kind.PICTURE) ? this : other;
  }

  /** Whether both have the same places: also where one came about by a view of finer ones. */
  private boolean hasPlacesOf(Dimension other) {
    if (equals(other)) {
      return true;
    }
    boolean same =
        length == other.length && before == other.before && parts.size() == other.parts.size();
    for (int i = 0; same && i < parts.size(); i++) {
      Part one = parts.get(i);
      Part two = other.parts.get(i);
      same =
          one.kind() == two.kind()
              && one.length() == two.length()
              && one.isOutermost()
              && two.isOutermost();
    }
    return same && !isPadded() && !other.isPadded();
  }

  /**
   * Of two that have the same places, the one without a view. Two without one may lie a little
   * apart; the result lies between them.
   */
  private Dimension simpler(Dimension other) {
    if (!isPlain() || !other.isPlain()) {
      return isPlain() ? this : other;
    }
    List<Part> between = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      between.add(parts.get(i).between(other.parts.get(i)));
    }
    return new Dimension(length, between, before);
  }

  private boolean isPlain() {
    return parts.stream().allMatch(part -> part.stride() == 1);
  }

  // Views

  /** The same numbers in the same order, as a tensor of other lengths. */
  static List<Dimension> viewed(List<Dimension> dimensions, List<Long> lengths) {
    Deque<Dimension> pieces = new ArrayDeque<>();
    for (Dimension dimension : dimensions) {
      if (dimension.hasMore()) {
        pieces.add(dimension);
      } else {
        dimension.parts().forEach(part -> pieces.add(of(part)));
      }
    }
    List<Dimension> viewed = new ArrayList<>(Collections.nCopies(lengths.size(), null));
    int dynamic = lengths.indexOf(-1L);
    if (dynamic != lengths.lastIndexOf(-1L)) {
      return lost(dimensions, lengths);
    }
    for (int i = lengths.size() - 1; i > dynamic; i--) {
      Optional<Dimension> taken = taken(pieces, lengths.get(i), true);
      if (taken.isEmpty()) {
        return lost(dimensions, lengths);
      }
      viewed.set(i, taken.get());
    }
    for (int i = 0; i < dynamic; i++) {
      Optional<Dimension> taken = taken(pieces, lengths.get(i), false);
      if (taken.isEmpty()) {
        return lost(dimensions, lengths);
      }
      viewed.set(i, taken.get());
    }
    if (dynamic >= 0) {
      viewed.set(dynamic, joined(-1, List.copyOf(pieces)));
    } else if (!pieces.isEmpty()) {
      return lost(dimensions, lengths);
    }
    return viewed;
  }

  /** A dimension made of what lies last, or first; empty if its length does not come out. */
  private static Optional<Dimension> taken(Deque<Dimension> pieces, long length, boolean last) {
    Deque<Dimension> taken = new ArrayDeque<>();
    long open = length;
    while (open > 1) {
      Dimension piece = last ? pieces.pollLast() : pieces.pollFirst();
      if (piece == null || piece.length() <= 0) {
        return Optional.empty();
      }
      Dimension used = piece;
      if (open % piece.length() != 0) {
        if (piece.length() % open != 0 || piece.hasMore()) {
          return Optional.empty();
        }
        Part part = piece.parts().get(0);
        long inner = last ? open : piece.length() / open;
        Dimension outside = of(part.outer(inner));
        Dimension inside = of(part.inner(inner));
        used = last ? inside : outside;
        if (last) {
          pieces.addLast(outside);
        } else {
          pieces.addFirst(inside);
        }
      }
      if (last) {
        taken.addFirst(used);
      } else {
        taken.addLast(used);
      }
      open /= used.length();
    }
    return Optional.of(joined(length, List.copyOf(taken)));
  }

  private static Dimension joined(long length, List<Dimension> pieces) {
    if (pieces.size() == 1) {
      return pieces.get(0);
    }
    List<Part> parts = new ArrayList<>();
    for (Dimension piece : pieces) {
      if (piece.hasMore()) {
        parts.addAll(piece.lost().parts());
      } else {
        parts.addAll(piece.parts());
      }
    }
    return new Dimension(length, parts, 0);
  }
}
