package org.doctorbird.exchange;

import java.util.List;
import java.util.UUID;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.PushedRecord;

/// Counts the calls that go through it.
final class CountingLink implements Link {

    private final Link link;
    private int calls;

    CountingLink(Link link) {
        this.link = link;
    }

    int calls() {
        return calls;
    }

    @Override
    public Greeting begin(Hello hello) {
        calls++;
        return link.begin(hello);
    }

    @Override
    public void resync(UUID incarnation) {
        calls++;
        link.resync(incarnation);
    }

    @Override
    public List<UnknownVersion> present(String model, List<Receipt> held) {
        calls++;
        return link.present(model, held);
    }

    @Override
    public PlanGiven plan() {
        calls++;
        return link.plan();
    }

    @Override
    public List<PushAnswer> push(String model, List<PushedRecord> records) {
        calls++;
        return link.push(model, records);
    }

    @Override
    public Page read(String model, Feed feed, Cursor after, BatchLimit limit) {
        calls++;
        return link.read(model, feed, after, limit);
    }

    @Override
    public int acknowledge(String model, List<Receipt> receipts) {
        calls++;
        return link.acknowledge(model, receipts);
    }

    @Override
    public int acknowledgeWithdrawn(String model, List<Withdrawal> withdrawn) {
        calls++;
        return link.acknowledgeWithdrawn(model, withdrawn);
    }

    @Override
    public List<Found> search(String model, SearchQuery query) {
        calls++;
        return link.search(model, query);
    }

    @Override
    public int pin(String model, PinRequest request) {
        calls++;
        return link.pin(model, request);
    }

    @Override
    public int release(String model, List<UUID> uids) {
        calls++;
        return link.release(model, uids);
    }

    @Override
    public List<String> why(String model, UUID uid) {
        calls++;
        return link.why(model, uid);
    }

    @Override
    public List<List<RangeFingerprint>> fingerprints(List<ComparisonQuery> queries) {
        calls++;
        return link.fingerprints(queries);
    }

    @Override
    public List<HeldVersion> versions(ComparisonQuery query) {
        calls++;
        return link.versions(query);
    }

    @Override
    public void verified(VerifyReport report) {
        calls++;
        link.verified(report);
    }

    @Override
    public int giveAgain(String model, List<UUID> uids) {
        calls++;
        return link.giveAgain(model, uids);
    }
}
