package camlab.drawing;

/** Where a picture is set. */
public enum Backdrop {
  /** A room with furniture. */
  ROOM(Setting.INDOORS, "a room"),
  /** A garden with a fence, bushes and flowers. */
  GARDEN(Setting.OUTDOORS, "a garden"),
  /** A meadow under an open sky. */
  MEADOW(Setting.OUTDOORS, "a meadow"),
  /** A street with houses. */
  STREET(Setting.OUTDOORS, "a street"),
  /** No place at all: shapes and colours, as a studio background. */
  STUDIO(Setting.INDOORS, "a studio"),
  /** Dry grass with umbrella trees. */
  SAVANNA(Setting.WILD, "a savanna"),
  /** The edge of a forest. */
  FOREST(Setting.WILD, "a forest"),
  /** The bank of a river. */
  RIVERSIDE(Setting.WILD, "a river valley"),
  /** A green valley before mountains. */
  MOUNTAINS(Setting.WILD, "the mountains"),
  /** Bare ground among rocks. */
  HILL(Setting.WILD, "a rocky place"),
  /** Dry grass under a low sun. */
  DUSK(Setting.WILD, "a plain at dusk"),
  /** Snow and firs. */
  SNOW(Setting.WILD, "the snow");

  /** What lies about in a place. */
  enum Setting {
    INDOORS,
    OUTDOORS,
    WILD
  }

  private final Setting setting;
  private final String place;

  Backdrop(Setting setting, String place) {
    this.setting = setting;
    this.place = place;
  }

  String place() {
    return place;
  }

  /** The light of a day as it falls here. */
  Light light(Light daylight) {
    return this == DUSK ? daylight.atDusk() : daylight;
  }

  Setting setting() {
    return setting;
  }
}
