package org.doctorbird.simulation;

import java.util.List;
import java.util.UUID;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Found;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.Hello;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.PlanGiven;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.exchange.VerifyReport;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;

/// Central, each of whose answers is checked: no record leaves for an instance that should not have
/// it.
final class WatchedCentral implements CentralCalls {

    private final CentralCalls central;
    private final Entitlement entitlement;

    WatchedCentral(CentralCalls central, Entitlement entitlement) {
        this.central = central;
        this.entitlement = entitlement;
    }

    @Override
    public ModelShape shape(String model) {
        return central.shape(model);
    }

    @Override
    public Greeting begin(InstanceId caller, Hello hello) {
        return central.begin(caller, hello);
    }

    @Override
    public void resync(InstanceId caller, UUID incarnation) {
        central.resync(caller, incarnation);
    }

    @Override
    public List<UnknownVersion> present(InstanceId caller, String model, List<Receipt> held) {
        held.forEach(some -> entitlement.noteHad(caller, new RecordKey(model, some.uid())));
        return central.present(caller, model, held);
    }

    @Override
    public PlanGiven plan(InstanceId caller) {
        return central.plan(caller);
    }

    @Override
    public List<PushAnswer> push(InstanceId caller, String model, List<PushedRecord> records) {
        records.forEach(record -> entitlement.noteHad(caller, new RecordKey(model, record.uid())));
        List<PushAnswer> answers = central.push(caller, model, records);
        for (PushAnswer answer : answers) {
            switch (answer) {
                case PushAnswer.Merged(SentRecord current) ->
                        entitlement.check(caller, model, current);
                case PushAnswer.Superseded(SentRecord current) ->
                        entitlement.check(caller, model, current);
                case PushAnswer.Accepted _,
                        PushAnswer.Taken _,
                        PushAnswer.Parked _,
                        PushAnswer.Rejected _,
                        PushAnswer.Joined _,
                        PushAnswer.AskedForWhole _ -> {}
            }
        }
        return answers;
    }

    @Override
    public Page read(InstanceId caller, String model, Feed feed, Cursor after, BatchLimit limit) {
        Page page = central.read(caller, model, feed, after, limit);
        page.records().forEach(sent -> entitlement.check(caller, model, sent));
        page.withdrawn()
                .forEach(some -> entitlement.checkKnown(caller, new RecordKey(model, some.uid())));
        return page;
    }

    @Override
    public int acknowledge(InstanceId caller, String model, List<Receipt> receipts) {
        return central.acknowledge(caller, model, receipts);
    }

    @Override
    public int acknowledgeWithdrawn(InstanceId caller, String model, List<Withdrawal> withdrawn) {
        return central.acknowledgeWithdrawn(caller, model, withdrawn);
    }

    @Override
    public List<Found> search(InstanceId caller, String model, SearchQuery query) {
        return central.search(caller, model, query);
    }

    @Override
    public int pin(InstanceId caller, String model, PinRequest request) {
        return central.pin(caller, model, request);
    }

    @Override
    public int release(InstanceId caller, String model, List<UUID> uids) {
        return central.release(caller, model, uids);
    }

    @Override
    public List<String> why(InstanceId caller, String model, UUID uid) {
        return central.why(caller, model, uid);
    }

    @Override
    public List<Withdrawal> withdrawn(InstanceId caller, String model, List<Receipt> known) {
        return central.withdrawn(caller, model, known);
    }

    @Override
    public List<SentRecord> changed(InstanceId caller, String model, List<Receipt> known) {
        return central.changed(caller, model, known);
    }

    @Override
    public List<SentRecord> fresh(InstanceId caller, String model) {
        return central.fresh(caller, model);
    }

    @Override
    public List<List<RangeFingerprint>> fingerprints(
            InstanceId caller, List<ComparisonQuery> queries) {
        return central.fingerprints(caller, queries);
    }

    @Override
    public List<HeldVersion> versions(InstanceId caller, ComparisonQuery query) {
        List<HeldVersion> versions = central.versions(caller, query);
        for (HeldVersion version : versions) {
            if (!version.etag().equals(HeldVersion.UNTOLD)) {
                entitlement.check(
                        caller,
                        query.model(),
                        new SentRecord(version.uid(), version.etag(), Fields.NONE, false));
            }
        }
        return versions;
    }

    @Override
    public void verified(InstanceId caller, VerifyReport report) {
        central.verified(caller, report);
    }

    @Override
    public int giveAgain(InstanceId caller, String model, List<UUID> uids) {
        return central.giveAgain(caller, model, uids);
    }
}
