package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.doctorbird.ErrorCode;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.RecordKey;

/// What must hold at rest: nothing is lost, all agree, bits say the truth.
final class WorldCheck {

    private final CheckedWorld world;
    private final MemoryState central;
    private final Definition entitled;

    WorldCheck(CheckedWorld world) {
        this.world = world;
        this.central = world.committed(InstanceId.CENTRAL);
        this.entitled = world.definition();
    }

    void run() {
        assertSetsAreRight();
        for (InstanceId satellite : world.satellites()) {
            MemoryState local = world.committed(satellite);
            assertPendingIsExplained(satellite, local);
            assertSame(satellite, local);
            assertBitsAreTrue(satellite, local);
        }
        assertNothingIsLost();
    }

    /// No database refuses a record any more.
    void assertNothingIsRefused() {
        assertNothingIsRefused(InstanceId.CENTRAL, central);
        for (InstanceId satellite : world.satellites()) {
            assertNothingIsRefused(satellite, world.committed(satellite));
        }
    }

    private void assertNothingIsRefused(InstanceId where, MemoryState state) {
        state.quarantined.forEach((sent, there) ->
                require(
                        there.refusal().code() != ErrorCode.RECORD_REFUSED,
                        "refused",
                        sent.key(),
                        where));
    }

    /// What was computed from changes is what the definition says.
    private void assertSetsAreRight() {
        central.rows.forEach((key, row) -> {
            if (world.models().graph().isRestricted(key.model()) && !row.isGone()) {
                require(
                        row.interest().wholeOrNone().equals(entitled.whole(key)),
                        "who should hold",
                        key,
                        InstanceId.CENTRAL);
            }
        });
    }

    private void require(boolean holds, Supplier<String> what) {
        if (!holds) {
            throw new InvariantBroken(what.get(), world.tail());
        }
    }

    private boolean shouldHold(InstanceId satellite, RecordKey key) {
        return entitled.isEntitled(satellite, key);
    }

    private void require(boolean holds, String what, RecordKey key, InstanceId where) {
        require(holds, () -> what + " " + key + " at " + where);
    }

    /// What is still to be pushed is held by central: parked, or in quarantine.
    private void assertPendingIsExplained(InstanceId satellite, MemoryState local) {
        local.rows.forEach((key, row) -> {
            boolean pushes = world.models().plan(key.model()).mode().pushes();
            if (pushes && row.lastSynchronisation() == null) {
                require(local.held.containsKey(key), "unexplained pending", key, satellite);
                var sent = new MemoryState.Sent(key, satellite);
                require(
                        central.parked.containsKey(sent)
                                || central.quarantined.containsKey(sent)
                                || hasOpenConflict(sent),
                        "held but not kept",
                        key,
                        satellite);
            }
        });
    }

    private boolean hasOpenConflict(MemoryState.Sent sent) {
        return central.conflicts.of(sent).stream()
                .anyMatch(conflict -> conflict.resolution().isEmpty());
    }

    private void assertSame(InstanceId satellite, MemoryState local) {
        central.rows.forEach((key, row) -> {
            MemoryRow copy = local.rows.get(key);
            boolean isKept =
                    local.parked.keySet().stream().anyMatch(sent -> sent.key().equals(key))
                            || local.quarantined.keySet().stream()
                                    .anyMatch(sent -> sent.key().equals(key))
                            || local.held.containsKey(key);
            if (isKept || row.isMarkedDeleted()) {
                return;
            }
            if (row.isGone() || !shouldHold(satellite, key)) {
                require(copy == null || copy.isGone(), "still there", key, satellite);
                return;
            }
            require(copy != null, "missing", key, satellite);
            require(
                    values(Objects.requireNonNull(copy).orNone()).equals(values(row.orNone())),
                    "different",
                    key,
                    satellite);
        });
    }

    private static Map<String, String> values(Fields fields) {
        var values = new TreeMap<String, String>();
        for (String name : fields.names().list()) {
            values.put(name, String.valueOf(fields.get(name)));
        }
        return values;
    }

    private void assertBitsAreTrue(InstanceId satellite, MemoryState local) {
        central.rows.forEach((key, row) -> {
            MemoryRow copy = local.rows.get(key);
            boolean isUnpushed = copy != null && copy.lastSynchronisation() == null;
            if (!row.isGone() && row.synchronised().contains(satellite) && !isUnpushed) {
                require(
                        shouldHold(satellite, key),
                        "a bit of a record to withdraw:",
                        key,
                        satellite);
                boolean isHeld =
                        local.rows.containsKey(key)
                                || local.parked.keySet().stream()
                                        .anyMatch(sent -> sent.key().equals(key))
                                || local.quarantined.keySet().stream()
                                        .anyMatch(sent -> sent.key().equals(key));
                require(isHeld, "a bit that lies:", key, satellite);
            }
        });
    }

    /// Every last text of every application is in central, in its history, or in one of the lists
    /// that people read.
    private void assertNothingIsLost() {
        Set<String> found = new HashSet<>();
        addCentral(found, central);
        for (InstanceId satellite : world.satellites()) {
            MemoryState local = world.committed(satellite);
            addKept(found, local.refused);
            local.held
                    .keySet()
                    .forEach(key -> local.row(key).ifPresent(row -> addTexts(found, row.orNone())));
        }
        var lost = new ArrayList<String>();
        world.written()
                .forEach((instance, texts) ->
                        texts.forEach((place, text) -> {
                            if (!text.lines().allMatch(found::contains)) {
                                lost.add(instance + " " + place + " " + text);
                            }
                        }));
        require(lost.isEmpty(), () -> "lost: " + lost);
    }

    /// Adds every text that central has: in its records, its history and its lists.
    static void addCentral(Set<String> found, MemoryState central) {
        central.rows.values().forEach(row -> addTexts(found, row.orNone()));
        central.history
                .values()
                .forEach(pasts -> pasts.forEach(past -> addTexts(found, past.before())));
        central.ended.forEach(past -> addTexts(found, past.before()));
        addKept(
                found,
                central.conflicts.all().stream()
                        .map(conflict -> conflict.dispute().record())
                        .toList());
        addKept(found, central.parked.values());
        central.quarantined.values().forEach(there -> addTexts(found, there.kept().fields()));
    }

    /// Adds every text of a satellite's records, and of changes that it was not allowed to make.
    static void addSatellite(Set<String> found, MemoryState satellite) {
        satellite.rows.values().forEach(row -> addTexts(found, row.orNone()));
        addKept(found, satellite.refused);
    }

    private static void addKept(Set<String> found, Iterable<KeptRecord> kept) {
        kept.forEach(record -> addTexts(found, record.fields()));
    }

    private static void addTexts(Set<String> found, Fields fields) {
        for (String value : fields.values()) {
            if (value != null) {
                value.lines().forEach(found::add);
            }
        }
    }
}
