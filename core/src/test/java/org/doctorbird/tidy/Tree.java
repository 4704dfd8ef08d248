package org.doctorbird.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The project's files as they lie in the checkout, without what the build makes.
///
/// @param root the checkout's top folder
record Tree(Path root) {

    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".idea", "node_modules");

    /// Finds the checkout from the folder that the tests run in.
    static Tree here() {
        Path start = Path.of("").toAbsolutePath();
        for (Path path = start; path != null; path = path.getParent()) {
            if (Files.exists(path.resolve("doctorbird"))
                    && Files.exists(path.resolve("core/pom.xml"))) {
                return new Tree(path);
            }
        }
        throw new IllegalStateException("no checkout of Doctorbird above " + start);
    }

    /// Returns the paths, relative to the root and in order, of the files with one of the endings.
    List<Path> files(String... endings) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(root::relativize)
                    .filter(path -> isOurs(path))
                    .filter(path -> Stream.of(endings).anyMatch(path.toString()::endsWith))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOurs(Path path) {
        for (Path part : path) {
            if (NOT_OURS.contains(part.toString())) {
                return false;
            }
        }
        return true;
    }

    /// Returns a file's text.
    ///
    /// @param path relative to the root
    String text(Path path) {
        try {
            return Files.readString(root.resolve(path), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
