package org.doctorbird.exchange;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.record.ModelShape;

/// What a satellite remembers of its contacts with central, and what it needs to tell central what
/// it holds, after one of the two databases was restored from a backup.
public interface ContinuityTransaction {

    /// Returns the id that was made when this database was installed, or when it last took its own
    /// place.
    UUID incarnation();

    /// Returns up to where the contacts are remembered. The token of the next one is made and
    /// stored if there is none.
    Checkpoint checkpoint();

    /// Says whether a contact was begun of which it is not known that central has answered.
    boolean isContactOpen();

    /// Notes that the contact which was being made is answered, unless another worker has noted it.
    void noteAnswered(Checkpoint made);

    /// Forgets a contact that was being made: central does not count them.
    void dropContact(Checkpoint made);

    /// Returns the incarnation that this database is about to take; made and stored if there is
    /// none, so that a repeated attempt takes the same one.
    UUID nextIncarnation();

    /// Takes the next incarnation: contacts are counted from the beginning.
    void takeIncarnation(UUID next);

    /// Returns the epoch of central that the places belong to; empty text before the first contact.
    String epoch();

    /// Notes another epoch of central and forgets places, withdrawals and receipts, which belong to
    /// the one before: everything is read again from the beginning.
    void enterEpoch(String epoch);

    /// Notes that central has to be told what is held of these models.
    ///
    /// @param horizon central's
    void beginPresenting(Collection<String> models, long horizon);

    /// Returns the models of which central has not been told everything, in order.
    List<Presenting> presenting();

    /// Returns the versions from which the next records go on, in the order of their uids: of
    /// unmodified records the last synchronisation, of others their base. `ETag(0)`: pushed from
    /// that base, and no version of central's came since, whatever was changed here afterwards.
    /// Records that were never at central are not among them.
    ///
    /// @param after leaves out this uid and all before it
    List<Receipt> held(ModelShape shape, Optional<UUID> after, int limit);

    /// Returns versions of central's that are parked or in quarantine here, in the order of their
    /// uids.
    ///
    /// @param after leaves out this uid and all before it
    List<Receipt> unstored(ModelShape shape, Optional<UUID> after, int limit);

    /// Takes versions that central has lost off the parked ones and out of quarantine; their values
    /// stay in the list of refused changes.
    void giveUp(ModelShape shape, List<Receipt> lost);

    /// Makes records that central does not know in these versions changes to be pushed whole, from
    /// the version that central knows; at `ETag(0)` from the base that they have.
    ///
    /// @param presented what [#held] gave; a record that is at another version by now is left alone
    void reopen(ModelShape shape, List<Receipt> presented, List<UnknownVersion> unknown);

    /// Notes how far central has been told.
    void notePresented(String model, UUID last);

    /// Notes that central has been told everything of a model.
    void endPresenting(String model);
}
