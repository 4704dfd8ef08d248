package org.doctorbird.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Where, when and how something was measured.
final class Circumstances {

    private Circumstances() {}

    /// Returns what a reader must know to compare figures.
    ///
    /// @param command as it was given
    /// @param loadBefore load of the machine before the first case
    static Map<String, String> of(Servers servers, String command, double loadBefore)
            throws IOException, SQLException {
        var facts = new LinkedHashMap<String, String>();
        facts.put("command", command);
        facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        facts.put("commit", commit());
        facts.put("machine", "%d processors, %s".formatted(processors(), memory()));
        facts.put("system", system());
        facts.put("load", "%.1f before, %.1f at the end".formatted(loadBefore, Processes.load()));
        facts.put(
                "PostgreSQL",
                servers.central().value("postgres", "show server_version") + ", fsync on");
        facts.put("Java", Runtime.version() + ", heap of at most %d MB".formatted(heapMegabytes()));
        return facts;
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static long heapMegabytes() {
        return Runtime.getRuntime().maxMemory() / 1_000_000;
    }

    private static String memory() throws IOException {
        String kilobytes =
                Files.readAllLines(Path.of("/proc/meminfo")).getFirst().replaceAll("[^0-9]", "");
        return "%.0f GB of memory".formatted(Long.parseLong(kilobytes) * 1_024 / 1e9);
    }

    private static String system() throws IOException {
        Path release = Path.of("/etc/os-release");
        String name =
                !Files.exists(release)
                        ? System.getProperty("os.name")
                        : Files.readAllLines(release).stream()
                                .filter(line -> line.startsWith("PRETTY_NAME="))
                                .map(line -> line.substring(12).replace("\"", ""))
                                .findFirst()
                                .orElse("Linux");
        return name + ", kernel " + System.getProperty("os.version");
    }

    /// The checkout's commit, with a word when files differ from it.
    private static String commit() {
        try {
            Process git =
                    new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=10")
                            .directory(BenchMain.checkout().map(Path::toFile).orElse(null))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String text =
                    new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor(10, TimeUnit.SECONDS) && !text.isEmpty() ? text : "unknown";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
