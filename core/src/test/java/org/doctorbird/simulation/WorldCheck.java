package org.doctorbird.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;
import org.doctorbird.record.RecordKey;

/// What must hold at rest: nothing is lost, all agree, bits say the truth.
final class WorldCheck {

    private final World world;
    private final MemoryState central;
    private final Map<RecordKey, InstanceSet> entitled;

    WorldCheck(World world) {
        this.world = world;
        this.central = world.database(InstanceId.CENTRAL).committed();
        this.entitled = world.entitlement().of(central);
    }

    void run() {
        assertSetsAreRight();
        for (InstanceId satellite : world.satellites()) {
            MemoryState local = world.database(satellite).committed();
            assertPendingIsExplained(satellite, local);
            assertSame(satellite, local);
            assertBitsAreTrue(satellite, local);
        }
        assertNothingIsLost();
    }

    /// What was computed from changes is what the definition says.
    private void assertSetsAreRight() {
        central.rows.forEach((key, row) -> {
            if (world.models().graph().isRestricted(key.model()) && !row.isGone()) {
                assertThat(row.interest().wholeOrNone())
                        .as(about("who should hold " + key, "central"))
                        .isEqualTo(entitled.get(key));
            }
        });
    }

    private boolean shouldHold(InstanceId satellite, RecordKey key) {
        return !world.models().graph().isRestricted(key.model())
                || entitled.getOrDefault(key, InstanceSet.EMPTY).contains(satellite);
    }

    private String about(String what, Object where) {
        return what + " at " + where + "\n" + world.tail();
    }

    /// What is still to be pushed is held by central: parked, or in quarantine.
    private void assertPendingIsExplained(InstanceId satellite, MemoryState local) {
        local.rows.forEach((key, row) -> {
            boolean pushes = world.models().plan(key.model()).mode().pushes();
            if (pushes && row.lastSynchronisation() == null) {
                assertThat(local.held)
                        .as(about("unexplained pending " + key, satellite))
                        .containsKey(key);
                var sent = new MemoryState.Sent(key, satellite);
                assertThat(
                                central.parked.containsKey(sent)
                                        || central.quarantined.containsKey(sent)
                                        || hasOpenConflict(sent))
                        .as(about("held but not kept " + key, satellite))
                        .isTrue();
            }
        });
    }

    private boolean hasOpenConflict(MemoryState.Sent sent) {
        return central.conflicts.stream()
                .filter(conflict -> conflict.resolution().isEmpty())
                .map(conflict -> conflict.dispute().record())
                .anyMatch(kept -> kept.key().equals(sent.key()) && kept.from().equals(sent.from()));
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
                assertThat(copy == null || copy.isGone())
                        .as(about("still there " + key, satellite))
                        .isTrue();
                return;
            }
            assertThat(copy).as(about("missing " + key, satellite)).isNotNull();
            assertThat(values(Objects.requireNonNull(copy).orNone()))
                    .as(about("different " + key, satellite))
                    .isEqualTo(values(row.orNone()));
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
                assertThat(shouldHold(satellite, key))
                        .as(about("a bit of a record to withdraw: " + key, satellite))
                        .isTrue();
                boolean isHeld =
                        local.rows.containsKey(key)
                                || local.parked.keySet().stream()
                                        .anyMatch(sent -> sent.key().equals(key))
                                || local.quarantined.keySet().stream()
                                        .anyMatch(sent -> sent.key().equals(key));
                assertThat(isHeld).as(about("a bit that lies: " + key, satellite)).isTrue();
            }
        });
    }

    /// Every last text of every application is in central, in its history, or in one of the lists
    /// that people read.
    private void assertNothingIsLost() {
        Set<String> found = new HashSet<>();
        addCentral(found, central);
        for (InstanceId satellite : world.satellites()) {
            MemoryState local = world.database(satellite).committed();
            addKept(found, local.refused);
            local.held
                    .keySet()
                    .forEach(key -> local.row(key).ifPresent(row -> addTexts(found, row.orNone())));
        }
        var lost = new ArrayList<String>();
        world.written.forEach((instance, texts) ->
                texts.forEach((place, text) -> {
                    if (!text.lines().allMatch(found::contains)) {
                        lost.add(instance + " " + place + " " + text);
                    }
                }));
        assertThat(lost).as(about("lost", "central")).isEqualTo(List.of());
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
                central.conflicts.stream().map(conflict -> conflict.dispute().record()).toList());
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
