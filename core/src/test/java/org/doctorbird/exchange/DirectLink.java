package org.doctorbird.exchange;

import java.util.List;
import java.util.UUID;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;

/// A link without a wire.
public class DirectLink implements Link {

    private final InstanceId caller;
    private final CentralCalls central;

    public DirectLink(InstanceId caller, CentralCalls central) {
        this.caller = caller;
        this.central = central;
    }

    @Override
    public Greeting begin(Hello hello) {
        return central.begin(caller, hello);
    }

    @Override
    public void resync(UUID incarnation) {
        central.resync(caller, incarnation);
    }

    @Override
    public List<UnknownVersion> present(String model, List<Receipt> held) {
        return central.present(caller, model, held);
    }

    @Override
    public PlanGiven plan() {
        return central.plan(caller);
    }

    @Override
    public List<PushAnswer> push(String model, List<PushedRecord> records) {
        return central.push(caller, model, records);
    }

    @Override
    public Page read(String model, Feed feed, Cursor after, BatchLimit limit) {
        return central.read(caller, model, feed, after, limit);
    }

    @Override
    public int acknowledge(String model, List<Receipt> receipts) {
        return central.acknowledge(caller, model, receipts);
    }

    @Override
    public int acknowledgeWithdrawn(String model, List<Withdrawal> withdrawn) {
        return central.acknowledgeWithdrawn(caller, model, withdrawn);
    }

    @Override
    public List<Found> search(String model, SearchQuery query) {
        return central.search(caller, model, query);
    }

    @Override
    public int pin(String model, PinRequest request) {
        return central.pin(caller, model, request);
    }

    @Override
    public int release(String model, List<UUID> uids) {
        return central.release(caller, model, uids);
    }

    @Override
    public List<String> why(String model, UUID uid) {
        return central.why(caller, model, uid);
    }

    @Override
    public List<List<RangeFingerprint>> fingerprints(List<ComparisonQuery> queries) {
        return central.fingerprints(caller, queries);
    }

    @Override
    public List<HeldVersion> versions(ComparisonQuery query) {
        return central.versions(caller, query);
    }

    @Override
    public void verified(VerifyReport report) {
        central.verified(caller, report);
    }

    @Override
    public int giveAgain(String model, List<UUID> uids) {
        return central.giveAgain(caller, model, uids);
    }
}
