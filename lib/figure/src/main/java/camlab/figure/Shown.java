package camlab.figure;

import camlab.picture.Picture;

/** Pictures no larger than they are shown: an overlay is as large as the photograph below it. */
final class Shown {

  private Shown() {}

  /** A picture, made smaller if its longer side has more pixels than that. */
  static Picture atMost(int longest, Picture picture) {
    double share = (double) longest / Math.max(picture.width(), picture.height());
    return share >= 1
        ? picture
        : picture.resized(
            Math.max(1, (int) Math.round(share * picture.width())),
            Math.max(1, (int) Math.round(share * picture.height())));
  }
}
