package camlab.download;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A web server on the loopback that says exactly what a test tells it to, true or not. */
public final class LocalServer implements AutoCloseable {

  private final ServerSocket socket;
  private final Behaviour behaviour;
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

  /** What was asked for; header names are in lower case. */
  public record Request(String path, Map<String, String> headers) {

    /** The first byte asked for; 0 if no range was. */
    public int from() {
      String range = headers.getOrDefault("range", "bytes=0-");
      return Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    }
  }

  /** What the server does with one connection. */
  @FunctionalInterface
  public interface Behaviour {

    /**
     * Answers, or does not. The connection is closed afterwards.
     *
     * @param count how many requests there were before this one
     */
    void answer(Request request, int count, OutputStream out)
        throws IOException, InterruptedException;
  }

  /** A server that behaves. */
  public static LocalServer of(Behaviour behaviour) {
    try {
      return new LocalServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), behaviour);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LocalServer(ServerSocket socket, Behaviour behaviour) {
    this.socket = socket;
    this.behaviour = behaviour;
    daemon(this::accept);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "local-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        daemon(() -> serve(connection));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      Request request = read(connection);
      int count;
      synchronized (requests) {
        count = requests.size();
        requests.add(request);
      }
      behaviour.answer(request, count, connection.getOutputStream());
    } catch (IOException e) {
      return; // the client hung up
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request read(Socket connection) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
    String path = in.readLine().split(" ", -1)[1];
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Request(path, headers);
  }

  /** Writes a status line and headers. */
  public static void head(OutputStream out, String status, String... headers) throws IOException {
    out.write(
        ("HTTP/1.1 " + status + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  /** Answers as an honest server that knows ranges. */
  public static void honest(Request request, byte[] content, OutputStream out) throws IOException {
    int from = request.from();
    String length = "Content-Length: " + (content.length - from);
    if (from == 0) {
      head(out, "200 OK", length, "Connection: close");
    } else {
      String range = "Content-Range: bytes %d-%d/%d";
      String shown = range.formatted(from, content.length - 1, content.length);
      head(out, "206 Partial Content", length, shown, "Connection: close");
    }
    out.write(content, from, content.length - from);
    out.flush();
  }

  /** The address of a path on this server. */
  public URI address(String path) {
    return URI.create(
        "http://%s:%d%s"
            .formatted(socket.getInetAddress().getHostAddress(), socket.getLocalPort(), path));
  }

  /** What was asked for so far. */
  public List<Request> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
