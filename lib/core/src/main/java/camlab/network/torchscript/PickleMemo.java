package camlab.network.torchscript;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.razorvine.pickle.Opcodes;

/**
 * The places at which a pickle remembers values. A pickler numbers them one after another, and
 * PyTorch's engine keeps them in a list that is as long as the largest number says: five bytes can
 * make it take 68 GB.
 *
 * <p>Instructions: Python's {@code pickletools}; those that the engine knows: PyTorch's {@code
 * torch/csrc/jit/serialization/unpickler.cpp}.
 */
final class PickleMemo {

  private PickleMemo() {}

  /** The largest place that a pickle remembers a value at; −1 if it remembers none. */
  static long largestPlace(byte[] pickle) {
    ByteBuffer bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    long largest = -1;
    try {
      while (bytes.hasRemaining()) {
        short instruction = (short) Byte.toUnsignedInt(bytes.get());
        switch (instruction) {
          case Opcodes.STOP -> {
            return largest;
          }
          case Opcodes.BINPUT -> largest = Math.max(largest, Byte.toUnsignedInt(bytes.get()));
          case Opcodes.LONG_BINPUT ->
              largest = Math.max(largest, Integer.toUnsignedLong(bytes.getInt()));
          case Opcodes.PROTO, Opcodes.BININT1, Opcodes.BINGET -> skip(bytes, 1);
          case Opcodes.BININT2 -> skip(bytes, 2);
          case Opcodes.BININT, Opcodes.LONG_BINGET -> skip(bytes, 4);
          case Opcodes.BINFLOAT, Opcodes.FRAME -> skip(bytes, 8);
          case Opcodes.LONG1,
              Opcodes.SHORT_BINUNICODE,
              Opcodes.SHORT_BINSTRING,
              Opcodes.SHORT_BINBYTES ->
              skip(bytes, Byte.toUnsignedInt(bytes.get()));
          case Opcodes.BINUNICODE, Opcodes.BINSTRING, Opcodes.BINBYTES ->
              skip(bytes, Integer.toUnsignedLong(bytes.getInt()));
          case Opcodes.BINUNICODE8, Opcodes.BINBYTES8 -> skip(bytes, bytes.getLong());
          case Opcodes.GLOBAL -> {
            skipLine(bytes);
            skipLine(bytes);
          }
          default -> {
            // It has no argument, or the engine does not know it and stops here.
          }
        }
      }
    } catch (BufferUnderflowException e) {
      // It ends in the midst of an instruction, and so does what the engine reads.
      return largest;
    }
    return largest;
  }

  private static void skip(ByteBuffer bytes, long count) {
    if (count < 0 || count > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    bytes.position(bytes.position() + (int) count);
  }

  private static void skipLine(ByteBuffer bytes) {
    while (bytes.get() != '\n') {
      // Its end is all that is looked for.
    }
  }
}
