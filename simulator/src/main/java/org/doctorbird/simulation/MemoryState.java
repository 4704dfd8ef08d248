package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.doctorbird.conflict.VersionMade;
import org.doctorbird.conflict.VersionReplaced;
import org.doctorbird.exchange.Acquaintance;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.OwnConflict;
import org.doctorbird.exchange.Presenting;
import org.doctorbird.exchange.ReceiptPage;
import org.doctorbird.exchange.Refused;
import org.doctorbird.interest.Due;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.RecordKey;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/// Everything that one instance's database holds. A transaction works on a copy.
final class MemoryState {

    /// One version that replaced another.
    record Past(
            VersionMade made,
            ETag replaced,
            InstanceId replacedOrigin,
            long replacedRevision,
            Fields before,
            long transaction) {

        VersionReplaced version() {
            return new VersionReplaced(made, replaced, replacedOrigin, replacedRevision);
        }
    }

    /// Who sent which record: what parked and quarantined records are kept by.
    record Sent(RecordKey key, InstanceId from) implements Comparable<Sent> {
        @Override
        public int compareTo(Sent other) {
            int byKey = key.compareTo(other.key);
            return byKey != 0 ? byKey : from.compareTo(other.from);
        }
    }

    /// A record that the database refuses.
    ///
    /// @param dueMicros when it is tried again
    record Quarantined(
            KeptRecord kept, Refused refusal, int attempts, long dueMicros, boolean isDropped) {

        boolean isDue(long nowMicros) {
            return !isDropped && dueMicros <= nowMicros;
        }

        Quarantined dueAt(long micros) {
            return new Quarantined(kept, refusal, attempts, micros, isDropped);
        }

        Quarantined dropped(boolean drops) {
            return new Quarantined(kept, refusal, attempts, dueMicros, drops);
        }
    }

    /// A change that central holds back.
    record Held(long revision, String code) {}

    final Rows rows;
    final SharedMap<RecordKey, List<Past>> history;
    final SharedMap<Sent, KeptRecord> parked;
    final SharedMap<Sent, Quarantined> quarantined;
    final Disputes conflicts;
    final List<OwnConflict> ownConflicts;
    final SharedMap<RecordKey, UUID> joined;

    /// When an application changed a record last, by its database's clock.
    final SharedMap<RecordKey, ETag> modified;

    PVector<KeptRecord> refused = TreePVector.empty();
    final SharedMap<RecordKey, Held> held;
    final SharedMap<String, Cursor> cursors;
    final SharedMap<String, Long> leases;
    final SharedMap<InstanceId, Acquaintance> acquaintances;
    final SharedMap<InstanceId, Long> revisionsBefore;
    final SharedMap<RecordKey, Boolean> taken;
    final SharedMap<String, Presenting> presenting;
    MemoryContinuity continuity = MemoryContinuity.NONE;
    final SharedMap<String, List<ReceiptPage>> receipts;

    /// Who turned out to hold another version than central's.
    final SharedMap<Sent, Boolean> late;

    final SharedMap<Sent, Long> settled;
    final List<DueRecord> due;
    private final SharedMap<Sent, Boolean> pins;
    private final List<RecordKey> pinned = new ArrayList<>();
    final SharedMap<RecordKey, Long> withdrawals;
    Snapshot collected = new Snapshot(0, Set.of());
    long interestHorizon;
    ETag forgotten = new ETag(0);
    // Rows of the history that have ended; only the checks look here.
    PVector<Past> ended = TreePVector.empty();
    long pages;
    String epoch;

    /// A record on the list of those to be computed anew.
    record DueRecord(RecordKey key, Due.Kind kind) {}

    /// Which transactions have ended.
    ///
    /// @param next the first number that was not taken
    /// @param open numbers that were taken and have not ended
    record Snapshot(long next, Set<Long> open) {

        boolean shows(long transaction) {
            return transaction < next && !open.contains(transaction);
        }

        /// The oldest transaction that may still be open.
        long horizon() {
            return open.stream().mapToLong(number -> number).min().orElse(next);
        }
    }

