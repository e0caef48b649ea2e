package camlab.network.torchscript;

import camlab.file.Places;
import camlab.identity.Fingerprint;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A file of {@code torch.jit.save}: a zip with the program as text under {@code NAME/code/}, which
 * may be compressed, the tensors under {@code NAME/data/}, and {@code NAME/data.pkl}, which says
 * which object is the network. Source: PyTorch's {@code torch/csrc/jit/docs/serialization.md}.
 *
 * @param path the file that the user has
 * @param folder NAME, the folder everything in the zip lies in
 * @param root the full name of the network's class
 * @param code the text of every code file, by its name in the zip
 * @param objects the bytes of other files that are not as they are in the zip, by their names there
 * @param contents what is no code
 * @param source the exported program that this one was written from, if it was
 */
record TorchScriptArchive(
    Path path,
    String folder,
    String root,
    Map<String, String> code,
    Map<String, byte[]> objects,
    WrittenProgram.Contents contents,
    Optional<Exported> source) {

  /** More than a hundred times what the largest of torchvision's networks needs. */
  private static final long MAX_CODE_BYTES = 64L << 20;

  /** More than the engine can prepare; torchvision's largest networks have some thousand. */
  private static final int MOST_LINES = 200_000;

  /** Of weights that are copied in smaller pieces the engine's file takes half as long again. */
  private static final int BUFFER = 1 << 18;

  private static final String PICKLE = "/data.pkl";
  private static final String CONSTANTS = "/constants.pkl";

  /** The pickle begins with the class of the outermost object: GLOBAL, its module, its name. */
  private static final Pattern ROOT =
      Pattern.compile("^\\x80\\x02c(__torch__[\\w.]*)\\n(\\w+)\\n", Pattern.DOTALL);

  private static final Pattern STORAGE =
      Pattern.compile("ctorch\\n(Float|Half|BFloat16|Double)Storage\\n");

  /** Where the pickle first names the attribute, and the number under which it keeps that name. */
  private static final Pattern TRAINING =
      Pattern.compile("X\\x08\\x00\\x00\\x00training(?:q(.)|r(.{4}))", Pattern.DOTALL);

  private static final int ROOT_BYTES = 4096;

  /**
   * Reads the program of a file; nothing of it is run.
   *
   * @throws TorchScriptException if the file is no TorchScript file, or is damaged
   */
  static TorchScriptArchive read(Path path) {
    Places.requireFile(path, "a file of torch.jit.save", TorchScriptException::new);
    Places.requireOnDisk(path, TorchScriptException::new);
    Places.requireSpeakable(path, TorchScriptException::new);
    try (ZipFile zip = new ZipFile(path.toFile())) {
      Map<String, ZipEntry> entries = entries(path, zip);
      String folder = folder(path, entries);
      for (String pickle : List.of(PICKLE, CONSTANTS)) {
        requireSmallMemo(path, zip, entries.get(folder + pickle));
      }
      Map<String, String> code = new LinkedHashMap<>();
      for (ZipEntry entry : entries.values()) {
        if (entry.getName().startsWith(folder + "/code/") && entry.getName().endsWith(".py")) {
          code.put(entry.getName(), text(path, zip, entry));
        }
      }
      requireReadable(path, code);
      return new TorchScriptArchive(
          path,
          folder,
          root(path, zip, entries.get(folder + PICKLE)),
          code,
          Map.of(),
          new Zipped(path),
          Optional.empty());
    } catch (IOException | IllegalArgumentException e) {
      // ZipFile reports names that are not UTF-8 as an IllegalArgumentException.
      throw new TorchScriptException(
          "%s is no TorchScript file, or is damaged: it cannot be read as a zip (%s). Save it again with torch.jit.save."
              .formatted(path, e.getMessage()),
          e);
    }
  }

  /**
   * A program that was written from an exported one; nothing of it is run.
   *
   * @throws TorchScriptException if there is too much of it
   */
  static TorchScriptArchive of(WrittenProgram program, Exported source) {
    requireReadable(source.file(), program.code());
    return new TorchScriptArchive(
        source.file(),
        WrittenProgram.FOLDER,
        program.root(),
        program.code(),
        Map.of(),
        program.contents(),
        Optional.of(source));
  }

  private static void requireReadable(Path path, Map<String, String> code) {
    long lines = code.values().stream().flatMap(String::lines).count();
    if (lines > MOST_LINES) {
      throw problem(
          path,
          String.format(
              Locale.ROOT, "its code has %,d lines; at most %,d are read", lines, MOST_LINES));
    }
  }

  private static TorchScriptException problem(Path path, String what) {
    return new TorchScriptException(
        "%s cannot be used: %s. Expected a file of torch.jit.save.".formatted(path, what));
  }

  private static Map<String, ZipEntry> entries(Path path, ZipFile zip) throws IOException {
    Map<String, ZipEntry> entries = new LinkedHashMap<>();
    long length = Files.size(path);
    long unpacked = 0;
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      String name = entry.getName();
      if (entries.put(name, entry) != null) {
        throw problem(path, "it holds two files called " + name);
      }
      // A stored entry cannot declare more than the file has; a compressed one can.
      boolean stored = entry.getMethod() == ZipEntry.STORED;
      unpacked += stored ? 0 : entry.getSize();
      if (stored && (entry.getSize() != entry.getCompressedSize() || entry.getSize() > length)) {
        throw problem(path, "%s declares a wrong size".formatted(name));
      }
      if (!stored && !name.contains("/code/")) {
        throw problem(path, "%s is compressed, as only code may be".formatted(name));
      }
    }
    if (unpacked > MAX_CODE_BYTES) {
      throw problem(
          path,
          String.format(
              Locale.ROOT,
              "its code has %,d bytes; at most %,d are read",
              unpacked,
              MAX_CODE_BYTES));
    }
    return entries;
  }

  private static String folder(Path path, Map<String, ZipEntry> entries) {
    String folder =
        entries.keySet().stream()
            .filter(
                name ->
                    name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
            .findFirst()
            .map(name -> name.substring(0, name.length() - PICKLE.length()))
            .orElseThrow(() -> problem(path, "this zip holds no NAME/data.pkl"));
    if (!entries.containsKey(folder + CONSTANTS)
        || entries.keySet().stream().noneMatch(name -> name.startsWith(folder + "/code/"))) {
      throw problem(
          path,
          "it holds no program. If it holds weights (torch.save of a state_dict), open it with"
              + " Network.load and the plan they belong to");
    }
    return folder;
  }

  private static String text(Path path, ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream bytes = zip.getInputStream(entry)) {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.readNBytes((int) entry.getSize())))
          .toString();
    } catch (CharacterCodingException e) {
      throw problem(path, entry.getName() + " is no text");
    }
  }

  /** A pickle has more bytes than values that it remembers. */
  private static void requireSmallMemo(Path path, ZipFile zip, ZipEntry pickle) throws IOException {
    try (InputStream bytes = zip.getInputStream(pickle)) {
      long place = PickleMemo.largestPlace(bytes.readNBytes((int) pickle.getSize()));
      if (place >= pickle.getSize()) {
        throw problem(
            path,
            String.format(
                Locale.ROOT,
                "its %s has %,d bytes and remembers a value at place %,d, for which the engine would take memory",
                pickle.getName(),
                pickle.getSize(),
                place));
      }
    }
  }

  private static String root(Path path, ZipFile zip, ZipEntry pickle) throws IOException {
    try (InputStream bytes = zip.getInputStream(pickle)) {
      String start = new String(bytes.readNBytes(ROOT_BYTES), StandardCharsets.ISO_8859_1);
      Matcher root = ROOT.matcher(start);
      if (!root.lookingAt()) {
        throw problem(path, "its outermost object is no module");
      }
      return root.group(1) + "." + root.group(2);
    }
  }

  /** This archive with other code and other objects. */
  TorchScriptArchive with(Map<String, String> otherCode, Map<String, byte[]> otherObjects) {
    return new TorchScriptArchive(path, folder, root, otherCode, otherObjects, contents, source);
  }

  /** The bytes of a file in the zip; none if there is no such file. */
  byte[] bytes(String name) {
    try {
      return contents.bytes(name);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * The type of the first stored weights that have a fraction, such as {@code Float}, {@code Half},
   * {@code BFloat16}, {@code Double}; none if the file stores no such weights as objects.
   */
  Optional<String> firstType() {
    Matcher storage =
        STORAGE.matcher(new String(bytes(folder + PICKLE), StandardCharsets.ISO_8859_1));
    return storage.find() ? Optional.of(storage.group(1)) : Optional.empty();
  }

  /**
   * How many modules the file stores that say whether they are in training mode, and how many of
   * them are.
   *
   * @param all those that say it
   * @param training those that are
   */
  record Modes(int all, int training) {}

  /** The attributes {@code training} among the stored objects; a frozen file has none. */
  Modes modes() {
    String pickle = new String(bytes(folder + PICKLE), StandardCharsets.ISO_8859_1);
    Matcher name = TRAINING.matcher(pickle);
    if (!name.find()) {
      return new Modes(0, 0);
    }
    String again = name.group(1) == null ? "j" + name.group(2) : "h" + name.group(1);
    Matcher said =
        Pattern.compile(
                "(?:%s|%s)([\\x88\\x89])"
                    .formatted(Pattern.quote(name.group()), Pattern.quote(again)),
                Pattern.DOTALL)
            .matcher(pickle);
    int all = 0;
    int training = 0;
    while (said.find()) {
      all++;
      training += said.group(1).equals("\u0088") ? 1 : 0;
    }
    return new Modes(all, training);
  }

  private TorchScriptException unreadable(IOException e) {
    return new TorchScriptException(
        "%s cannot be read: %s. Is it still there?".formatted(path, e.getMessage()), e);
  }

  /** The SHA-256 of the file, 64 lower-case hexadecimal digits. */
  String checksum() {
    try {
      return Fingerprint.of(path);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The full name of what a code file holds, such as {@code __torch__.torchvision}. */
  String prefix(String file) {
    return file.substring((folder + "/code/").length(), file.length() - ".py".length())
        .replace('/', '.');
  }

  /**
   * Writes the file again with the code and the objects of this archive, and with other code.
   * Everything else stays as it is.
   *
   * @param changed the new text of code files, by their names in the zip; new files may be among
   *     them
   * @param target where to write
   */
  void write(Map<String, String> changed, Path target) {
    Map<String, byte[]> files = new LinkedHashMap<>(objects);
    code.forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
    changed.forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
    // A program of a thousand layers has thousands of small files.
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), BUFFER);
        ZipOutputStream copy = new ZipOutputStream(out)) {
      copy.setMethod(ZipOutputStream.STORED);
      contents.write(copy, name -> !files.containsKey(name));
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        byte[] bytes = file.getValue();
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        copy.putNextEntry(stored(file.getKey(), bytes.length, checksum.getValue()));
        copy.write(bytes);
        copy.closeEntry();
      }
    } catch (IOException e) {
      // The zip's writer compares each file with its checksum.
      throw new TorchScriptException(Places.noCopy(path.toString(), target, e), e);
    }
  }

  private static ZipEntry stored(String name, long size, long checksum) {
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(checksum);
    entry.setTime(0);
    return entry;
  }

  /** The files of a zip. */
  private record Zipped(Path path) implements WrittenProgram.Contents {

    @Override
    public byte[] bytes(String name) throws IOException {
      try (ZipFile zip = new ZipFile(path.toFile())) {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
          return new byte[0];
        }
        try (InputStream bytes = zip.getInputStream(entry)) {
          return bytes.readAllBytes();
        }
      }
    }

    @Override
    public void write(ZipOutputStream copy, Predicate<String> wanted) throws IOException {
      byte[] piece = new byte[BUFFER];
      try (ZipFile zip = new ZipFile(path.toFile())) {
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
          ZipEntry entry = all.nextElement();
          // What says which line of Python a piece of code comes from would be wrong.
          if (wanted.test(entry.getName().replaceFirst("\\.debug_pkl$", ""))) {
            copy.putNextEntry(stored(entry.getName(), entry.getSize(), entry.getCrc()));
            try (InputStream bytes = zip.getInputStream(entry)) {
              for (int length = bytes.read(piece); length >= 0; length = bytes.read(piece)) {
                copy.write(piece, 0, length);
              }
            }
            copy.closeEntry();
          }
        }
      }
    }
  }
}
