package org.doctorbird.codec;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.Checkpoint;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.Hello;
import org.doctorbird.exchange.OwnConflict;
import org.doctorbird.exchange.PlanGiven;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

/// The messages at the beginning of a cycle as trees.
final class Greetings {

    private Greetings() {}

    static Map<String, @Nullable Object> struct(Hello hello) {
        var struct = Records.struct();
        struct.put("protocol", (long) hello.protocol());
        struct.put("incarnation", hello.incarnation().toString());
        struct.put("plan_version", hello.planVersion());
        struct.put("epoch", hello.epoch());
        struct.put("seen", Long.toString(hello.seen()));
        hello.checkpoint().ifPresent(some -> putCheckpoint(struct, some));
        struct.put("clock", new ETag(hello.clockMicros()).text());
        return struct;
    }

    private static void putCheckpoint(Map<String, @Nullable Object> struct, Checkpoint checkpoint) {
        struct.put("contacts", Long.toString(checkpoint.number()));
        checkpoint.token().ifPresent(token -> struct.put("last_contact", token.toString()));
        struct.put("this_contact", checkpoint.next().toString());
    }

    private static Optional<Checkpoint> readCheckpoint(Node node) {
        Optional<UUID> next = node.optional("this_contact").map(Node::uid);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        long number = node.member("contacts").number();
        Optional<UUID> token = node.optional("last_contact").map(Node::uid);
        try {
            return Optional.of(new Checkpoint(number, token, next.get()));
        } catch (IllegalArgumentException e) {
            throw node.expected("last_contact if there were contacts");
        }
    }

    /// @throws SyncException `VERSION_MISMATCH` for a protocol that is not ours, whatever else the
    ///   message holds
    static Hello readHello(Node node) {
        int protocol = node.member("protocol").number(0, Integer.MAX_VALUE);
        if (protocol != Hello.PROTOCOL) {
            throw new SyncException(
                            ErrorCode.VERSION_MISMATCH, "the satellite speaks another protocol")
                    .with("satellite", protocol)
                    .with("central", Hello.PROTOCOL);
        }
        return new Hello(
                protocol,
                node.member("incarnation").uid(),
                node.optional("plan_version").map(Node::string).orElse(""),
                node.optional("epoch").map(Node::string).orElse(""),
                node.optional("seen").map(Node::number).orElse(0L),
                readCheckpoint(node),
                node.member("clock").etag().micros());
    }

    static Map<String, @Nullable Object> struct(Greeting greeting) {
        var struct = Records.struct();
        struct.put("protocol", (long) Hello.PROTOCOL);
        struct.put("you", (long) greeting.you().number());
        struct.put("plan_version", greeting.planVersion());
        struct.put("epoch", greeting.epoch());
        struct.put("horizon", Long.toString(greeting.horizon()));
        struct.put("changed_models", greeting.changedModels().stream().sorted().toList());
        struct.put("clock", new ETag(greeting.clockMicros()).text());
        if (greeting.contact() > 0) {
            struct.put("contact", Long.toString(greeting.contact()));
        }
        greeting.order().ifPresent(order -> struct.put("verify", Comparisons.struct(order)));
        if (!greeting.conflicts().isEmpty()) {
            struct.put(
                    "conflicts",
                    greeting.conflicts().stream()
                            .map(conflict ->
                                    List.of(
                                            conflict.key().model(),
                                            conflict.key().uid().toString(),
                                            conflict.kind().word()))
                            .toList());
        }
        return struct;
    }

    static Greeting readGreeting(Node node) {
        return new Greeting(
                new InstanceId(node.member("you").number(0, InstanceId.NUMBER_MAX)),
                node.member("plan_version").string(),
                node.member("epoch").string(),
                node.member("horizon").number(),
                new HashSet<>(node.member("changed_models").list(Node::string)),
                node.optional("conflicts")
                        .map(conflicts -> conflicts.list(Greetings::readConflict))
                        .orElse(List.of()),
                node.optional("contact").map(Node::number).orElse(0L),
                node.optional("verify").map(Comparisons::readOrder),
                node.member("clock").etag().micros());
    }

    /// A kind that only a newer central knows is shown as one of fields.
    private static OwnConflict readConflict(Node node) {
        List<Node> parts = node.tuple(3);
        return new OwnConflict(
                new RecordKey(parts.get(0).string(), parts.get(1).uid()),
                Dispute.Kind.of(parts.get(2).string()).orElse(Dispute.Kind.FIELDS));
    }

    static Map<String, @Nullable Object> struct(PlanGiven plan) {
        var struct = Records.struct();
        struct.put("version", plan.version());
        struct.put("text", plan.text());
        struct.put("fields", plan.fields());
        return struct;
    }

    static PlanGiven readPlan(Node node) {
        Node fields = node.member("fields");
        var byModel = new LinkedHashMap<String, List<String>>();
        for (Object model : fields.struct().keySet()) {
            String name = String.valueOf(model);
            byModel.put(name, fields.member(name).list(Node::string));
        }
        return new PlanGiven(
                node.member("version").string(), node.member("text").string(), byModel);
    }
}
