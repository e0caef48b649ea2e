package camlab.download;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.file.FileSystemException;
import javax.net.ssl.SSLException;

/** What went wrong, in words that fit into the middle of a sentence. */
final class Problem {

  private Problem() {}

  static String of(IOException problem, RemoteFile file) {
    String host = file.address().getHost();
    if (problem instanceof ConnectException) {
      return "there is no connection to " + host;
    }
    if (problem instanceof HttpTimeoutException) {
      return host + " does not answer";
    }
    if (problem instanceof SSLException) {
      return "no secure connection to %s: %s".formatted(host, problem.getMessage());
    }
    if (problem instanceof FileSystemException) {
      return "the disk refuses it: " + problem;
    }
    return problem.getMessage() == null ? problem.toString() : problem.getMessage();
  }
}
