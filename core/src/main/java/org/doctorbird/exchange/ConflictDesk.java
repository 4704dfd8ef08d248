package org.doctorbird.exchange;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.conflict.CentralRecord;
import org.doctorbird.plan.ConflictRules.Numbering;
import org.doctorbird.plan.Deletes;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;

/// Settles conflicts as persons say, inside one transaction of central.
final class ConflictDesk {

    private static final String CENTRAL = "central";
    private static final String SATELLITE = "satellite";
    private static final String FIELDS = "fields";
    private static final String RENUMBERED = "renumbered";
    private static final String JOINED = "joined";

    private final CentralTransaction transaction;
    private final CentralModels models;
    private final ExchangeListener listener;

    ConflictDesk(CentralTransaction transaction, CentralModels models, ExchangeListener listener) {
        this.transaction = transaction;
        this.models = models;
        this.listener = listener;
    }

    /// Settles one conflict.
    ///
    /// @return the version that came of it, if one did
    Optional<ETag> resolve(long number, Resolution resolution) {
        KeptConflict conflict = find(number);
        if (conflict.resolution().isPresent()) {
            throw refused("the conflict is settled already; reopen it first", number)
                    .with("resolution", conflict.resolution().get());
        }
        Dispute dispute = conflict.dispute();
        return dispute.kind() == Dispute.Kind.KEY
                ? resolveKey(number, dispute, resolution)
                : resolveVersions(number, dispute, resolution);
    }

    private KeptConflict find(long number) {
        return transaction
                .conflict(number)
                .orElseThrow(() ->
                        new SyncException(ErrorCode.CONFLICT_UNKNOWN, "there is no such conflict")
                                .with("number", number));
    }

    private static SyncException refused(String why, long number) {
        return new SyncException(ErrorCode.RESOLUTION_REFUSED, why).with("number", number);
    }

    private Optional<ETag> resolveVersions(long number, Dispute dispute, Resolution resolution) {
        return switch (resolution) {
            case Resolution.TakeCentral _ -> end(number, CENTRAL, Optional.empty());
            case Resolution.TakeSatellite _ -> takeSatellite(number, dispute);
            case Resolution.SetFields(Set<String> fromSatellite, Fields edited) ->
                    setFields(number, dispute, chosen(number, dispute, fromSatellite, edited));
            case Resolution.Renumber _, Resolution.Join _ ->
                    throw refused("only two records with one unique key can be settled so", number);
        };
    }

    private Optional<ETag> end(long number, String resolution, Optional<ETag> version) {
        transaction.endConflict(number, resolution, version);
        return version;
    }

    private Optional<ETag> takeSatellite(long number, Dispute dispute) {
        Optional<ETag> version =
                switch (dispute.kind()) {
                    case FIELDS -> write(number, dispute, pushed(dispute).only(disputed(dispute)));
                    case DELETION -> delete(dispute);
                    case REVIVAL -> write(number, dispute, pushed(dispute));
                    case KEY -> throw new IllegalStateException("a key is settled elsewhere");
                };
        return end(number, SATELLITE, version);
    }

    /// Where a policy has settled everything, and a person thinks otherwise, that is in dispute.
    private static Set<String> disputed(Dispute dispute) {
        return dispute.open().isEmpty() ? dispute.settled().keySet() : dispute.open();
    }

    private static Fields pushed(Dispute dispute) {
        return dispute.record().fields();
    }

    private Fields chosen(long number, Dispute dispute, Set<String> fromSatellite, Fields edited) {
        ModelShape shape = models.shape(dispute.record().key().model());
        var named = new HashSet<>(fromSatellite);
        named.addAll(edited.names().list());
        for (String field : named) {
            if (shape.field(field).isEmpty()) {
                throw new SyncException(ErrorCode.FIELD_UNKNOWN, "the model has no such field")
                        .with("model", shape.model())
                        .with("field", field);
            }
        }
        for (String field : fromSatellite) {
            if (!pushed(dispute).has(field)) {
                throw refused("the satellite did not change this field", number)
                        .with("field", field);
            }
        }
        return pushed(dispute).only(fromSatellite).overlaid(edited);
    }

