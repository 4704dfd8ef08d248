package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Feed;
import org.doctorbird.interest.Due;
import org.doctorbird.plan.Interest;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What follows change comes to the same as computing everything anew.
final class InterestOnPostgresTest {

    private static final int BURSTS = 8;

    static LongStream seeds() {
        Long seed = Long.getLong("seed");
        return seed == null ? LongStream.range(0, 3) : LongStream.of(seed);
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void whatFollowsChangeIsWhatAFullComputationSays(long seed) throws SQLException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try (var world = new InterestWorld(TestPostgres.NEWEST)) {
            var writer = new InterestWriter(world, random);
            for (int burst = 0; burst < BURSTS; burst++) {
                writer.burst();
                world.compute();
                assertThat(world.differing()).as("burst %d", burst).isEmpty();
                assertThat(world.isDue()).isFalse();
            }
            assertThat(world.database.value("select count(*) from doctorbird.engine_interest_due"))
                    .isEqualTo("0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMovedRecordTakesExactlyWhatHangsOnIt(TestPostgres postgres) throws SQLException {
        try (var world = new InterestWorld(postgres)) {
            world.database.run(
                    """
                    insert into doctor (name) values ('d'), ('e');
                    insert into patient (name, institution, doctor) values ('p', 'a', 1), ('q', 'b', 2);
                    insert into encounter (patient, doctor) select 1, 1 from generate_series(1, 30);
                    insert into lab (encounter) select n from generate_series(1, 20) n;
                    insert into encounter (patient) select 2 from generate_series(1, 30);
                    """);
            world.compute();
            assertThat(world.sets("encounter", 1)).isEqualTo("01|01");
            assertThat(world.sets("doctor", 1)).isEqualTo("-|01");
            String before = world.database.value("select pg_current_xact_id()::text");

            world.database.run("update patient set institution = 'b' where id = 1");
            world.compute();

            assertThat(world.sets("lab", 20)).isEqualTo("0010000001|0010000001");
            assertThat(world.sets("doctor", 1)).isEqualTo("-|0010000001");
            String written = "select count(*) from doctorbird.%s where changed > '" + before + "'";
            assertThat(world.database.value(written.formatted("encounter"))).isEqualTo("30");
            assertThat(world.database.value(written.formatted("lab"))).isEqualTo("20");
            assertThat(world.database.value(written.formatted("patient"))).isEqualTo("1");
            assertThat(world.database.value(written.formatted("doctor"))).isEqualTo("1");
            assertThat(world.differing()).isEmpty();
        }
    }

    /// Goal: a long list is not compared record by record with many that come to it. Method:
    /// PostgreSQL's statistics know of no record, and the list was empty when they were made.
    @Test
    void theListIsNeverJoinedWithWhatComesToIt() throws SQLException {
        try (var world = new InterestWorld(TestPostgres.NEWEST)) {
            world.database.run(
                    """
                    insert into doctorbird.engine_interest_due (model, kind, uid)
                    select 'encounter', 'WHOLE', gen_random_uuid() from generate_series(1, 3000);
                    delete from doctorbird.engine_interest_due;
                    """);
            world.database.run("vacuum analyze doctorbird.engine_interest_due");
            world.database.run("analyze doctorbird.encounter");
            world.database.run(
                    """
                    insert into patient (name, institution) values ('p', 'a');
                    insert into encounter (patient) select 1 from generate_series(1, 3000);
                    insert into doctorbird.engine_interest_due (model, kind, uid)
                    select 'encounter', 'WHOLE', uid from doctorbird.encounter limit 2000;
                    """);
            String select = "select uid from doctorbird.encounter where changed > '5'::xid8";
            String addition = InterestList.addition("encounter", Due.Kind.WHOLE, select);

            try (Connection connection = world.database.database.connect()) {
                assertThat(InstalledDatabase.rows(connection, "explain " + addition))
                        .noneMatch(line -> line.contains("Join"))
                        .anyMatch(line -> line.contains("uid = "));
                InstalledDatabase.run(connection, addition);
            }
            assertThat(world.database.value("select count(*) from doctorbird.engine_interest_due"))
                    .isEqualTo("3000");
        }
    }

    @Test
    void writesNothingWhenNothingHasChanged() throws SQLException {
        try (var world = new InterestWorld(TestPostgres.NEWEST)) {
            world.database.run("insert into patient (name, institution) values ('p', 'a')");
            world.compute();
            String before = world.database.value("select pg_snapshot_xmax(pg_current_snapshot())");
            world.compute();
            assertThat(world.database.value("select pg_snapshot_xmax(pg_current_snapshot())"))
                    .isEqualTo(before);
        }
    }

    @Test
    void findsATransactionThatBeganEarlyAndEndedLate() throws SQLException {
        try (var world = new InterestWorld(TestPostgres.NEWEST);
                Connection late = world.database.database.connect()) {
            world.database.run("insert into patient (name, institution) values ('p', 'a')");
            world.compute();
            late.setAutoCommit(false);
            InstalledDatabase.run(late, "insert into encounter (patient) values (1)");
            String number = InstalledDatabase.rows(late, "select pg_current_xact_id()").getFirst();
            world.database.run("update patient set institution = 'b' where id = 1");
            world.compute();
            assertThat(horizon(world)).isLessThanOrEqualTo(Long.parseLong(number));
            assertThat(world.sets("patient", 1)).isEqualTo("0010000001|0010000001");

            late.commit();
            world.compute();

            assertThat(world.sets("encounter", 1)).isEqualTo("0010000001|0010000001");
            assertThat(horizon(world)).isGreaterThan(Long.parseLong(number));
            assertThat(world.differing()).isEmpty();
        }
    }

    private static long horizon(InterestWorld world) throws SQLException {
        return Long.parseLong(
                world.database.value(
                        "select value from doctorbird.engine_meta where key = 'interest_horizon'"));
    }

    @Test
    void goesOnWithAComputationThatBrokeOff() throws SQLException {
        try (var world = new InterestWorld(TestPostgres.NEWEST)) {
            world.database.run(
                    """
                    insert into patient (name, institution) values ('p', 'a');
                    insert into encounter (patient) select 1 from generate_series(1, 5000);
                    """);
            long before = horizon(world);
            assertThat(world.exchange().computeInterest(2)).isFalse();
            assertThat(horizon(world)).isEqualTo(before);
            world.database.run("update patient set institution = 'b' where id = 1");
            world.compute();
            assertThat(world.sets("encounter", 5000)).isEqualTo("0010000001|0010000001");
            assertThat(world.differing()).isEmpty();
        }
    }

    @Test
    void pinsHoldUntilTheyEnd() throws SQLException {
        try (var world = new InterestWorld(TestPostgres.NEWEST)) {
            world.database.run(
                    """
                    insert into patient (name, institution) values ('p', 'a'), ('q', 'a');
                    insert into encounter (patient) values (1), (2);
                    """);
            List<UUID> uids =
                    List.of(world.uid("patient", 1), world.uid("patient", 2), UUID.randomUUID());
            world.pin("patient", 3, Optional.of(2), uids);
            world.pin("patient", 3, Optional.of(1), uids.subList(0, 1));
            world.compute();
            assertThat(world.sets("encounter", 1)).isEqualTo("0101|0101");
            assertThat(world.database.value("select count(*) from doctorbird.engine_pin"))
                    .isEqualTo("2");

            world.database.run(
                    "update doctorbird.engine_pin set expires_at = expires_at - interval '1 day'");
            assertThat(world.isDue()).isTrue();
            world.compute();
            assertThat(world.sets("encounter", 1)).isEqualTo("01|01");
            assertThat(world.sets("encounter", 2)).isEqualTo("0101|0101");

            world.release("patient", 3, uids);
            world.compute();
            assertThat(world.sets("encounter", 2)).isEqualTo("01|01");
        }
    }

    @Test
    void aRecordLeavesItsMakerOnceARuleHasNamedIt() throws SQLException {
        try (var world = new InterestWorld(TestPostgres.NEWEST)) {
            UUID uid = UUID.randomUUID();
            push(world, 1, "patient", uid, "institution", "b");
            world.compute();
            assertThat(world.sets("patient", 1)).isEqualTo("0110000001|0110000001");
            world.database.run("update patient set institution = 'a'");
            world.compute();
            assertThat(world.sets("patient", 1)).isEqualTo("01|01");
            world.database.run("update patient set institution = 'b'");
            world.compute();
            assertThat(world.sets("patient", 1)).isEqualTo("0010000001|0010000001");
        }
    }

    /// Pushes a new record.
    static void push(InterestWorld world, int instance, String model, UUID uid, String... fields) {
        var given = new ArrayList<String>(List.of("name", "pushed"));
        given.addAll(List.of(fields));
        assertThat(
                        world.exchange()
                                .push(
                                        new InstanceId(instance),
                                        model,
                                        List.of(
                                                new PushedRecord(
                                                        uid,
                                                        Optional.empty(),
                                                        1,
                                                        StoreDatabase.fields(
                                                                given.toArray(String[]::new)),
                                                        false))))
                .hasSize(1);
    }

    @Test
    void aReferenceThatIsCompletedLaterLetsInterestFlow() throws SQLException {
        try (var world = new InterestWorld(TestPostgres.NEWEST)) {
            UUID patient = UUID.randomUUID();
            UUID card = UUID.randomUUID();
            UUID encounter = UUID.randomUUID();
            push(world, 3, "encounter", encounter, "patient", patient.toString());
            world.compute();
            push(world, 3, "patient", patient, "institution", "a", "card", card.toString());
            world.compute();
            push(world, 3, "card", card);
            world.compute();
            assertThat(world.sets("encounter", 1)).isEqualTo("0101|0101");
            assertThat(world.sets("card", 1)).isEqualTo("0101|0101");
            assertThat(world.differing()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void computesAgainWhatOtherRulesMayAlterBeforeTheFeedsGiveIt(TestPostgres postgres)
            throws SQLException {
        try (var world = new InterestWorld(postgres)) {
            world.database.run(
                    """
                    insert into patient (name, institution) values ('p', 'a');
                    insert into encounter (patient) values (1);
                    insert into notice (patient) values (1);
                    """);
            world.compute();
            String everybody = "0111000001";
            assertThat(world.sets("patient", 1)).isEqualTo("01|" + everybody);
            String indexes =
                    "select count(*) from pg_indexes where indexname like 'doctorbird_encounter_%'";
            assertThat(world.database.value(indexes)).isEqualTo("2");

            List<ModelPlan> other = replaced("encounter", Interest.ALL);
            assertThat(
                            InterestDifference.of(
                                    world.database.engine,
                                    SyncedTables.of(
                                            InterestWorld.plan(other),
                                            Catalogue.read(world.database.engine))))
                    .contains(
                            new InterestDifference(
                                    new InstanceId(2), "lionel-town", "encounter", 1, 0))
                    .noneMatch(some -> some.instance().number() == 1);
            String before = world.database.value("select pg_current_xact_id()");
            world.install(other);
            assertThat(paused(world)).isEqualTo("true");
            world.compute();
            assertThat(paused(world)).isEqualTo("false");
            assertThat(
                            world.database.value(
                                    "select interested_instances is null and changed > '%s' from doctorbird.encounter"
                                            .formatted(before)))
                    .isEqualTo("t");

            world.install(InterestWorld.RULES);
            world.compute();
            assertThat(world.sets("encounter", 1)).isEqualTo("01|01");
            assertThat(world.differing()).isEmpty();
            world.install(InterestWorld.RULES);
            assertThat(paused(world)).isEqualTo("false");

            assertThat(Installer.uninstall(world.database.engine)).isTrue();
            assertThat(world.database.value(indexes)).isEqualTo("0");
        }
    }

    /// Other rules, or a restored database, make notes of whom a part of a feed concerns wrong.
    @Test
    void whatIsNotedOfTheFeedsEndsWithTheRulesAndWithTheEpoch() throws SQLException {
        try (var world = new InterestWorld(TestPostgres.NEWEST)) {
            world.database.run("insert into patient (name, institution) values ('p', 'b')");
            world.compute();
            List<Runnable> changes =
                    List.of(
                            () -> world.install(replaced("room", Interest.where("name = 'x'"))),
                            () -> CentralEpoch.begin(world.database.engine, world.tables()));
            for (Runnable change : changes) {
                world.database.run(
                        """
                        delete from doctorbird.engine_audience;
                        insert into doctorbird.engine_audience
                          (model, since, until, records, instances)
                        select 'patient', '1', value::xid8, 1, B''
                        from doctorbird.engine_meta where key = 'interest_horizon'
                        """);
                assertThat(newPatients(world)).isZero();
                change.run();
                world.compute();
                assertThat(newPatients(world)).isOne();
            }
        }
    }

    private static int newPatients(InterestWorld world) {
        return world.exchange()
                .read(
                        new InstanceId(2),
                        "patient",
                        Feed.NEW,
                        Cursor.START,
                        BatchLimit.ofRecords(10))
                .records()
                .size();
    }

    private static List<ModelPlan> replaced(String model, Interest interest) {
        return InterestWorld.RULES.stream()
                .map(plan ->
                        plan.name().equals(model) ? InterestWorld.model(model, interest) : plan)
                .toList();
    }

    private static String paused(InterestWorld world) throws SQLException {
        return world.database.value(
                "select value from doctorbird.engine_meta where key = 'interest_paused'");
    }

    @Test
    void whoComputesByFormerRulesIsRefused() throws SQLException {
        try (var world = new InterestWorld(TestPostgres.NEWEST)) {
            world.compute();
            var former = world.exchange();
            world.install(replaced("room", Interest.where("name = 'x'")));
            assertThat(former.computeInterest(10)).isTrue();
            assertThat(paused(world)).isEqualTo("true");
        }
    }

    @Test
    void theApplicationsOwnIndexIsEnough() throws SQLException {
        try (var world = new InterestWorld(TestPostgres.NEWEST)) {
            world.database.run("create index own on encounter (patient, name)");
            world.install(replaced("room", Interest.where("name = 'x'")));
            assertThat(
                            new HashSet<>(
                                    world.database.rows(
                                            "select indexname from pg_indexes where schemaname = 'public' and tablename = 'encounter'")))
                    .containsExactlyInAnyOrder(
                            "own", "encounter_pkey", "doctorbird_encounter_doctor");
        }
    }

    @Test
    void refusesAnAttributeThatNoRuleCanRead() throws SQLException {
        try (var world = new InterestWorld(TestPostgres.NEWEST)) {
            world.database.run("insert into room (name) values ('r')");
            world.install(replaced("room", Interest.where("id = :room")));
            assertThatThrownBy(() -> set(world, "room", "red"))
                    .isInstanceOfSatisfying(
                            SyncException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.SETTINGS_MALFORMED));
            assertThatThrownBy(() -> set(world, "Room", "1")).isInstanceOf(SyncException.class);
            assertThat(set(world, "room", "1")).isTrue();
            world.compute();
            assertThat(world.sets("room", 1)).isEqualTo("01|01");
            assertThat(
                            InstanceAttributes.set(
                                    world.database.engine,
                                    world.tables(),
                                    "nobody",
                                    Map.of("room", Optional.empty())))
                    .isFalse();
        }
    }

    private static boolean set(InterestWorld world, String name, String value) {
        return InstanceAttributes.set(
                world.database.engine, world.tables(), "may-pen", Map.of(name, Optional.of(value)));
    }
}
