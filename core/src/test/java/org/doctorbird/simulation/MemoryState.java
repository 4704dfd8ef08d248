package org.doctorbird.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.doctorbird.conflict.VersionMade;
import org.doctorbird.conflict.VersionReplaced;
import org.doctorbird.exchange.Acquaintance;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.KeptConflict;
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

    final TreeMap<RecordKey, MemoryRow> rows = new TreeMap<>();
    final TreeMap<RecordKey, List<Past>> history = new TreeMap<>();
    final TreeMap<Sent, KeptRecord> parked = new TreeMap<>();
    final TreeMap<Sent, Quarantined> quarantined = new TreeMap<>();
    final List<KeptConflict> conflicts = new ArrayList<>();
    final List<OwnConflict> ownConflicts = new ArrayList<>();
    final TreeMap<RecordKey, UUID> joined = new TreeMap<>();

    /// When an application changed a record last, by its database's clock.
    final TreeMap<RecordKey, ETag> modified = new TreeMap<>();

    final List<KeptRecord> refused = new ArrayList<>();
    final TreeMap<RecordKey, Held> held = new TreeMap<>();
    final TreeMap<String, Cursor> cursors = new TreeMap<>();
    final TreeMap<String, Long> leases = new TreeMap<>();
    final TreeMap<InstanceId, Acquaintance> acquaintances = new TreeMap<>();
    final TreeMap<InstanceId, Long> revisionsBefore = new TreeMap<>();
    final TreeSet<RecordKey> taken = new TreeSet<>();
    final TreeMap<String, Presenting> presenting = new TreeMap<>();
    MemoryContinuity continuity = MemoryContinuity.NONE;
    final TreeMap<String, List<ReceiptPage>> receipts = new TreeMap<>();
    final TreeSet<Sent> late = new TreeSet<>();
    final TreeMap<Sent, Long> settled = new TreeMap<>();
    final List<DueRecord> due = new ArrayList<>();
    final TreeMap<Sent, Integer> pins = new TreeMap<>();
    final TreeMap<RecordKey, Long> withdrawals = new TreeMap<>();
    Snapshot collected = new Snapshot(0, Set.of());
    long interestHorizon;
    ETag forgotten = new ETag(0);
    // Rows of the history that have ended; only the checks look here.
    final List<Past> ended = new ArrayList<>();
    long pages;
    long conflictNumbers;
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

    MemoryState(String epoch) {
        this.epoch = epoch;
    }

    MemoryState copy() {
        var copy = new MemoryState(epoch);
        copy.rows.putAll(rows);
        copy.history.putAll(history);
        copy.parked.putAll(parked);
        copy.quarantined.putAll(quarantined);
        copy.conflicts.addAll(conflicts);
        copy.ownConflicts.addAll(ownConflicts);
        copy.joined.putAll(joined);
        copy.modified.putAll(modified);
        copy.refused.addAll(refused);
        copy.held.putAll(held);
        copy.cursors.putAll(cursors);
        copy.leases.putAll(leases);
        copy.acquaintances.putAll(acquaintances);
        copy.revisionsBefore.putAll(revisionsBefore);
        copy.taken.addAll(taken);
        copy.presenting.putAll(presenting);
        copy.continuity = continuity;
        copy.receipts.putAll(receipts);
        copy.late.addAll(late);
        copy.settled.putAll(settled);
        copy.due.addAll(due);
        copy.pins.putAll(pins);
        copy.withdrawals.putAll(withdrawals);
        copy.collected = collected;
        copy.interestHorizon = interestHorizon;
        copy.forgotten = forgotten;
        copy.ended.addAll(ended);
        copy.pages = pages;
        copy.conflictNumbers = conflictNumbers;
        return copy;
    }

    Optional<MemoryRow> row(RecordKey key) {
        return Optional.ofNullable(rows.get(key));
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
        for (var entry : Map.copyOf(history).entrySet()) {
            List<Past> pasts = entry.getValue();
            List<Past> old =
                    pasts.stream()
                            .filter(past -> !past.made().etag().isAfter(last))
                            .filter(isNeeded.negate())
                            .toList();
            if (!old.isEmpty()) {
                ended.addAll(old);
                history.put(
                        entry.getKey(),
                        pasts.stream().filter(past -> !old.contains(past)).toList());
                forgotten = last.isAfter(forgotten) ? last : forgotten;
            }
        }
    }

    static String place(String model, Feed feed) {
        return model + "/" + feed;
    }
}