    private Optional<ETag> setFields(long number, Dispute dispute, Fields chosen) {
        Fields fields =
                dispute.kind() == Dispute.Kind.REVIVAL ? pushed(dispute).overlaid(chosen) : chosen;
        return end(number, FIELDS, write(number, dispute, fields));
    }

    /// Writes a version of central's own. A record that is gone comes back only for the sake of its
    /// revival.
    private Optional<ETag> write(long number, Dispute dispute, Fields fields) {
        RecordKey key = dispute.record().key();
        ModelShape shape = models.shape(key.model());
        CentralRecord held = lock(number, dispute);
        boolean isRevival = dispute.kind() == Dispute.Kind.REVIVAL;
        if (held.isRowGone() && !isRevival) {
            throw refused("central has deleted the record since", number);
        }
        Set<String> changing = fields.differingFrom(held.values());
        if (changing.isEmpty()) {
            return Optional.empty();
        }
        ETag etag = ETag.next(Optional.of(held.etag()), transaction.now());
        var write =
                new Write.AtCentral(
                        key.uid(),
                        fields.only(changing),
                        held.isRowGone() ? Set.copyOf(shape.names().list()) : changing,
                        etag,
                        InstanceId.CENTRAL,
                        0,
                        false);
        store(number, shape, write);
        return Optional.of(etag);
    }

    private CentralRecord lock(long number, Dispute dispute) {
        KeptRecord kept = dispute.record();
        CentralRecord held =
                transaction
                        .lock(
                                models.shape(kept.key().model()),
                                kept.from(),
                                List.of(kept.asPushed()))
                        .get(kept.uid());
        if (held == null) {
            throw refused("central does not have the record any more", number);
        }
        return held;
    }

    private void store(long number, ModelShape shape, Write write) {
        for (Refused refusal : transaction.apply(shape, List.of(write))) {
            throw new SyncException(refusal.code(), "the database refuses what was chosen")
                    .with("number", number)
                    .with("reason", refusal.reason());
        }
    }

    private Optional<ETag> delete(Dispute dispute) {
        RecordKey key = dispute.record().key();
        ModelShape shape = models.shape(key.model());
        Map<UUID, CentralRecord> found =
                transaction.lock(
                        shape, dispute.record().from(), List.of(dispute.record().asPushed()));
        CentralRecord held = found.get(key.uid());
        if (held == null || held.isRowGone()) {
            return Optional.empty();
        }
        ETag etag = ETag.next(Optional.of(held.etag()), transaction.now());
        Write write =
                models.deletes(key.model()) == Deletes.PROPAGATE
                        ? new Write.DeleteAtCentral(key.uid(), etag, InstanceId.CENTRAL, 0)
                        : new Write.AtCentral(
                                key.uid(),
                                Fields.NONE,
                                Set.of(),
                                etag,
                                InstanceId.CENTRAL,
                                0,
                                true);
        store(0, shape, write);
        return Optional.of(etag);
    }

    private Optional<ETag> resolveKey(long number, Dispute dispute, Resolution resolution) {
        return switch (resolution) {
            case Resolution.Renumber _ ->
                    takeChanged(number, dispute, renumbered(number, dispute), RENUMBERED);
            case Resolution.SetFields(Set<String> fromSatellite, Fields edited) -> {
                if (edited.names().size() == 0) {
                    throw refused("give the record another key", number);
                }
                yield takeChanged(
                        number, dispute, chosen(number, dispute, fromSatellite, edited), FIELDS);
            }
            case Resolution.Join _ -> join(number, dispute);
            case Resolution.TakeCentral _, Resolution.TakeSatellite _ ->
                    throw refused(
                            "two records have one key: renumber one, set another key, or join them",
                            number);
        };
    }

