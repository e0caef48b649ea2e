package camlab.weights;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of one storage in a file. Opened for each read and closed after it. */
interface Storage {

  /** A stream of the storage's bytes from a position on. */
  InputStream open(long position) throws IOException;
}
