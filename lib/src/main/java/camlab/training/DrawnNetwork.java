package camlab.training;

import camlab.drawing.Fauna;

/** The shipped networks that are trained on drawings. */
public enum DrawnNetwork {
  /** AlexNet, cats and dogs. */
  ALEXNET_PETS,
  /** Thin VGG-16, elephants and bears. */
  VGG16_WILDLIFE,
  /** Thin ResNet-50, elephants and bears. */
  RESNET50_WILDLIFE,
  /** Thin Xception, elephants and bears. */
  XCEPTION_WILDLIFE;

  /** How it is trained. */
  public Recipe recipe() {
    int classes = fauna().animals().size();
    return switch (this) {
      case ALEXNET_PETS -> Recipe.alexNetOfDrawings(classes);
      case VGG16_WILDLIFE -> Recipe.vgg16OfDrawings(classes);
      case RESNET50_WILDLIFE -> Recipe.resNet50OfDrawings(classes);
      case XCEPTION_WILDLIFE -> Recipe.xceptionOfDrawings(classes);
    };
  }

  /** What the drawings show; the two kinds are in the order of the logits. */
  public Fauna fauna() {
    return switch (this) {
      case ALEXNET_PETS -> Fauna.PETS;
      case VGG16_WILDLIFE, RESNET50_WILDLIFE, XCEPTION_WILDLIFE -> Fauna.WILDLIFE;
    };
  }
}
