package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.doctorbird.app.postgres.HistoryWorld.MANDEVILLE;
import static org.doctorbird.app.postgres.HistoryWorld.MAY_PEN;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.RecordVersions.Change;
import org.doctorbird.app.postgres.RecordVersions.Value;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.exchange.Retried;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.record.ETag;
import org.doctorbird.record.PushedRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who changed what when, and what was there before.
final class RecordHistoryTest {

    @ParameterizedTest
    @EnumSource
    void tellsOfEachVersionWhoWhatAndTheValuesBefore(TestPostgres postgres) throws SQLException {
        try (var world = new HistoryWorld(postgres)) {
            world.database.run("insert into party (name, create_uid) values ('Ida', 5)");
            UUID uid = world.uid("party");
            world.database.run("update party set name = 'Ida B', write_uid = 6");
            ETag second = world.etag("party");
            world.push(MAY_PEN, "party", uid, Optional.of(second), Map.of("code", "X"), "seven");
            PushAnswer merged =
                    world.push(
                            MANDEVILLE,
                            "party",
                            uid,
                            Optional.of(second),
                            Map.of("name", "Ida C"),
                            "");
            assertThat(merged).isInstanceOf(PushAnswer.Merged.class);
            world.delete(MAY_PEN, "party", uid, world.etag("party"), "7");
            world.push(
                    MANDEVILLE,
                    "party",
                    uid,
                    Optional.of(world.etag("party")),
                    Map.of("code", "Y"),
                    "8");
            world.database.run("delete from party");

            assertThat(world.told("party", uid))
                    .containsExactly(
                            "central - DELETED [name: Ida C > null, code: Y > null]",
                            "mandeville 8 RETURNED [code: X > Y]",
                            "may-pen 7 MARKED []",
                            "mandeville - CHANGED [name: Ida B > Ida C]",
                            "may-pen seven CHANGED [code: null > X]",
                            "central 6 CHANGED [name: Ida > Ida B]",
                            "central 5 CREATED [name: null > Ida]");
            assertThat(world.versions("party", uid, 100, false).versions())
                    .isSortedAccordingTo((one, other) -> other.etag().compareTo(one.etag()));
        }
    }

