package org.doctorbird.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.SearchQuery.Condition;
import org.doctorbird.exchange.SearchQuery.Operator;
import org.doctorbird.exchange.SearchQuery.Order;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DomainsTest {

    private static SearchQuery read(@Nullable Object... arguments) {
        return Domains.query(
                Arrays.stream(arguments)
                        .map(argument -> Node.ofRequest(argument, "argument"))
                        .toList());
    }

    private static Condition is(String field, Operator operator, @Nullable String... values) {
        return new Condition.Compare(field, operator, Arrays.asList(values));
    }

    private static void assertRefused(ErrorCode code, @Nullable Object... arguments) {
        assertThatThrownBy(() -> read(arguments))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void readsTrytonsDomains() {
        Condition brown = is("name", Operator.LIKE, "%brown%");
        Condition code = is("code", Operator.EQUAL, "5");
        List<Object> first = List.of("name", "ilike", "%brown%");
        List<Object> second = List.of("code", "=", 5);
        assertThat(read(List.of()).where()).isEqualTo(new Condition.All(List.of()));
        assertThat(read(List.of(first)).where()).isEqualTo(brown);
        assertThat(read(first).where()).isEqualTo(brown);
        assertThat(read(List.of(first, second)).where())
                .isEqualTo(new Condition.All(List.of(brown, code)));
        assertThat(read(List.of("OR", first, second)).where())
                .isEqualTo(new Condition.Any(List.of(brown, code)));
        assertThat(read(List.of("OR", List.of(first, second), List.of("AND", code(9)))).where())
                .isEqualTo(
                        new Condition.Any(
                                List.of(
                                        new Condition.All(List.of(brown, code)),
                                        new Condition.All(
                                                List.of(is("code", Operator.EQUAL, "9"))))));
    }

    private static List<Object> code(int number) {
        return List.of("code", "=", number);
    }

    @Test
    void readsEveryOperatorAndKindOfValue() {
        Map<String, Operator> words =
                Map.ofEntries(
                        Map.entry("=", Operator.EQUAL),
                        Map.entry("!=", Operator.NOT_EQUAL),
                        Map.entry("<", Operator.LESS),
                        Map.entry("<=", Operator.LESS_OR_EQUAL),
                        Map.entry(">", Operator.GREATER),
                        Map.entry(">=", Operator.GREATER_OR_EQUAL),
                        Map.entry("like", Operator.LIKE),
                        Map.entry("ilike", Operator.LIKE),
                        Map.entry("not like", Operator.NOT_LIKE),
                        Map.entry("NOT ILIKE", Operator.NOT_LIKE),
                        Map.entry("similar", Operator.SIMILAR));
        words.forEach((word, operator) ->
                assertThat(read(List.of("f", word, "v")).where())
                        .isEqualTo(is("f", operator, "v")));
        assertThat(
                        read(List.of(
                                        "f",
                                        "in",
                                        Arrays.asList(
                                                LocalDate.of(1990, 2, 3),
                                                true,
                                                new BigDecimal("1.50"),
                                                null)))
                                .where())
                .isEqualTo(is("f", Operator.IN, "1990-02-03", "true", "1.50", null));
        assertThat(read(Arrays.asList("f", "!=", null)).where())
                .isEqualTo(is("f", Operator.NOT_EQUAL, new @Nullable String[] {null}));
    }

    @Test
    void argumentsAfterTheDomainMayBeMissingOrNil() {
        var plain = new SearchQuery(new Condition.All(List.of()), List.of(), List.of(), 0, 100);
        assertThat(read(List.of())).isEqualTo(plain);
        assertThat(read(List.of(), null, null, null, null)).isEqualTo(plain);
        assertThat(
                        read(
                                List.of(),
                                20,
                                500,
                                List.of(List.of("name", "ASC"), List.of("born", "desc")),
                                List.of("name", "name.lastname")))
                .isEqualTo(
                        new SearchQuery(
                                new Condition.All(List.of()),
                                List.of("name", "name.lastname"),
                                List.of(new Order("name", false), new Order("born", true)),
                                20,
                                100));
    }

    @Test
    void everySearchArrivesAsItWasSent() {
        long seed = Long.getLong("seed", 44L);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 200; i++) {
            var query =
                    new SearchQuery(
                            any(random, 4),
                            List.of("a", "b.c"),
                            List.of(new Order("a", random.nextBoolean())),
                            random.nextInt(1_000),
                            random.nextInt(1, 101));
            assertThat(read(Domains.arguments(query))).as("seed %d", seed).isEqualTo(query);
        }
    }

    private static Condition any(RandomGenerator random, int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            var operators = List.of(Operator.values());
            Operator operator = operators.get(random.nextInt(operators.size()));
            boolean takesMany = operator == Operator.IN || operator == Operator.NOT_IN;
            var values = new ArrayList<@Nullable String>();
            for (int i = takesMany ? random.nextInt(3) : 1; i > 0; i--) {
                values.add("v" + random.nextInt());
            }
            return new Condition.Compare("f" + random.nextInt(9), operator, values);
        }
        var parts = new ArrayList<Condition>();
        for (int i = random.nextInt(3); i > 0; i--) {
            parts.add(any(random, depth - 1));
        }
        return random.nextBoolean() ? new Condition.All(parts) : new Condition.Any(parts);
    }

    @Test
    void nonsenseIsRefusedAndNeverQuoted() {
        assertRefused(ErrorCode.REQUEST_MALFORMED);
        assertRefused(ErrorCode.REQUEST_MALFORMED, List.of(), 0, 1, null, null, null);
        assertRefused(ErrorCode.REQUEST_MALFORMED, "secret");
        assertRefused(ErrorCode.REQUEST_MALFORMED, List.of("secret", "="));
        assertRefused(ErrorCode.REQUEST_MALFORMED, List.of("f", "secret", "x"));
        assertRefused(ErrorCode.REQUEST_MALFORMED, List.of("f", "in", "secret"));
        assertRefused(ErrorCode.REQUEST_MALFORMED, Arrays.asList("f", "<", null));
        assertRefused(ErrorCode.REQUEST_MALFORMED, List.of("", "=", "x"));
        assertRefused(ErrorCode.REQUEST_MALFORMED, List.of(), -1);
        assertRefused(ErrorCode.REQUEST_MALFORMED, List.of(), 0, 0);
        assertRefused(ErrorCode.REQUEST_MALFORMED, List.of(), 0, 1, List.of(List.of("f", "UP")));
        assertRefused(ErrorCode.REQUEST_MALFORMED, List.of(), 0, 1, null, List.of("f", "f"));
        assertRefused(ErrorCode.VALUE_MALFORMED, List.of("f", "=", Map.of("secret", 1)));
        assertThatThrownBy(() -> read(List.of("f", "=", "a\0secret")))
                .hasMessageContaining("f")
                .hasMessageNotContaining("secret");
    }

    @Test
    void sizeHasLimits() {
        Object deep = List.of();
        for (int i = 1; i < Domains.DEPTH_MAX; i++) {
            deep = List.of("AND", deep);
        }
        assertThat(read(deep).where()).isNotNull();
        assertRefused(ErrorCode.REQUEST_TOO_LARGE, List.of("AND", deep));
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                Collections.nCopies(Domains.COMPARISONS_MAX + 1, code(1)));
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                List.of("f", "in", Collections.nCopies(Domains.VALUES_MAX + 1, "x")));
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE, List.of("f", "=", "x".repeat(Domains.VALUE_MAX + 1)));
    }
}