    MemoryState(String epoch, Rows rows) {
        this.epoch = epoch;
        this.rows = rows;
        this.history = new SharedMap<>();
        this.parked = new SharedMap<>();
        this.quarantined = new SharedMap<>();
        this.conflicts = new Disputes();
        this.ownConflicts = new ArrayList<>();
        this.joined = new SharedMap<>();
        this.modified = new SharedMap<>();
        this.held = new SharedMap<>();
        this.cursors = new SharedMap<>();
        this.leases = new SharedMap<>();
        this.acquaintances = new SharedMap<>();
        this.revisionsBefore = new SharedMap<>();
        this.taken = new SharedMap<>();
        this.presenting = new SharedMap<>();
        this.receipts = new SharedMap<>();
        this.late = new SharedMap<>();
        this.settled = new SharedMap<>();
        this.due = new ArrayList<>();
        this.pins = new SharedMap<>();
        this.withdrawals = new SharedMap<>();
    }

    private MemoryState(MemoryState other) {
        this.rows = other.rows.copy();
        this.history = new SharedMap<>(other.history);
        this.parked = new SharedMap<>(other.parked);
        this.quarantined = new SharedMap<>(other.quarantined);
        this.conflicts = new Disputes(other.conflicts);
        this.ownConflicts = new ArrayList<>(other.ownConflicts);
        this.joined = new SharedMap<>(other.joined);
        this.modified = new SharedMap<>(other.modified);
        this.refused = other.refused;
        this.held = new SharedMap<>(other.held);
        this.cursors = new SharedMap<>(other.cursors);
        this.leases = new SharedMap<>(other.leases);
        this.acquaintances = new SharedMap<>(other.acquaintances);
        this.revisionsBefore = new SharedMap<>(other.revisionsBefore);
        this.taken = new SharedMap<>(other.taken);
        this.presenting = new SharedMap<>(other.presenting);
        this.continuity = other.continuity;
        this.receipts = new SharedMap<>(other.receipts);
        this.late = new SharedMap<>(other.late);
        this.settled = new SharedMap<>(other.settled);
        this.due = new ArrayList<>(other.due);
        this.pins = new SharedMap<>(other.pins);
        this.withdrawals = new SharedMap<>(other.withdrawals);
        this.collected = other.collected;
        this.interestHorizon = other.interestHorizon;
        this.forgotten = other.forgotten;
        this.ended = other.ended;
        this.pages = other.pages;
        this.epoch = other.epoch;
    }

    MemoryState copy() {
        return new MemoryState(this);
    }

    Optional<MemoryRow> row(RecordKey key) {
        return Optional.ofNullable(rows.get(key));
    }

    void pin(RecordKey key, InstanceId instance) {
        pins.put(new Sent(key, instance), true);
        pinned.add(key);
    }

    /// @return whether the instance had imported the record
    boolean release(RecordKey key, InstanceId instance) {
        pinned.add(key);
        return pins.remove(new Sent(key, instance)) != null;
    }

    /// Returns who has imported a record.
    Collection<Sent> pinsOf(RecordKey key) {
        return pins.between(
                        new Sent(key, InstanceId.CENTRAL),
                        new Sent(key, new InstanceId(InstanceId.NUMBER_MAX)))
                .keySet();
    }

    void addPast(RecordKey key, Past past) {
        var longer = new ArrayList<>(history.getOrDefault(key, List.of()));
        longer.add(past);
        history.put(key, List.copyOf(longer));
    }

    /// Ends rows of the history up to a version.
    ///
    /// @param isNeeded says which stay all the same
    void forgetHistory(ETag last, Predicate<Past> isNeeded) {
        history.replaceAll((_, pasts) -> {
            List<Past> old =
                    pasts.stream()
                            .filter(past -> !past.made().etag().isAfter(last))
                            .filter(isNeeded.negate())
                            .toList();
            if (old.isEmpty()) {
                return pasts;
            }
            ended = ended.plusAll(old);
            forgotten = last.isAfter(forgotten) ? last : forgotten;
            return pasts.stream().filter(past -> !old.contains(past)).toList();
        });
    }

    /// Returns the keys of the records that differ from the state that this one was copied from, or
    /// that somebody has imported or released since; some may come twice.
    List<RecordKey> touched() {
        var touched = new ArrayList<>(rows.touched());
        touched.addAll(pinned);
        return touched;
    }

    /// Returns a text that differs when any row does.
    String fingerprint() {
        var text = new StringBuilder();
        rows.forEach((key, row) ->
                text.append(key)
                        .append(row.etag())
                        .append(row.revision())
                        .append(row.lastSynchronisation())
                        .append(row.synchronised())
                        .append(row.interest()));
        return text.toString();
    }

    static String place(String model, Feed feed) {
        return model + "/" + feed;
    }
}
