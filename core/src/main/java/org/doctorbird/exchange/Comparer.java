package org.doctorbird.exchange;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.comparison.ComparisonQuery;
import org.doctorbird.comparison.ComparisonWalk;
import org.doctorbird.comparison.Difference;
import org.doctorbird.comparison.Difference.Kind;
import org.doctorbird.comparison.DifferenceRule;
import org.doctorbird.comparison.HeldVersion;
import org.doctorbird.comparison.LocalCopy;
import org.doctorbird.comparison.LocalWhole;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.comparison.Standing;
import org.doctorbird.plan.Mode;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.ModelShape;

/// Compares a satellite with central, once. Writes nothing.
final class Comparer {

    private final SatelliteStore store;
    private final Link link;
    private final CentralModels models;
    private final Aside aside;

    Comparer(SatelliteStore store, Link link, CentralModels models, Aside aside) {
        this.store = store;
        this.link = link;
        this.models = models;
        this.aside = aside;
    }

    /// Compares models: both sides read at the same time, and of all that are alike central is
    /// asked once.
    ///
    /// @param isDeep the values count too
    /// @return in the order of the models; those that never move are left out
    /// @throws SyncException `VERSION_MISMATCH` if central is too old
    List<Comparison> compare(List<String> chosen, boolean isDeep) {
        List<String> moving =
                chosen.stream().filter(model -> models.plan(model).mode() != Mode.NONE).toList();
        Map<String, LocalWhole> wholes = new LinkedHashMap<>();
        var compared = new ArrayList<Comparison>();
        while (compared.size() < moving.size()) {
            List<String> rest =
                    moving.subList(
                            compared.size(),
                            Math.min(moving.size(), compared.size() + ComparisonQuery.QUERIES_MAX));
            List<ComparisonQuery> queries =
                    rest.stream().map(model -> query(model, isDeep)).toList();
            Future<List<List<RangeFingerprint>>> asked =
                    aside.start(() -> link.fingerprints(queries));
            try {
                rest.forEach(model ->
                        wholes.computeIfAbsent(model, _ -> whole(models.shape(model), isDeep)));
            } catch (RuntimeException e) {
                asked.cancel(true);
                throw e;
            }
            List<List<RangeFingerprint>> answers = answered(asked);
            requireAnswer(!answers.isEmpty() && answers.size() <= rest.size());
            for (int i = 0; i < answers.size(); i++) {
                LocalWhole whole = Objects.requireNonNull(wholes.get(rest.get(i)));
                compared.add(compare(queries.get(i), whole, only(answers.get(i))));
            }
        }
        return compared;
    }

    private static List<List<RangeFingerprint>> answered(
            Future<List<List<RangeFingerprint>>> asked) {
        try {
            return Aside.await(asked);
        } catch (SyncException e) {
            if (e.code() == ErrorCode.METHOD_UNKNOWN) {
                throw new SyncException(
                        ErrorCode.VERSION_MISMATCH,
                        "central's program is too old to be compared with",
                        e);
            }
            throw e;
        }
    }

    private static RangeFingerprint only(List<RangeFingerprint> answer) {
        requireAnswer(answer.size() == 1);
        return answer.getFirst();
    }

    private static void requireAnswer(boolean fits) {
        if (!fits) {
            throw new SyncException(
                    ErrorCode.CENTRAL_FAILED, "fingerprints of something else than was asked for");
        }
    }

    private ComparisonQuery query(String model, boolean isDeep) {
        Optional<List<String>> content =
                isDeep
                        ? Optional.of(
                                models.shape(model).fields().stream()
                                        .map(FieldShape::name)
                                        .sorted()
                                        .toList())
                        : Optional.empty();
        return new ComparisonQuery(model, content, List.of());
    }

    private LocalWhole whole(ModelShape shape, boolean isDeep) {
        return store.inTransaction(transaction -> transaction.whole(shape, isDeep));
    }

    private Comparison compare(ComparisonQuery query, LocalWhole whole, RangeFingerprint there) {
        var found = new Found();
        new ComparisonWalk(
                        prefixes -> split(query.of(prefixes)),
                        prefixes -> list(query.of(prefixes), found))
                .run(whole.copies(), there);
        if (whole.uncaptured() > 0) {
            found.counts.put(Kind.UNCAPTURED, whole.uncaptured());
        }
        return new Comparison(query.model(), whole.copies().count(), found.counts, found.damage);
    }

    private ComparisonWalk.Pair split(ComparisonQuery query) {
        Future<List<List<RangeFingerprint>>> asked =
                aside.start(() -> link.fingerprints(List.of(query)));
        List<RangeFingerprint> here =
                store.inTransaction(transaction ->
                        transaction.parts(
                                models.shape(query.model()),
                                query.content().isPresent(),
                                query.prefixes()));
        List<List<RangeFingerprint>> answers = answered(asked);
        requireAnswer(answers.size() == 1 && answers.getFirst().size() == query.answers());
        return new ComparisonWalk.Pair(here, answers.getFirst());
    }

    /// What was found of one model.
    private static final class Found {
        private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        private final List<Difference> damage = new ArrayList<>();

        void add(UUID uid, Kind kind, Optional<LocalCopy> copy) {
            counts.merge(kind, 1L, Long::sum);
            if (kind.isDamage() && damage.size() < Comparison.DAMAGE_MAX) {
                damage.add(
                        new Difference(uid, kind, copy.map(LocalCopy::version).orElse(NO_VERSION)));
            }
        }
    }

    private static final ETag NO_VERSION = new ETag(0);

    /// The place in the feed is read first and central last: what happens in between looks like
    /// something that is on its way, not like damage.
    private void list(ComparisonQuery query, Found found) {
        record Here(Cursor pulled, Map<UUID, LocalCopy> copies) {}
        ModelShape shape = models.shape(query.model());
        Here here =
                store.inTransaction(transaction -> {
                    Cursor pulled = transaction.cursor(query.model(), Feed.PULL);
                    var copies = new HashMap<UUID, LocalCopy>();
                    transaction
                            .copies(shape, query.content().isPresent(), query.prefixes())
                            .forEach(copy -> copies.put(copy.uid(), copy));
                    return new Here(pulled, copies);
                });
        var held = new HashMap<UUID, HeldVersion>();
        link.versions(query).forEach(version -> held.put(version.uid(), version));
        Set<UUID> differing = differing(here.copies(), held);
        if (differing.isEmpty()) {
            return;
        }
        Map<UUID, Standing> standing =
                store.inTransaction(transaction -> transaction.standing(shape, differing));
        Mode mode = models.plan(query.model()).mode();
        for (UUID uid : differing) {
            Optional<LocalCopy> copy = Optional.ofNullable(here.copies().get(uid));
            DifferenceRule.decide(
                            copy,
                            Optional.ofNullable(held.get(uid)),
                            standing.getOrDefault(uid, Standing.NONE),
                            here.pulled(),
                            mode)
                    .ifPresent(kind -> found.add(uid, kind, copy));
        }
    }

    private static Set<UUID> differing(Map<UUID, LocalCopy> copies, Map<UUID, HeldVersion> held) {
        var differing = new HashSet<UUID>();
        copies.forEach((uid, copy) -> {
            HeldVersion version = held.get(uid);
            if (version == null
                    || !version.etag().equals(copy.version())
                    || version.digest() != copy.digest()) {
                differing.add(uid);
            }
        });
        held.keySet().stream().filter(uid -> !copies.containsKey(uid)).forEach(differing::add);
        return differing;
    }
}
