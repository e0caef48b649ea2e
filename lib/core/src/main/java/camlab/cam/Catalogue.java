package camlab.cam;

import camlab.network.UnknownNameException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** All methods there are, with what each asks for. */
public final class Catalogue {

  private static final String ONE_OF_EACH = "1 forward, 1 backward";
  private static final String FORWARD = "1 forward";

  /** Pixels are asked for in a pass of their own. */
  private static final String ONE_MORE = "2 forward, 1 backward";

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(new Cam(), false, true, "2 forward", "Zhou et al. 2016"),
          new Entry(new GradCam(), true, false, ONE_OF_EACH, "Selvaraju et al. 2017"),
          new Entry(new CounterfactualGradCam(), true, false, ONE_OF_EACH, "Selvaraju et al. 2017"),
          new Entry(new GradCamPlusPlus(), true, false, ONE_OF_EACH, "Chattopadhyay et al. 2018"),
          new Entry(new LayerCam(), true, false, ONE_OF_EACH, "Jiang et al. 2021"),
          new Entry(new XGradCam(), true, false, ONE_OF_EACH, "Fu et al. 2020"),
          new Entry(new HiResCam(), true, false, ONE_OF_EACH, "Draelos and Carin 2020"),
          new Entry(new EigenCam(), false, false, FORWARD, "Muhammad and Yeasin 2020"),
          new Entry(
              new ScoreCam(), false, false, "1 forward, 1 forward per channel", "Wang et al. 2020"),
          new Entry(
              new AblationCam(),
              false,
              false,
              "1 forward, 1 forward behind the layer per channel",
              "Ramaswamy et al. 2020"),
          new Entry(new Fem(), false, false, FORWARD, "Fuad et al. 2020"),
          new Entry(new EigenGradCam(), true, false, ONE_OF_EACH, "after Muhammad and Yeasin 2020"),
          new Entry(new KpcaCam(), false, false, FORWARD, "Karmani et al. 2024"),
          new Entry(
              new SmoothGradCamPlusPlus(),
              true,
              false,
              "26 forward, 25 backward (or as many as asked)",
              "Omeiza et al. 2019"),
          new Entry(new ShapleyCam(), true, false, "1 forward, 4 backward", "Cai 2025"),
          new Entry(new FinerCam(), true, false, ONE_OF_EACH, "Zhang et al. 2025"),
          new Entry(new RefineCam(), true, false, ONE_MORE, "Domeniconi et al. 2026"),
          new Entry(
              new FasterScoreCam(),
              false,
              false,
              "11 forward (or as many as asked)",
              "tabayashi0117 2020, after Wang et al."),
          new Entry(
              new SsCam(),
              false,
              false,
              "1 forward, 10 forward per channel (or as many as asked)",
              "Wang et al. 2020"),
          new Entry(
              new IsCam(),
              false,
              false,
              "1 forward, 10 forward per channel (or as many as asked)",
              "Naidu et al. 2020"),
          new Entry(
              new ReciproCam(),
              false,
              false,
              "1 forward, 1 forward behind the layer per position",
              "Byun and Lee 2024"),
          Entry.ofAttention(
              new AttentionRollout(), "2 forward, 1 backward", "Abnar and Zuidema 2020"),
          Entry.ofAttention(
              new LeGrad(),
              "2 forward, 1 forward and 2 backward per block",
              "Bousselham et al. 2025"),
          new Entry(new GradientSaliency(), true, false, ONE_MORE, "Simonyan et al. 2014"),
          new Entry(new GradientTimesInput(), true, false, ONE_MORE, "Shrikumar et al. 2016"),
          new Entry(
              new SmoothGrad(),
              true,
              false,
              "26 forward, 25 backward (or as many as asked)",
              "Smilkov et al. 2017"),
          new Entry(
              new IntegratedGradients(),
              true,
              false,
              "51 forward, 50 backward (or as many as asked)",
              "Sundararajan et al. 2017"),
          new Entry(new GuidedBackpropagation(), true, false, ONE_MORE, "Springenberg et al. 2015"),
          new Entry(
              new GuidedGradCam(), true, false, "2 forward, 2 backward", "Selvaraju et al. 2017"),
          new Entry(
              new FullGrad(), true, false, "4 forward, 1 backward", "Srinivas and Fleuret 2019"),
          new Entry(
              new LayerwiseRelevance(), true, false, "3 forward, 1 backward", "Bach et al. 2015"),
          new Entry(new DeepLift(), true, false, "4 forward, 1 backward", "Shrikumar et al. 2017"),
          new Entry(
              new Occlusion(),
              false,
              false,
              "2 forward, 1 forward per window: 169 of 224×224 (or as many as asked)",
              "Zeiler and Fergus 2014"),
          new Entry(
              new Rise(),
              false,
              false,
              "1 forward, 4000 forward (or as many as asked)",
              "Petsiuk et al. 2018"),
          new Entry(
              new RegionAblation(),
              false,
              false,
              "2 forward, 1 forward per region: 49 (or as many as asked)",
              "Kokhlikyan et al. 2020"),
          new Entry(
              new Lime(),
              false,
              false,
              "1 forward, 1000 forward (or as many as asked)",
              "Ribeiro et al. 2016"),
          new Entry(
              new KernelShap(),
              false,
              false,
              "1 forward, 2050 forward (or as many as asked)",
              "Lundberg and Lee 2017"),
          new Entry(
              new ShapleyValues(),
              false,
              false,
              "1 forward, 512 forward (2 to the power of the regions)",
              "Shapley 1953"),
          new Entry(new RandomMap(), false, false, FORWARD, "the baseline"));

  private static final List<Unset> UNSET =
      List.of(
          new Unset(
              "Expected gradients",
              "pictures to compare with, such as some of the training set: new ExpectedGradients(pictures)",
              "51 forward, 50 backward (or as many as asked)",
              "Erion et al. 2021"));

  private Catalogue() {}

  /**
   * A method and what it asks for.
   *
   * @param method the method as it is usually set
   * @param needsGradients whether it differentiates the network
   * @param needsPooling whether the network must end with a global average and one linear layer
   * @param needsAttention whether the network must show its attention, as one opened with {@code
   *     ExportedProgram.loadShowingAttention} does
   * @param passes what a map of one picture costs, the recording included
   * @param paper who described it
   */
  public record Entry(
      CamMethod method,
      boolean needsGradients,
      boolean needsPooling,
      boolean needsAttention,
      String passes,
      String paper) {

    /**
     * A method that any network will do for, or any that ends with a global average.
     *
     * @param method the method as it is usually set
     * @param needsGradients whether it differentiates the network
     * @param needsPooling whether the network must end with a global average and one linear layer
     * @param passes what a map of one picture costs, the recording included
     * @param paper who described it
     */
    public Entry(
        CamMethod method,
        boolean needsGradients,
        boolean needsPooling,
        String passes,
        String paper) {
      this(method, needsGradients, needsPooling, /* needsAttention= */ false, passes, paper);
    }

    private static Entry ofAttention(CamMethod method, String passes, String paper) {
      return new Entry(
          method,
          /* needsGradients= */ true,
          /* needsPooling= */ false,
          /* needsAttention= */ true,
          passes,
          paper);
    }

    /** {@return the method's name} */
    public String name() {
      return method.name();
    }
  }

  /**
   * A method that has no usual setting, since it needs something that nobody can choose for others.
   *
   * @param name the method's name
   * @param needs what it needs, and how it is given
   * @param passes what a map of one picture costs, the recording included
   * @param paper who described it
   */
  public record Unset(String name, String needs, String passes, String paper) {}

  /** {@return the methods that have no usual setting, and so are in none of the other lists} */
  public static List<Unset> unset() {
    return UNSET;
  }

  /**
   * {@return all methods; the maps of a layer first, then those of attention, then those in pixel
   * space, then those that only ask, then the baseline}
   */
  public static List<Entry> entries() {
    return ENTRIES;
  }

  /**
   * {@return some methods, in the order of their names}
   *
   * @param names such as {@code Grad-CAM}, upper and lower case alike
   * @throws UnknownNameException if there is none of a name; the message lists the near names
   * @throws IllegalArgumentException if one has no usual setting; the message says what it needs
   */
  public static List<Entry> entries(String... names) {
    return Stream.of(names).map(Catalogue::entry).toList();
  }

  /**
   * {@return the method of a name, upper and lower case alike}
   *
   * @param name such as {@code Grad-CAM}
   * @throws UnknownNameException if there is none; the message lists the near names
   * @throws IllegalArgumentException if it has no usual setting; the message says what it needs
   */
  public static CamMethod method(String name) {
    return entry(name).method();
  }

  private static Entry entry(String name) {
    Objects.requireNonNull(
        name, "Expected the name of a method, found null: Catalogue.entries() lists them.");
    String wanted = name.toLowerCase(Locale.ROOT);
    for (Unset unset : UNSET) {
      if (unset.name().toLowerCase(Locale.ROOT).equals(wanted)) {
        throw new IllegalArgumentException(
            "'%s' has no usual setting. It needs %s.".formatted(unset.name(), unset.needs()));
      }
    }
    return ENTRIES.stream()
        .filter(entry -> entry.name().toLowerCase(Locale.ROOT).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                UnknownNameException.of(
                    "method", name, ENTRIES.stream().map(Entry::name).toList()));
  }
}
