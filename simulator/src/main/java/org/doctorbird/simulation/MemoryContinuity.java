package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.doctorbird.exchange.Checkpoint;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.record.ETag;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.Uids;
import org.jspecify.annotations.Nullable;

/// What a satellite in memory remembers of its contacts, and what it tells of its records.
record MemoryContinuity(
        UUID incarnation,
        @Nullable UUID nextIncarnation,
        long number,
        @Nullable UUID token,
        @Nullable UUID next) {

    static final MemoryContinuity NONE = new MemoryContinuity(new UUID(0, 0), null, 0, null, null);

    MemoryContinuity withIncarnation(UUID other) {
        return new MemoryContinuity(other, null, number, token, next);
    }

    MemoryContinuity withNextIncarnation(Supplier<UUID> random) {
        return nextIncarnation == null
                ? new MemoryContinuity(incarnation, random.get(), number, token, next)
                : this;
    }

    MemoryContinuity withNext(Supplier<UUID> random) {
        return next == null
                ? new MemoryContinuity(incarnation, nextIncarnation, number, token, random.get())
                : this;
    }

    MemoryContinuity withAnswered(Checkpoint made) {
        return made.next().equals(next)
                ? new MemoryContinuity(
                        incarnation, nextIncarnation, made.making().number(), next, null)
                : this;
    }

    MemoryContinuity without(Checkpoint made) {
        return made.next().equals(next)
                ? new MemoryContinuity(incarnation, nextIncarnation, number, token, null)
                : this;
    }

    Checkpoint checkpoint() {
        return new Checkpoint(
                number, Optional.ofNullable(token), java.util.Objects.requireNonNull(next));
    }

    static List<Receipt> held(MemoryState state, String model, Optional<UUID> after, int limit) {
        var held = new ArrayList<Receipt>();
        state.rows
                .of(model)
                .forEach((key, row) -> {
                    ETag version = version(state, key, row);
                    if (version != null
                            && (after.isEmpty() || Uids.ORDER.compare(key.uid(), after.get()) > 0)
                            && held.size() < limit) {
                        held.add(new Receipt(key.uid(), version));
                    }
                });
        return held;
    }

    /// A copy that was removed because central withdrew it is no record any more.
    private static @Nullable ETag version(MemoryState state, RecordKey key, MemoryRow row) {
        if (row.base() != null && row.lastSynchronisation() == null) {
            return state.taken.containsKey(key) ? new ETag(0) : row.base();
        }
        if (row.base() != null) {
            return row.lastSynchronisation();
        }
        return row.isGone() ? null : row.lastSynchronisation();
    }

    static List<Receipt> unstored(
            MemoryState state, String model, Optional<UUID> after, int limit) {
        return waiting(state)
                .filter(kept -> kept.key().model().equals(model))
                .map(kept -> new Receipt(kept.uid(), kept.etag().orElseThrow()))
                .filter(some -> after.isEmpty() || Uids.ORDER.compare(some.uid(), after.get()) > 0)
                .sorted(Comparator.comparing(Receipt::uid, Uids.ORDER))
                .limit(limit)
                .toList();
    }

    private static Stream<KeptRecord> waiting(MemoryState state) {
        return Stream.concat(
                state.parked.values().stream(),
                state.quarantined.values().stream().map(MemoryState.Quarantined::kept));
    }

    static void giveUp(MemoryState state, String model, List<Receipt> lost) {
        for (Receipt some : lost) {
            waiting(state)
                    .filter(kept -> kept.key().equals(new RecordKey(model, some.uid())))
                    .filter(kept -> kept.etag().equals(Optional.of(some.etag())))
                    .toList()
                    .forEach(kept -> {
                        var sent = new MemoryState.Sent(kept.key(), kept.from());
                        state.parked.remove(sent);
                        state.quarantined.remove(sent);
                        state.refused = state.refused.plus(kept);
                    });
        }
    }

    static void reopen(
            MemoryState state,
            String model,
            List<Receipt> presented,
            List<UnknownVersion> unknown) {
        Map<UUID, ETag> versions = new HashMap<>();
        presented.forEach(some -> versions.put(some.uid(), some.etag()));
        for (UnknownVersion some : unknown) {
            var key = new RecordKey(model, some.uid());
            MemoryRow row = state.rows.get(key);
            ETag version = row == null ? null : version(state, key, row);
            if (row != null && version != null && version.equals(versions.get(some.uid()))) {
                boolean isTaken = version.micros() == 0;
                state.taken.remove(key);
                state.rows.put(
                        key,
                        row.withSatelliteSide(
                                null,
                                isTaken ? row.base() : some.base().orElse(null),
                                row.revision() + 1,
                                null));
            }
        }
    }
}
