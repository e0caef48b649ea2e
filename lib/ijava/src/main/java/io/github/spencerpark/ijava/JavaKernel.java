package io.github.spencerpark.ijava;

import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.io.File;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.SubKind;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/** Evaluates cells snippet by snippet; the value of the last one is the cell's. */
public final class JavaKernel extends BaseKernel {

  private static final String STARTUP =
      """
      import java.util.*;
      import java.io.*;
      import java.math.*;
      import java.net.*;
      import java.util.concurrent.*;
      import java.util.prefs.*;
      import java.util.regex.*;
      import static io.github.spencerpark.ijava.runtime.Display.*;
      import static io.github.spencerpark.ijava.runtime.Kernel.*;
      public void printf(String format, Object... values) { System.out.printf(format, values); }
      """;

  private final CellExecution execution = new CellExecution();
  private final JShell shell;

  JavaKernel(String classpath) throws Exception {
    shell = JShell.builder().executionEngine(new Engine(execution), Map.of()).build();
    for (String path : classpath.split(File.pathSeparator, -1)) {
      shell.addToClasspath(path);
    }
    evalRaw(STARTUP);
  }

  @Override
  public LanguageInfo getLanguageInfo() {
    return new LanguageInfo.Builder("Java")
        .version(Runtime.version().toString())
        .mimetype("text/x-java-source")
        .fileExtension(".jshell")
        .pygments("java")
        .codemirror("java")
        .build();
  }

  @Override
  public DisplayData eval(String code) throws Exception {
    Object value = evalRaw(code);
    if (value == null || value instanceof DisplayData) {
      return (DisplayData) value;
    }
    return getRenderer().render(value);
  }

  @Override
  public void interrupt() {
    execution.interrupt();
  }

  @Override
  public void onShutdown(boolean isRestarting) {
    shell.close();
  }

  /** The value of the last snippet; null where that is none that is shown. */
  public Object evalRaw(String code) throws Exception {
    Object value = null;
    CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(code);
    while (next.completeness().isComplete()) {
      value = valueOfSnippet(next.source());
      next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
    }
    if (next.completeness() != Completeness.EMPTY) {
      throw new IllegalArgumentException("This is incomplete: " + next.remaining().strip());
    }
    return value;
  }

  private Object valueOfSnippet(String source) throws Exception {
    Object value = null;
    for (SnippetEvent event : shell.eval(source)) {
      Object found = event.value() == null ? null : execution.take(event.value());
      if (event.causeSnippet() != null) {
        continue; // an earlier snippet that this one makes run anew
      }
      if (event.exception() instanceof EvalException thrown
          && thrown.getExceptionClassName().equals(CellExecution.INTERRUPTED)) {
        throw new EvaluationInterruptedException(source);
      }
      if (event.exception() != null) {
        throw event.exception();
      }
      if (!event.status().isDefined()) {
        throw new IllegalArgumentException(complaints(event.snippet()));
      }
      value = isShown(event.snippet().subKind()) ? found : null;
    }
    return value;
  }

  private static boolean isShown(SubKind kind) {
    return kind == SubKind.VAR_VALUE_SUBKIND
        || kind == SubKind.OTHER_EXPRESSION_SUBKIND
        || kind == SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
  }

  private String complaints(Snippet snippet) {
    return shell
        .diagnostics(snippet)
        .map(each -> each.getMessage(Locale.ROOT))
        .collect(Collectors.joining("\n", snippet.source() + "\n", ""));
  }

  /** Makes JShell run snippets where this kernel sees their values. */
  private record Engine(CellExecution execution) implements ExecutionControlProvider {

    @Override
    public String name() {
      return "in this process";
    }

    @Override
    public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
      return execution;
    }
  }

  @Override
  public List<LanguageInfo.Help> getHelpLinks() {
    return List.of();
  }
}
