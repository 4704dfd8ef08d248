package org.doctorbird.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.ComparisonCalls;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;

/// Central's side of a comparison.
final class CentralComparison implements ComparisonCalls {

    /// A request that has taken so long answers what it has.
    private static final long MICROS_MAX = 10_000_000;

    private final CentralStore store;
    private final CentralModels models;

    CentralComparison(CentralStore store, CentralModels models) {
        this.store = store;
        this.models = models;
    }

    @Override
    public List<List<RangeFingerprint>> fingerprints(
            InstanceId caller, List<ComparisonQuery> queries) {
        if (queries.size() > ComparisonQuery.QUERIES_MAX) {
            throw tooLarge(ComparisonQuery.QUERIES_MAX);
        }
        record Timed(List<RangeFingerprint> fingerprints, long micros) {}
        var answers = new ArrayList<List<RangeFingerprint>>();
        long micros = 0;
        for (ComparisonQuery query : queries) {
            ModelShape shape = shape(query);
            if (micros > MICROS_MAX) {
                break;
            }
            Timed timed =
                    store.inTransaction(transaction -> {
                        long begun = transaction.now().micros();
                        List<RangeFingerprint> fingerprints =
                                fingerprints(transaction, caller, shape, query);
                        return new Timed(fingerprints, transaction.now().micros() - begun);
                    });
            answers.add(timed.fingerprints());
            micros += timed.micros();
        }
        return answers;
    }

    private static List<RangeFingerprint> fingerprints(
            CentralTransaction transaction,
            InstanceId caller,
            ModelShape shape,
            ComparisonQuery query) {
        boolean isDeep = query.content().isPresent();
        return query.prefixes().isEmpty()
                ? List.of(transaction.held(shape, caller, isDeep))
                : transaction.heldParts(shape, caller, isDeep, query.prefixes());
    }

    @Override
    public List<HeldVersion> versions(InstanceId caller, ComparisonQuery query) {
        ModelShape shape = shape(query);
        return query.prefixes().isEmpty()
                ? List.of()
                : store.inTransaction(transaction ->
                        transaction.heldVersions(
                                shape, caller, query.content().isPresent(), query.prefixes()));
    }

    @Override
    public int giveAgain(InstanceId caller, String model, List<UUID> uids) {
        ModelShape shape = models.shape(model);
        return uids.isEmpty()
                ? 0
                : store.inTransaction(transaction -> transaction.giveAgain(shape, caller, uids));
    }

    /// Returns the fields that count.
    private ModelShape shape(ComparisonQuery query) {
        ModelShape shape = models.shape(query.model());
        if (query.prefixes().size() > ComparisonQuery.PREFIXES_MAX) {
            throw tooLarge(ComparisonQuery.PREFIXES_MAX);
        }
        if (query.content().isEmpty()) {
            return shape;
        }
        var fields = new ArrayList<FieldShape>();
        for (String name : Set.copyOf(query.content().get())) {
            fields.add(
                    shape.field(name)
                            .orElseThrow(() ->
                                    new SyncException(
                                                    ErrorCode.FIELD_UNKNOWN,
                                                    "central's model has no such field")
                                            .with("model", query.model())));
        }
        return new ModelShape(query.model(), fields);
    }

    private static SyncException tooLarge(int limit) {
        return new SyncException(ErrorCode.REQUEST_TOO_LARGE, "too much in one comparison")
                .with("limit", limit);
    }
}
