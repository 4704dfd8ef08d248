package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.model;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.SentRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordWriterTest {

    private static final ETag FIRST = new ETag(1_000_000_000_000_001L);
    private static final ETag SECOND = new ETag(1_000_000_000_000_002L);
    private static final InstanceId THREE = new InstanceId(3);

    private static final String TABLES =
            """
            create table party (
              id integer generated always as identity primary key,
              code varchar(10) unique, name text not null default 'nobody', born date,
              parent integer references party, "best friend" integer references party,
              note text default 'a note', check (name <> 'bad'));
            create table "res_user-company" (
              "the id" uuid primary key, "Party" integer not null references party,
              "select" text);
            create table big (id bigserial primary key, owner uuid references "res_user-company");
            """;

    private static StoreDatabase make(TestPostgres server) throws SQLException {
        return StoreDatabase.make(
                server,
                TABLES,
                model("party", "party"),
                model("membership", "res_user-company", "the id"),
                model("big", "big"));
    }

    private static Write write(UUID uid, @Nullable String... values) {
        return write(uid, FIRST, values);
    }

    private static Write write(UUID uid, ETag etag, @Nullable String... values) {
        Fields fields = fields(values);
        return new Write.AtCentral(
                uid, fields, Set.copyOf(fields.names().list()), etag, THREE, 7, false);
    }

    private static List<Refused> apply(StoreDatabase database, String model, Write... writes) {
        return apply(database, model, List.of(writes));
    }

    private static List<Refused> apply(StoreDatabase database, String model, List<Write> writes) {
        return database.central()
                .inTransaction(transaction -> transaction.apply(database.shape(model), writes));
    }

    private static Fields read(StoreDatabase database, String model, UUID uid) {
        return Objects.requireNonNull(
                        database.central()
                                .<Map<UUID, SentRecord>>inTransaction(transaction ->
                                        transaction.current(database.shape(model), List.of(uid)))
                                .get(uid))
                .fields();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void insertsAndUpdatesRowsWithTheirCompanions(TestPostgres server) throws SQLException {
        var database = make(server);
        assertThat(
                        apply(
                                database,
                                "party",
                                write(uid(1), "name", "Ann", "code", "a"),
                                write(uid(2), "code", "b", "note", null)))
                .isEmpty();
        assertThat(database.rows("select id, code, name, note from party order by id"))
                .containsExactly("1|a|Ann|a note", "2|b|nobody|-");
        assertThat(
                        apply(
                                database,
                                "party",
                                write(uid(1), SECOND, "name", "Anna"),
                                write(uid(2), SECOND, "code", "c", "born", "2001-02-03")))
                .isEmpty();
        assertThat(database.rows("select id, code, name, born from party order by id"))
                .containsExactly("1|a|Anna|-", "2|c|nobody|2001-02-03");
        assertThat(
                        database.rows(
                                """
                                select uid, id, extract(epoch from etag) * 1000000, origin,
                                  origin_revision, synchronised_instances, deleted_at
                                from doctorbird.party order by id
                                """))
                .containsExactly(
                        uid(1) + "|1|1000000000000002.000000|3|7|0001|-",
                        uid(2) + "|2|1000000000000002.000000|3|7|0001|-");
        assertThat(
                        database.rows(
                                """
                                select uid, fields, before, replaced_revision
                                from doctorbird.engine_history order by uid
                                """))
                .containsExactly(
                        uid(1) + "|{name}|{\"name\": \"Ann\"}|7",
                        uid(2) + "|{code,born}|{\"born\": null, \"code\": \"b\"}|7");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void resolvesReferencesWithinABatchAndBetweenModels(TestPostgres server) throws SQLException {
        var database = make(server);
        UUID one = uid(1);
        UUID two = uid(2);
        assertThat(
                        apply(
                                database,
                                "party",
                                write(
                                        one,
                                        "name",
                                        "one",
                                        "parent",
                                        two.toString(),
                                        "best friend",
                                        one.toString()),
                                write(two, "name", "two", "parent", one.toString())))
                .isEmpty();
        assertThat(
                        apply(
                                database,
                                "membership",
                                write(
                                        uid(5),
                                        "the id",
                                        uid(5).toString(),
                                        "Party",
                                        two.toString(),
                                        "select",
                                        "x")))
                .isEmpty();
        assertThat(apply(database, "big", write(uid(6), "owner", uid(5).toString()))).isEmpty();
        assertThat(
                        database.rows(
                                """
                                select p.name, q.name, r.name from party p
                                join party q on q.id = p.parent
                                left join party r on r.id = p."best friend" order by 1
                                """))
                .containsExactly("one|two|one", "two|one|-");
        assertThat(read(database, "party", two).get("parent")).isEqualTo(one.toString());
        assertThat(database.rows("select \"the id\", \"select\" from \"res_user-company\""))
                .containsExactly(uid(5) + "|x");
        assertThat(read(database, "big", uid(6)).get("owner")).isEqualTo(uid(5).toString());
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aKeyThatTravelsMayChange(TestPostgres server) throws SQLException {
        var database = make(server);
        apply(database, "party", write(uid(1), "name", "p"));
        String party = uid(1).toString();
        String old = uid(5).toString();
        String changed = uid(6).toString();
        apply(database, "membership", write(uid(5), "the id", old, "Party", party));
        assertThat(apply(database, "membership", write(uid(5), SECOND, "the id", changed)))
                .isEmpty();
        assertThat(read(database, "membership", uid(5)))
                .isEqualTo(fields("the id", changed, "Party", party, "select", null));
        apply(database, "membership", write(uid(5), SECOND, "select", "x"));
        assertThat(read(database, "membership", uid(5)).get("select")).isEqualTo("x");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void completesANullableReferenceWhenItsTargetComes(TestPostgres server) throws SQLException {
        var database = make(server);
        UUID missing = uid(9);
        assertThat(
                        apply(
                                database,
                                "party",
                                write(uid(1), "parent", missing.toString()),
                                write(uid(2), "best friend", missing.toString())))
                .isEmpty();
        assertThat(database.rows("select parent, \"best friend\" from party"))
                .containsExactly("-|-", "-|-");
        assertThat(read(database, "party", uid(1)).get("parent")).isEqualTo(missing.toString());

        database.run("update party set \"best friend\" = id where id = 2");
        assertThat(read(database, "party", uid(2)).get("best friend")).isEqualTo(uid(2).toString());
        assertThat(apply(database, "party", write(missing, "name", "late"))).isEmpty();

        assertThat(database.rows("select id, parent, \"best friend\" from party order by id"))
                .containsExactly("1|3|-", "2|-|2", "3|-|-");
        assertThat(database.rows("select * from doctorbird.engine_missing_reference")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void forgetsAMissingReferenceThatIsSetAnew(TestPostgres server) throws SQLException {
        var database = make(server);
        apply(database, "party", write(uid(1), "parent", uid(9).toString(), "name", "x"));
        apply(database, "party", write(uid(1), SECOND, "name", "y"));
        assertThat(read(database, "party", uid(1)).get("parent")).isEqualTo(uid(9).toString());
        apply(database, "party", write(uid(1), SECOND, "parent", null));
        assertThat(read(database, "party", uid(1)).get("parent")).isNull();
        apply(database, "party", write(uid(9), "name", "late"));
        assertThat(read(database, "party", uid(1)).get("parent")).isNull();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void completesWhatTwoTransactionsPassedEachOtherBy(TestPostgres server) throws SQLException {
        var database = make(server);
        apply(database, "party", write(uid(9), "name", "there"));
        apply(database, "party", write(uid(1), "name", "x"));
        database.run(
                "insert into doctorbird.engine_missing_reference values ('party', '%s', 'parent', 'party', '%s')"
                        .formatted(uid(1), uid(9)));
        assertThat(database.central().<List<?>>inTransaction(t -> t.takeReady(10))).isEmpty();
        assertThat(database.rows("select id, parent from party order by id"))
                .containsExactly("1|-", "2|1");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void refusesOnlyRecordsWhoseRequiredReferenceIsMissing(TestPostgres server)
            throws SQLException {
        var database = make(server);
        apply(database, "party", write(uid(1), "name", "here"));
        List<Refused> refused =
                apply(
                        database,
                        "membership",
                        write(uid(5), "the id", uid(5).toString(), "Party", uid(1).toString()),
                        write(uid(6), "the id", uid(6).toString(), "Party", uid(2).toString()),
                        write(uid(7), "the id", uid(7).toString(), "Party", "no uid"));
        assertThat(refused)
                .extracting(Refused::uid, Refused::code, Refused::reason)
                .containsExactlyInAnyOrder(
                        tuple(
                                uid(6),
                                ErrorCode.REFERENCE_MISSING,
                                "reference Party is required and not here"),
                        tuple(uid(7), ErrorCode.VALUE_MALFORMED, "reference Party is no uid"));
        assertThat(database.rows("select \"the id\" from \"res_user-company\""))
                .containsExactly(uid(5).toString());
        assertThat(database.rows("select count(*) from doctorbird.\"res_user-company\""))
                .containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 499, 500, 999})
    void storesEverythingButTheBadOne(int bad) throws SQLException {
        var database = make(TestPostgres.NEWEST);
        var source = new CountingSource(database.source());
        var store = new PostgresCentralStore(source, database.tables());
        var writes = new ArrayList<Write>();
        for (int i = 0; i < 1_000; i++) {
            writes.add(write(uid(i), "name", i == bad ? "bad" : "good", "code", "" + i));
        }
        List<Refused> refused = store.inTransaction(t -> t.apply(database.shape("party"), writes));
        assertThat(refused).hasSize(1);
        assertThat(refused.getFirst().uid()).isEqualTo(uid(bad));
        assertThat(refused.getFirst().code()).isEqualTo(ErrorCode.RECORD_REFUSED);
        assertThat(refused.getFirst().reason()).isEqualTo("constraint party_name_check (23514)");
        assertThat(refused.getFirst().detail()).contains("bad");
        assertThat(database.rows("select count(*) from party")).containsExactly("999");
        assertThat(database.rows("select count(*) from doctorbird.party")).containsExactly("999");
        // Twenty-one attempts of at most ten statements.
        assertThat(source.count()).isLessThan(210);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1_000})
    void takesTheSameNumberOfStatementsForAnyBatch(int records) throws SQLException {
        var database = make(TestPostgres.NEWEST);
        var source = new CountingSource(database.source());
        var store = new PostgresCentralStore(source, database.tables());
        var inserts = new ArrayList<Write>();
        var updates = new ArrayList<Write>();
        for (int i = 0; i < records; i++) {
            String parent = uid(Math.max(0, i - 1)).toString();
            inserts.add(write(uid(i), "name", "n", "code", "" + i, "parent", parent));
            updates.add(write(uid(i), SECOND, "name", "m", "parent", null));
        }
        store.inTransaction(t -> t.apply(database.shape("party"), inserts));
        assertThat(source.count()).isEqualTo(11);
        store.inTransaction(t -> t.apply(database.shape("party"), updates));
        assertThat(source.count()).isEqualTo(12);
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void storesWhatRefersToABadRecordWithoutIt(TestPostgres server) throws SQLException {
        var database = make(server);
        var source = new CountingSource(database.source());
        var store = new PostgresCentralStore(source, database.tables());
        var writes = new ArrayList<Write>();
        for (int i = 1; i < 500; i++) {
            writes.add(write(uid(i), "name", "child", "parent", uid(0).toString()));
        }
        writes.add(write(uid(0), "name", "bad"));
        List<Refused> refused = store.inTransaction(t -> t.apply(database.shape("party"), writes));
        assertThat(refused).extracting(Refused::uid).containsExactly(uid(0));
        assertThat(source.count()).isLessThan(210);
        assertThat(database.rows("select count(*), count(parent) from party"))
                .containsExactly("499|0");
        apply(database, "party", write(uid(0), "name", "good"));
        assertThat(database.rows("select count(*), count(parent) from party"))
                .containsExactly("500|499");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void storesACircleAcrossTheHalvesOfABatchWithABadRecord(TestPostgres server)
            throws SQLException {
        var database = make(server);
        var writes = new ArrayList<Write>();
        for (int i = 0; i < 64; i++) {
            writes.add(
                    write(
                            uid(i),
                            "name",
                            i == 20 ? "bad" : "c",
                            "best friend",
                            uid((i + 1) % 64).toString()));
        }
        List<Refused> refused = apply(database, "party", writes);
        assertThat(refused).extracting(Refused::uid).containsExactly(uid(20));
        assertThat(database.rows("select count(*), count(\"best friend\") from party"))
                .containsExactly("63|62");
        assertThat(read(database, "party", uid(19)).get("best friend"))
                .isEqualTo(uid(20).toString());
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void refusesTheLaterOfTwoRecordsWithOneUniqueKey(TestPostgres server) throws SQLException {
        var database = make(server);
        apply(database, "party", write(uid(1), "code", "x"));
        List<Refused> refused =
                apply(
                        database,
                        "party",
                        write(uid(2), "code", "x"),
                        write(uid(3), "code", "y"),
                        write(uid(4), "code", "y"));
        assertThat(refused)
                .extracting(Refused::uid, Refused::code, Refused::reason)
                .containsExactlyInAnyOrder(
                        tuple(
                                uid(2),
                                ErrorCode.UNIQUE_KEY_TAKEN,
                                "constraint party_code_key (23505)"),
                        tuple(
                                uid(4),
                                ErrorCode.UNIQUE_KEY_TAKEN,
                                "constraint party_code_key (23505)"));
        assertThat(database.rows("select code from party order by 1")).containsExactly("x", "y");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void passesAUniqueKeyOnWithinABatch(TestPostgres server) throws SQLException {
        var database = make(server);
        var inserts = new ArrayList<Write>();
        var updates = new ArrayList<Write>();
        for (int i = 0; i < 10; i++) {
            inserts.add(write(uid(i), "code", "" + i));
            updates.add(write(uid(i), SECOND, "code", "" + (i + 1)));
        }
        apply(database, "party", inserts);
        assertThat(apply(database, "party", updates).size()).isLessThanOrEqualTo(9);
        assertThat(database.rows("select count(distinct code) from party")).containsExactly("10");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void marksADeletionAndUnmarksAnUpdate(TestPostgres server) throws SQLException {
        var database = make(server);
        apply(database, "party", write(uid(1), "name", "x"));
        apply(
                database,
                "party",
                new Write.AtCentral(uid(1), Fields.NONE, Set.of(), SECOND, THREE, 8, true));
        String state =
                """
                select id, deleted_at is not null, synchronised_instances, origin_revision
                from doctorbird.party
                """;
        assertThat(database.rows(state)).containsExactly("1|t|0000|8");
        assertThat(database.rows("select name from party")).containsExactly("x");
        apply(database, "party", write(uid(1), SECOND, "name", "y"));
        assertThat(database.rows(state)).containsExactly("1|f|0001|7");
        assertThat(database.rows("select fields, before from doctorbird.engine_history"))
                .containsExactly("{}|{}", "{name}|{\"name\": \"x\"}");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void givesWayToTheApplicationAndSaysSo(TestPostgres server) throws SQLException {
        var database = make(server);
        apply(database, "party", write(uid(1), "name", "x"));
        try (Connection application = database.connect();
                var statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("update party set name = 'mine'");
            assertThatThrownBy(
                            () -> apply(database, "party", write(uid(1), SECOND, "name", "yours")))
                    .isInstanceOfSatisfying(
                            SyncException.class,
                            failure ->
                                    assertThat(failure.code())
                                            .isEqualTo(ErrorCode.WRITES_COLLIDED));
            application.commit();
        }
        assertThat(database.rows("select name from party")).containsExactly("mine");
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aTriggerThatRefusesOneRecordRefusesOnlyThat(TestPostgres server) throws SQLException {
        var database = make(server);
        database.run(
                """
                create function choosy() returns trigger language plpgsql as $$
                begin
                  if new.name = 'raise' then raise exception 'not %', new.name; end if;
                  if new.name = 'skip' then return null; end if;
                  if new.name = 'broken' then perform * from no_such_table; end if;
                  return new;
                end $$;
                create trigger choosy before insert on party for each row execute function choosy();
                create function later() returns trigger language plpgsql as $$
                begin
                  if new.name = 'deferred' then raise exception 'at the end'; end if;
                  return null;
                end $$;
                create constraint trigger later after insert on party
                  deferrable initially deferred for each row execute function later();
                """);
        var names = List.of("a", "raise", "b", "skip", "c", "broken", "d", "deferred", "e");
        var writes = new ArrayList<Write>();
        for (int i = 0; i < names.size(); i++) {
            writes.add(write(uid(i), "name", names.get(i)));
        }
        List<Refused> refused = apply(database, "party", writes);
        assertThat(refused)
                .extracting(Refused::uid, Refused::code)
                .containsExactlyInAnyOrder(
                        tuple(uid(1), ErrorCode.RECORD_REFUSED),
                        tuple(uid(3), ErrorCode.RECORD_REFUSED),
                        tuple(uid(5), ErrorCode.RECORD_REFUSED),
                        tuple(uid(7), ErrorCode.RECORD_REFUSED));
        assertThat(database.rows("select name from party order by 1"))
                .containsExactly("a", "b", "c", "d", "e");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void storesATreeInWhateverOrder(long seed) throws SQLException {
        var database = make(TestPostgres.NEWEST);
        var writes = new ArrayList<Write>();
        for (int i = 0; i < 300; i++) {
            writes.add(write(uid(i), "name", "n", "parent", uid(i / 3).toString()));
        }
        Collections.shuffle(writes, new Random(seed));
        assertThat(apply(database, "party", writes)).isEmpty();
        assertThat(database.rows("select count(*) from party where parent is not null"))
                .containsExactly("300");
    }
}
