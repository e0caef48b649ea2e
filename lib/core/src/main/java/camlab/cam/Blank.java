package camlab.cam;

import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.picture.Channels;
import camlab.picture.Picture;

/**
 * What a picture is taken away to: the value of every pixel that a method hides. There is no
 * neutral choice, a network takes any colour for something, so each method states its own.
 */
public sealed interface Blank {

  /** The grey in the middle, {@code 0x808080}. */
  Blank GREY = colour(0x808080);

  /** Black. */
  Blank BLACK = colour(0);

  /**
   * {@return a colour}
   *
   * @param rgb packed as {@code 0xRRGGBB}
   */
  static Blank colour(int rgb) {
    return new Colour(rgb);
  }

  /**
   * {@return zero in every channel as the network takes it: the mean colour where the preprocessing
   * subtracts a mean} It asks for a network, and does for one whose channels are no colours, too.
   */
  static Blank zero() {
    return new Zero();
  }

  /**
   * {@return one number for each channel, as the network takes it}
   *
   * @param network whose input it is
   * @throws NotApplicableException if a colour is meant, and it is not known what the network's
   *     channels make of one
   */
  float[] channels(Network network);

  /**
   * {@return the colour, packed as {@code 0xRRGGBB}, for what can only be asked about pictures}
   *
   * @throws NotApplicableException if it is none
   */
  int rgb();

  /**
   * One colour.
   *
   * @param rgb packed as {@code 0xRRGGBB}
   */
  record Colour(int rgb) implements Blank {

    @Override
    public float[] channels(Network network) {
      if (!(network.preprocessing().channels() instanceof Channels.Colours)) {
        throw new NotApplicableException(
            "%s takes %s, and what becomes of a colour there is not known. Hide what is hidden under zeros, Blank.zero(), or ask a predictor that takes pictures."
                .formatted(network.name(), network.preprocessing().channels()));
      }
      return network.preprocessing().normalize(Picture.of(1, 1, new int[] {rgb}));
    }
  }

  /** Zero in every channel. */
  record Zero() implements Blank {

    @Override
    public float[] channels(Network network) {
      return new float[network.preprocessing().channels().count()];
    }

    @Override
    public int rgb() {
      throw new NotApplicableException(
          "What a picture has to be for its channels to be zero, only a network tells that shows its preprocessing. State a colour: Blank.GREY, or Blank.colour(0xRRGGBB).");
    }
  }
}
