package camlab.network;

import ai.djl.Device;
import camlab.engine.PyTorch;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a network runs: on the CPU, unless somebody has stated a GPU. */
public final class Devices {

  private static final Pattern GPU = Pattern.compile("gpu(\\d{0,3})");

  private Devices() {}

  /**
   * {@return the device that is stated, or the CPU}
   *
   * @param stated what is stated of a network
   * @throws IllegalArgumentException if no device is called that, or this machine lacks it; the
   *     message says what there is
   */
  public static Device of(Stated stated) {
    Objects.requireNonNull(
        stated, "Expected what is stated, found null: Stated.NOTHING if nothing is.");
    return of(stated.device(), Device.cpu());
  }

  /**
   * {@return the device of a name}
   *
   * @param name as DJL names it, {@code cpu} or {@code gpu0}; empty for the usual one
   * @param usual where it runs if nobody says otherwise
   */
  static Device of(Optional<String> name, Device usual) {
    return name.map(said -> of(said, PyTorch.engine().getGpuCount())).orElse(usual);
  }

  /** The device of a name, on a machine whose engine sees some GPUs. */
  static Device of(String name, int gpus) {
    if (name.equals("cpu")) {
      return Device.cpu();
    }
    Matcher gpu = GPU.matcher(name);
    if (!gpu.matches()) {
      throw new IllegalArgumentException(
          "There is no device '%s': expected 'cpu', or 'gpu0' for the first GPU (PyTorch's cuda:0), 'gpu1' for the second."
              .formatted(name));
    }
    int index = gpu.group(1).isEmpty() ? 0 : Integer.parseInt(gpu.group(1));
    if (index >= gpus) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "'%s' was asked for, but %s finds %s here. Leave the device out, and the network runs on the CPU; for a GPU the program needs NVIDIA's driver and PyTorch's native library for CUDA, such as ai.djl.pytorch:pytorch-native-cu128.",
              name,
              Network.engine(),
              gpus == 0 ? "no GPU" : gpus == 1 ? "gpu0 alone" : "gpu0 to gpu" + (gpus - 1)));
    }
    return Device.gpu(index);
  }
}
