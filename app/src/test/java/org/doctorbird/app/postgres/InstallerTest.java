package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.postgres.InstallReport.Change;
import org.doctorbird.app.postgres.InstallReport.ModelReport;
import org.doctorbird.app.testing.TestPostgres;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class InstallerTest {

    private static final String TABLES =
            """
            create table party (id serial primary key, name text, code text unique, age integer,
                replaced_by integer references party on delete set null);
            create table address (id serial primary key,
                party integer not null references party on delete cascade, city text);
            insert into party (name) values ('a'), ('b'), ('c');
            insert into address (party) values (1), (3);
            """;

    private static final String BEGINNING =
            """
            format = 1
            [[model]]
            name = "party.party"
            table = "party"
            unique_id_column = "code"
            """;

    private static final String PLAN =
            BEGINNING
                    + """
                    [[model]]
                    name = "party.address"
                    table = "address"
                    """;

    /// Everything that an installation could leave, in the whole database.
    private static final String CATALOGUE =
            """
            select 'relation', c.oid::text, n.nspname || '.' || c.relname
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname !~ '^pg_toast' and n.nspname !~ '^pg_temp'
            union all select 'function', oid::text, proname from pg_proc
            union all select 'trigger', oid::text, tgname from pg_trigger
            union all select 'schema', oid::text, nspname from pg_namespace
            where nspname !~ '^pg_toast' and nspname !~ '^pg_temp'
            union all select 'extension', oid::text, extname from pg_extension
            union all select 'type', oid::text, typname from pg_type where typname !~ '^pg_toast'
            union all select 'setting', setdatabase::text, setconfig::text from pg_db_role_setting
            union all select 'right', oid::text, relacl::text from pg_class where relacl is not null
            order by 1, 2, 3
            """;

    @ParameterizedTest
    @EnumSource
    void leavesNoTrace(TestPostgres postgres) throws SQLException {
        for (Role role : Role.values()) {
            try (var db = new InstalledDatabase(postgres, TABLES)) {
                List<String> before = db.rows(CATALOGUE);

                db.install(role, PLAN);
                assertThat(db.rows(CATALOGUE)).isNotEqualTo(before);
                assertThat(Installer.uninstall(db.engine)).isTrue();
                assertThat(db.rows(CATALOGUE)).isEqualTo(before);
                assertThat(Installer.uninstall(db.engine)).isFalse();

                db.run("insert into party (name) values ('d')");
                assertThat(db.install(role, PLAN).models())
                        .contains(new ModelReport("party.party", Change.CREATED, 4));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsAnExtensionAndASchemaThatWereThere(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            db.run(
                    "create schema tools; create extension pgcrypto schema tools; create schema doctorbird");
            List<String> before = db.rows(CATALOGUE);

            db.install(Role.SATELLITE, PLAN);
            Installer.uninstall(db.engine);

            assertThat(db.rows(CATALOGUE)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void changesNothingTheSecondTime(TestPostgres postgres) throws SQLException {
        for (Role role : Role.values()) {
            try (var db = new InstalledDatabase(postgres, TABLES)) {
                assertThat(db.install(role, PLAN).models())
                        .containsExactly(
                                new ModelReport("party.party", Change.CREATED, 3),
                                new ModelReport("party.address", Change.CREATED, 2));
                List<String> catalogue = db.rows(CATALOGUE);
                List<String> companions =
                        db.rows("select xmin, * from doctorbird.party order by id");
                List<String> metas =
                        db.rows("select xmin, * from doctorbird.engine_meta order by key");
                Installation first = Installation.read(db.engine);

                assertThat(db.install(role, PLAN).models())
                        .extracting(ModelReport::change)
                        .containsOnly(Change.NONE);

                assertThat(db.rows(CATALOGUE)).isEqualTo(catalogue);
                assertThat(db.rows("select xmin, * from doctorbird.party order by id"))
                        .isEqualTo(companions);
                assertThat(db.rows("select xmin, * from doctorbird.engine_meta order by key"))
                        .isEqualTo(metas);
                assertThat(Installation.read(db.engine)).isEqualTo(first);
                assertThat(first.role()).isEqualTo(role);
                assertThat(first.epoch().isPresent()).isEqualTo(role == Role.CENTRAL);
                assertThat(first.planText()).isEqualTo(PLAN);
                assertThat(Fingerprint.read(db.engine)).isEqualTo(first.fingerprint());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void toleratesDroppedColumnsAndTakesUpNewOnes(TestPostgres postgres) throws SQLException {
        for (Role role : Role.values()) {
            try (var db = new InstalledDatabase(postgres, TABLES)) {
                db.install(role, PLAN);
                String version = Installation.read(db.engine).planVersion();
                db.run("update party set name = 'x'");
                db.run("alter table party drop column age; alter table party rename name to title");
                db.run(
                        "alter table party drop column code; alter table party add column color text");
                db.run("insert into party (title) values ('d')");
                db.run("update party set title = 'y', replaced_by = 2 where id = 1");
                db.run("delete from party where id = 3");
                assertThat(db.value("select count(*), count(id) from doctorbird.party"))
                        .isEqualTo("4|3");
                assertThat(Fingerprint.read(db.engine))
                        .isNotEqualTo(Installation.read(db.engine).fingerprint());

                String plan = PLAN.replace("unique_id_column = \"code\"", "");
                assertThat(db.install(role, plan).models())
                        .containsExactly(
                                new ModelReport("party.party", Change.CHANGED, 0),
                                new ModelReport("party.address", Change.NONE, 0));

                if (role == Role.SATELLITE) {
                    db.settle("party");
                    db.run(
                            "update doctorbird.party set last_synchronisation = null, changed_fields = B'00001'");
                    db.run("update party set color = 'red' where id = 2");
                    assertThat(db.value("select changed_fields from doctorbird.party where id = 2"))
                            .isEqualTo("000011");
                } else {
                    assertThat(Installation.read(db.engine).planVersion()).isNotEqualTo(version);
                    db.run("update party set color = 'red' where id = 2");
                    assertThat(
                                    db.value(
                                            "select fields from doctorbird.engine_history order by etag desc limit 1"))
                            .isEqualTo("{color}");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NEWEST")
    void takesColumnsThatBeginToTravelForNews(TestPostgres postgres) throws SQLException {
        for (Role role : Role.values()) {
            try (var db = new InstalledDatabase(postgres, TABLES)) {
                String without = PLAN.replace("\"code\"", "\"code\"\nleave_out = [\"age\"]");
                db.install(role, without);
                db.settle("party");
                db.run("update party set age = 5 where id = 2");
                db.run("alter table party add column color text, add column grade integer");
                db.run("update party set color = 'red' where id = 3");

                db.install(role, PLAN);

                assertThat(
                                role == Role.SATELLITE
                                        ? db.rows(
                                                "select id, changed_fields from doctorbird.party"
                                                        + " where last_synchronisation is null order by id")
                                        : db.rows(
                                                "select c.id, h.fields from doctorbird.engine_history h"
                                                        + " join doctorbird.party c using (uid, etag) order by id"))
                        .isEqualTo(
                                role == Role.SATELLITE
                                        ? List.of("2|0001011", "3|0001011")
                                        : List.of("2|{age,color,grade}", "3|{age,color,grade}"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NEWEST")
    void takesModelsInAndOut(TestPostgres postgres) throws SQLException {
        for (Role role : Role.values()) {
            try (var db = new InstalledDatabase(postgres, TABLES)) {
                db.install(role, PLAN);
                db.settle("address");
                String uids = "select uid, id from doctorbird.address order by id";
                List<String> before = db.rows(uids);

                assertThat(db.install(role, BEGINNING).models())
                        .containsExactly(
                                new ModelReport("party.party", Change.NONE, 0),
                                new ModelReport("party.address", Change.REMOVED, 0));
                assertThat(
                                db.rows(
                                        "select tgname from pg_trigger where tgrelid = 'address'::regclass and not tgisinternal"))
                        .isEmpty();
                db.run("insert into address (party) values (2)");
                db.run("update address set city = 'unseen' where id = 1");
                db.run("delete from address where id = 2");
                assertThat(db.rows(uids)).isEqualTo(before);

                assertThat(db.install(role, PLAN).models())
                        .contains(new ModelReport("party.address", Change.CHANGED, 1));
                assertThat(db.rows("select id from doctorbird.address order by id"))
                        .containsExactly("1", "3", "-");
                assertThat(db.rows(uids)).contains(before.getFirst());
                if (role == Role.SATELLITE) {
                    assertThat(
                                    db.rows(
                                            "select changed_fields from doctorbird.address where last_synchronisation is null"))
                            .hasSize(3);
                } else {
                    assertThat(db.rows("select fields, before from doctorbird.engine_history"))
                            .containsExactly("{party,city}|{}");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NEWEST")
    void repairsTriggersThatSomebodyRemovedOrSwitchedOff(TestPostgres postgres)
            throws SQLException {
        for (String damage :
                List.of(
                        "drop trigger doctorbird_update on party",
                        "alter table party disable trigger all",
                        "alter table party disable trigger doctorbird_insert")) {
            try (var db = new InstalledDatabase(postgres, TABLES)) {
                db.install(Role.SATELLITE, PLAN);
                db.settle("party");
                db.run(damage);
                db.run("insert into party (id, name) values (50, 'unseen')");
                assertThat(Fingerprint.read(db.engine))
                        .isNotEqualTo(Installation.read(db.engine).fingerprint());

                db.install(Role.SATELLITE, PLAN);

                assertThat(
                                db.value(
                                        "select count(*) from doctorbird.party where last_synchronisation is null"))
                        .isEqualTo("4");
                db.settle("party");
                db.run("update party set name = 'z' where id = 50");
                assertThat(
                                db.rows(
                                        "select id from doctorbird.party where last_synchronisation is null"))
                        .containsExactly("50");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NEWEST")
    void goesOnAfterAnInstallationThatStoppedHalfWay(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES);
                Connection other = db.database.connect()) {
            other.setAutoCommit(false);
            InstalledDatabase.run(other, "lock table address in row exclusive mode");

            assertFails(() -> db.install(Role.SATELLITE, PLAN), ErrorCode.WRITES_COLLIDED);
            assertFails(() -> Installation.read(db.engine), ErrorCode.NOT_INSTALLED);
            db.run("insert into party (name) values ('while half done')");
            other.rollback();

            assertThat(db.install(Role.SATELLITE, PLAN).models())
                    .containsExactly(
                            new ModelReport("party.party", Change.NONE, 0),
                            new ModelReport("party.address", Change.CREATED, 2));
            assertThat(db.value("select count(*) from doctorbird.party")).isEqualTo("4");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NEWEST")
    void refusesWhatItCannotDoBeforeChangingAnything(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            List<String> before = db.rows(CATALOGUE);
            assertFails(
                    () -> db.install(Role.SATELLITE, PLAN.replace("\"address\"", "\"adress\"")),
                    ErrorCode.PLAN_DOES_NOT_FIT);
            assertFails(() -> Installation.read(db.engine), ErrorCode.NOT_INSTALLED);
            assertThat(db.rows(CATALOGUE)).isEqualTo(before);

            db.install(Role.SATELLITE, PLAN);
            assertFails(() -> db.install(Role.CENTRAL, PLAN), ErrorCode.ROLE_WRONG);
            db.run("insert into doctorbird.engine_migration values (999, 'x', 'y')");
            assertFails(() -> db.install(Role.SATELLITE, PLAN), ErrorCode.INSTALLED_NEWER);
            assertFails(() -> Installation.read(db.engine), ErrorCode.INSTALLED_NEWER);
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesTheRightThatIsMissing(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            String role = "engine_" + db.database.name();
            db.run("create role " + role);
            InstalledDatabase.run(db.engine, "set role " + role);

            assertRightMissing(db, "CREATE");
            db.run("grant create on database " + db.database.name() + " to " + role);
            db.run("grant trigger, select, insert, update on address to " + role);
            db.run("grant select, insert, update, delete on party to " + role);
            assertRightMissing(db, "TRIGGER", "party");
            db.run("grant trigger on party to " + role);
            assertRightMissing(db, "DELETE", "address");
            db.run("grant delete on address to " + role);
            db.run("alter table party enable row level security");
            assertRightMissing(db, "BYPASSRLS", "party");
            db.run("alter table party disable row level security");
            assertRightMissing(db, "USAGE", "party_id_seq");
            db.run("grant usage on all sequences in schema public to " + role);
            db.install(Role.SATELLITE, PLAN);

            db.run("insert into party (code) values ('q')");
            assertThat(db.value("select count(*) from doctorbird.party")).isEqualTo("4");
            Installer.uninstall(db.engine);
            assertThat(db.rows("select 1 from pg_namespace where nspname = 'doctorbird'"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void asksNoRightsOfTheApplication(TestPostgres postgres) throws SQLException {
        for (Role role : Role.values()) {
            try (var db = new InstalledDatabase(postgres, TABLES)) {
                db.install(role, PLAN);
                String user = "application_" + db.database.name();
                db.run("create role " + user);
                db.run("grant all on all tables in schema public to " + user);
                db.run("grant all on all sequences in schema public to " + user);
                db.run("set role " + user);

                assertThatThrownBy(() -> db.run("select from doctorbird.party"))
                        .hasMessageContaining("permission denied for schema doctorbird");
                db.run("insert into party (code) values ('x'), ('y'), (null)");
                db.run("update party set id = id + 100, name = 'n' where code = 'x'");
                db.run("insert into address (party) select id from party where code = 'y'");
                db.run("delete from party where code = 'y'");
                db.run("truncate address");

                db.run("reset role");
                assertThat(db.value("select count(*), count(id) from doctorbird.party"))
                        .isEqualTo("6|5");
                assertThat(db.value("select count(*), count(id) from doctorbird.address"))
                        .isEqualTo("3|0");
                db.run("drop owned by " + user + "; drop role " + user);
            }
        }
    }

    private static void assertRightMissing(InstalledDatabase db, String... words) {
        assertThatThrownBy(() -> db.install(Role.SATELLITE, PLAN))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.RIGHTS_MISSING))
                .message()
                .contains(words);
    }

    private static void assertFails(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
