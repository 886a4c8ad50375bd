// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * JUnit extension: writes down what came out of a contract for one way to an element.
 *
 * <p>Where the system property {@code contract.results} names a folder, each test class with {@link
 * ReachedBy} writes a file of lines {@code way, contract, test, result}, with tabs between, into
 * it. The result is {@code passed}, {@code failed}, or {@code skipped} for a test that an
 * assumption ended, such as one of a capability that the element does not declare.
 *
 * <p>Thread safety: confined to the thread of its test class.
 */
public final class ContractResults implements BeforeAllCallback, AfterAllCallback, TestWatcher {

  private static final String FOLDER = "contract.results";

  private final Map<String, String> results = new TreeMap<>();

  /** For JUnit. */
  public ContractResults() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    results.clear();
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    note(context, "passed");
  }

  @Override
  public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
    note(context, "skipped");
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    note(context, "skipped");
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    note(context, "failed");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Class<?> tests = context.getRequiredTestClass();
    ReachedBy reachedBy = tests.getAnnotation(ReachedBy.class);
    String folder = System.getProperty(FOLDER);
    if (reachedBy == null || folder == null || results.isEmpty()) {
      return;
    }
    try {
      Path into = Files.createDirectories(Path.of(folder));
      Files.writeString(
          into.resolve(tests.getName() + ".tsv"),
          results.entrySet().stream()
              .map(test -> reachedBy.value() + "\t" + test.getKey() + "\t" + test.getValue() + "\n")
              .collect(Collectors.joining()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void note(ExtensionContext context, String result) {
    Class<?> contract = context.getRequiredTestMethod().getDeclaringClass();
    if (!contract.equals(context.getRequiredTestClass())) {
      results.put(
          contract.getSimpleName() + "\t" + context.getRequiredTestMethod().getName(), result);
    }
  }
}
