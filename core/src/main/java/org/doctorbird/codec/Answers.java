package org.doctorbird.codec;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.record.ETag;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;
import org.jspecify.annotations.Nullable;

/// Central's answers to pushed records as trees.
final class Answers {

    private Answers() {}

    /// `success` says that the satellite's copy is the current version and `timestamp` its ETag. A
    /// client of the first engine knows nothing more, so everything after which its copy is not
    /// current must be no success.
    static Map<String, @Nullable Object> struct(PushAnswer answer, ModelShape shape) {
        return switch (answer) {
            case PushAnswer.Accepted(UUID uid, ETag etag) -> begin(uid, "accepted", etag);
            case PushAnswer.Merged(SentRecord current) -> current(current, "merged", shape);
            case PushAnswer.Superseded(SentRecord current) -> current(current, "superseded", shape);
            case PushAnswer.Taken(UUID uid) -> begin(uid, "taken", null);
            case PushAnswer.Parked(UUID uid, RecordKey waitsFor) -> {
                var struct = begin(uid, "parked", null);
                struct.put("waits_for", List.of(waitsFor.model(), waitsFor.uid().toString()));
                yield struct;
            }
            case PushAnswer.Rejected(UUID uid, ErrorCode code, String reason) -> {
                var struct = begin(uid, "rejected", null);
                struct.put("code", code.code());
                struct.put("reason", reason);
                yield struct;
            }
            case PushAnswer.Joined(UUID uid, UUID survivor) -> {
                var struct = begin(uid, "joined", null);
                struct.put("survivor", survivor.toString());
                yield struct;
            }
            case PushAnswer.AskedForWhole(UUID uid) -> begin(uid, "whole", null);
        };
    }

    static PushAnswer read(Node node, Records records) {
        UUID uid = node.member("uid").uid();
        Node outcome = node.member("outcome");
        return switch (outcome.string()) {
            case "accepted" -> new PushAnswer.Accepted(uid, node.member("timestamp").etag());
            case "merged" -> new PushAnswer.Merged(records.readSent(node));
            case "superseded" -> new PushAnswer.Superseded(records.readSent(node));
            case "taken" -> new PushAnswer.Taken(uid);
            case "parked" -> {
                List<Node> target = node.member("waits_for").tuple(2);
                yield new PushAnswer.Parked(
                        uid, new RecordKey(target.get(0).string(), target.get(1).uid()));
            }
            case "rejected" ->
                    new PushAnswer.Rejected(
                            uid,
                            ErrorCode.of(node.member("code").string()),
                            node.member("reason").string());
            case "joined" -> new PushAnswer.Joined(uid, node.member("survivor").uid());
            case "whole" -> new PushAnswer.AskedForWhole(uid);
            default -> throw outcome.expected("a known outcome");
        };
    }

    private static Map<String, @Nullable Object> current(
            SentRecord current, String outcome, ModelShape shape) {
        var struct = begin(current.uid(), outcome, current.etag());
        struct.putAll(Records.sent(current, shape));
        return struct;
    }

    private static SequencedMap<String, @Nullable Object> begin(
            UUID uid, String outcome, @Nullable ETag etag) {
        var struct = Records.struct();
        struct.put("uid", uid.toString());
        struct.put("success", outcome.equals("accepted"));
        struct.put("timestamp", etag == null ? null : etag.text());
        struct.put("outcome", outcome);
        return struct;
    }
}
