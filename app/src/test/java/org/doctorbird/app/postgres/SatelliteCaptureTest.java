package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.record.Uids;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SatelliteCaptureTest {

    private static final String TABLES =
            """
            create table party (id serial primary key, name text, code text unique, age integer,
                replaced_by integer references party on delete set null);
            create table address (id serial primary key,
                party integer not null references party on delete cascade, city text);
            """;

    private static final String PLAN =
            """
            format = 1
            [[model]]
            name = "party"
            table = "party"
            [[model]]
            name = "address"
            table = "address"
            """;

    /// uid is there, key, in step, revision, changed fields, deleted.
    private static final String STATE =
            """
            select id, last_synchronisation is not null, revision, changed_fields,
                deleted_at is not null from doctorbird.%s order by id, revision desc
            """;

    @ParameterizedTest
    @EnumSource
    void notesInsertsUpdatesAndDeletes(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            db.install(Role.SATELLITE, PLAN);

            db.run("insert into party (name) values ('a'), ('b'), ('c')");
            assertThat(db.rows(STATE.formatted("party")))
                    .containsExactly("1|f|1|-|f", "2|f|1|-|f", "3|f|1|-|f");

            db.run("update party set age = 5 where id = 1");
            assertThat(db.rows(STATE.formatted("party"))).first().isEqualTo("1|f|2|-|f");

            db.settle("party");
            db.run("update party set age = 6 where id = 1");
            db.run("update party set name = 'x', age = age where id = 2");
            db.run("update party set name = name");
            assertThat(db.rows(STATE.formatted("party")))
                    .containsExactly("1|f|3|00010|f", "2|f|2|01000|f", "3|t|1|-|f");

            db.run("update party set name = 'y', replaced_by = 2 where id = 1");
            assertThat(db.rows(STATE.formatted("party"))).first().isEqualTo("1|f|4|01011|f");

            db.run("delete from party where id in (1, 3)");
            assertThat(db.rows(STATE.formatted("party")))
                    .containsExactly("2|f|2|01000|f", "-|f|5|01011|t", "-|f|2|-|t");
        }
    }

    /// A restored sequence, or a row that is brought back by hand, gives a key a second time.
    @ParameterizedTest
    @EnumSource
    void anotherRowWithTheKeyOfAnUnseenDeletionIsAnotherRecord(TestPostgres postgres)
            throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            db.install(Role.SATELLITE, PLAN);
            db.run("insert into party (name) values ('a'), ('b'), ('c')");
            db.settle("party");
            db.run(
                    """
                    set session_replication_role = replica;
                    delete from party where id = 2;
                    set session_replication_role = origin;
                    insert into party (id, name) values (2, 'd')
                    """);
            assertThat(db.rows(STATE.formatted("party")))
                    .containsExactlyInAnyOrder("1|t|1|-|f", "2|f|1|-|f", "3|t|1|-|f", "-|f|2|-|t");
        }
    }

    @ParameterizedTest
    @EnumSource
    void notesWhatForeignKeysDo(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            db.install(Role.SATELLITE, PLAN);
            db.run("insert into party (name) values ('a'), ('b')");
            db.run("update party set replaced_by = 1 where id = 2");
            db.run("insert into address (party, city) values (1, 'x'), (2, 'y')");
            db.settle("party");
            db.settle("address");

            db.run("delete from party where id = 1");

            assertThat(db.rows(STATE.formatted("party")))
                    .containsExactly("2|f|3|00001|f", "-|f|2|-|t");
            assertThat(db.rows(STATE.formatted("address")))
                    .containsExactly("2|t|1|-|f", "-|f|2|-|t");
        }
    }

    @ParameterizedTest
    @EnumSource
    void followsKeysThatTheApplicationChanges(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            db.install(Role.SATELLITE, PLAN);
            db.run("alter table party drop constraint party_pkey cascade");
            db.run("alter table party add primary key (id) deferrable");
            db.run("insert into party (name) values ('a'), ('b'), ('c')");
            db.settle("party");
            List<String> before =
                    db.rows(
                            "select c.uid, p.name from doctorbird.party c join party p using (id) order by name");

            db.run("update party set id = id + 1");
            assertThat(db.rows(STATE.formatted("party")))
                    .containsExactly("2|t|1|-|f", "3|t|1|-|f", "4|t|1|-|f");
            db.run("update party set id = 6 - id, age = case when name = 'b' then 9 end");
            assertThat(db.rows(STATE.formatted("party")))
                    .containsExactly("2|t|1|-|f", "3|f|2|00010|f", "4|t|1|-|f");
            db.run(
                    "begin; update party set id = id + 10; update party set id = id * 2, name = upper(name); commit");

            assertThat(db.rows(STATE.formatted("party")))
                    .containsExactly("24|f|2|01000|f", "26|f|3|01010|f", "28|f|2|01000|f");
            assertThat(
                            db.rows(
                                    "select c.uid, lower(p.name) from doctorbird.party c join party p using (id) order by name"))
                    .isEqualTo(before);
            assertThat(db.value("select count(*) from doctorbird.engine_moved_key")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void notesTruncateCopyAndUpserts(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            db.install(Role.SATELLITE, PLAN);
            db.run("insert into party (code, age) values ('a', 1)");
            db.settle("party");

            db.run(
                    """
                    insert into party (code, age) values ('a', 2), ('b', 2)
                    on conflict (code) do update set age = excluded.age
                    """);
            assertThat(db.rows(STATE.formatted("party")))
                    .containsExactly("1|f|2|00010|f", "3|f|1|-|f");
            db.run("insert into party (code) values ('a') on conflict do nothing");
            assertThat(db.rows(STATE.formatted("party"))).hasSize(2);

            new Statements(db.application)
                    .copy(
                            "copy party (id, code) from stdin",
                            "10\tx\n11\ty\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(db.rows("select id from doctorbird.party order by id"))
                    .containsExactly("1", "3", "10", "11");

            db.run("truncate party cascade");
            assertThat(
                            db.rows(
                                    "select count(*), count(id), count(deleted_at), count(last_synchronisation) from doctorbird.party"))
                    .containsExactly("4|0|4|0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void forgetsWhatARollbackTookBack(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            db.install(Role.SATELLITE, PLAN);
            db.run("insert into party (name) values ('a')");
            db.settle("party");

            db.run(
                    """
                    begin;
                    savepoint s; update party set age = 1; insert into party (name) values ('b');
                    update party set id = id + 100; rollback to savepoint s;
                    update party set name = 'c'; commit
                    """);

            assertThat(db.rows(STATE.formatted("party"))).containsExactly("1|f|2|01000|f");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NEWEST")
    void leavesTheEnginesOwnWritesAlone(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            db.install(Role.SATELLITE, PLAN);
            db.run("insert into party (name) values ('a')");
            db.settle("party");

            db.run(
                    """
                    begin; select set_config('doctorbird.applying', 'on', true);
                    update party set age = 1; insert into party (name) values ('b');
                    update party set id = 7 where id = 1; truncate address; commit
                    """);

            assertThat(db.rows(STATE.formatted("party"))).containsExactly("1|t|1|-|f");
            db.run("insert into party (name) values ('c')");
            assertThat(db.rows(STATE.formatted("party"))).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void makesUidsOfNaturalKeysAndFindsTheRecordAgain(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            db.run("insert into party (code) values ('early'), (null), (null)");
            db.install(
                    Role.SATELLITE,
                    """
                    format = 1
                    [[model]]
                    name = "party.party"
                    table = "party"
                    unique_id_column = "code"
                    """);
            db.run("insert into party (code) values ('Ünï'), ('b'), (null), (null)");

            String uid = "select uid from doctorbird.party join party using (id) where code = '%s'";
            assertThat(db.value(uid.formatted("early")))
                    .isEqualTo(Uids.ofNaturalKey("party.party", "early").toString());
            assertThat(db.value(uid.formatted("Ünï")))
                    .isEqualTo(Uids.ofNaturalKey("party.party", "Ünï").toString());
            assertThat(db.value("select count(distinct uid) from doctorbird.party")).isEqualTo("7");

            db.settle("party");
            db.run("delete from party where code = 'b'");
            db.run("insert into party (code) values ('b')");
            assertThat(db.value(uid.formatted("b")))
                    .isEqualTo(Uids.ofNaturalKey("party.party", "b").toString());
            assertThat(db.value("select count(*) from doctorbird.party")).isEqualTo("7");
            assertThat(
                            db.value(
                                    "select revision, last_synchronisation, changed_fields, deleted_at from doctorbird.party join party using (id) where code = 'b'"))
                    .isEqualTo("3|-|-|-");

            db.run("update party set code = 'c' where code = 'b'");
            db.run("insert into party (code) values ('b')");
            assertThat(db.value(uid.formatted("c")))
                    .isEqualTo(Uids.ofNaturalKey("party.party", "b").toString());
            assertThat(db.value(uid.formatted("b")))
                    .isNotEqualTo(Uids.ofNaturalKey("party.party", "b").toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesUuidColumnsWithDoublesAndWritersAtTheSameTime(TestPostgres postgres)
            throws SQLException {
        try (var db =
                new InstalledDatabase(
                        postgres, "create table page (id serial primary key, page uuid)")) {
            String same = "'00000000-0000-4000-8000-000000000001'";
            db.run("insert into page (page) values (" + same + "), (" + same + ")");
            db.install(
                    Role.SATELLITE,
                    """
                    format = 1
                    [[model]]
                    name = "page"
                    table = "page"
                    unique_id_column = "page"
                    """);
            db.run("insert into page (page) values (" + same + "), (null)");
            assertThat(
                            db.value(
                                    "select count(*) from doctorbird.page c join page p on p.id = c.id and p.page = c.uid"))
                    .isEqualTo("1");
            assertThat(db.value("select count(distinct uid) from doctorbird.page")).isEqualTo("4");

            try (Connection other = db.database.connect()) {
                for (String level : List.of("read committed", "repeatable read")) {
                    String fresh =
                            "'"
                                    + java.util.UUID.nameUUIDFromBytes(
                                            level.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                    + "'";
                    InstalledDatabase.run(
                            other, "begin isolation level " + level + "; select 1 from page");
                    db.run("insert into page (page) values (" + fresh + ")");
                    InstalledDatabase.run(
                            other, "insert into page (page) values (" + fresh + "); commit");
                }
            }
            assertThat(db.value("select count(distinct uid), count(id) from doctorbird.page"))
                    .isEqualTo("8|8");
        }
    }
}