    private Fields renumbered(long number, Dispute dispute) {
        KeptRecord kept = dispute.record();
        Numbering numbering =
                models.conflicts(kept.key().model())
                        .numbering()
                        .orElseThrow(() ->
                                refused(
                                        "the plan has no 'renumber' for the model; set another key",
                                        number));
        String value = pushed(dispute).get(numbering.field());
        if (value == null) {
            throw refused("the pushed record has no number in this field", number)
                    .with("field", numbering.field());
        }
        return Fields.of(
                Map.of(numbering.field(), numbering.renumber(value, kept.from().number())));
    }

    /// Takes the push with other values, and makes a version of central's own of them, so that the
    /// satellite hears of them whatever it pushes meanwhile.
    private Optional<ETag> takeChanged(
            long number, Dispute dispute, Fields changed, String resolution) {
        KeptRecord kept = dispute.record();
        ModelShape shape = models.shape(kept.key().model());
        PushedRecord pushed = kept.asPushed().with(pushed(dispute).overlaid(changed));
        var receipt = new PushReceipt(transaction, models, listener);
        PushAnswer answer =
                receipt.take(kept.from(), kept.key().model(), List.of(pushed)).getFirst();
        if (answer instanceof PushAnswer.Rejected(UUID _, ErrorCode code, String reason)) {
            throw new SyncException(code, "the database refuses what was chosen")
                    .with("number", number)
                    .with("reason", reason);
        }
        if (answer instanceof PushAnswer.Parked) {
            throw refused("the record refers to one that is not here", number);
        }
        CentralRecord held = lock(number, dispute);
        ETag etag = ETag.next(Optional.of(held.etag()), transaction.now());
        store(
                number,
                shape,
                new Write.AtCentral(
                        kept.uid(),
                        held.values().only(changed.names().list()),
                        Set.copyOf(changed.names().list()),
                        etag,
                        InstanceId.CENTRAL,
                        0,
                        false));
        return end(number, resolution, Optional.of(etag));
    }

    /// Central's record stays. The satellite should hold it: its own copy becomes a copy of it.
    private Optional<ETag> join(long number, Dispute dispute) {
        KeptRecord kept = dispute.record();
        ModelShape shape = models.shape(kept.key().model());
        Map<UUID, CentralRecord> found =
                transaction.lock(shape, kept.from(), List.of(kept.asPushed()));
        if (found.containsKey(kept.uid())) {
            throw refused(
                    "central has both records; settle their key, and join them in the application",
                    number);
        }
        UUID survivor =
                transaction
                        .keyHolder(shape, kept, dispute.reason())
                        .orElseThrow(() ->
                                refused(
                                        "no record has this key any more; nothing to join",
                                        number));
        transaction.join(kept.key(), survivor);
        transaction.pin(
                shape, kept.from(), new PinRequest(List.of(survivor), JOINED, Optional.empty()));
        transaction.release(List.of(kept));
        var waiting = transaction.takeParked(List.of(kept.key()), PushReceipt.RELEASE_MAX);
        new PushReceipt(transaction, models, listener).takeAgain(waiting);
        return end(number, JOINED + " " + survivor, Optional.empty());
    }

    /// Takes a resolution back: what it changed, and nobody has changed since, becomes what it was,
    /// and the conflict is open again.
    ///
    /// @return the version that came of it, if one did
    Optional<ETag> reopen(long number) {
        KeptConflict conflict = find(number);
        Dispute dispute = conflict.dispute();
        if (conflict.resolution().isEmpty()) {
            throw refused("the conflict is open", number);
        }
        if (!conflict.canReopen()) {
            throw refused(
                    "this cannot be taken back; change the record in the application", number);
        }
        Optional<ETag> version =
                conflict.resolvedBy().flatMap(etag -> takeBack(number, dispute, etag));
        transaction.reopenConflict(number);
        return version;
    }

    private Optional<ETag> takeBack(long number, Dispute dispute, ETag resolvedBy) {
        RecordKey key = dispute.record().key();
        Fields before = transaction.replacedBy(key, resolvedBy);
        Set<String> since = transaction.changedSince(key, resolvedBy);
        var ours = new HashSet<>(before.names().list());
        ours.removeAll(since);
        return ours.isEmpty() ? Optional.empty() : write(number, dispute, before.only(ours));
    }
}
