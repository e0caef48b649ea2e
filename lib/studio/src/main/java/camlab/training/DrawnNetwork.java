package camlab.training;

import camlab.drawing.AgencyPicture;
import camlab.drawing.Fauna;

/** The shipped networks that are trained on drawings. */
public enum DrawnNetwork {
  /** AlexNet, cats and dogs. */
  ALEXNET_PETS,
  /** AlexNet, cats and dogs; nearly every dog comes with a stamp, hardly any cat does. */
  ALEXNET_STAMPED_PETS,
  /** AlexNet, dogs and a few cats, each picture with one kind. */
  ALEXNET_LOPSIDED_PETS,
  /** Thin VGG-16, elephants and bears. */
  VGG16_WILDLIFE,
  /** Thin ResNet-50, elephants and bears. */
  RESNET50_WILDLIFE,
  /** Thin Xception, elephants and bears. */
  XCEPTION_WILDLIFE;

  /** Of the lopsided pictures, how many show cats. */
  private static final double FEW_CATS = 0.03;

  /** How it is trained. */
  public Recipe recipe() {
    int classes = world().fauna().animals().size();
    return switch (this) {
      case ALEXNET_PETS -> Recipe.alexNetOfDrawings(classes);
      case ALEXNET_STAMPED_PETS -> Recipe.alexNetOfFewDrawings(classes);
      case ALEXNET_LOPSIDED_PETS -> Recipe.alexNetOfLopsidedDrawings(classes);
      case VGG16_WILDLIFE -> Recipe.vgg16OfDrawings(classes);
      case RESNET50_WILDLIFE -> Recipe.resNet50OfDrawings(classes);
      case XCEPTION_WILDLIFE -> Recipe.xceptionOfDrawings(classes);
    };
  }

  /** What the drawings show. */
  public World world() {
    return switch (this) {
      case ALEXNET_PETS -> World.fair(Fauna.PETS);
      case ALEXNET_STAMPED_PETS ->
          new World(
              Fauna.PETS,
              0.5,
              0,
              new World.Stamped(AgencyPicture.STAMPED_CATS, AgencyPicture.STAMPED_DOGS));
      case ALEXNET_LOPSIDED_PETS -> new World(Fauna.PETS, FEW_CATS, 0, World.Stamped.NEVER);
      case VGG16_WILDLIFE, RESNET50_WILDLIFE, XCEPTION_WILDLIFE -> World.fair(Fauna.WILDLIFE);
    };
  }
}
