package org.doctorbird.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
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
import org.jspecify.annotations.Nullable;

/// A satellite's way to central over anything that carries trees.
public final class RemoteLink implements Link {

    private final Carrier carrier;
    private final Function<String, ModelShape> shapes;

    /// Carries a call to central and its answer back.
    public interface Carrier {

        /// @param method such as `model.party.party.synchronise_push`
        /// @param params a tree; the context last
        /// @return a tree
        /// @throws SyncException as [Link] says
        @Nullable Object call(String method, List<? extends @Nullable Object> params);
    }

    /// @param shapes the satellite's fields of a model, which decide how values look on the wire; a
    ///   field that a shape does not have travels as text, which central takes as well
    public RemoteLink(Carrier carrier, Function<String, ModelShape> shapes) {
        this.carrier = carrier;
        this.shapes = shapes;
    }

    @Override
    public Greeting begin(Hello hello) {
        return Greetings.readGreeting(
                call(CentralMethods.CENTRAL, "begin", Greetings.struct(hello)));
    }

    @Override
    public void resync(UUID incarnation) {
        var _ = call(CentralMethods.CENTRAL, "resync", incarnation.toString());
    }

    @Override
    public List<UnknownVersion> present(String model, List<Receipt> held) {
        return call(model, "synchronise_present", Records.receipts(held))
                .list(Records::readUnknown);
    }

    @Override
    public Greeting await(Hello hello, int seconds) {
        return Greetings.readGreeting(
                call(CentralMethods.CENTRAL, "wait", Greetings.struct(hello), (long) seconds));
    }

    @Override
    public PlanGiven plan() {
        return Greetings.readPlan(call(CentralMethods.CENTRAL, "plan"));
    }

    @Override
    public List<PushAnswer> push(String model, List<PushedRecord> records) {
        ModelShape shape = shapes.apply(model);
        var structs = new ArrayList<Object>(records.size());
        records.forEach(record -> structs.add(Records.pushed(record, shape)));
        var reader = new Records();
        List<PushAnswer> answers =
                call(model, "synchronise_push", structs).list(node -> Answers.read(node, reader));
        for (int i = 0; i < records.size(); i++) {
            if (answers.size() != records.size()
                    || !answers.get(i).uid().equals(records.get(i).uid())) {
                throw new SyncException(
                                ErrorCode.CENTRAL_FAILED, "central's answers are of other records")
                        .with("model", model);
            }
        }
        return answers;
    }

    @Override
    public Page read(String model, Feed feed, Cursor after, BatchLimit limit) {
        Map<String, Object> asked =
                Map.of(
                        "cursor",
                        after.text(),
                        "records",
                        (long) limit.records(),
                        "bytes",
                        Math.min(limit.bytes(), Integer.MAX_VALUE));
        return new Records().readPage(call(model, method(feed), asked));
    }

    @Override
    public int acknowledge(String model, List<Receipt> receipts) {
        return call(model, "synchronise_acknowledge", Records.receipts(receipts))
                .number(0, Integer.MAX_VALUE);
    }

    @Override
    public int acknowledgeWithdrawn(String model, List<Withdrawal> withdrawn) {
        return call(model, "synchronise_withdrawn", Records.withdrawn(withdrawn))
                .number(0, Integer.MAX_VALUE);
    }

    @Override
    public List<Found> search(String model, SearchQuery query) {
        return call(model, "search_master", Domains.arguments(query)).list(Hits::read);
    }

    @Override
    public int pin(String model, PinRequest request) {
        var wish = Records.struct();
        wish.put("reason", request.reason());
        request.days().ifPresent(days -> wish.put("days", (long) days));
        return call(model, "pull_master_record", texts(request.uids()), wish)
                .number(0, PinRequest.UIDS_MAX);
    }

    @Override
    public int release(String model, List<UUID> uids) {
        return call(model, "release_master_record", texts(uids)).number(0, PinRequest.UIDS_MAX);
    }

    @Override
    public List<String> why(String model, UUID uid) {
        return call(model, "why", uid.toString()).list(Node::string);
    }

    @Override
    public List<List<RangeFingerprint>> fingerprints(List<ComparisonQuery> queries) {
        return Comparisons.readFingerprints(
                call(
                        CentralMethods.CENTRAL,
                        "fingerprints",
                        queries.stream().map(Comparisons::struct).toList()));
    }

    @Override
    public List<HeldVersion> versions(ComparisonQuery query) {
        return Comparisons.readVersions(
                call(
                        query.model(),
                        "synchronise_versions",
                        Comparisons.struct(query.content(), query.prefixes())),
                query.content().isPresent());
    }

    @Override
    public void verified(VerifyReport report) {
        var _ = call(CentralMethods.CENTRAL, "verified", Comparisons.struct(report));
    }

    @Override
    public int giveAgain(String model, List<UUID> uids) {
        return call(model, "synchronise_again", texts(uids)).number(0, PinRequest.UIDS_MAX);
    }

    private static List<String> texts(List<UUID> uids) {
        return uids.stream().map(UUID::toString).toList();
    }

    private static String method(Feed feed) {
        return switch (feed) {
            case PULL -> "synchronise_pull";
            case NEW -> "synchronise_new";
        };
    }

    private Node call(String model, String method, Object... arguments) {
        var params = new ArrayList<Object>(List.of(arguments));
        params.add(Map.of());
        return Node.ofAnswer(carrier.call("model." + model + "." + method, params));
    }
}
