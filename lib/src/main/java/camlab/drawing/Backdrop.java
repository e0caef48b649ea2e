package camlab.drawing;

/** Where a picture is set. */
public enum Backdrop {
  /** A room with furniture. */
  ROOM(true, "a room"),
  /** A garden with a fence, bushes and flowers. */
  GARDEN(false, "a garden"),
  /** A meadow under an open sky. */
  MEADOW(false, "a meadow"),
  /** A street with houses. */
  STREET(false, "a street"),
  /** No place at all: shapes and colours, as a studio background. */
  STUDIO(true, "a studio");

  private final boolean indoors;
  private final String place;

  Backdrop(boolean indoors, String place) {
    this.indoors = indoors;
    this.place = place;
  }

  String place() {
    return place;
  }

  boolean indoors() {
    return indoors;
  }
}
