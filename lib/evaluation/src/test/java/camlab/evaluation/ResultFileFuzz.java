package camlab.evaluation;

import camlab.file.TextException;
import camlab.fuzz.FuzzedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The reader of the CSV file of an evaluation. */
public final class ResultFileFuzz {

  private static final String HEADER =
      "network,layer,picture,class,method,measure,value,reason,network identity,picture identity,class identity,method identity,measure identity\n";

  /** A comma is a field, and that a text. */
  private static final FuzzedReader READER =
      new FuzzedReader(
          ResultFileFuzz::read,
          ".csv",
          2_000,
          Set.of(IllegalArgumentException.class, TextException.class));

  private ResultFileFuzz() {}

  private static void read(Path file) {
    for (Result result : ResultFile.read(file).rows()) {
      result.question().identity();
    }
  }

  /** Files of this project's, of others, and with other line ends. */
  public static List<byte[]> seeds() {
    String lines =
        "net,features.11,one.png,cat,Grad-CAM,drop,0.25,,n1,p1,c1,m1,s1\n"
            + "net,features.11,two.png,\"a, \"\"b\"\"\",CAM,drop,,\"not here\nbecause\",n1,p2,c1,m2,s1\n";
    return List.of(
        (HEADER + lines).getBytes(StandardCharsets.UTF_8),
        ("\uFEFF" + HEADER + lines).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8),
        (HEADER + lines).getBytes(StandardCharsets.UTF_16),
        "network,layer\n1,2\n".getBytes(StandardCharsets.UTF_8));
  }

  /** Jazzer's entry. */
  public static void fuzzerTestOneInput(byte[] input) {
    READER.reads(input);
  }
}
