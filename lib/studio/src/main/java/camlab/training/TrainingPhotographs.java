package camlab.training;

import camlab.picture.Picture;
import java.util.List;
import java.util.stream.IntStream;

/** Photographs to train on, each of one class, held in memory as squares. */
public final class TrainingPhotographs implements TrainingSet {

  private final int[] sides;
  private final byte[][] pixels;
  private final float[][] labels;

  /**
   * Reads pictures on all cores. The middle square of each is kept, as large as it is, but at most
   * {@code largest} pixels wide.
   *
   * @param files the pictures and their classes
   * @param classes how many classes there are
   * @param largest the largest side to keep, in pixels
   * @throws camlab.picture.PictureException if a file is no picture
   */
  public TrainingPhotographs(List<PhotographFolder.File> files, int classes, int largest) {
    this.sides = new int[files.size()];
    this.pixels = new byte[files.size()][];
    this.labels = new float[files.size()][classes];
    IntStream.range(0, files.size())
        .parallel()
        .forEach(
            i -> {
              Picture picture = Picture.read(files.get(i).path());
              int side = Math.min(largest, Math.min(picture.width(), picture.height()));
              sides[i] = side;
              pixels[i] = PixelBytes.of(picture.resizedShortSide(side).centreCrop(side));
              labels[i][files.get(i).label()] = 1;
            });
  }

  @Override
  public int size() {
    return pixels.length;
  }

  @Override
  public int side(int index) {
    return sides[index];
  }

  @Override
  public byte[] pixels(int index) {
    return pixels[index];
  }

  @Override
  public float[] labels(int index) {
    return labels[index];
  }
}
