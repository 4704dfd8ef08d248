package org.doctorbird.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.FeedWatch;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.SearchQuery.Condition;
import org.doctorbird.exchange.SearchQuery.Operator;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.PushedRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a plain client may send, and what it gets for nonsense.
final class CentralMethodsTest {

    private static final String PARTY = "model." + LinkContract.MODEL + ".";
    private static final String UID = "0192d0f6-6f64-7b1c-9a53-0a4b7d1c2e3f";
    private static final Map<String, Object> CONTEXT =
            Map.of("synchronisation_id", 3, "language", "en");

    private final FakeCentral central = new FakeCentral(LinkContract.SHAPE);
    private final CentralMethods methods = new CentralMethods(central);

    private @Nullable Object call(String method, Object... params) {
        return methods.call(LinkContract.CLINIC, method, List.of(params));
    }

    private void assertRefused(ErrorCode code, String method, Object... params) {
        assertThatThrownBy(() -> call(method, params))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aPlainClientPushesWithoutRevisionAndBase() {
        Object answer =
                call(
                        PARTY + "synchronise_push",
                        List.of(Map.of("uid", UID, "values", Map.of("a", 5))),
                        CONTEXT);

        assertThat(answer)
                .isEqualTo(
                        List.of(
                                Map.of(
                                        "uid",
                                        UID,
                                        "success",
                                        true,
                                        "timestamp",
                                        "1795374739.679321",
                                        "outcome",
                                        "accepted")));
        assertThat(central.pushed().getFirst().revision()).isEqualTo(1);
        assertThat(central.pushed().getFirst().fields().get("a")).isEqualTo("5");
    }

    private void push(Object user) {
        call(
                PARTY + "synchronise_push",
                List.of(Map.of("uid", UID, "values", Map.of("a", 5), "user", user)),
                CONTEXT);
    }

    @Test
    void aClientMaySayWhoMadeTheChange() {
        push("7");
        push("\u6570\u5b57 7");

        assertThat(central.pushed())
                .extracting(PushedRecord::user)
                .containsExactly(Optional.of("7"), Optional.of("\u6570\u5b57 7"));
    }

    @Test
    void aUserThatIsNoTextOrTooLongIsRefusedWithItsPlace() {
        List<Object> malformed =
                List.of(7, "", " ", "x".repeat(65), "a\nb", "a\0", "\ud800", List.of("7"));
        for (Object user : malformed) {
            assertThatThrownBy(() -> push(user))
                    .isInstanceOfSatisfying(
                            SyncException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_MALFORMED);
                                assertThat(e.context()).containsEntry("at", "argument 1[0].user");
                            });
        }
        push("x".repeat(64));
        assertThat(central.pushed()).hasSize(1);
    }

    private void pushAged(Object age) {
        call(
                PARTY + "synchronise_push",
                List.of(Map.of("uid", UID, "values", Map.of("a", 5), "age", age)),
                CONTEXT);
    }

    @Test
    void aClientMaySayHowOldTheChangeIs() {
        pushAged(1_500);
        pushAged("0");
        pushAged(Long.MAX_VALUE);

        assertThat(central.pushed())
                .extracting(PushedRecord::age)
                .containsExactly(
                        Optional.of(Duration.ofMillis(1_500)),
                        Optional.of(Duration.ZERO),
                        Optional.of(Duration.ofDays(36_500)));
    }

    @Test
    void anAgeThatIsNoNumberOfMillisecondsIsRefusedWithItsPlace() {
        List<Object> malformed =
                List.of(
                        -1,
                        "-1",
                        "",
                        "a minute",
                        "1.5",
                        1.5,
                        true,
                        List.of(1),
                        BigInteger.TWO.pow(64));
        for (Object age : malformed) {
            assertThatThrownBy(() -> pushAged(age))
                    .as(age.toString())
                    .isInstanceOfSatisfying(
                            SyncException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_MALFORMED);
                                assertThat(e.context()).containsEntry("at", "argument 1[0].age");
                            });
        }
        assertThat(central.pushed()).isEmpty();
    }

    @Test
    void thePullOfTheFirstEngineGivesTheChangedOnes() {
        call(
                PARTY + "synchronise_push",
                List.of(Map.of("uid", UID, "values", Map.of("a", "x"))),
                CONTEXT);
        central.store(UUID.fromString(UID), Fields.of(Map.of("a", "y")));

        assertThat(call(PARTY + "synchronise_pull", List.of(List.of(UID, "1.000000")), CONTEXT))
                .isEqualTo(
                        List.of(
                                Map.of(
                                        "uid",
                                        UID,
                                        "timestamp",
                                        "1795374739.679322",
                                        "deleted",
                                        false,
                                        "values",
                                        Map.of("a", "y"))));
        assertThat(
                        call(
                                PARTY + "synchronise_pull",
                                List.of(List.of(UID, "1795374739.679322")),
                                CONTEXT))
                .isEqualTo(List.of());
    }

    @Test
    void theNewOfTheFirstEngineNeedsNoArgument() {
        ETag etag = central.store(UUID.fromString(UID), Fields.NONE);

        assertThat(String.valueOf(call(PARTY + "synchronise_new", Map.of()))).contains(UID);
        assertThat(
                        call(
                                PARTY + "synchronise_acknowledge",
                                List.of(List.of(UID, etag.text())),
                                Map.of()))
                .isEqualTo(1L);
        assertThat(call(PARTY + "synchronise_new", Map.of())).isEqualTo(List.of());
    }

    @Test
    void oneUnreadableValueStopsOnlyItsRecord() {
        Object answer =
                call(
                        PARTY + "synchronise_push",
                        List.of(
                                Map.of("uid", UID, "values", Map.of("a", Map.of("secret", "x"))),
                                Map.of(
                                        "uid",
                                        new UUID(1, 2).toString(),
                                        "values",
                                        Map.of("a", "x"))),
                        CONTEXT);

        assertThat(central.pushed()).hasSize(1);
        assertThat(String.valueOf(answer))
                .contains("DRB-2004")
                .contains("accepted")
                .doesNotContain("secret");
    }

    @Test
    void nonsenseIsRefusedWithItsPlaceAndNeverQuoted() {
        assertRefused(ErrorCode.METHOD_UNKNOWN, "model.party.party.create", CONTEXT);
        assertRefused(ErrorCode.METHOD_UNKNOWN, "synchronise_push", CONTEXT);
        assertRefused(ErrorCode.METHOD_UNKNOWN, "model..", CONTEXT);
        assertRefused(ErrorCode.MODEL_UNKNOWN, "model.no.such.synchronise_new", CONTEXT);
        assertRefused(ErrorCode.REQUEST_MALFORMED, PARTY + "synchronise_new");
        assertRefused(
                ErrorCode.REQUEST_MALFORMED, PARTY + "synchronise_push", List.of(), List.of());
        assertRefused(ErrorCode.REQUEST_MALFORMED, PARTY + "synchronise_push", CONTEXT);
        assertRefused(ErrorCode.REQUEST_MALFORMED, PARTY + "synchronise_push", 5, CONTEXT);
        assertRefused(
                ErrorCode.REQUEST_MALFORMED,
                PARTY + "synchronise_new",
                Map.of("cursor", "x"),
                CONTEXT);
        assertRefused(
                ErrorCode.REQUEST_MALFORMED,
                PARTY + "synchronise_new",
                Map.of("records", 0),
                CONTEXT);
        assertRefused(
                ErrorCode.REQUEST_MALFORMED,
                PARTY + "synchronise_acknowledge",
                List.of(List.of(UID)),
                CONTEXT);
        assertRefused(
                ErrorCode.REQUEST_MALFORMED,
                PARTY + "synchronise_acknowledge",
                List.of(List.of(UID, "yesterday")),
                CONTEXT);
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                PARTY + "synchronise_acknowledge",
                Collections.nCopies(10_001, List.of(UID, "1.000000")),
                CONTEXT);
        assertThatThrownBy(() ->
                        call(
                                PARTY + "synchronise_push",
                                List.of(Map.of("uid", "Mary Brown", "values", Map.of())),
                                CONTEXT))
                .hasMessageContaining("argument 1[0].uid")
                .hasMessageNotContaining("Mary");
    }

    /// The arguments of the first engine and of Tryton's own `search`.
    @Test
    void theSearchOfTheFirstEngineTakesDomainsAndGivesNaturalValues() {
        String number = "a numeric-<\"field";
        central.store(UUID.fromString(UID), Fields.of(Map.of(number, "7.50")));
        var uid = new UUID(1, 2);
        central.store(uid, Fields.of(Map.of(number, "NaN")));

        assertThat(
                        (List<?>)
                                call(
                                        PARTY + "search_master",
                                        List.of(List.of("name", "ilike", "%brown%")),
                                        CONTEXT))
                .asInstanceOf(InstanceOfAssertFactories.list(Object.class))
                .containsExactlyInAnyOrder(
                        Map.of(number, new BigDecimal("7.50"), "uid", UID, "synchronised", false),
                        Map.of(number, "NaN", "uid", uid.toString(), "synchronised", false));
        assertThat(central.searched())
                .contains(
                        new SearchQuery(
                                new Condition.Compare("name", Operator.LIKE, List.of("%brown%")),
                                List.of(),
                                List.of(),
                                0,
                                100));
    }

    @Test
    void importsReleasesAndQuestionsTakePlainArguments() {
        central.store(UUID.fromString(UID), Fields.NONE);

        assertThat(call(PARTY + "pull_master_record", List.of(UID), CONTEXT)).isEqualTo(1L);
        assertThat(central.pinned())
                .contains(
                        new PinRequest(List.of(UUID.fromString(UID)), "import", Optional.empty()));
        call(
                PARTY + "pull_master_record",
                List.of(UID),
                Map.of("reason", "referral", "days", 30),
                CONTEXT);
        assertThat(central.pinned())
                .contains(
                        new PinRequest(List.of(UUID.fromString(UID)), "referral", Optional.of(30)));
        assertThat(call(PARTY + "release_master_record", List.of(UID), CONTEXT)).isEqualTo(1L);
        assertThat(call(PARTY + "why", UID, CONTEXT)).isEqualTo(List.of("Central knows it: true."));
        assertRefused(
                ErrorCode.REQUEST_MALFORMED, PARTY + "pull_master_record", List.of(), CONTEXT);
        assertRefused(
                ErrorCode.REQUEST_MALFORMED,
                PARTY + "pull_master_record",
                List.of(UID),
                Map.of("days", 0),
                CONTEXT);
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                PARTY + "release_master_record",
                Collections.nCopies(1_001, UID),
                CONTEXT);
    }

    /// A client of the first engine knows no withdrawals: for it the record has ended.
    @Test
    void thePullOfTheFirstEngineGivesWithdrawnRecordsAsDeleted() {
        central.withdraw(new Withdrawal(UUID.fromString(UID), 5_000_000_007L));

        assertThat(call(PARTY + "synchronise_pull", List.of(List.of(UID, "1.000000")), CONTEXT))
                .isEqualTo(
                        List.of(
                                Map.of(
                                        "uid",
                                        UID,
                                        "timestamp",
                                        "0.000000",
                                        "deleted",
                                        true,
                                        "withdrawn",
                                        "5000000007",
                                        "values",
                                        Map.of())));
        assertThat(
                        call(
                                PARTY + "synchronise_withdrawn",
                                List.of(List.of(UID, "5000000007")),
                                CONTEXT))
                .isEqualTo(1L);
    }

    @Test
    void theContextNeverDecidesWhoCalls() {
        assertRefused(
                ErrorCode.INSTANCE_DIFFERS,
                PARTY + "synchronise_new",
                Map.of("synchronisation_id", 4));
        assertRefused(
                ErrorCode.INSTANCE_OUT_OF_RANGE,
                PARTY + "synchronise_new",
                Map.of("synchronisation_id", 4_096));
        assertRefused(
                ErrorCode.INSTANCE_OUT_OF_RANGE,
                PARTY + "synchronise_new",
                Map.of("synchronisation_id", -1));
        assertRefused(
                ErrorCode.REQUEST_MALFORMED,
                PARTY + "synchronise_new",
                Map.of("synchronisation_id", "x"));
    }

    @Test
    void anotherVersionOfTheProtocolIsNamedBeforeAnythingElseIsRead() {
        assertRefused(
                ErrorCode.VERSION_MISMATCH,
                "model.doctorbird.central.begin",
                Map.of("protocol", 2),
                CONTEXT);
        assertRefused(
                ErrorCode.REQUEST_MALFORMED,
                "model.doctorbird.central.begin",
                Map.of("protocol", 1),
                CONTEXT);
    }

    private static final Map<String, Object> HELLO =
            Map.of(
                    "protocol",
                    1,
                    "incarnation",
                    UID,
                    "plan_version",
                    "7",
                    "epoch",
                    "epoch",
                    "clock",
                    "1795374739.679320");

    @Test
    void nobodyWaitsAtACentralThatCannotTell() {
        assertRefused(ErrorCode.METHOD_UNKNOWN, "model.doctorbird.central.wait", HELLO, 5, CONTEXT);
    }

    private @Nullable Object await(FakeCentral at, FeedWatch watch, Object seconds) {
        return new CentralMethods(at, Optional.of(watch))
                .call(
                        LinkContract.CLINIC,
                        "model.doctorbird.central.wait",
                        List.of(HELLO, seconds, CONTEXT));
    }

    @Test
    void newsAreToldWithoutWaiting() {
        Object answer = await(central, (_, _, _) -> true, 5);

        assertThat(answer)
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("changed_models", List.of(LinkContract.MODEL));
    }

    @Test
    void withoutNewsTheAnswerComesLater() throws InterruptedException {
        var waited = new ArrayList<Duration>();
        Object answer =
                await(
                        new FakeCentral(),
                        (caller, seen, max) -> {
                            assertThat(caller).isEqualTo(LinkContract.CLINIC);
                            assertThat(seen).isEqualTo(5_000_000_001L);
                            return waited.add(max);
                        },
                        5);

        assertThat(answer).isInstanceOf(LaterAnswer.class);
        ((LaterAnswer) Objects.requireNonNull(answer)).await();
        assertThat(waited).containsExactly(Duration.ofSeconds(5));
        assertThat(((LaterAnswer) answer).get())
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("plan_version", "7");
    }

    @Test
    void nobodyWaitsLongerThanLinesHold() {
        for (Object seconds : new Object[] {0, 46, "soon"}) {
            assertThatThrownBy(() -> await(central, (_, _, _) -> true, seconds))
                    .isInstanceOfSatisfying(
                            SyncException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_MALFORMED));
        }
    }
}
