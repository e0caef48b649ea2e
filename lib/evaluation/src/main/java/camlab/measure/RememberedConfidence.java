package camlab.measure;

import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A confidence that asks the network only once about a picture: most measures ask about the whole
 * picture, and several about the same changed one.
 */
final class RememberedConfidence implements Confidence {

  private final Confidence asked;
  private final int most;

  /** The answers, the least recently asked for first. */
  private final LinkedHashMap<Picture, Double> answers = new LinkedHashMap<>(16, 0.75f, true);

  RememberedConfidence(Confidence asked, int most, Map<Picture, Double> known) {
    this.asked = asked;
    this.most = most;
    known.forEach(this::remember);
  }

  @Override
  public Optional<String> network() {
    return asked.network();
  }

  @Override
  public Optional<String> className() {
    return asked.className();
  }

  @Override
  public double[] of(List<Picture> views) {
    Map<Picture, Double> found = new HashMap<>();
    Set<Picture> unknown = new LinkedHashSet<>();
    for (Picture view : views) {
      Double answer = answers.get(view);
      if (answer == null) {
        unknown.add(view);
      } else {
        found.put(view, answer);
      }
    }
    List<Picture> open = new ArrayList<>(unknown);
    double[] fresh = open.isEmpty() ? new double[0] : asked.of(open);
    for (int i = 0; i < fresh.length; i++) {
      found.put(open.get(i), fresh[i]);
      remember(open.get(i), fresh[i]);
    }
    return views.stream().mapToDouble(found::get).toArray();
  }

  private void remember(Picture view, double answer) {
    answers.put(view, answer);
    if (answers.size() > most) {
      answers.remove(answers.keySet().iterator().next());
    }
  }
}
