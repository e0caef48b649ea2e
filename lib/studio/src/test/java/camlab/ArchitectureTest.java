package camlab;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import camlab.identity.Identified;
import camlab.identity.Incidental;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Data flows one way, and so do the packages: each may use those before it in the list. */
class ArchitectureTest {

  private static final List<String> ORDER =
      List.of(
          "identity",
          "file",
          "progress",
          "heatmap",
          "picture",
          "weights",
          "engine",
          "network",
          "network.program",
          "network.torchscript",
          "network.export",
          "capture",
          "cam",
          "concept",
          "djl",
          "download",
          "zoo",
          "measure",
          "evaluation",
          "figure",
          "course",
          "notebook",
          "exercise",
          "drawing",
          "training");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("camlab");

  @Test
  void theListNamesEveryPackage() {
    Set<String> found = new TreeSet<>();
    for (JavaClass javaClass : CLASSES) {
      found.add(javaClass.getPackageName().substring("camlab.".length()));
    }
    assertEquals(new TreeSet<>(ORDER), found);
  }

  @Test
  void packagesUseOnlyThoseBeforeThem() {
    for (int i = 0; i < ORDER.size() - 1; i++) {
      String[] later =
          ORDER.subList(i + 1, ORDER.size()).stream()
              .map(name -> "camlab." + name)
              .toArray(String[]::new);
      ArchRuleDefinition.noClasses()
          .that()
          .resideInAPackage("camlab." + ORDER.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(later)
          .check(CLASSES);
    }
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("camlab.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  /** What lies below DJL's own interfaces may change with each of its versions. */
  @Test
  void theEngineIsUsedInOnePlace() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage("camlab.engine")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl.pytorch..")
        .orShould()
        .dependOnClassesThat()
        .haveSimpleName("NDArrayEx")
        .check(CLASSES);
  }

  /**
   * A kernel is found by name at run time; a dependency on one would tie the library to it. Of the
   * two classes that refer to a kernel, one is loaded by it, the other only where it runs.
   */
  @Test
  void noKernelIsNeeded() {
    ArchRuleDefinition.noClasses()
        .that()
        .doNotHaveFullyQualifiedName("camlab.notebook.JJavaExtension")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.dflib..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("camlab.notebook.JJavaExtension")
        .check(CLASSES);
    ArchRuleDefinition.noClasses()
        .that()
        .doNotHaveFullyQualifiedName("camlab.notebook.IJavaValues")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.spencerpark..")
        .check(CLASSES);
  }

  /**
   * A user's framework may choose the version of gson: from 2.10 on, which lacks this, it is
   * enough.
   */
  @Test
  void anOlderGsonIsEnough() {
    ArchRuleDefinition.noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("com.google.gson.Strictness")
        .check(CLASSES);
  }

  /**
   * Where a public class extends one that is hidden, the type that a user's compiler works out for
   * two of its kind is hidden, too: {@code Stream.of(new ScoreCam(), new AblationCam())} did not
   * compile. And what a public method takes or gives can be written down by nobody.
   */
  @Test
  void whatIsPublicNamesOnlyWhatIsPublic() {
    Set<String> hidden = new TreeSet<>();
    for (JavaClass javaClass : CLASSES) {
      if (isPublic(javaClass)) {
        namedBy(javaClass)
            .map(JavaClass::getBaseComponentType)
            .filter(named -> named.getPackageName().startsWith("camlab.") && !isPublic(named))
            .forEach(named -> hidden.add(javaClass.getName() + " names " + named.getName()));
      }
    }
    assertEquals(Set.of(), hidden);
  }

  private static boolean isPublic(JavaClass javaClass) {
    return javaClass.getModifiers().contains(JavaModifier.PUBLIC)
        && javaClass.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
  }

  /** The types that a class extends, and those in what others may call. */
  private static Stream<JavaClass> namedBy(JavaClass javaClass) {
    Stream<JavaType> above =
        Stream.concat(javaClass.getSuperclass().stream(), javaClass.getInterfaces().stream());
    Stream<JavaType> called =
        javaClass.getCodeUnits().stream()
            .filter(unit -> !unit.getModifiers().contains(JavaModifier.SYNTHETIC))
            .filter(
                unit ->
                    unit.getModifiers().contains(JavaModifier.PUBLIC)
                        || unit.getModifiers().contains(JavaModifier.PROTECTED))
            .flatMap(
                unit ->
                    Stream.concat(
                        Stream.of(unit.getReturnType()), unit.getParameterTypes().stream()));
    return Stream.concat(above, called).flatMap(type -> type.getAllInvolvedRawTypes().stream());
  }

  @Test
  void nothingMutableIsStatic() {
    ArchRuleDefinition.fields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat()
        .areNotAnonymousClasses()
        .should()
        .beFinal()
        .check(CLASSES);
  }

  /**
   * What a network's numbers mean is said once; who asks for a probability, asks there. Only what
   * finds out how a program ends tries the same functions, and a softmax may be a layer.
   */
  @Test
  void logitsBecomeProbabilitiesInOnePlace() {
    ArchRuleDefinition.noClasses()
        .that()
        .doNotHaveFullyQualifiedName("camlab.network.Meaning")
        .and()
        .doNotHaveFullyQualifiedName("camlab.network.torchscript.ScriptEnding$Kind")
        .and()
        .doNotHaveFullyQualifiedName("camlab.network.BlockEnding")
        .and()
        .doNotHaveFullyQualifiedName("camlab.network.Softmax")
        .should()
        .callMethod(NDArray.class, "softmax", int.class)
        .orShould()
        .callMethod(NDArray.class, "logSoftmax", int.class)
        .orShould()
        .callMethod(Activation.class, "sigmoid", NDArray.class)
        .check(CLASSES);
  }

  /** What is no part of an identity can change without a trace: only what watches is left out. */
  @Test
  void onlyTheProgressIsNoSetting() {
    ArchRuleDefinition.fields()
        .that()
        .areAnnotatedWith(Incidental.class)
        .should()
        .haveRawType(Progress.class)
        .check(CLASSES);
  }

  /**
   * All get theirs from all of their fields, but for a formula, which says that it has none, and
   * for the preprocessing, which leaves out what is usual and has a test of each field.
   */
  @Test
  void identitiesAreNotWrittenByHand() {
    ArchRuleDefinition.methods()
        .that()
        .haveName("identity")
        .and()
        .haveRawParameterTypes(new Class<?>[0])
        .and()
        .areDeclaredInClassesThat()
        .areAssignableTo(Identified.class)
        .should()
        .beDeclaredInClassesThat()
        .haveSimpleNameStartingWith("Identified")
        .orShould()
        .beDeclaredInClassesThat()
        .haveSimpleName("FormulaCam")
        .orShould()
        .beDeclaredIn(Preprocessing.class)
        .check(CLASSES);
  }
}
