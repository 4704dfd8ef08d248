package org.doctorbird.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.LongStream;

/// The seeds that tests run: those of `seeds.txt`, and some that have found nothing yet.
final class Seeds {

    private Seeds() {}

    /// @param fresh how many besides those that found a fault once
    static LongStream of(SmallWorld kind, int fresh) {
        Long seed = Long.getLong("seed");
        return seed == null
                ? LongStream.concat(LongStream.range(0, fresh), found(kind)).distinct()
                : LongStream.of(seed);
    }

    private static LongStream found(SmallWorld kind) {
        try (InputStream in =
                Objects.requireNonNull(Seeds.class.getResourceAsStream("seeds.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(line -> line.split("\\s+"))
                    .filter(words -> kindOf(words[0]) == kind)
                    .mapToLong(words -> Long.parseLong(words[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SmallWorld kindOf(String title) {
        return SmallWorld.of(title)
                .orElseThrow(() -> new IllegalArgumentException("seeds.txt: no kind " + title));
    }
}
