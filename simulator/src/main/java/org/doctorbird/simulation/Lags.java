package org.doctorbird.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

/// How long it takes until what a clinic commits is at central, and until what central has is at
/// the clinics that should have it.
final class Lags {

    final Sample up = new Sample();
    final Sample upOverOutages = new Sample();
    final Sample down = new Sample();
    final Sample downOverOutages = new Sample();

    private final List<InstanceId> clinics;
    private final Function<InstanceId, MemoryState> states;
    private final LongSupplier now;
    private final Map<InstanceId, Map<RecordKey, Waiting>> waiting = new HashMap<>();
    private final Map<InstanceId, Map<RecordKey, Expected>> expected = new HashMap<>();
    private final Map<InstanceId, Long> trouble = new HashMap<>();
    private final Map<InstanceId, Long> loaded = new HashMap<>();

    private record Waiting(long since, long revision) {}

    /// @param etag the first version that the clinic has not seen
    /// @param last the last one
    private record Expected(ETag etag, long since, ETag last, long lastSince) {}

    Lags(List<InstanceId> clinics, Function<InstanceId, MemoryState> states, LongSupplier now) {
        this.clinics = clinics;
        this.states = states;
        this.now = now;
        for (InstanceId clinic : clinics) {
            waiting.put(clinic, new HashMap<>());
            expected.put(clinic, new HashMap<>());
        }
    }

    private <T> Map<RecordKey, T> of(Map<InstanceId, Map<RecordKey, T>> maps, InstanceId clinic) {
        return Objects.requireNonNull(maps.get(clinic));
    }

    /// Notes that a clinic cannot reach central at this moment, or could not until now.
    void noteTrouble(InstanceId clinic) {
        trouble.put(clinic, now.getAsLong());
    }

    /// Notes that a clinic has its first load: from here on its lags count.
    void noteLoaded(InstanceId clinic) {
        loaded.putIfAbsent(clinic, now.getAsLong());
        of(expected, clinic).clear();
    }

    /// Forgets what a database that was restored does not wait for any more.
    void forget(InstanceId clinic) {
        of(waiting, clinic).clear();
        of(expected, clinic).clear();
    }

    private void add(Sample working, Sample overOutages, InstanceId clinic, long since) {
        Sample sample = trouble.getOrDefault(clinic, -1L) >= since ? overOutages : working;
        sample.add(now.getAsLong() - since);
    }

    /// Notes what a clinic's application has committed.
    void noteWritten(InstanceId clinic, MemoryState state) {
        for (RecordKey key : state.rows.touched()) {
            MemoryRow row = state.rows.get(key);
            if (row != null && row.lastSynchronisation() == null) {
                of(waiting, clinic).putIfAbsent(key, new Waiting(now.getAsLong(), row.revision()));
            }
        }
    }

    /// Notes what was committed at central.
    void noteCentral(MemoryState state) {
        for (RecordKey key : state.rows.touched()) {
            MemoryRow row = state.rows.get(key);
            if (row == null || row.isGone()) {
                expected.values().forEach(some -> some.remove(key));
            }
            Map<RecordKey, Waiting> origin = row == null ? null : waiting.get(row.origin());
            if (row != null && origin != null) {
                Waiting some = origin.get(key);
                if (some != null && row.originRevision() >= some.revision()) {
                    origin.remove(key);
                    add(up, upOverOutages, row.origin(), some.since());
                }
            }
        }
    }

    /// Notes who should hold a record that has changed at central.
    ///
    /// @param should null for everybody
    void noteShould(RecordKey key, MemoryRow row, @Nullable InstanceSet should) {
        for (InstanceId clinic : clinics) {
            Map<RecordKey, Expected> here = of(expected, clinic);
            boolean isWanted = should == null || should.contains(clinic);
            if (!isWanted || row.isGone()) {
                here.remove(key);
            } else if (loaded.containsKey(clinic)
                    && !row.origin().equals(clinic)
                    && !has(clinic, key, row.etag())) {
                expect(here, key, row.etag());
            }
        }
    }

    private void expect(Map<RecordKey, Expected> here, RecordKey key, ETag etag) {
        Expected before = here.get(key);
        if (before == null) {
            here.put(key, new Expected(etag, now.getAsLong(), etag, now.getAsLong()));
        } else if (etag.isAfter(before.last())) {
            here.put(key, new Expected(before.etag(), before.since(), etag, now.getAsLong()));
        }
    }

    private boolean has(InstanceId clinic, RecordKey key, ETag etag) {
        MemoryRow row = states.apply(clinic).rows.get(key);
        return row != null && !etag.isAfter(version(row));
    }

    private static ETag version(MemoryRow row) {
        ETag version = row.lastSynchronisation() == null ? row.base() : row.lastSynchronisation();
        return version == null ? new ETag(0) : version;
    }

    /// Notes what was committed at a clinic.
    void noteSatellite(InstanceId clinic, MemoryState state) {
        for (RecordKey key : state.rows.touched()) {
            MemoryRow row = state.rows.get(key);
            if (row == null) {
                continue;
            }
            if (row.lastSynchronisation() != null) {
                Waiting some = of(waiting, clinic).remove(key);
                if (some != null) {
                    add(up, upOverOutages, clinic, some.since());
                }
            }
            Expected some = of(expected, clinic).get(key);
            if (some != null && !some.etag().isAfter(version(row))) {
                add(down, downOverOutages, clinic, some.since());
                if (some.last().isAfter(version(row))) {
                    of(expected, clinic)
                            .put(
                                    key,
                                    new Expected(
                                            some.last(),
                                            some.lastSince(),
                                            some.last(),
                                            some.lastSince()));
                } else {
                    of(expected, clinic).remove(key);
                }
            }
        }
    }
}
