package camlab.training;

import camlab.drawing.Fauna;

/** The shipped networks that are trained on drawings. */
public enum DrawnNetwork {
  /** AlexNet, cats and dogs. */
  ALEXNET_PETS;

  /** How it is trained. */
  public Recipe recipe() {
    return switch (this) {
      case ALEXNET_PETS -> Recipe.alexNetOfDrawings(2);
    };
  }

  /** The two kinds of animals it tells apart, in the order of the logits. */
  public Fauna fauna() {
    return switch (this) {
      case ALEXNET_PETS -> Fauna.PETS;
    };
  }
}
