package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.postgres.Catalogue.Action;
import org.doctorbird.app.postgres.Catalogue.Identity;
import org.doctorbird.app.postgres.Catalogue.Kind;
import org.doctorbird.app.postgres.Catalogue.Table;
import org.doctorbird.app.postgres.SyncedTable.UidSource;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CatalogueTest {

    private static final String TABLES =
            """
            create sequence party_id_seq;
            create schema "Other Schema";
            create type mood as enum ('sad', 'happy');
            create domain positive as integer check (value > 0);
            create domain short as positive not null;
            create table party (
                id integer primary key default nextval('party_id_seq'),
                dropped text, code varchar(20) not null unique,
                create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
                replaced_by integer references party on delete set null,
                local_user integer, half numeric generated always as (1.5) stored);
            alter table party drop column dropped;
            create table "Other Schema"."res_user-company ""x""\" (
                "the key" bigint generated always as identity primary key,
                "The Party" integer not null references party on delete cascade,
                party_code varchar(20) references party (code) on update cascade,
                mood mood, moods public.mood[], short short, n numeric(10,2) default 5,
                unique ("The Party", mood));
            create unique index on party (local_user) where local_user > 5;
            create table outside (id serial primary key, name text);
            alter table party add column outside integer references outside;
            create view a_view as select id from party;
            create table divided (id integer, primary key (id)) partition by range (id);
            create table part partition of divided for values from (0) to (10);
            create table heir () inherits (outside);
            create temporary table passing (id integer primary key);
            """;

    @ParameterizedTest
    @EnumSource
    void readsTablesColumnsAndKeys(TestPostgres postgres) throws SQLException {
        try (Connection connection = prepared(postgres)) {
            Catalogue catalogue = Catalogue.read(connection);

            assertThat(catalogue.tables())
                    .extracting(Table::planName, Table::kind)
                    .containsExactly(
                            tuple("Other Schema.res_user-company \"x\"", Kind.TABLE),
                            tuple("a_view", Kind.VIEW),
                            tuple("divided", Kind.PARTITIONED),
                            tuple("heir", Kind.CHILD),
                            tuple("outside", Kind.PARENT),
                            tuple("part", Kind.CHILD),
                            tuple("party", Kind.TABLE));
            Table party = catalogue.table("party").orElseThrow();
            assertThat(catalogue.table("public.party")).contains(party);
            assertThat(party.highestNumber()).isEqualTo(11);
            assertThat(party.key().orElseThrow().maker())
                    .contains("nextval('public.party_id_seq'::regclass)");
            assertThat(party.key().orElseThrow().sequence()).contains("public.party_id_seq");
            assertThat(party.isUnique("code")).isTrue();
            assertThat(party.isUnique("local_user")).isFalse();
            assertThat(party.column("code").orElseThrow().number()).isEqualTo(3);
            assertThat(party.column("half").orElseThrow().isGenerated()).isTrue();
            assertThat(party.foreignKeys())
                    .extracting(Catalogue.ForeignKey::columns, Catalogue.ForeignKey::onDelete)
                    .containsExactly(
                            tuple(List.of("outside"), Action.NO_ACTION),
                            tuple(List.of("replaced_by"), Action.SET_NULL));
            Table other = catalogue.table("Other Schema.res_user-company \"x\"").orElseThrow();
            Catalogue.Column key = other.key().orElseThrow();
            assertThat(key.identity()).isEqualTo(Identity.ALWAYS);
            try (Statement statement = connection.createStatement();
                    var next = statement.executeQuery("select " + key.maker().orElseThrow())) {
                assertThat(next.next()).isTrue();
            }
            assertThat(other.columns())
                    .extracting(Catalogue.Column::type)
                    .containsExactly(
                            "bigint",
                            "integer",
                            "character varying(20)",
                            "public.mood",
                            "public.mood[]",
                            "public.short",
                            "numeric(10,2)");
            assertThat(other.column("short").orElseThrow().baseType()).isEqualTo("integer");
            assertThat(other.column("short").orElseThrow().isRequired()).isTrue();
            assertThat(currentSearchPath(connection)).isEqualTo("\"$user\", public");
        }
    }

    @ParameterizedTest
    @EnumSource
    void laysAPlanOverTheTables(TestPostgres postgres) throws SQLException {
        try (Connection connection = prepared(postgres)) {
            Plan plan =
                    new Plan(
                            Application.TRYTON,
                            List.of(
                                    model("party", Optional.of("code"), Set.of("local_user")),
                                    model(
                                            "Other Schema.res_user-company \"x\"",
                                            Optional.empty(),
                                            Set.of())));

            List<SyncedTable> tables = SyncedTables.of(plan, Catalogue.read(connection));

            SyncedTable party = tables.getFirst();
            assertThat(party.columns())
                    .containsExactly(
                            new SyncedColumn(
                                    FieldShape.plain("code", FieldKind.TEXT, true),
                                    2,
                                    "character varying(20)"),
                            new SyncedColumn(
                                    FieldShape.plain("create_date", FieldKind.TIMESTAMP, false),
                                    4,
                                    "timestamp(6) without time zone"),
                            new SyncedColumn(
                                    FieldShape.reference("replaced_by", "party", false),
                                    7,
                                    "integer"));
            assertThat(party.stamps())
                    .extracting(SyncedTable.Stamp::column)
                    .containsExactly("create_uid", "write_uid", "write_date");
            assertThat(party.uidSource()).isEqualTo(UidSource.NATURAL_KEY);
            SyncedTable other = tables.get(1);
            assertThat(other.isKeyAlwaysGenerated()).isTrue();
            assertThat(other.uidSource()).isEqualTo(UidSource.RANDOM);
            assertThat(other.companionName()).isEqualTo("Other Schema.res_user-company \"x\"");
            assertThat(other.columns())
                    .extracting(SyncedColumn::shape)
                    .startsWith(
                            FieldShape.reference("The Party", "party", true),
                            FieldShape.plain("party_code", FieldKind.TEXT, false),
                            FieldShape.plain("mood", FieldKind.TEXT, false),
                            FieldShape.plain("moods", FieldKind.TEXT, false),
                            FieldShape.plain("short", FieldKind.INTEGER, true));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NEWEST")
    void refusesTablesThatCannotBeSynchronised(TestPostgres postgres) throws SQLException {
        try (Connection connection = prepared(postgres)) {
            Catalogue catalogue = Catalogue.read(connection);

            for (String table : List.of("missing", "a_view", "divided", "part", "outside")) {
                Plan plan =
                        new Plan(
                                Application.PLAIN,
                                List.of(model(table, Optional.empty(), Set.of())));
                assertThatThrownBy(() -> SyncedTables.of(plan, catalogue))
                        .isInstanceOfSatisfying(
                                SyncException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_DOES_NOT_FIT));
            }
        }
    }

    private static ModelPlan model(String table, Optional<String> uid, Set<String> leaveOut) {
        return new ModelPlan(table, table, Mode.FULL, uid, leaveOut, ModelPlan.BATCH_DEFAULT);
    }

    private static Connection prepared(TestPostgres postgres) throws SQLException {
        Connection connection = postgres.freshDatabase().connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute(TABLES);
        }
        return connection;
    }

    private static String currentSearchPath(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("show search_path")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
