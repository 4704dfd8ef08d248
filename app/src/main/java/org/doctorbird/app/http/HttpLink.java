package org.doctorbird.app.http;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.doctorbird.codec.RemoteLink;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Found;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.Hello;
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
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;

/// A satellite's way to central over HTTP. Logs in by itself, and again when its session has ended.
/// Safe for several threads; one for a satellite is enough.
///
/// Beyond what [Link] says, a call throws `LOGIN_REFUSED` for a wrong name or password and
/// `SETTINGS_MALFORMED` if there is no such database at central's address.
public final class HttpLink implements Link, AutoCloseable {

    private final HttpCarrier carrier;
    private final Link link;

    /// @param shapes the satellite's fields of a model; an empty shape makes every value travel as
    ///   text
    public HttpLink(LinkSettings settings, Function<String, ModelShape> shapes) {
        carrier = new HttpCarrier(settings);
        link = new RemoteLink(carrier, shapes);
    }

    @Override
    public Greeting begin(Hello hello) {
        return link.begin(hello);
    }

    @Override
    public void resync(UUID incarnation) {
        link.resync(incarnation);
    }

    @Override
    public List<UnknownVersion> present(String model, List<Receipt> held) {
        return link.present(model, held);
    }

    @Override
    public Greeting await(Hello hello, int seconds) {
        return link.await(hello, seconds);
    }

    @Override
    public PlanGiven plan() {
        return link.plan();
    }

    @Override
    public List<PushAnswer> push(String model, List<PushedRecord> records) {
        return link.push(model, records);
    }

    @Override
    public Page read(String model, Feed feed, Cursor after, BatchLimit limit) {
        return link.read(model, feed, after, limit);
    }

    @Override
    public int acknowledge(String model, List<Receipt> receipts) {
        return link.acknowledge(model, receipts);
    }

    @Override
    public int acknowledgeWithdrawn(String model, List<Withdrawal> withdrawn) {
        return link.acknowledgeWithdrawn(model, withdrawn);
    }

    @Override
    public List<Found> search(String model, SearchQuery query) {
        return link.search(model, query);
    }

    @Override
    public int pin(String model, PinRequest request) {
        return link.pin(model, request);
    }

    @Override
    public int release(String model, List<UUID> uids) {
        return link.release(model, uids);
    }

    @Override
    public List<String> why(String model, UUID uid) {
        return link.why(model, uid);
    }

    @Override
    public List<List<RangeFingerprint>> fingerprints(List<ComparisonQuery> queries) {
        return link.fingerprints(queries);
    }

    @Override
    public List<HeldVersion> versions(ComparisonQuery query) {
        return link.versions(query);
    }

    @Override
    public void verified(VerifyReport report) {
        link.verified(report);
    }

    @Override
    public int giveAgain(String model, List<UUID> uids) {
        return link.giveAgain(model, uids);
    }

    /// Ends running calls and gives back all connections.
    @Override
    public void close() {
        carrier.close();
    }
}
