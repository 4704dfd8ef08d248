package org.doctorbird.app.tasks;

import java.util.Collection;
import java.util.Locale;
import org.doctorbird.exchange.Cycle;

/// One piece of a cycle's work: all that a task carries.
///
/// @param work what is to be done
/// @param model of which model, or [#EVERY_MODEL]
/// @param slice which slice of the model's uids, from 0
/// @param slices of how many, 1 to 256
record Piece(Cycle.Work work, String model, int slice, int slices) {

    /// Slices of one model are at most so many.
    static final int SLICES_MAX = 16;

    /// In the place of a model: whatever waits, one model after the other.
    static final String EVERY_MODEL = "*";

    /// Pushes all that waits, each model after those it refers to.
    static final Piece PUSH_TOGETHER = new Piece(Cycle.Work.PUSH, EVERY_MODEL, 0, 1);

    /// Returns the text that the task table keeps: `push/0/4/party.party`.
    String text() {
        return work.name().toLowerCase(Locale.ROOT) + "/" + slice + "/" + slices + "/" + model;
    }

    /// Reads that text.
    static Piece parse(String text) {
        String[] parts = text.split("/", 4);
        return new Piece(
                Cycle.Work.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                parts[3],
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]));
    }

    /// Says whether changes of several models are so few that one worker does them as fast: less
    /// than a slice of one model would have.
    static boolean isFewTogether(Collection<Long> waiting, int batch) {
        return waiting.size() > 1 && waiting.stream().mapToLong(Long::longValue).sum() < 2L * batch;
    }

    /// Returns how many slices so many waiting changes are cut into: two batches and more to a
    /// slice.
    static int slices(long waiting, int batch) {
        return Math.clamp(waiting / (2L * batch), 1, SLICES_MAX);
    }
}
