package org.doctorbird.app.postgres;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.exchange.Checkpoint;
import org.doctorbird.exchange.ContinuityTransaction;
import org.doctorbird.exchange.Presenting;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.record.ModelShape;

/// What a satellite on PostgreSQL remembers of its contacts, and what it tells central.
abstract sealed class PostgresContinuityTransaction extends PostgresRecordTransaction
        implements ContinuityTransaction permits PostgresSatelliteTransaction {

    /// The key in `engine_meta` of the epoch that the places belong to. A satellite that is central
    /// to others has an epoch of its own beside it.
    static final String EPOCH = "central_epoch";

    PostgresContinuityTransaction(
            Statements statements, TablesByModel tables, RecordWriter.Side side) {
        super(statements, tables, side);
    }

    @Override
    public UUID incarnation() {
        return doing("cannot read the incarnation", contacts()::incarnation)
                .orElseThrow(() -> notInstalled("incarnation"));
    }

    private ContactMemory contacts() {
        return new ContactMemory(statements());
    }

    @Override
    public Checkpoint checkpoint() {
        return doing("cannot read the contacts", contacts()::checkpoint);
    }

    @Override
    public boolean isContactOpen() {
        return doing("cannot read the contacts", contacts()::isOpen);
    }

    @Override
    public void dropContact(Checkpoint made) {
        deed("cannot note the contact", () -> contacts().drop(made));
    }

    @Override
    public void noteAnswered(Checkpoint made) {
        deed("cannot note the contact", () -> contacts().noteAnswered(made));
    }

    @Override
    public UUID nextIncarnation() {
        return doing("cannot make an incarnation", contacts()::nextIncarnation);
    }

    @Override
    public void takeIncarnation(UUID next) {
        deed("cannot take an incarnation", () -> contacts().takeIncarnation(next));
    }

    private Presentation presentation() {
        return new Presentation(statements());
    }

    @Override
    public void beginPresenting(Collection<String> models, long horizon) {
        deed("cannot begin to present", () -> presentation().begin(models, horizon));
    }

    @Override
    public List<Presenting> presenting() {
        return doing("cannot read what to present", presentation()::open);
    }

    @Override
    public List<Receipt> held(ModelShape shape, Optional<UUID> after, int limit) {
        return doing(
                "cannot read what is held",
                () -> presentation().held(tables().get(shape.model()), after, limit));
    }

    @Override
    public List<Receipt> unstored(ModelShape shape, Optional<UUID> after, int limit) {
        return doing(
                "cannot read what waits",
                () -> presentation().unstored(shape.model(), after, limit));
    }

    @Override
    public void giveUp(ModelShape shape, List<Receipt> lost) {
        deed("cannot give up versions", () -> presentation().giveUp(shape.model(), lost));
    }

    @Override
    public void reopen(ModelShape shape, List<Receipt> presented, List<UnknownVersion> unknown) {
        deed(
                "cannot reopen records",
                () -> presentation().reopen(tables().get(shape.model()), presented, unknown));
    }

    @Override
    public void notePresented(String model, UUID last) {
        deed("cannot note what was presented", () -> presentation().note(model, last));
    }

    @Override
    public void endPresenting(String model) {
        deed("cannot note what was presented", () -> presentation().end(model));
    }

    @Override
    public String epoch() {
        return doing("cannot read the epoch", () -> new EngineMeta(statements()).get(EPOCH))
                .orElse("");
    }

    @Override
    public void enterEpoch(String epoch) {
        deed(
                "cannot enter the epoch",
                () -> {
                    new EngineMeta(statements()).put(EPOCH, epoch);
                    statements().update("delete from doctorbird.engine_cursor");
                    statements().update("delete from doctorbird.engine_receipt");
                    statements().update("delete from doctorbird.engine_withdrawal");
                });
    }
}
