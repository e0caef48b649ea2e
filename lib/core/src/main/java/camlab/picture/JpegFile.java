package camlab.picture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a JPEG file, so changed that Java's reader gives the colours that libjpeg gives, and
 * Pillow with it: what a network was trained with.
 */
final class JpegFile {

  private static final int MARKER = 0xff;
  private static final int APP0 = 0xe0;
  private static final int APP2 = 0xe2;
  private static final int APP14 = 0xee;
  private static final int START_OF_SCAN = 0xda;

  /** From the first to the last marker of a frame's header, with some that are none. */
  private static final int FIRST_FRAME = 0xc0;

  private static final int LAST_FRAME = 0xcf;

  /** In the range of the frames: tables of Huffman's and of arithmetic coding, an extension. */
  private static final String NO_FRAMES = "\u00c4\u00c8\u00cc";

  /** Of a segment: its marker and its length. */
  private static final int SEGMENT_HEADER = 4;

  /** Of a frame: the segment's header, bits of a sample, height and width. */
  private static final int COMPONENTS = SEGMENT_HEADER + 5;

  private static final int COMPONENT_BYTES = 3;

  private static final byte[] JFIF = ascii("JFIF\0");
  private static final byte[] ADOBE = ascii("Adobe");
  private static final byte[] PROFILE = ascii("ICC_PROFILE\0");

  /** The start of a file, and the segment that says no more than that it is JFIF. */
  private static final byte[] START_OF_JFIF = {
    (byte) MARKER,
    (byte) 0xd8,
    (byte) MARKER,
    (byte) APP0,
    0,
    16,
    'J',
    'F',
    'I',
    'F',
    0,
    1,
    1,
    0,
    0,
    1,
    0,
    1,
    0,
    0
  };

  private JpegFile() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * {@return the file with what Java's reader reads otherwise taken out or put in}
   *
   * <ul>
   *   <li>A colour profile is taken out. The reader would turn the numbers into sRGB's, as those of
   *       no other format.
   *   <li>A file whose three components are neither numbered 1, 2, 3 nor called R, G, B, and that
   *       has no marker which says more, is said to be JFIF, whose components are brightness and
   *       two colours: the reader would take them for red, green and blue.
   *   <li>Where JFIF's marker and Adobe's are both there, JFIF's counts: the reader refuses them
   *       where they say different things.
   * </ul>
   *
   * @param file a file that begins as JPEG does; is changed
   */
  static byte[] asOthersRead(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    boolean jfif = false;
    boolean adobe = false;
    int at = 2;
    // Behind the last segment lie the coded pixels.
    while (at + SEGMENT_HEADER <= file.length
        && file[at] == (byte) MARKER
        && file[at + 1] != (byte) START_OF_SCAN) {
      int kind = file[at + 1] & 0xff;
      int name = at + SEGMENT_HEADER;
      if (kind == APP2 && isAt(file, name, PROFILE)) {
        file[name] = 0;
      } else if (kind == APP0 && isAt(file, name, JFIF)) {
        jfif = true;
      } else if (kind == APP14 && isAt(file, name, ADOBE)) {
        adobe = true;
        if (jfif) {
          file[name] = 0;
        }
      } else if (isFrame(kind) && !jfif && !adobe && isOfOtherNumbers(file, at + COMPONENTS)) {
        return asJfif(file);
      }
      at += 2 + Short.toUnsignedInt(bytes.getShort(at + 2));
    }
    return file;
  }

  private static boolean isFrame(int kind) {
    return kind >= FIRST_FRAME && kind <= LAST_FRAME && NO_FRAMES.indexOf(kind) < 0;
  }

  private static boolean isAt(byte[] file, int at, byte[] name) {
    return at + name.length <= file.length
        && Arrays.equals(file, at, at + name.length, name, 0, name.length);
  }

  /** Whether there are three components, and their numbers say nothing of what they are. */
  private static boolean isOfOtherNumbers(byte[] file, int at) {
    if (at + 1 + 3 * COMPONENT_BYTES > file.length || file[at] != 3) {
      return false;
    }
    byte[] numbers = {
      file[at + 1], file[at + 1 + COMPONENT_BYTES], file[at + 1 + 2 * COMPONENT_BYTES]
    };
    return !Arrays.equals(numbers, new byte[] {1, 2, 3}) && !Arrays.equals(numbers, ascii("RGB"));
  }

  private static byte[] asJfif(byte[] file) {
    byte[] told = Arrays.copyOf(START_OF_JFIF, START_OF_JFIF.length + file.length - 2);
    System.arraycopy(file, 2, told, START_OF_JFIF.length, file.length - 2);
    return told;
  }
}
