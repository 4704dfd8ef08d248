package org.doctorbird.codec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.FeedWatch;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.Hello;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.jspecify.annotations.Nullable;

/// Central's methods by their names on the wire: `model.<model>.<method>`, with the context last.
public final class CentralMethods {

    /// The model whose methods begin a cycle.
    static final String CENTRAL = "doctorbird.central";

    private static final String PREFIX = "model.";

    /// Bounds what one answer takes, whatever is asked for.
    private static final long BYTES_MAX = 16L << 20;

    private final CentralCalls central;
    private final Optional<FeedWatch> watch;

    /// Nobody can wait.
    public CentralMethods(CentralCalls central) {
        this(central, Optional.empty());
    }

    /// @param watch tells who waits; empty: nobody can
    public CentralMethods(CentralCalls central, Optional<FeedWatch> watch) {
        this.central = central;
        this.watch = watch;
    }

    /// Does what the request asks for.
    ///
    /// @param caller the instance that has logged in
    /// @param method such as `model.party.party.synchronise_push`
    /// @param params a tree; the context last
    /// @return a tree, or a [LaterAnswer]
    /// @throws SyncException `METHOD_UNKNOWN`, `REQUEST_MALFORMED`, `REQUEST_TOO_LARGE`,
    ///   `INSTANCE_DIFFERS` if the context names another instance than the caller, and what
    ///   [CentralCalls] throws
    public @Nullable Object call(
            InstanceId caller, String method, List<? extends @Nullable Object> params) {
        int dot = method.lastIndexOf('.');
        if (!method.startsWith(PREFIX) || dot <= PREFIX.length()) {
            throw unknown();
        }
        String model = method.substring(PREFIX.length(), dot);
        String verb = method.substring(dot + 1);
        List<Node> arguments = arguments(caller, params);
        return model.equals(CENTRAL)
                ? callCentral(caller, verb, arguments)
                : callModel(caller, model, verb, arguments);
    }

    private Object callCentral(InstanceId caller, String verb, List<Node> arguments) {
        return switch (verb) {
            case "begin" ->
                    Greetings.struct(central.begin(caller, Greetings.readHello(one(arguments))));
            case "resync" -> {
                central.resync(caller, one(arguments).uid());
                yield true;
            }
            case "fingerprints" ->
                    Comparisons.fingerprints(
                            central.fingerprints(caller, Comparisons.readQueries(one(arguments))));
            case "verified" -> {
                central.verified(caller, Comparisons.readReport(one(arguments)));
                yield true;
            }
            case "wait" -> await(caller, arguments);
            case "plan" -> {
                none(arguments);
                yield Greetings.struct(central.plan(caller));
            }
            default -> throw unknown();
        };
    }

    private Object await(InstanceId caller, List<Node> arguments) {
        FeedWatch told = watch.orElseThrow(CentralMethods::unknown);
        if (arguments.size() != 2) {
            throw new SyncException(
                    ErrorCode.REQUEST_MALFORMED, "a hello, seconds, and the context expected");
        }
        Hello hello = Greetings.readHello(arguments.get(0));
        int seconds = arguments.get(1).number(1, Link.WAIT_SECONDS_MAX);
        Greeting now = central.begin(caller, hello);
        return now.isNewsTo(hello)
                ? Greetings.struct(now)
                : new LaterAnswer() {
                    private boolean hasNews;

                    @Override
                    public void await() throws InterruptedException {
                        hasNews = told.await(caller, now.horizon(), Duration.ofSeconds(seconds));
                    }

                    @Override
                    public Object get() {
                        return Greetings.struct(hasNews ? central.begin(caller, hello) : now);
                    }
                };
    }

    private Object callModel(InstanceId caller, String model, String verb, List<Node> arguments) {
        return switch (verb) {
            case "synchronise_push" -> push(caller, model, one(arguments));
            case "synchronise_pull" -> {
                Node asked = one(arguments);
                yield asked.isStruct()
                        ? read(caller, model, Feed.PULL, asked)
                        : changed(caller, model, receipts(asked));
            }
            case "synchronise_new" ->
                    arguments.isEmpty()
                            ? Records.sent(central.fresh(caller, model), central.shape(model))
                            : read(caller, model, Feed.NEW, one(arguments));
            case "synchronise_acknowledge" ->
                    (long) central.acknowledge(caller, model, receipts(one(arguments)));
            case "synchronise_present" ->
                    Records.unknown(central.present(caller, model, receipts(one(arguments))));
            case "synchronise_withdrawn" ->
                    (long)
                            central.acknowledgeWithdrawn(
                                    caller, model, one(arguments).list(Records::readWithdrawal));
            case "search_master" ->
                    Hits.structs(
                            central.search(caller, model, Domains.query(arguments)),
                            model,
                            central::shape);
            case "pull_master_record" -> (long) central.pin(caller, model, pinRequest(arguments));
            case "release_master_record" ->
                    (long) central.release(caller, model, uids(one(arguments)));
            case "synchronise_versions" ->
                    versions(caller, Comparisons.readQuery(one(arguments), model));
            case "synchronise_again" ->
                    (long) central.giveAgain(caller, model, uids(one(arguments)));
            case "why" -> central.why(caller, model, one(arguments).uid());
            default -> throw unknown();
        };
    }

