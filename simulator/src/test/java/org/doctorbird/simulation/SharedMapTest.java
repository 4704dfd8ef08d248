package org.doctorbird.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SharedMapTest {

    /// Goal: it does what a TreeMap does, and copies stay as they were made.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void copiesAreLikeCopiesOfATreeMap(long seed) {
        var random = new SplittableRandom(seed);
        var map = new SharedMap<Integer, Integer>();
        var expected = new TreeMap<Integer, Integer>();
        List<Map<Integer, Integer>> copies = new ArrayList<>();
        List<Map<Integer, Integer>> expectedCopies = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            int key = random.nextInt(50);
            int value = random.nextInt(1_000);
            switch (random.nextInt(8)) {
                case 0 -> assertThat(map.remove(key)).isEqualTo(expected.remove(key));
                case 1 -> {
                    map.values().removeIf(some -> some < value / 10);
                    expected.values().removeIf(some -> some < value / 10);
                }
                case 2 -> {
                    map.replaceAll((_, some) -> some + 1);
                    expected.replaceAll((_, some) -> some + 1);
                }
                case 3 ->
                        assertThat(map.merge(key, value, Integer::sum))
                                .isEqualTo(expected.merge(key, value, Integer::sum));
                case 4 -> {
                    copies.add(new SharedMap<>(map));
                    expectedCopies.add(new TreeMap<>(expected));
                }
                case 5 ->
                        assertThat(List.copyOf(map.between(key, key + 9).values()))
                                .isEqualTo(List.copyOf(expected.subMap(key, key + 9).values()));
                default -> assertThat(map.put(key, value)).isEqualTo(expected.put(key, value));
            }
            assertThat(List.copyOf(map.entrySet())).isEqualTo(List.copyOf(expected.entrySet()));
        }
        assertThat(copies).isEqualTo(expectedCopies);
    }
}
