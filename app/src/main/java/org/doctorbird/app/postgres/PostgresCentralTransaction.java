package org.doctorbird.app.postgres;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.comparison.UidPrefix;
import org.doctorbird.conflict.CentralRecord;
import org.doctorbird.exchange.Acquaintance;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralTransaction;
import org.doctorbird.exchange.Contact;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Found;
import org.doctorbird.exchange.KeptConflict;
import org.doctorbird.exchange.KeptRecord;
import org.doctorbird.exchange.OwnConflict;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.exchange.VerifyOrder;
import org.doctorbird.exchange.VerifyReport;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;

/// One transaction of central on PostgreSQL.
final class PostgresCentralTransaction extends PostgresInterestTransaction
        implements CentralTransaction {

    private final CentralReading reading;

    PostgresCentralTransaction(Statements statements, TablesByModel tables) {
        super(statements, tables);
        this.reading = new CentralReading(statements, tables);
    }

    @Override
    public ETag now() {
        return doing(
                "cannot read the clock",
                () -> new ETag(number("select " + Times.toMicros("clock_timestamp()"))));
    }

    private long number(String sql) throws java.sql.SQLException {
        return statements().first(sql, row -> row.getLong(1)).orElseThrow();
    }

    @Override
    public Map<UUID, CentralRecord> lock(
            ModelShape shape, InstanceId from, Collection<PushedRecord> pushed) {
        return doing("cannot lock records", () -> reading.lock(shape, from, pushed));
    }

    @Override
    public Map<UUID, SentRecord> current(ModelShape shape, Collection<UUID> uids) {
        return doing("cannot read records", () -> reading.current(shape, uids));
    }

    @Override
    public Map<UUID, SentRecord> openTo(
            ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        return doing("cannot read records", () -> reading.openTo(shape, instance, uids));
    }

    @Override
    public List<Withdrawal> withdrawnFrom(
            ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        return doing("cannot read records", () -> reading.withdrawnFrom(shape, instance, uids));
    }

    @Override
    public void resend(ModelShape shape, Collection<UUID> uids) {
        deed(
                "cannot give records once more",
                () ->
                        statements()
                                .update(
                                        """
                                        update %s set changed = pg_current_xact_id(), stamped = 2
                                        where uid = any(?)
                                        """
                                                .formatted(tables().get(shape.model()).companion()),
                                        (Object) uids.toArray(UUID[]::new)));
    }

    @Override
    public int acknowledgeWithdrawn(
            ModelShape shape, InstanceId instance, List<Withdrawal> withdrawn) {
        return doing(
                "cannot take receipts",
                () -> receipts(shape, instance).acknowledgeWithdrawn(withdrawn));
    }

    @Override
    public List<Found> search(ModelShape shape, InstanceId instance, SearchQuery query) {
        return doing(
                "cannot search",
                () ->
                        new RecordSearch(statements(), tables(), tables().get(shape.model()))
                                .find(instance, query));
    }

    @Override
    public int pin(ModelShape shape, InstanceId instance, PinRequest request) {
        return doing(
                "cannot pin records",
                () -> new Pins(statements(), tables(), shape.model(), instance).pin(request));
    }

    @Override
    public int release(ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        return doing(
                "cannot release records",
                () -> new Pins(statements(), tables(), shape.model(), instance).release(uids));
    }

    @Override
    public List<String> why(ModelShape shape, InstanceId instance, UUID uid) {
        SyncedTable table = tables().get(shape.model());
        return doing(
                "cannot explain a record",
                () -> new Explanation(statements(), tables(), table, instance).of(uid));
    }

    @Override
    public void markHeld(ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        deed("cannot note who holds records", () -> receipts(shape, instance).markHeld(uids));
    }

    private ReceiptBook receipts(ModelShape shape, InstanceId instance) {
        return new ReceiptBook(
                statements(),
                tables().get(shape.model()),
                instance,
                tables().graph().isRestricted(shape.model()));
    }

    @Override
    public void noteSettled(ModelShape shape, InstanceId from, Map<UUID, Long> revisions) {
        var uids = List.copyOf(revisions.keySet());
        deed(
                "cannot note settled revisions",
                () ->
                        statements()
                                .update(
                                        """
                                        insert into doctorbird.engine_settled as d
                                          (model, uid, instance, revision)
                                        select ?, u.uid, ?, u.revision
                                        from unnest(?::uuid[], ?::bigint[]) u(uid, revision)
                                        on conflict (model, uid, instance) do update
                                          set revision = excluded.revision
                                          where d.revision < excluded.revision
                                        """,
                                        shape.model(),
                                        from.number(),
                                        uids.toArray(UUID[]::new),
                                        uids.stream().mapToLong(revisions::get).toArray()));
    }

    @Override
    public void keepAbsent(ModelShape shape, Collection<UUID> uids) {
        deed(
                "cannot keep records from being stored",
                () ->
                        new AbsentRecords(statements(), tables().get(shape.model()))
                                .keepAbsent(uids));
    }

    @Override
    public Map<UUID, Long> settled(ModelShape shape, InstanceId from, Collection<UUID> uids) {
        return doing("cannot read settled revisions", () -> reading.settled(shape, from, uids));
    }

    private ConflictList conflicts() {
        return new ConflictList(statements());
    }

    private JoinedRecords joined() {
        return new JoinedRecords(statements(), tables());
    }

    @Override
    public void keepConflicts(List<Dispute> disputes) {
        deed("cannot keep conflicts", () -> conflicts().keep(disputes));
        marks().lookAgain();
    }

    /// Conflicts over pushes that could not be stored end with them.
    @Override
    public void release(Collection<KeptRecord> records) {
        super.release(records);
        deed(
                "cannot end conflicts",
                () -> {
                    if (marks().hasUnstored()) {
                        conflicts().endEarlier(records, "<=");
                    }
                });
    }

    @Override
    public List<OwnConflict> openConflicts(InstanceId from, int limit) {
        return doing("cannot read the conflict list", () -> conflicts().open(from, limit));
    }

    @Override
    public Optional<KeptConflict> conflict(long number) {
        return doing("cannot read a conflict", () -> conflicts().find(number));
    }

    @Override
    public void endConflict(long number, String resolution, Optional<ETag> resolvedBy) {
        deed("cannot end a conflict", () -> conflicts().end(number, resolution, resolvedBy));
    }

    @Override
    public void reopenConflict(long number) {
        deed("cannot reopen a conflict", () -> conflicts().reopen(number));
        marks().lookAgain();
    }

    @Override
    public Fields replacedBy(RecordKey key, ETag version) {
        return doing("cannot read the history", () -> conflicts().replacedBy(key, version));
    }

    @Override
    public Set<String> changedSince(RecordKey key, ETag version) {
        return doing("cannot read the history", () -> conflicts().changedSince(key, version));
    }

    @Override
    public Optional<UUID> keyHolder(ModelShape shape, KeptRecord refused, String reason) {
        return doing("cannot look for a key", () -> joined().keyHolder(refused, reason));
    }

    @Override
    public void join(RecordKey key, UUID survivor) {
        deed(
                "cannot join records",
                () -> {
                    joined().join(key, survivor);
                    completeReferences(key.model(), List.of(survivor));
                });
        marks().lookAgain();
    }

    @Override
    public Map<RecordKey, UUID> survivors(Collection<RecordKey> keys) {
        return doing(
                "cannot look for joined records",
                () -> marks().hasJoined() ? joined().survivors(keys) : Map.of());
    }

    @Override
    public Page read(
            ModelShape shape,
            InstanceId instance,
            Feed feed,
            Cursor after,
            BatchLimit limit,
            Optional<String> newestFirst) {
        return doing(
                "cannot read the feed",
                () ->
                        new CentralFeed(statements(), tables(), shape)
                                .read(instance, feed, after, limit, newestFirst));
    }

    @Override
    public int acknowledge(ModelShape shape, InstanceId instance, List<Receipt> receipts) {
        return doing("cannot take receipts", () -> receipts(shape, instance).acknowledge(receipts));
    }

    @Override
    public String epoch() {
        return doing(
                        "cannot read the epoch",
                        () -> new CentralEpoch(statements(), tables()).current())
                .orElseThrow(() -> notInstalled("epoch"));
    }

    @Override
    public long horizon() {
        return doing(
                "cannot read the horizon",
                () ->
                        FeedHorizon.read(
                                statements(),
                                !tables().graph().restricted().isEmpty(),
                                tables().interestRules()));
    }

    @Override
    public Set<String> changedModels(InstanceId instance, Collection<String> models, long seen) {
        return doing(
                        "cannot look for changes",
                        () ->
                                new FeedNews(statements(), tables())
                                        .of(models, Map.of(instance, seen)))
                .getOrDefault(instance, Set.of());
    }

    @Override
    public Acquaintance acquaintance(InstanceId instance) {
        return doing(
                        "cannot read the instance",
                        () -> new Acquaintances(statements()).lock(instance.number()))
                .orElseThrow(() ->
                        new SyncException(ErrorCode.INSTANCE_UNKNOWN, "no such instance")
                                .with("instance", instance));
    }

    @Override
    public void noteContact(
            InstanceId instance,
            UUID incarnation,
            Optional<Contact> contact,
            long clockOffsetMicros) {
        deed(
                "cannot note the contact",
                () ->
                        new Acquaintances(statements())
                                .note(instance.number(), incarnation, contact, clockOffsetMicros));
    }

    @Override
    public void forgetHeld(InstanceId instance) {
        deed(
                "cannot forget what is held",
                () -> {
                    var readmission = new Readmission(statements(), instance.number());
                    for (SyncedTable table : tables().all()) {
                        readmission.forgetHeld(table);
                    }
                });
    }

    @Override
    public void readmit(InstanceId instance, UUID incarnation) {
        deed(
                "cannot readmit the instance",
                () -> {
                    var readmission = new Readmission(statements(), instance.number());
                    readmission.shutOut();
                    readmission.noteRevisions(tables().all());
                    for (SyncedTable table : tables().all()) {
                        readmission.makeFormer(table);
                    }
                    readmission.admit(incarnation);
                });
    }

    @Override
    public long revisionsBefore(InstanceId instance) {
        return doing(
                "cannot read the instance",
                () -> new Acquaintances(statements()).revisionsBefore(instance.number()));
    }

    @Override
    public void noteCreator(ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        deed(
                "cannot note who made records",
                () ->
                        statements()
                                .update(
                                        "update %s c set creator = i.id from doctorbird.engine_instance i where i.id = ? and i.retired_at is null and c.uid = any(?)"
                                                .formatted(tables().get(shape.model()).companion()),
                                        instance.number(),
                                        uids.toArray(UUID[]::new)));
    }

    @Override
    public List<UnknownVersion> unknown(ModelShape shape, List<Receipt> versions) {
        return doing(
                "cannot look for versions",
                () ->
                        new KnownVersions(statements(), tables().get(shape.model()))
                                .without(versions));
    }

    private CentralComparing comparing(ModelShape shape, InstanceId instance) {
        return new CentralComparing(statements(), tables(), shape, instance);
    }

    @Override
    public RangeFingerprint held(ModelShape shape, InstanceId instance, boolean isDeep) {
        return doing("cannot compare a model", () -> comparing(shape, instance).whole(isDeep));
    }

    @Override
    public List<RangeFingerprint> heldParts(
            ModelShape shape, InstanceId instance, boolean isDeep, List<UidPrefix> prefixes) {
        return doing(
                "cannot compare a model", () -> comparing(shape, instance).parts(isDeep, prefixes));
    }

    @Override
    public List<HeldVersion> heldVersions(
            ModelShape shape, InstanceId instance, boolean isDeep, List<UidPrefix> prefixes) {
        return doing(
                "cannot compare records",
                () -> comparing(shape, instance).versions(isDeep, prefixes));
    }

    @Override
    public Optional<VerifyOrder> verifyOrder(InstanceId instance) {
        return doing(
                "cannot read what was ordered",
                () -> new VerifyOrders(statements()).open(instance.number()));
    }

    @Override
    public void noteVerified(InstanceId instance, VerifyReport report) {
        deed(
                "cannot note what came of an order",
                () -> new VerifyOrders(statements()).note(instance.number(), report));
    }

    @Override
    public int giveAgain(ModelShape shape, InstanceId instance, Collection<UUID> uids) {
        return doing(
                "cannot give records once more", () -> comparing(shape, instance).giveAgain(uids));
    }
}
