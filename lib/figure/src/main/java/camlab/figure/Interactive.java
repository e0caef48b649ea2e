package camlab.figure;

import camlab.picture.Picture;

/**
 * A figure to play with: a page fragment with a slider, and a still picture of the same for where
 * nothing can move (in print, on GitHub, in a notebook that is not trusted).
 */
public sealed interface Interactive permits FrameSlider, OpacitySlider {

  /** {@return what stands above the figure} */
  String title();

  /** {@return the figure as one picture, all of it at once} */
  Picture still();

  /**
   * {@return the figure as HTML that needs nothing from outside: an element of class {@code
   * camlab-interactive}} It shows the {@linkplain #still() still picture} until its script runs,
   * and again on paper.
   */
  String html();
}
