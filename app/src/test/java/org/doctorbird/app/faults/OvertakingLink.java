package org.doctorbird.app.faults;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Found;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.Hello;
import org.doctorbird.exchange.Lease;
import org.doctorbird.exchange.Link;
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
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;

/// A way to a central that accepts everything and gives one record, but so late that meanwhile
/// somebody else takes the work over.
final class OvertakingLink implements Link {

    private static final ETag ETAG = new ETag(1_700_000_000_000_000L);

    private final Supplier<Lease> overtaking;

    /// @param overtaking happens before each answer
    OvertakingLink(Supplier<Lease> overtaking) {
        this.overtaking = overtaking;
    }

    @Override
    public Greeting begin(Hello hello) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public void resync(UUID incarnation) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public List<UnknownVersion> present(String model, List<Receipt> held) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public PlanGiven plan() {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public List<PushAnswer> push(String model, List<PushedRecord> records) {
        var _ = overtaking.get();
        return records.stream()
                .<PushAnswer>map(pushed -> new PushAnswer.Accepted(pushed.uid(), ETAG))
                .toList();
    }

    @Override
    public Page read(String model, Feed feed, Cursor after, BatchLimit limit) {
        var _ = overtaking.get();
        var uid = new UUID(7, 7);
        var fields = Fields.of(Map.of("name", "Ida", "note", "new"));
        return new Page(
                List.of(new SentRecord(uid, ETAG, fields, false)), new Cursor(9, uid), false);
    }

    @Override
    public int acknowledge(String model, List<Receipt> receipts) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public int acknowledgeWithdrawn(String model, List<Withdrawal> withdrawn) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public List<Found> search(String model, SearchQuery query) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public int pin(String model, PinRequest request) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public int release(String model, List<UUID> uids) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public List<String> why(String model, UUID uid) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public List<List<RangeFingerprint>> fingerprints(List<ComparisonQuery> queries) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public List<HeldVersion> versions(ComparisonQuery query) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public void verified(VerifyReport report) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public int giveAgain(String model, List<UUID> uids) {
        throw new IllegalStateException("not asked for");
    }
}
