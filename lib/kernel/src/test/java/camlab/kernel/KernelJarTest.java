package camlab.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jar that kernels load depends on no library that a kernel may have in front of it. */
final class KernelJarTest {

  private static final Path JAR = Path.of(System.getProperty("camlab.jar"));

  /** Those that cells use, and those that native code looks up by name. */
  private static final List<String> OWN_NAMES =
      List.of(
          "camlab",
          "ai.djl",
          "org.knowm.xchart",
          "tech.tablesaw",
          "com.sun.jna",
          "org.jline",
          "org.slf4j");

  /**
   * In no jar of ours: JJava's own, IJava's own, and what exports of XChart and Tablesaw would
   * need.
   */
  private static final List<String> ABSENT =
      List.of(
          "org.dflib.jjava.jupyter",
          "io.github.spencerpark.jupyter",
          "com.madgag.gif",
          "de.erichseifert.vectorgraphics2d",
          "de.rototor.pdfbox",
          "org.apache.pdfbox",
          "org.scilab.forge.jlatexmath",
          "smile.data");

  /** A line of jdeps: a class, and one it refers to that is nowhere. */
  private static final Pattern MISSING =
      Pattern.compile("^ +(\\S+) +-> (\\S+) +not found *$", Pattern.MULTILINE);

  @Test
  void onlyPackagesThatMustKeepTheirNamesAreNotRelocated() {
    assertEquals(Set.of(), packages(not(OWN_NAMES)));
  }

  @Test
  void librariesThatKernelsCarryAreInsideUnderOtherNames() {
    Set<String> inside = packages(name -> name.startsWith("camlab.shaded."));
    for (String library : List.of("com.google.gson", "org.apache.commons.lang3")) {
      assertTrue(inside.contains("camlab.shaded." + library), library);
    }
  }

  /** What is neither in the jar nor in the JDK would come from the kernel, if from anywhere. */
  @Test
  void noClassRefersToALibraryOutside() {
    List<String> missing = missing().map(found -> found.group(2)).toList();
    assertTrue(missing.contains("org.dflib.jjava.jupyter.Extension"), "jdeps says so");
    Set<String> outside =
        missing.stream()
            .filter(name -> !name.startsWith("camlab.shaded."))
            .filter(not(ABSENT))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), outside);
  }

  @Test
  void servicesNameClassesOfTheJar() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      var services =
          jar.stream().filter(entry -> entry.getName().matches("META-INF/services/[^/]+")).toList();
      assertFalse(services.isEmpty());
      for (var service : services) {
        String text = new String(jar.getInputStream(service).readAllBytes(), UTF_8);
        for (String name : text.lines().map(String::strip).filter(s -> !s.isEmpty()).toList()) {
          String file = name.replace('.', '/') + ".class";
          assertTrue(jar.getEntry(file) != null, () -> service.getName() + " names " + name);
        }
      }
    }
  }

  @Test
  void nothingIsLeftOfOtherJarsSignaturesAndModules() {
    assertEquals(
        List.of(),
        entries(name -> name.matches("(.*/)?module-info\\.class|META-INF/.*\\.(SF|DSA|RSA)")));
    assertEquals(List.of(), entries(name -> name.startsWith("META-INF/versions/")));
  }

  @Test
  void licencesOfWhatIsInsideAreKept() {
    for (String name : List.of("META-INF/LICENSE", "META-INF/LICENSE.txt", "META-INF/NOTICE.txt")) {
      assertEquals(List.of(name), entries(name::equals));
    }
  }

  /** The manifest leads to the native half, so that a notebook names one jar only. */
  @Test
  void theNativeLibrariesAreFoundFromTheJar() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      Manifest manifest = jar.getManifest();
      assertEquals("camlab.kernel", manifest.getMainAttributes().getValue("Automatic-Module-Name"));
      URI natives = URI.create(manifest.getMainAttributes().getValue("Class-Path"));
      assertTrue(Files.isRegularFile(Path.of(JAR.toUri().resolve(natives))), natives.toString());
    }
  }

  private static Predicate<String> not(List<String> names) {
    return name ->
        names.stream().noneMatch(each -> name.equals(each) || name.startsWith(each + "."));
  }

  /** The packages of the jar's classes that are as asked. */
  private static Set<String> packages(Predicate<String> asked) {
    return entries(name -> name.endsWith(".class")).stream()
        .map(name -> name.substring(0, Math.max(0, name.lastIndexOf('/'))).replace('/', '.'))
        .filter(asked)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> entries(Predicate<String> asked) {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      return jar.stream().map(entry -> entry.getName()).filter(asked).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the JDK's own tool misses. */
  private static Stream<MatchResult> missing() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(err),
                "--multi-release",
                "base",
                "--missing-deps",
                JAR.toString());
    assertEquals(0, code, err::toString);
    return MISSING.matcher(out.toString()).results();
  }
}
