package camlab.training;

import camlab.drawing.Animal;
import java.util.List;
import java.util.function.IntFunction;

/** The shipped networks that are trained on drawings. */
public enum DrawnNetwork {
  /** AlexNet, cats and dogs. */
  ALEXNET_PETS(Recipe::alexNetOfDrawings, Animal.CAT, Animal.DOG);

  private final IntFunction<Recipe> recipe;
  private final List<Animal> kinds;

  DrawnNetwork(IntFunction<Recipe> recipe, Animal... kinds) {
    this.recipe = recipe;
    this.kinds = List.of(kinds);
  }

  /** How it is trained. */
  public Recipe recipe() {
    return recipe.apply(kinds.size());
  }

  /** The animals it tells apart, in the order of the logits. */
  public List<Animal> kinds() {
    return kinds;
  }
}
