package org.doctorbird.simulation;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.doctorbird.exchange.Checkpoint;
import org.doctorbird.exchange.ContinuityTransaction;
import org.doctorbird.exchange.Presenting;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;

/// What a satellite in memory remembers of its contacts.
abstract class MemoryContinuityTransaction extends MemoryTransaction
        implements ContinuityTransaction {

    private final Supplier<UUID> random;

    MemoryContinuityTransaction(
            MemoryState state,
            Predicate<Fields> accepts,
            Supplier<UUID> random,
            LongSupplier nowMicros) {
        super(state, accepts, nowMicros);
        this.random = random;
    }

    @Override
    public UUID incarnation() {
        return state.continuity.incarnation();
    }

    @Override
    public Checkpoint checkpoint() {
        state.continuity = state.continuity.withNext(random);
        return state.continuity.checkpoint();
    }

    @Override
    public boolean isContactOpen() {
        return state.continuity.next() != null;
    }

    @Override
    public void dropContact(Checkpoint made) {
        state.continuity = state.continuity.without(made);
    }

    @Override
    public void noteAnswered(Checkpoint made) {
        state.continuity = state.continuity.withAnswered(made);
    }

    @Override
    public UUID nextIncarnation() {
        state.continuity = state.continuity.withNextIncarnation(random);
        return Objects.requireNonNull(state.continuity.nextIncarnation());
    }

    @Override
    public void takeIncarnation(UUID next) {
        state.continuity = MemoryContinuity.NONE.withIncarnation(next);
    }

    @Override
    public String epoch() {
        return state.epoch;
    }

    @Override
    public void enterEpoch(String epoch) {
        state.epoch = epoch;
        state.cursors.clear();
        state.receipts.clear();
        state.withdrawals.clear();
    }

    @Override
    public void beginPresenting(Collection<String> models, long horizon) {
        models.forEach(model ->
                state.presenting.put(model, new Presenting(model, Optional.empty(), horizon)));
    }

    @Override
    public List<Presenting> presenting() {
        return List.copyOf(state.presenting.values());
    }

    @Override
    public List<Receipt> held(ModelShape shape, Optional<UUID> after, int limit) {
        return MemoryContinuity.held(state, shape.model(), after, limit);
    }

    @Override
    public List<Receipt> unstored(ModelShape shape, Optional<UUID> after, int limit) {
        return MemoryContinuity.unstored(state, shape.model(), after, limit);
    }

    @Override
    public void giveUp(ModelShape shape, List<Receipt> lost) {
        MemoryContinuity.giveUp(state, shape.model(), lost);
    }

    @Override
    public void reopen(ModelShape shape, List<Receipt> presented, List<UnknownVersion> unknown) {
        MemoryContinuity.reopen(state, shape.model(), presented, unknown);
    }

    @Override
    public void notePresented(String model, UUID last) {
        state.presenting.computeIfPresent(
                model, (_, some) -> new Presenting(model, Optional.of(last), some.horizon()));
    }

    @Override
    public void endPresenting(String model) {
        state.presenting.remove(model);
    }
}
