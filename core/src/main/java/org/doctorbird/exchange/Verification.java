package org.doctorbird.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.comparison.Difference;
import org.doctorbird.comparison.Difference.Kind;
import org.doctorbird.comparison.Remedy;
import org.doctorbird.conflict.LocalRecord;
import org.doctorbird.plan.Mode;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.SentRecord;

/// Verifies that a satellite holds what central counts it as holding, and repairs what is damaged.
///
/// What a cycle would make good by itself is no damage: a difference counts if it is there before
/// and after one.
public final class Verification {

    /// Rounds of repair in a row that make nothing better.
    private static final int VAIN_MAX = 2;

    private static final int BATCH = 1_000;

    private final SatelliteStore store;
    private final Link link;
    private final CentralModels models;
    private final Runnable cycle;
    private final Comparer comparer;

    /// @param models the plan that this satellite works with, with its own fields
    /// @param cycle runs a whole cycle, and passes by what central has nothing of, see
    ///   [Cycle#passBy]
    public Verification(
            SatelliteStore store, Link link, CentralModels models, Aside aside, Runnable cycle) {
        this.store = store;
        this.link = link;
        this.models = models;
        this.cycle = cycle;
        this.comparer = new Comparer(store, link, models, aside);
    }

    /// Compares models with central.
    ///
    /// @param isDeep the values count too, not only uids and ETags
    /// @return in the order of the models; those that never move are left out
    public List<Comparison> compare(List<String> chosen, boolean isDeep) {
        cycle.run();
        List<Comparison> first = comparer.compare(chosen, isDeep);
        List<String> damaged = damaged(first);
        if (damaged.isEmpty()) {
            return first;
        }
        cycle.run();
        Map<String, Comparison> second = byModel(comparer.compare(damaged, isDeep));
        return first.stream()
                .map(comparison ->
                        Optional.ofNullable(second.get(comparison.model()))
                                .map(comparison::confirmedBy)
                                .orElse(comparison))
                .toList();
    }

    private static List<String> damaged(List<Comparison> comparisons) {
        return comparisons.stream()
                .filter(comparison -> comparison.damaged() > 0)
                .map(Comparison::model)
                .toList();
    }

    private static Map<String, Comparison> byModel(List<Comparison> comparisons) {
        var byModel = new HashMap<String, Comparison>();
        comparisons.forEach(comparison -> byModel.put(comparison.model(), comparison));
        return byModel;
    }

    private static long sum(List<Comparison> comparisons) {
        return comparisons.stream().mapToLong(Comparison::damaged).sum();
    }

    /// Repairs what [#compare] has found, each record over the ordinary paths, until nothing is
    /// left or nothing gets better.
    ///
    /// @return how the models compare afterwards, in the same order
    public List<Comparison> repair(List<Comparison> found, boolean isDeep) {
        var standing = new LinkedHashMap<String, Comparison>();
        found.forEach(comparison -> standing.put(comparison.model(), comparison));
        Map<String, Map<UUID, Remedy>> tried = new HashMap<>();
        int vain = 0;
        while (sum(List.copyOf(standing.values())) > 0 && vain < VAIN_MAX) {
            long before = sum(List.copyOf(standing.values()));
            List<String> damaged = damaged(List.copyOf(standing.values()));
            for (String model : damaged) {
                Map<UUID, Remedy> last = tried.getOrDefault(model, Map.of());
                tried.put(model, repair(Objects.requireNonNull(standing.get(model)), last));
            }
            cycle.run();
            comparer.compare(damaged, isDeep)
                    .forEach(comparison -> standing.put(comparison.model(), comparison));
            vain = sum(List.copyOf(standing.values())) < before ? 0 : vain + 1;
        }
        return List.copyOf(standing.values());
    }

    /// @param last what was done to which record the round before
    /// @return what was done now
    private Map<UUID, Remedy> repair(Comparison found, Map<UUID, Remedy> last) {
        Mode mode = models.plan(found.model()).mode();
        ModelShape shape = models.shape(found.model());
        var done = new HashMap<UUID, Remedy>();
        Map<Remedy, List<Difference>> byRemedy = new HashMap<>();
        for (Difference difference : found.damage()) {
            Remedy before = last.get(difference.uid());
            Remedy remedy = Remedy.of(difference.kind(), mode, before == Remedy.ACKNOWLEDGE);
            if (remedy != before) {
                byRemedy.computeIfAbsent(remedy, _ -> new ArrayList<>()).add(difference);
                done.put(difference.uid(), remedy);
            }
        }
        if (found.counts().containsKey(Kind.UNCAPTURED)) {
            store.inTransaction(transaction -> {
                transaction.capture(shape);
                return 0;
            });
        }
        byRemedy.forEach((remedy, differences) -> {
            for (int i = 0; i < differences.size(); i += BATCH) {
                apply(
                        remedy,
                        shape,
                        differences.subList(i, Math.min(differences.size(), i + BATCH)));
            }
        });
        return done;
    }

    private void apply(Remedy remedy, ModelShape shape, List<Difference> some) {
        switch (remedy) {
            case TAKE -> take(shape, some);
            case ACKNOWLEDGE -> acknowledge(shape, some);
            case PUSH ->
                    store.inTransaction(transaction -> {
                        transaction.countAsChanged(shape, uids(some));
                        return 0;
                    });
            case CAPTURE, NONE -> {}
        }
    }

    private static List<UUID> uids(List<Difference> some) {
        return some.stream().map(Difference::uid).toList();
    }

    /// First here, then central: a version that comes in between is stored, and comes once more.
    private void take(ModelShape shape, List<Difference> some) {
        store.inTransaction(transaction -> {
            Map<UUID, LocalRecord> here = transaction.lock(shape, uids(some));
            var kept = new HashMap<LocalRecord, SentRecord>();
            for (Difference difference : some) {
                LocalRecord local = here.get(difference.uid());
                if (local != null
                        && local.lastSynchronisation().isPresent()
                        && !local.isDeleted()) {
                    kept.put(
                            local,
                            new SentRecord(
                                    difference.uid(), difference.version(), Fields.NONE, false));
                }
            }
            if (!kept.isEmpty()) {
                transaction.keepRefused(shape, kept);
            }
            transaction.putAtNoVersion(shape, uids(some));
            return 0;
        });
        link.giveAgain(shape.model(), uids(some));
    }

    /// The receipt is handed in by the cycle that follows.
    private void acknowledge(ModelShape shape, List<Difference> some) {
        store.inTransaction(transaction -> {
            transaction.keepReceipts(
                    shape.model(),
                    some.stream()
                            .map(difference -> new Receipt(difference.uid(), difference.version()))
                            .toList());
            return 0;
        });
        link.giveAgain(shape.model(), uids(some));
    }
}
