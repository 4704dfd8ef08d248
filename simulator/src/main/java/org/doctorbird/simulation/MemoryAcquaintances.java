package org.doctorbird.simulation;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.doctorbird.exchange.Acquaintance;
import org.doctorbird.exchange.Contact;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;
import org.doctorbird.simulation.MemoryState.Snapshot;

/// What central in memory remembers of the databases that take part.
abstract class MemoryAcquaintances extends MemoryConflicts {

    MemoryAcquaintances(
            MemoryState state,
            long transaction,
            Snapshot snapshot,
            Predicate<Fields> accepts,
            LongSupplier nowMicros,
            MemoryRules rules) {
        super(state, transaction, snapshot, accepts, nowMicros, rules);
    }

    @Override
    public Acquaintance acquaintance(InstanceId instance) {
        return state.acquaintances.getOrDefault(instance, Acquaintance.NONE);
    }

    @Override
    public void noteContact(
            InstanceId instance,
            UUID incarnation,
            Optional<Contact> contact,
            long clockOffsetMicros) {
        Acquaintance known = acquaintance(instance);
        state.acquaintances.put(
                instance,
                new Acquaintance(
                        Optional.of(incarnation),
                        known.former(),
                        contact.or(known::contact),
                        Optional.of(state.epoch)));
    }

    @Override
    public void forgetHeld(InstanceId instance) {
        new MemoryReadmission(state, instance).forgetHeld();
    }

    @Override
    public void readmit(InstanceId instance, UUID incarnation) {
        new MemoryReadmission(state, instance).run(incarnation);
    }

    @Override
    public long revisionsBefore(InstanceId instance) {
        return state.revisionsBefore.getOrDefault(instance, 0L);
    }

    @Override
    public void noteCreator(ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        uids.forEach(uid ->
                state.rows.computeIfPresent(
                        new RecordKey(shape.model(), uid),
                        (_, row) -> row.withInterest(row.interest().withCreator(instance))));
    }

    @Override
    public List<UnknownVersion> unknown(ModelShape shape, List<Receipt> versions) {
        return MemoryReadmission.unknown(state, shape.model(), versions);
    }
}
