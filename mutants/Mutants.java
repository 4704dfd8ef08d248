import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// Plants the faults of `mutants.txt`, one at a time, in a copy of the checkout that is compiled
/// already, and proves that the test named beside each fails.
///
/// Usage: `java Mutants.java COPY [NAME ...]`. Exit codes: 0 each fault was caught, 1 one was not, 2
/// a fault cannot be planted any more, because the code has changed.
final class Mutants {

    private static final int MINUTES_MAX = 10;

    private final Path copy;
    private final String classPath;

    private Mutants(Path copy) throws IOException {
        this.copy = copy;
        this.classPath =
                Stream.of("simulator", "app", "core")
                                .flatMap(module -> Stream.of(module + "/target/test-classes", module + "/target/classes"))
                                .map(folder -> copy.resolve(folder).toString())
                                .collect(Collectors.joining(File.pathSeparator))
                        + libraries("app")
                        + libraries("simulator");
    }

    private String libraries(String module) throws IOException {
        return File.pathSeparator
                + Files.readString(copy.resolve(module).resolve("target/test.class-path")).strip();
    }

    record Mutant(String name, String file, String test, String before, String after) {}

    private enum Result {
        CAUGHT,
        NOT_CAUGHT,
        CANNOT_BE_PLANTED
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var run = new Mutants(Path.of(arguments[0]));
        Set<String> chosen = new TreeSet<>(List.of(arguments).subList(1, arguments.length));
        List<Mutant> mutants =
                read(Files.readString(run.copy.resolve("mutants/mutants.txt"))).stream()
                        .filter(mutant -> chosen.isEmpty() || chosen.contains(mutant.name()))
                        .toList();
        int caught = 0;
        var worst = Result.CAUGHT;
        for (Mutant mutant : mutants) {
            Result result = run.prove(mutant);
            System.out.printf("%-18s%s (%s)%n", words(result), mutant.name(), mutant.test());
            worst = result.compareTo(worst) > 0 ? result : worst;
            caught += result == Result.CAUGHT ? 1 : 0;
        }
        System.out.println(mutants.size() + " faults planted, " + caught + " caught");
        System.exit(mutants.isEmpty() ? Result.CANNOT_BE_PLANTED.ordinal() : worst.ordinal());
    }

    private static String words(Result result) {
        return result == Result.CAUGHT ? "caught" : result.name().replace('_', ' ');
    }

    private static List<Mutant> read(String text) {
        var mutants = new ArrayList<Mutant>();
        for (String block : text.split("(?m)^== ")) {
            if (block.startsWith("#")) {
                continue;
            }
            List<String> lines = block.strip().lines().toList();
            int minus = first(lines, "- ");
            int plus = first(lines, "+ ");
            mutants.add(
                    new Mutant(
                            lines.getFirst().substring(0, lines.getFirst().indexOf(": ")),
                            lines.get(1),
                            lines.get(2),
                            String.join("\n", lines.subList(minus, plus)).substring(2),
                            String.join("\n", lines.subList(plus, lines.size())).substring(2)));
        }
        return mutants;
    }

    private static int first(List<String> lines, String mark) {
        for (int i = 3; i < lines.size(); i++) {
            if (lines.get(i).startsWith(mark)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no line with '" + mark + "' in " + lines.getFirst());
    }

    private Result prove(Mutant mutant) throws IOException, InterruptedException {
        Path file = copy.resolve(mutant.file());
        String original = Files.readString(file);
        int place = original.indexOf(mutant.before());
        if (place < 0 || original.indexOf(mutant.before(), place + 1) >= 0) {
            return Result.CANNOT_BE_PLANTED;
        }
        Path work = Files.createDirectories(copy.resolve("target/planted").resolve(mutant.name()));
        Path planted = work.resolve(file.getFileName());
        Files.writeString(planted, original.replace(mutant.before(), mutant.after()));
        int compiled =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-nowarn",
                                "-proc:none",
                                "-cp",
                                classPath,
                                "-d",
                                work.toString(),
                                planted.toString());
        return compiled == 0 ? test(mutant, work) : Result.CANNOT_BE_PLANTED;
    }

    /// A test that hangs has noticed something, too.
    private Result test(Mutant mutant, Path work) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                work + File.pathSeparator + classPath,
                                copy.resolve("mutants/RunTest.java").toString(),
                                className(mutant.test()))
                        .directory(copy.resolve(mutant.file().startsWith("core") ? "core" : "app").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(work.resolve("log").toFile())
                        .start();
        if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            return Result.CAUGHT;
        }
        return switch (process.exitValue()) {
            case 0 -> Result.NOT_CAUGHT;
            case 1 -> Result.CAUGHT;
            default -> Result.CANNOT_BE_PLANTED;
        };
    }

    private String className(String test) throws IOException {
        for (String module : List.of("core", "app", "simulator")) {
            Path sources = copy.resolve(module).resolve("src/test/java");
            try (Stream<Path> files = Files.walk(sources)) {
                var found = files.filter(path -> path.endsWith(test + ".java")).findFirst();
                if (found.isPresent()) {
                    return sources.relativize(found.get()).toString().replace(".java", "").replace('/', '.');
                }
            }
        }
        throw new IllegalArgumentException("there is no test " + test);
    }
}