    @Test
    void givesNoMoreThanAskedForAndNoValueUnlessAskedFor() throws SQLException {
        try (var world = new HistoryWorld(TestPostgres.NEWEST)) {
            world.database.run("insert into party (name) values ('Ida')");
            for (int i = 0; i < 3; i++) {
                world.database.run("update party set name = name || '.'");
            }
            UUID uid = world.uid("party");

            RecordVersions some = world.versions("party", uid, 3, false);
            assertThat(some.versions()).hasSize(3);
            assertThat(some.hasMore()).isTrue();
            assertThat(some.versions())
                    .allSatisfy(version ->
                            assertThat(version.changes())
                                    .containsExactly(
                                            new Change("name", Value.UNKNOWN, Value.UNKNOWN)));
            assertThat(world.versions("party", uid, 4, false).hasMore()).isFalse();
            world.database.run("update party set name = repeat('x', 2000)");
            assertThat(world.told("party", uid).getFirst())
                    .contains("x".repeat(RecordHistory.VALUE_LENGTH_MAX) + "…")
                    .doesNotContain("x".repeat(RecordHistory.VALUE_LENGTH_MAX + 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhoEndedARecordAndWhatWentWithIt(TestPostgres postgres) throws SQLException {
        try (var world = new HistoryWorld(postgres)) {
            world.database.run("insert into link (note, create_uid) values ('n', 5)");
            UUID uid = world.uid("link");

            world.delete(MAY_PEN, "link", uid, world.etag("link"), "7");

            assertThat(world.database.rows("select id from link")).isEmpty();
            assertThat(world.told("link", uid))
                    .containsExactly(
                            "may-pen 7 DELETED [note: n > null]",
                            "central 5 CREATED [note: null > n]");
            world.database.run("insert into party (name) values ('Ida')");
            world.database.run("insert into visit (party, note) values (1, 'first')");
            UUID visit = world.uid("visit");
            String party = world.uid("party").toString();
            world.database.run("delete from party");
            assertThat(world.told("visit", visit).getFirst())
                    .isEqualTo(
                            "central - DELETED [note: first > null, party: %s > null]"
                                    .formatted(party));
        }
    }

    @Test
    void whatIsParkedOrRefusedKeepsItsUser() throws SQLException {
        try (var world = new HistoryWorld(TestPostgres.NEWEST)) {
            var visit = new UUID(1, 1);
            var party = new UUID(2, 2);
            Map<String, String> fields = Map.of("note", "first", "party", party.toString());
            assertThat(world.push(MAY_PEN, "visit", visit, Optional.empty(), fields, "7"))
                    .isInstanceOf(PushAnswer.Parked.class);
            assertThat(world.database.value("select origin_user from doctorbird.engine_parked"))
                    .isEqualTo("7");

            world.push(MANDEVILLE, "party", party, Optional.empty(), Map.of("name", "Ida"), "8");

            assertThat(world.told("visit", visit))
                    .containsExactly(
                            "may-pen 7 CREATED [note: null > first, party: null > %s]"
                                    .formatted(party));
            Map<String, String> bad = Map.of("note", "bad", "party", party.toString());
            world.push(MAY_PEN, "visit", new UUID(1, 2), Optional.empty(), bad, "9");
            assertThat(world.database.value("select origin_user from doctorbird.engine_quarantine"))
                    .isEqualTo("9");
            world.push(MAY_PEN, "party", party, Optional.empty(), Map.of("name", "Una"), "10");
            assertThat(world.database.value("select origin_user from doctorbird.engine_conflict"))
                    .isEqualTo("10");
        }
    }

    /// Goal: who wrote a change is known also when the database took it only later.
    @Test
    void whatComesOutOfQuarantineIsTheWorkOfWhoPushedIt() throws SQLException {
        try (var world = new HistoryWorld(TestPostgres.NEWEST)) {
            var party = new UUID(2, 2);
            var visit = new UUID(1, 1);
            world.push(MANDEVILLE, "party", party, Optional.empty(), Map.of("name", "Ida"), "8");
            Map<String, String> bad = Map.of("note", "bad", "party", party.toString());
            assertThat(world.push(MAY_PEN, "visit", visit, Optional.empty(), bad, "9"))
                    .isInstanceOf(PushAnswer.Rejected.class);
            world.database.run("alter table visit drop constraint visit_note_check");

            assertThat(world.retry()).isEqualTo(new Retried(1, 0, 0));

            assertThat(world.told("visit", visit))
                    .containsExactly(
                            "may-pen 9 CREATED [note: null > bad, party: null > %s]"
                                    .formatted(party));
        }
    }

    @Test
    void whatIsNotKeptIsSaidToBeSo() throws SQLException {
        try (var world = new HistoryWorld(TestPostgres.NEWEST)) {
            world.database.run("insert into party (name) values ('Ida'), ('Una')");
            UUID uid = world.uid("party");
            world.database.run("update party set name = 'Ida B' where id = 1");
            world.database.forgetHistory();
            world.database.run("update party set name = 'Ida C' where id = 1");
            world.database.run(
                    "insert into doctorbird.engine_forgotten values ('party', clock_timestamp())");

            assertThat(world.told("party", uid))
                    .containsExactly(
                            "central - CHANGED [name: Ida B > Ida C]", "central - NOT_KEPT []");
            world.database.run("truncate party cascade");
            assertThat(world.told("party", uid))
                    .containsExactly(
                            "central - DELETED []",
                            "central - CHANGED [name: Ida B > ?]",
                            "central - NOT_KEPT []");
        }
    }

    @Test
    void aSatelliteTellsWhoMadeAChange() throws SQLException {
        try (var clinic = new InstalledDatabase(TestPostgres.NEWEST, HistoryWorld.TABLES)) {
            clinic.install(Role.SATELLITE, HistoryWorld.PLAN);
            clinic.run(
                    """
                    insert into party (name, create_uid, write_uid)
                    values ('a', 5, null), ('b', 5, 6), ('c', null, null)
                    """);

            assertThat(users(clinic, HistoryWorld.PLAN, "party"))
                    .containsExactlyInAnyOrder("a 5", "b 6", "c -");
            clinic.settle("party");
            clinic.run("delete from party where name = 'b'");
            assertThat(users(clinic, HistoryWorld.PLAN, "party")).containsExactly("null -");
        }
    }

    @Test
    void aPlainApplicationHasNoUsers() throws SQLException {
        String plan = HistoryWorld.PLAN.replace("application = \"tryton\"\n", "");
        try (var clinic = new InstalledDatabase(TestPostgres.NEWEST, HistoryWorld.TABLES);
                var central = new InstalledDatabase(TestPostgres.NEWEST, HistoryWorld.TABLES)) {
            clinic.install(Role.SATELLITE, plan);
            central.install(Role.CENTRAL, plan);
            clinic.run("insert into party (name, create_uid) values ('a', 5)");
            central.run("insert into party (name, create_uid) values ('a', 5)");

            assertThat(users(clinic, plan, "party")).containsExactly("a -");
            assertThat(central.value("select origin_user from doctorbird.party")).isEqualTo("-");
        }
    }

    private static List<String> users(InstalledDatabase clinic, String plan, String model) {
        List<SyncedTable> tables =
                SyncedTables.of(PlanFile.parse(plan), Catalogue.read(clinic.engine));
        List<PushedRecord> pending =
                new PostgresSatelliteStore(clinic.database.dataSource(), tables)
                        .inTransaction(t ->
                                t.pending(
                                                new TablesByModel(tables).get(model).shape(),
                                                UidRange.ALL,
                                                Optional.empty(),
                                                BatchLimit.ofRecords(10))
                                        .records());
        return pending.stream()
                .map(pushed -> pushed.fields().get("name") + " " + pushed.user().orElse("-"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void nobodyChangesTheHistory(TestPostgres postgres) throws SQLException {
        try (var world = new HistoryWorld(postgres)) {
            world.database.run("insert into party (name) values ('Ida')");
            world.database.run("update party set name = 'Ida B'");
            String before = world.database.value("select h::text from doctorbird.engine_history h");

            for (String sql :
                    List.of(
                            "update doctorbird.engine_history set origin_user = 'nobody'",
                            "delete from doctorbird.engine_history",
                            "truncate doctorbird.engine_history")) {
                assertThatThrownBy(() -> world.database.run(sql))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e ->
                                        assertThat(SqlFailures.translate(e, "").code())
                                                .isEqualTo(ErrorCode.HISTORY_APPEND_ONLY))
                        .hasMessageContaining(ErrorCode.HISTORY_APPEND_ONLY.code());
            }
            assertThat(world.database.rows("select h::text from doctorbird.engine_history h"))
                    .containsExactly(before);
        }
    }

    /// Method: takes away what this version of the program has added, as if an earlier one had
    /// installed the database.
    @ParameterizedTest
    @EnumSource(Role.class)
    void anInstalledDatabaseIsBroughtUpToDate(Role role) throws SQLException {
        try (var db = new InstalledDatabase(TestPostgres.NEWEST, HistoryWorld.TABLES)) {
            db.install(role, HistoryWorld.PLAN);
            db.run("insert into party (name, create_uid) values ('Ida', 5)");
            db.run(
                    """
                    drop trigger keep on doctorbird.engine_history;
                    drop function doctorbird.engine_keep_history();
                    drop table doctorbird.engine_forgotten;
                    drop index doctorbird.engine_history_etag_idx;
                    alter table doctorbird.engine_history drop column origin_user,
                        drop column replaced_user, drop column kind;
                    alter table doctorbird.engine_instance drop column reset_etag;
                    alter table doctorbird.engine_parked drop column origin_user;
                    alter table doctorbird.engine_quarantine drop column origin_user;
                    alter table doctorbird.engine_conflict drop column origin_user;
                    alter table doctorbird.party drop column origin_user;
                    delete from doctorbird.engine_migration where file = '007-history.sql';
                    update doctorbird.engine_capture set definition = 'of an earlier version';
                    """);

            db.install(role, HistoryWorld.PLAN);

            db.run("update party set name = 'Ida B', write_uid = 6");
            if (role == Role.CENTRAL) {
                assertThat(
                                db.value(
                                        "select replaced_user, origin_user, kind, before from"
                                                + " doctorbird.engine_history"))
                        .isEqualTo("-|6|changed|{\"name\": \"Ida\"}");
                assertThat(db.value("select origin_user from doctorbird.party")).isEqualTo("6");
            } else {
                assertThat(users(db, HistoryWorld.PLAN, "party")).containsExactly("Ida B 6");
            }
        }
    }

    /// The triggers outlive the columns that they read.
    @ParameterizedTest
    @EnumSource
    void theApplicationMayDropTheColumnsThatNameItsUsers(TestPostgres postgres)
            throws SQLException {
        try (var world = new HistoryWorld(postgres)) {
            world.database.run(
                    "insert into party (name, create_uid, write_uid) values ('a', 5, 6)");
            world.database.run("alter table party drop column write_uid");
            world.database.run(
                    "update party set name = 'b'; insert into party (name) values ('c')");
            assertThat(world.database.rows("select origin_user from doctorbird.party order by id"))
                    .containsExactly("5", "-");
            world.database.run("alter table party drop column create_uid");
            world.database.run(
                    "update party set name = 'd'; insert into party (name) values ('e')");
            assertThat(world.database.rows("select origin_user from doctorbird.party order by id"))
                    .containsExactly("-", "-", "-");
        }
    }
}
