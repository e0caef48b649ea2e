package camlab.drawing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Decides who stands where and how large. */
final class Layout {
  private static final double FRAME = Stage.UNITS;
  private static final double PORTRAITS = 0.16;

  private Layout() {}

  /** The animals from back to front. */
  static List<Placement> arrange(List<Animal> animals, double horizon, Light light, Dice dice) {
    List<Animal> order = new ArrayList<>(animals);
    // Every animal gets each place in the row equally often, whatever order was asked for.
    for (int i = order.size() - 1; i > 0; i--) {
      int j = dice.count(0, i);
      Animal other = order.get(i);
      order.set(i, order.get(j));
      order.set(j, other);
    }
    List<Placement> row = new ArrayList<>();
    for (Animal animal : order) {
      row.add(stand(animal, order.size(), light, dice.fork()));
    }
    List<Placement> cast =
        row.size() == 1 ? alone(row.get(0), horizon, dice) : line(row, horizon, dice);
    cast.sort(Comparator.comparingDouble(Placement::y));
    return cast;
  }

  private static Placement stand(Animal animal, int company, Light light, Dice dice) {
    AnimalArtist artist = AnimalArtist.of(animal);
    boolean portrait = dice.chance(PORTRAITS) && company == 1;
    Pose pose = portrait ? Pose.PORTRAIT : artist.pose(dice);
    boolean mirrored = dice.chance(0.5);
    Light seen = mirrored ? light.mirrored() : light;
    double share = dice.between(0, 1);
    Figure figure = artist.draw(pose, seen, dice);
    double height = pose.height(share);
    if (company == 2) {
      height *= 0.85;
    } else if (company > 2) {
      height *= 0.62;
    }
    double scale =
        Math.min(
            height / figure.bounds().getHeight(),
            FRAME * (company == 1 ? 1.02 : 0.62) / figure.bounds().getWidth());
    return new Placement(animal, figure, 0, 0, scale, mirrored, portrait);
  }

  /** Larger animals stand nearer. */
  private static double ground(Placement p, double horizon, Dice dice) {
    double height = p.box().getHeight();
    double near = Math.min(1, Math.max(0, (height - 250) / 500 + dice.around(0.1, 0.35)));
    double y = horizon + 60 + (975 - horizon - 60) * near;
    return Math.max(y, height * 0.96 + 10);
  }

  private static List<Placement> alone(Placement p, double horizon, Dice dice) {
    double width = p.box().getWidth();
    double slack = FRAME - width;
    double cut = 0.07 * width;
    double left = dice.between(Math.min(-cut, slack / 2), Math.max(slack + cut, slack / 2));
    double y = p.portrait() ? dice.between(940, 990) : ground(p, horizon, dice);
    List<Placement> one = new ArrayList<>();
    one.add(p.leftAt(left, y));
    return one;
  }

  private static List<Placement> line(List<Placement> row, double horizon, Dice dice) {
    double total = 0;
    for (Placement p : row) {
      total += p.box().getWidth();
    }
    double overlap = row.size() == 2 ? 0.04 : 0.16;
    double room = FRAME * 1.02;
    double needed = total * (1 - overlap * (row.size() - 1) / row.size());
    double shrink = Math.min(1, room / needed);
    double gaps = Math.max(0, room - total * shrink);
    double[] share = new double[row.size() + 1];
    double sum = 0;
    for (int i = 0; i < share.length; i++) {
      share[i] = 0.1 + dice.unit();
      sum += share[i];
    }
    boolean tight = total * shrink > room;
    double step = tight ? (room - total * shrink) / (row.size() - 1) : 0;
    double left = -0.01 * FRAME;
    List<Placement> cast = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Placement p = row.get(i);
      Placement small =
          new Placement(
              p.animal(), p.figure(), 0, 0, p.scale() * shrink, p.mirrored(), p.portrait());
      left += tight ? 0 : gaps * share[i] / sum;
      cast.add(small.leftAt(left, ground(small, horizon, dice)));
      left += small.box().getWidth() + step;
    }
    return cast;
  }
}
