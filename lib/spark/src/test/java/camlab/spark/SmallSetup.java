package camlab.spark;

import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.LayerCam;
import camlab.capture.SmallNetworks;
import camlab.measure.ConfidenceDrop;
import camlab.measure.EnergyInObject;
import camlab.measure.Measure;
import camlab.measure.Scale;
import camlab.network.Network;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A small network, and two methods or one. */
record SmallSetup(boolean both) implements Setup {

  /** In the tests' own process: executors of other processes have counts of their own. */
  static final AtomicInteger LOADED = new AtomicInteger();

  @Override
  public String name() {
    return "small AlexNet";
  }

  @Override
  public Network network() {
    LOADED.incrementAndGet();
    return SmallNetworks.alexNet();
  }

  @Override
  public List<CamMethod> methods() {
    return both ? List.of(new GradCam(), new LayerCam()) : List.of(new GradCam());
  }

  @Override
  public List<Measure> measures() {
    return List.of(new ConfidenceDrop(Scale.RELATIVE), new EnergyInObject());
  }
}
