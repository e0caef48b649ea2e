package camlab.weights;

import java.nio.ByteBuffer;
import java.util.Optional;

/** What one element of a stored tensor is: its size, and how it becomes a float. */
enum ElementType {
  FLOAT64(8, "F64", "DoubleStorage"),
  FLOAT32(4, "F32", "FloatStorage"),
  FLOAT16(2, "F16", "HalfStorage"),
  BFLOAT16(2, "BF16", "BFloat16Storage"),
  INT64(8, "I64", "LongStorage"),
  INT32(4, "I32", "IntStorage"),
  INT16(2, "I16", "ShortStorage"),
  INT8(1, "I8", "CharStorage"),
  UINT8(1, "U8", "ByteStorage"),
  BOOL(1, "BOOL", "BoolStorage");

  private final int bytes;
  private final String safetensorsName;
  private final String storageName;

  ElementType(int bytes, String safetensorsName, String storageName) {
    this.bytes = bytes;
    this.safetensorsName = safetensorsName;
    this.storageName = storageName;
  }

  int bytes() {
    return bytes;
  }

  /** Whether it is one of whole numbers, or of truth values. */
  boolean isWhole() {
    return compareTo(BFLOAT16) > 0;
  }

  /** The name in a safetensors header. */
  String safetensorsName() {
    return safetensorsName;
  }

  /** The name of PyTorch's storage class in the module {@code torch}. */
  String storageName() {
    return storageName;
  }

  static Optional<ElementType> ofSafetensors(String name) {
    for (ElementType type : values()) {
      if (type.safetensorsName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Takes {@code count} elements from the buffer, in the buffer's byte order. */
  void decode(ByteBuffer source, float[] target, int from, int count) {
    int end = from + count;
    switch (this) {
      case FLOAT64 -> {
        for (int i = from; i < end; i++) {
          target[i] = (float) source.getDouble();
        }
      }
      case FLOAT32 -> {
        source.asFloatBuffer().get(target, from, count);
        source.position(source.position() + count * Float.BYTES);
      }
      case FLOAT16 -> {
        for (int i = from; i < end; i++) {
          target[i] = HalfFloat.toFloat(source.getShort());
        }
      }
      case BFLOAT16 -> {
        // A bfloat16 is the upper half of a float.
        for (int i = from; i < end; i++) {
          target[i] = Float.intBitsToFloat(source.getShort() << 16);
        }
      }
      case INT64 -> {
        for (int i = from; i < end; i++) {
          target[i] = (float) source.getLong();
        }
      }
      case INT32 -> {
        for (int i = from; i < end; i++) {
          target[i] = (float) source.getInt();
        }
      }
      case INT16 -> {
        for (int i = from; i < end; i++) {
          target[i] = source.getShort();
        }
      }
      case INT8 -> {
        for (int i = from; i < end; i++) {
          target[i] = source.get();
        }
      }
      case UINT8 -> {
        for (int i = from; i < end; i++) {
          target[i] = source.get() & 0xff;
        }
      }
      case BOOL -> {
        for (int i = from; i < end; i++) {
          target[i] = source.get() == 0 ? 0 : 1;
        }
      }
    }
  }
}
