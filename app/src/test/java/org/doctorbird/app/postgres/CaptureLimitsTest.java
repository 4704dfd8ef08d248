package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.doctorbird.app.testing.TestPostgres;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CaptureLimitsTest {

    /// Each type with two values that differ; some only in their stored form.
    private static final List<List<String>> TYPES =
            List.of(
                    List.of("smallint", "1", "-32768"),
                    List.of("integer", "1", "null"),
                    List.of("bigint", "9223372036854775807", "0"),
                    List.of("numeric", "1.0", "1.00"),
                    List.of("numeric(60,20)", "'NaN'", "1234567890123456789012345678901234567890"),
                    List.of("real", "'-0'", "'0'"),
                    List.of("double precision", "'Infinity'", "'NaN'"),
                    List.of("boolean", "true", "false"),
                    List.of("text", "'a'", "'A'"),
                    List.of("varchar(10)", "''", "null"),
                    List.of("char(4)", "'a'", "'b'"),
                    List.of("\"char\"", "'a'", "'b'"),
                    List.of("name", "'a'", "'b'"),
                    List.of("bytea", "'\\x00'", "'\\x0000'"),
                    List.of("date", "'infinity'", "'0044-03-15 BC'"),
                    List.of("time", "'24:00'", "'23:59:59.999999'"),
                    List.of("timetz", "'12:00+0'", "'13:00+1'"),
                    List.of("timestamp(6)", "'2026-01-01 00:00:00.000001'", "'2026-01-01'"),
                    List.of("timestamptz", "'2026-01-01 00:00:00+0'", "'-infinity'"),
                    List.of("interval", "'1 month'", "'30 days'"),
                    List.of("uuid", "gen_random_uuid()", "gen_random_uuid()"),
                    List.of("json", "'{\"a\":1}'", "'{\"a\": 1}'"),
                    List.of("jsonb", "'1'", "'1.0'"),
                    List.of("xml", "'<a/>'", "'<b/>'"),
                    List.of("integer[]", "'{1}'", "'{1,null}'"),
                    List.of("text[]", "'{}'", "null"),
                    List.of("mood", "'sad'", "'happy'"),
                    List.of("positive", "1", "2"),
                    List.of("pair", "row(1, 'a')", "row(1, 'b')"),
                    List.of("int4range", "'[1,3)'", "'empty'"),
                    List.of("int4multirange", "'{[1,3)}'", "'{}'"),
                    List.of("inet", "'10.0.0.1'", "'10.0.0.1/8'"),
                    List.of("cidr", "'10.0.0.0/8'", "'::/0'"),
                    List.of("macaddr", "'08:00:2b:01:02:03'", "'08:00:2b:01:02:04'"),
                    List.of("bit(3)", "B'101'", "B'100'"),
                    List.of("varbit", "B''", "B'0'"),
                    List.of("point", "'(1,2)'", "'(1,3)'"),
                    List.of("polygon", "'((0,0),(1,1))'", "'((0,0),(1,2))'"),
                    List.of("tsvector", "'a b'", "'a'"),
                    List.of("money", "1", "2"),
                    List.of("citext", "'a'", "'A'"),
                    List.of("hstore", "'a=>1'", "'a=>2'"));

    private static final String PREPARATION =
            """
            create type mood as enum ('sad', 'happy'); create type pair as (a integer, b text);
            create domain positive as integer check (value > 0);
            create extension citext; create extension hstore;
            """;

    @ParameterizedTest
    @EnumSource
    void noticesAChangeOfEveryType(TestPostgres postgres) throws SQLException {
        var columns = new ArrayList<String>();
        var values = new ArrayList<String>();
        for (int i = 0; i < TYPES.size(); i++) {
            columns.add("\"Column %d\" %s".formatted(i, TYPES.get(i).getFirst()));
            values.add(TYPES.get(i).get(1));
        }
        for (Role role : Role.values()) {
            try (var db =
                    new InstalledDatabase(
                            postgres,
                            PREPARATION
                                    + "create table \"All \"\"types\"\"\" (id bigserial primary key, "
                                    + String.join(", ", columns)
                                    + ")")) {
                db.install(
                        role,
                        """
                        format = 1
                        [[model]]
                        name = "all types"
                        table = 'All "types"'
                        """);
                String table = "\"All \"\"types\"\"\"";
                db.run("insert into %s values (1, %s)".formatted(table, String.join(", ", values)));
                db.settle(table);
                for (int i = 0; i < TYPES.size(); i++) {
                    String set = "update %s set \"Column %d\" = %s";
                    db.run(set.formatted(table, i, "\"Column " + i + "\""));
                    assertThat(db.rows(state(role, table))).as("untouched, %d", i).isEmpty();
                    db.run(set.formatted(table, i, TYPES.get(i).get(2)));
                    assertThat(db.rows(state(role, table)))
                            .as(TYPES.get(i).getFirst())
                            .containsExactly(
                                    role == Role.CENTRAL ? "{\"Column " + i + "\"}" : bit(i + 1));
                    db.settle(table);
                    db.forgetHistory();
                }
                db.run("delete from " + table);
                assertThat(db.value("select count(id) from doctorbird." + table)).isEqualTo("0");
            }
        }
    }

    private static String state(Role role, String table) {
        return role == Role.CENTRAL
                ? "select fields from doctorbird.engine_history"
                : "select changed_fields from doctorbird."
                        + table
                        + " where last_synchronisation is null";
    }

    private static String bit(int position) {
        return "0".repeat(position) + "1" + "0".repeat(TYPES.size() - position);
    }

    @ParameterizedTest
    @EnumSource
    void takesNamesThatNeedQuotingAndNamesTooLong(TestPostgres postgres) throws SQLException {
        String longName = "t".repeat(60) + "ß";
        String twin = "t".repeat(60) + "ü";
        List<String> names =
                List.of(
                        "res_user-company_company",
                        "Übung \"x\" $doctorbird$ 'y'",
                        "engine_meta",
                        longName,
                        twin,
                        "other schema.res_user-company_company");
        var tables = new StringBuilder("create schema \"other schema\";");
        var plan = new StringBuilder("format = 1\n");
        for (String name : names) {
            int dot = name.indexOf('.');
            String qualified =
                    dot < 0
                            ? Sql.identifier(name)
                            : Sql.identifier(name.substring(0, dot))
                                    + "."
                                    + Sql.identifier(name.substring(dot + 1));
            tables.append(
                    "create table %s (\"the $key\" uuid primary key default gen_random_uuid(), \"select\" text, \"old_rows\" text, \"found\" integer, \"c1\" integer, \"key\" integer, \"tg_op\" text, \"doctorbird\" text, \"n\" text, \"o\" integer, \"%%s\" text);"
                            .formatted(qualified));
            plan.append("[[model]]\nname = '''%s'''\ntable = '''%s'''\n".formatted(name, name));
        }
        for (Role role : Role.values()) {
            try (var db = new InstalledDatabase(postgres, tables.toString())) {
                db.install(role, plan.toString());
                for (SyncedTable table :
                        SyncedTables.of(
                                org.doctorbird.app.plan.PlanFile.parse(plan.toString()),
                                Catalogue.read(db.engine))) {
                    String name = table.qualified();
                    db.run("insert into %s (\"select\") values ('a'), ('b')".formatted(name));
                    db.run(
                            "update %s set \"found\" = 1, \"o\" = 5, \"the $key\" = gen_random_uuid()"
                                    .formatted(name));
                    db.run("update %s set \"%%s\" = 'x', \"n\" = 'y'".formatted(name));
                    db.run(
                            "alter table %s drop column \"found\", drop column \"n\", drop column \"tg_op\", drop column \"o\""
                                    .formatted(name));
                    db.run("update %s set \"c1\" = 2, \"key\" = 3".formatted(name));
                    db.run("delete from %s where \"select\" = 'a'".formatted(name));
                    assertThat(db.value("select count(*), count(id) from " + table.companion()))
                            .as(name)
                            .isEqualTo("2|1");
                    db.run("truncate " + name);
                }
                assertThat(db.rows("select companion from doctorbird.engine_capture"))
                        .doesNotHaveDuplicates()
                        .contains("public.engine_meta", "other schema.res_user-company_company");
                Installer.uninstall(db.engine);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NEWEST")
    void adoptsAHundredThousandRowsAndCapturesBulkChangesInAnyOrder(TestPostgres postgres)
            throws SQLException {
        for (Role role : Role.values()) {
            try (var db =
                    new InstalledDatabase(
                            postgres,
                            """
                            create table party (id serial primary key, name text, code text unique);
                            insert into party (name, code)
                            select 'n' || i, 'c' || i from generate_series(1, 100000) i;
                            """)) {
                InstallReport report =
                        db.install(
                                role,
                                """
                                format = 1
                                [[model]]
                                name = "party"
                                table = "party"
                                unique_id_column = "code"
                                """);
                assertThat(report.models().getFirst().adopted()).isEqualTo(100_000);
                assertThat(
                                db.value(
                                        "select count(distinct uid), count(distinct id) from doctorbird.party"))
                        .isEqualTo("100000|100000");

                // In one session, so that plans made for one row meet many rows and the other way
                // round.
                db.run("insert into party (code) values ('one')");
                db.run("update party set name = 'x' where id = 1");
                db.run("insert into party (code) select 'm' || i from generate_series(1, 20000) i");
                db.run("update party set name = name || '!' where id <= 20000");
                db.run("update party set name = 'y' where id = 1");
                db.run("delete from party where id > 100000");
                assertThat(db.value("select count(*), count(id) from doctorbird.party"))
                        .isEqualTo("120001|100000");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void letsFiftyWritersInRepeatableReadWorkSideBySide(TestPostgres postgres) throws Exception {
        for (Role role : Role.values()) {
            try (var db =
                            new InstalledDatabase(
                                    postgres,
                                    """
                                    create table party (id serial primary key, name text, code text unique,
                                        parent integer references party);
                                    insert into party (name) select 'p' from generate_series(1, 50);
                                    """);
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                db.install(
                        role,
                        """
                        format = 1
                        [[model]]
                        name = "party"
                        table = "party"
                        unique_id_column = "code"
                        """);
                var works = new ArrayList<Callable<Boolean>>();
                for (int i = 1; i <= 50; i++) {
                    int own = i;
                    works.add(() -> write(db.database, own));
                }
                for (Future<Boolean> work : threads.invokeAll(works)) {
                    assertThat(work.get()).isTrue();
                }
                assertThat(db.value("select count(*), count(id) from doctorbird.party"))
                        .isEqualTo("300|250");
            }
        }
    }

    /// Five transactions that overlap with everybody else's.
    private static boolean write(TestPostgres.Database database, int own) throws SQLException {
        try (Connection connection = database.connect()) {
            for (int round = 0; round < 5; round++) {
                InstalledDatabase.run(
                        connection,
                        """
                        begin isolation level repeatable read;
                        select count(*) from party;
                        update party set name = name || 'x' where id = %1$d;
                        insert into party (name, code, parent) values ('new', '%1$d-%2$d', %1$d);
                        select pg_sleep(0.01);
                        update party set parent = 1 where code = '%1$d-%2$d';
                        %3$s
                        commit
                        """
                                .formatted(
                                        own,
                                        round,
                                        round == 4
                                                ? "delete from party where code = '" + own + "-0';"
                                                : ""));
            }
            return true;
        }
    }
}
