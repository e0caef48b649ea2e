package camlab.network.program;

import camlab.network.Layout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a program shows of where its layers have positions. Of a layer that is in neither it is not
 * known.
 *
 * @param layouts where they are, by the layers' names
 * @param without the layers of which it is known that what they put out has no layout
 */
public record ShownLayouts(Map<String, Layout> layouts, Set<String> without) {

  /** What a program shows that is not followed. */
  public static final ShownLayouts NONE = new ShownLayouts(Map.of(), Set.of());

  /**
   * Copies the two.
   *
   * @param layouts where they are
   * @param without the layers that have none
   */
  public ShownLayouts {
    layouts = Map.copyOf(layouts);
    without = Set.copyOf(without);
  }

  /**
   * {@return what both show}
   *
   * @param other what is shown as well
   */
  public ShownLayouts and(ShownLayouts other) {
    Map<String, Layout> same = new HashMap<>(layouts);
    same.entrySet().retainAll(other.layouts.entrySet());
    Set<String> none = new HashSet<>(without);
    none.retainAll(other.without);
    return new ShownLayouts(same, none);
  }
}