    private Object versions(InstanceId caller, ComparisonQuery query) {
        return Comparisons.versions(central.versions(caller, query), query.content().isPresent());
    }

    private Object changed(InstanceId caller, String model, List<Receipt> known) {
        var structs =
                new ArrayList<>(
                        Records.sent(central.changed(caller, model, known), central.shape(model)));
        central.withdrawn(caller, model, known)
                .forEach(withdrawal -> structs.add(Records.asDeleted(withdrawal)));
        return structs;
    }

    private static List<UUID> uids(Node list) {
        List<UUID> uids = list.list(Node::uid);
        if (uids.size() > PinRequest.UIDS_MAX) {
            throw new SyncException(ErrorCode.REQUEST_TOO_LARGE, "too many records")
                    .with("limit", PinRequest.UIDS_MAX);
        }
        return uids;
    }

    private static PinRequest pinRequest(List<Node> arguments) {
        if (arguments.isEmpty() || arguments.size() > 2) {
            throw new SyncException(
                    ErrorCode.REQUEST_MALFORMED, "uids, a wish, and the context expected");
        }
        List<UUID> uids = uids(arguments.getFirst());
        Optional<Node> wish = arguments.stream().skip(1).findFirst().filter(node -> !node.isNil());
        String reason =
                wish.flatMap(node -> node.optional("reason")).map(Node::string).orElse("import");
        Optional<Integer> days =
                wish.flatMap(node -> node.optional("days")).map(node -> node.number(1, 3_650));
        try {
            return new PinRequest(uids, reason, days);
        } catch (IllegalArgumentException e) {
            throw arguments.getFirst().expected("1 to 1,000 uids and a reason of 200 characters");
        }
    }

    private Object push(InstanceId caller, String model, Node sent) {
        var records = new Records();
        List<Records.Read> read = sent.list(records::readPushed);
        ModelShape shape = central.shape(model);
        var whole = new ArrayList<PushedRecord>(read.size());
        for (Records.Read one : read) {
            if (one instanceof Records.Read.Whole(PushedRecord record)) {
                whole.add(record);
            }
        }
        var answers = central.push(caller, model, whole).iterator();
        var structs = new ArrayList<Map<String, @Nullable Object>>(read.size());
        for (Records.Read one : read) {
            PushAnswer answer =
                    switch (one) {
                        case Records.Read.Whole _ -> answers.next();
                        case Records.Read.Unreadable(UUID uid, String reason) ->
                                new PushAnswer.Rejected(uid, ErrorCode.VALUE_MALFORMED, reason);
                    };
            structs.add(Answers.struct(answer, shape));
        }
        return structs;
    }

    private Object read(InstanceId caller, String model, Feed feed, Node asked) {
        Cursor after =
                asked.optional("cursor")
                        .filter(node -> !"".equals(node.value()))
                        .map(node -> node.parsed(Cursor::parse, "a cursor"))
                        .orElse(Cursor.START);
        int count =
                asked.optional("records")
                        .map(node -> node.number(1, ModelPlan.BATCH_MAX))
                        .orElse(ModelPlan.BATCH_DEFAULT);
        long bytes =
                asked.optional("bytes")
                        .map(node -> (long) node.number(1_000, Integer.MAX_VALUE))
                        .orElse(BatchLimit.BYTES_DEFAULT);
        var limit = new BatchLimit(count, Math.min(bytes, BYTES_MAX));
        return Records.page(central.read(caller, model, feed, after, limit), central.shape(model));
    }

    private static List<Receipt> receipts(Node pairs) {
        return pairs.list(Records::readReceipt);
    }

    /// Takes the context off. It may name the caller, but never decides who it is.
    private static List<Node> arguments(
            InstanceId caller, List<? extends @Nullable Object> params) {
        if (params.isEmpty() || !(params.getLast() instanceof Map)) {
            throw new SyncException(ErrorCode.REQUEST_MALFORMED, "Missing context argument");
        }
        Node context = Node.ofRequest(params.getLast(), "context");
        Optional<Node> named = context.optional("synchronisation_id");
        if (named.isPresent()) {
            long number = named.get().number();
            if (number < 0 || number > InstanceId.NUMBER_MAX) {
                throw new SyncException(
                                ErrorCode.INSTANCE_OUT_OF_RANGE, "no such synchronisation id")
                        .with("limit", InstanceId.NUMBER_MAX);
            }
            if (number != caller.number()) {
                throw new SyncException(
                                ErrorCode.INSTANCE_DIFFERS,
                                "the context names another instance than the one that logged in")
                        .with("context", number)
                        .with("session", caller);
            }
        }
        var arguments = new ArrayList<Node>();
        for (int i = 0; i < params.size() - 1; i++) {
            arguments.add(Node.ofRequest(params.get(i), "argument " + (i + 1)));
        }
        return arguments;
    }

    private static Node one(List<Node> arguments) {
        if (arguments.size() != 1) {
            throw new SyncException(
                    ErrorCode.REQUEST_MALFORMED, "one argument and the context expected");
        }
        return arguments.getFirst();
    }

    private static void none(List<Node> arguments) {
        if (!arguments.isEmpty()) {
            throw new SyncException(
                    ErrorCode.REQUEST_MALFORMED, "no argument but the context expected");
        }
    }

    private static SyncException unknown() {
        return new SyncException(ErrorCode.METHOD_UNKNOWN, "there is no such method");
    }
}
