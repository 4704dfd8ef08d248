package org.doctorbird.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.comparison.UidPrefix;
import org.doctorbird.exchange.VerifyOrder;
import org.doctorbird.exchange.VerifyReport;
import org.jspecify.annotations.Nullable;

/// Comparisons as trees.
final class Comparisons {

    /// Uid, ETag and stamp; where values count, the digest besides.
    private static final int VERSION_PARTS = 3;

    private Comparisons() {}

    static Map<String, @Nullable Object> struct(ComparisonQuery query) {
        var struct = struct(query.content(), query.prefixes());
        struct.put("model", query.model());
        return struct;
    }

    static Map<String, @Nullable Object> struct(
            Optional<List<String>> content, List<UidPrefix> prefixes) {
        var struct = Records.struct();
        content.ifPresent(fields -> struct.put("fields", fields));
        if (!prefixes.isEmpty()) {
            struct.put("prefixes", prefixes.stream().map(UidPrefix::digits).toList());
        }
        return struct;
    }

    static Map<String, @Nullable Object> struct(VerifyOrder order) {
        var struct = Records.struct();
        struct.put("number", Long.toString(order.number()));
        struct.put("models", order.models());
        struct.put("deep", order.isDeep());
        struct.put("repair", order.repairs());
        return struct;
    }

    static VerifyOrder readOrder(Node node) {
        return new VerifyOrder(
                node.member("number").number(),
                node.member("models").list(Node::string),
                node.member("deep").truth(),
                node.member("repair").truth());
    }

    static Map<String, @Nullable Object> struct(VerifyReport report) {
        var struct = Records.struct();
        struct.put("number", Long.toString(report.number()));
        struct.put("records", Long.toString(report.records()));
        struct.put("damaged", Long.toString(report.damaged()));
        struct.put("left", Long.toString(report.left()));
        struct.put("models", report.models());
        report.failure().ifPresent(code -> struct.put("failure", code));
        return struct;
    }

    static VerifyReport readReport(Node node) {
        return new VerifyReport(
                node.member("number").number(),
                node.member("records").number(),
                node.member("damaged").number(),
                node.member("left").number(),
                node.member("models").list(Node::string),
                node.optional("failure").map(Node::string));
    }

    static ComparisonQuery readQuery(Node node) {
        return readQuery(node, node.member("model").string());
    }

    static ComparisonQuery readQuery(Node node, String model) {
        List<UidPrefix> prefixes =
                node.optional("prefixes")
                        .map(list ->
                                list.list(
                                        digits -> digits.parsed(UidPrefix::new, "digits of a uid")))
                        .orElse(List.of());
        return new ComparisonQuery(
                model, node.optional("fields").map(list -> list.list(Node::string)), prefixes);
    }

    static List<List<String>> fingerprints(List<List<RangeFingerprint>> answers) {
        return answers.stream()
                .map(answer -> answer.stream().map(RangeFingerprint::text).toList())
                .toList();
    }

    static List<List<RangeFingerprint>> readFingerprints(Node node) {
        return node.list(answer ->
                answer.list(text -> text.parsed(RangeFingerprint::parse, "a fingerprint")));
    }

    static List<List<Object>> versions(List<HeldVersion> versions, boolean isDeep) {
        var rows = new ArrayList<List<Object>>(versions.size());
        for (HeldVersion version : versions) {
            var row = new ArrayList<Object>(VERSION_PARTS + 1);
            row.add(version.uid().toString());
            row.add(version.etag().text());
            row.add(version.stamp());
            if (isDeep) {
                row.add(version.digest());
            }
            rows.add(row);
        }
        return rows;
    }

    static List<HeldVersion> readVersions(Node node, boolean isDeep) {
        return node.list(row -> {
            List<Node> parts = row.tuple(isDeep ? VERSION_PARTS + 1 : VERSION_PARTS);
            return new HeldVersion(
                    parts.get(0).uid(),
                    parts.get(1).etag(),
                    parts.get(2).number(),
                    isDeep ? parts.get(VERSION_PARTS).number() : 0);
        });
    }

    static List<ComparisonQuery> readQueries(Node node) {
        List<ComparisonQuery> queries = node.list(Comparisons::readQuery);
        if (queries.isEmpty()) {
            throw new SyncException(ErrorCode.REQUEST_MALFORMED, "at least one query expected");
        }
        return queries;
    }
}
