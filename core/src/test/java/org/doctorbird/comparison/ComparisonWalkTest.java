package org.doctorbird.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ComparisonWalkTest {

    private int calls;

    private static RangeFingerprint of(Set<UUID> uids, UidPrefix prefix) {
        var fingerprint = RangeFingerprint.EMPTY;
        for (UUID uid : uids) {
            if (uid.toString().replace("-", "").startsWith(prefix.digits())) {
                fingerprint =
                        fingerprint.with(
                                31 * uid.getMostSignificantBits() + uid.getLeastSignificantBits());
            }
        }
        return fingerprint;
    }

    private static List<RangeFingerprint> parts(Set<UUID> uids, List<UidPrefix> prefixes) {
        return prefixes.stream()
                .flatMap(prefix -> prefix.split().stream())
                .map(part -> of(uids, part))
                .toList();
    }

    private List<UidPrefix> walk(Set<UUID> here, Set<UUID> there) {
        var listed = new ArrayList<UidPrefix>();
        calls = 0;
        new ComparisonWalk(
                        prefixes -> {
                            calls++;
                            assertThat(prefixes.size()).isBetween(1, ComparisonQuery.PREFIXES_MAX);
                            return new ComparisonWalk.Pair(
                                    parts(here, prefixes), parts(there, prefixes));
                        },
                        listed::addAll)
                .run(of(here, UidPrefix.ALL), of(there, UidPrefix.ALL));
        return listed;
    }

    private static Set<UUID> random(int count) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        var uids = new HashSet<UUID>();
        while (uids.size() < count) {
            uids.add(new UUID(random.nextLong(), random.nextLong()));
        }
        return uids;
    }

    @Test
    void equalSetsAreNotOpened() {
        assertThat(walk(random(1_000), random(1_000))).isEmpty();
        assertThat(calls).isZero();
    }

    @Test
    void oneDifferenceOpensOneRangeOfFewRecords() {
        Set<UUID> here = random(3_000);
        var there = new HashSet<>(here);
        UUID missing = here.iterator().next();
        there.remove(missing);

        List<UidPrefix> listed = walk(here, there);

        assertThat(listed).hasSize(1);
        assertThat(missing.toString().replace("-", "")).startsWith(listed.getFirst().digits());
        assertThat(of(here, listed.getFirst()).count()).isLessThanOrEqualTo(64);
        assertThat(calls).isEqualTo(listed.getFirst().digits().length());
    }

    @Test
    void everythingIsListedWhereEverythingDiffersAndUidsAreNeighbours() {
        var here = new HashSet<UUID>();
        for (int i = 0; i < 300; i++) {
            here.add(new UUID(7, i));
        }

        List<UidPrefix> listed = walk(here, Set.of());

        assertThat(listed.stream().mapToLong(prefix -> of(here, prefix).count()).sum())
                .isEqualTo(300);
    }

    @Test
    void aPrefixKnowsItsUids() {
        var prefix = new UidPrefix("0a9f3c21b4d57e680");

        assertThat(prefix.first()).hasToString("0a9f3c21-b4d5-7e68-0000-000000000000");
        assertThat(prefix.last()).hasToString("0a9f3c21-b4d5-7e68-0fff-ffffffffffff");
        assertThat(prefix.partOf(UUID.fromString("0a9f3c21-b4d5-7e68-0c00-000000000000")))
                .isEqualTo(12);
        assertThat(RangeFingerprint.parse(new RangeFingerprint(5, -1).text()))
                .isEqualTo(new RangeFingerprint(5, -1));
    }
}
