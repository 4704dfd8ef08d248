package org.doctorbird.benchmarks;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How much the cases do.
///
/// @param word its name on the command line
/// @param uploaded records that an empty central gets; a multiple of ten
/// @param stored records that both sides hold before something small happens; a multiple of ten
/// @param updated how many of them are updated at a time
/// @param spread new records of which four satellites get a quarter each; a multiple of forty
/// @param prompts single inserts that are followed to the other side
/// @param idleCycles cycles without work
/// @param singleWrites rows written one by one
/// @param bulk rows written by one statement
/// @param satellites how many exchange with one central at the same time, 2 to 1,000
/// @param scaleSeconds how long they do it
/// @param idleSeconds how long a program or server is watched that has nothing to do
/// @param warmUps runs that do not count, 0 or 1
record Size(
        String word,
        int uploaded,
        int stored,
        int updated,
        int spread,
        int prompts,
        int idleCycles,
        int singleWrites,
        int bulk,
        int satellites,
        int scaleSeconds,
        int idleSeconds,
        int warmUps) {

    /// Shows in seconds that everything works; its figures say nothing.
    static final Size SMALL =
            new Size("small", 1_000, 2_000, 100, 400, 20, 5, 50, 2_000, 20, 12, 1, 0);

    /// The default: some minutes.
    static final Size STANDARD =
            new Size(
                    "standard",
                    100_000,
                    100_000,
                    1_000,
                    10_000,
                    200,
                    50,
                    2_000,
                    50_000,
                    500,
                    90,
                    10,
                    1);

    /// With a store of a million records.
    static final Size FULL =
            new Size(
                    "full", 100_000, 1_000_000, 1_000, 10_000, 500, 100, 2_000, 50_000, 500, 600,
                    30, 1);

    private static final Map<String, Size> ALL =
            Map.of(SMALL.word, SMALL, STANDARD.word, STANDARD, FULL.word, FULL);

    /// Returns the same, but for what is given.
    ///
    /// @param records that both sides hold before something small happens; a multiple of ten
    /// @param seconds how long many satellites exchange
    Size with(@Nullable Integer records, @Nullable Integer seconds) {
        return new Size(
                word,
                uploaded,
                records == null ? stored : records,
                updated,
                spread,
                prompts,
                idleCycles,
                singleWrites,
                bulk,
                satellites,
                seconds == null ? scaleSeconds : seconds,
                idleSeconds,
                warmUps);
    }

    /// Returns the size with a name.
    static Optional<Size> of(String word) {
        return Optional.ofNullable(ALL.get(word));
    }
}
