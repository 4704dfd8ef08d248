package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.model;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.RecordTransaction;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// New records are copied straight into their tables, or staged where that would not do. Both must
/// come to the same; a table with a rule is always staged.
final class DirectInsertsTest {

    private static final ETag ETAG = new ETag(1_234_567_890_123_456L);
    private static final int RECORDS = 300;

    private static final String COLUMNS =
            """
            id integer generated always as identity primary key, name varchar(40), note text,
            born date, weight numeric(6, 2), is_active boolean default true, seen timestamp,
            data bytea, tags text[], kind "char"\
            """;

    private static final String TABLES =
            """
            create table copied (%1$s, boss integer references copied);
            create table staged (%1$s, boss integer references staged);
            create table audit (what text);
            create rule noted as on insert to staged do also insert into audit values ('insert');
            """
                    .formatted(COLUMNS);

    private static final List<String> TEXTS =
            List.of(
                    "",
                    "plain",
                    "\t\r\n\\",
                    "\\N",
                    "\\.",
                    "a\\tb",
                    "Zoë Müller",
                    "\u65e5\u672c",
                    "\ud83d\udc26 bird\t\ud83d\udc26\\",
                    "'; drop table copied; --");

    private static StoreDatabase make(TestPostgres server) throws SQLException {
        return StoreDatabase.make(
                server, TABLES, model("copied", "copied"), model("staged", "staged"));
    }

    private static Fields row(Random random, int number) {
        String name = TEXTS.get(random.nextInt(TEXTS.size()));
        return fields(
                "name",
                name,
                "note",
                random.nextInt(4) == 0 ? null : name.repeat(random.nextInt(50)),
                "born",
                random.nextInt(3) == 0 ? null : "1961-02-03",
                "weight",
                random.nextInt(3) == 0 ? null : number + ".25",
                "is_active",
                random.nextBoolean() ? "t" : "f",
                "seen",
                "2024-02-29 23:59:59.123456",
                "data",
                "\\x00ff5c0a",
                "tags",
                "{\"a\\\\b\",\"c,d\",NULL}",
                "kind",
                "x",
                "boss",
                number == 0 ? null : uid(random.nextInt(number)).toString());
    }

    private static List<Fields> rows(Random random) {
        return IntStream.range(0, RECORDS).mapToObj(number -> row(random, number)).toList();
    }

    private static Write atCentral(int number, Fields fields) {
        return new Write.AtCentral(
                uid(number),
                fields,
                Set.copyOf(fields.names().list()),
                ETAG,
                new InstanceId(number % 5),
                number,
                false,
                number % 2 == 0 ? Optional.of("7") : Optional.empty(),
                Optional.empty());
    }

    private static Write atSatellite(int number, Fields fields) {
        return new Write.AtSatellite(uid(number), fields, ETAG);
    }

    private static List<Write> writes(
            List<Fields> rows, java.util.function.BiFunction<Integer, Fields, Write> write) {
        return IntStream.range(0, rows.size()).mapToObj(i -> write.apply(i, rows.get(i))).toList();
    }

    private static Function<RecordTransaction, List<Refused>> storing(
            StoreDatabase database, String model, List<Write> writes) {
        return transaction -> transaction.apply(database.shape(model), writes);
    }

    private static List<String> stored(StoreDatabase database, String table) throws SQLException {
        return database.rows(
                """
                select c.uid, c.last_synchronisation, c.base_etag, c.revision, c.etag,
                  c.changed is not null, c.origin, c.origin_revision, c.origin_user,
                  c.synchronised_instances, c.interested_instances, c.deleted_at, c.creator, c.stamped,
                  t.name, t.note, t.born, t.weight, t.is_active, t.seen, t.data, t.tags, t.kind,
                  (select b.uid from doctorbird.%1$s b where b.id = t.boss)
                from doctorbird.%1$s c join %1$s t on t.id = c.id order by c.uid
                """
                        .formatted(table));
    }

    private static void assertSame(StoreDatabase database) throws SQLException {
        assertThat(stored(database, "copied"))
                .hasSize(RECORDS)
                .isEqualTo(stored(database, "staged"));
        assertThat(database.rows("select distinct what from audit")).containsExactly("insert");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void copiedRowsAreThoseThatAreStagedAtCentral(TestPostgres server) throws SQLException {
        var database = make(server);
        List<Write> writes = writes(rows(new Random(1)), DirectInsertsTest::atCentral);
        for (String model : List.of("copied", "staged")) {
            assertThat(
                            database.central()
                                    .<List<Refused>>inTransaction(
                                            storing(database, model, writes)::apply))
                    .isEmpty();
        }
        assertSame(database);
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void copiedRowsAreThoseThatAreStagedOnSatellites(TestPostgres server) throws SQLException {
        var database = make(server);
        List<Write> writes = writes(rows(new Random(2)), DirectInsertsTest::atSatellite);
        for (String model : List.of("copied", "staged")) {
            assertThat(
                            database.satellite()
                                    .<List<Refused>>inTransaction(
                                            storing(database, model, writes)::apply))
                    .isEmpty();
        }
        assertSame(database);
    }

    @Test
    void badRowsAreRefusedAloneAndTheOthersCopied() throws SQLException {
        var database = make(TestPostgres.NEWEST);
        var rows = new ArrayList<>(rows(new Random(3)));
        rows.set(7, bad(rows.get(7), "born", "no date"));
        rows.set(120, bad(rows.get(120), "name", "x".repeat(41)));
        rows.set(121, bad(rows.get(121), "name", "half \ud83d"));
        rows.set(122, bad(rows.get(122), "note", "zero \0"));
        List<Write> writes = writes(rows, DirectInsertsTest::atCentral);

        List<Refused> refused =
                database.central().inTransaction(storing(database, "copied", writes)::apply);

        assertThat(refused)
                .extracting(Refused::uid)
                .containsExactlyInAnyOrder(uid(7), uid(120), uid(121), uid(122));
        assertThat(database.rows("select count(*) from copied"))
                .isEqualTo(database.rows("select count(*) from doctorbird.copied"))
                .containsExactly(Integer.toString(RECORDS - 4));
    }

    private static Fields bad(Fields row, String name, @Nullable String value) {
        return row.overlaid(fields(name, value));
    }
}
