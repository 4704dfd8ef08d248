package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.doctorbird.ErrorCode;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.conflict.CentralRecord;
import org.doctorbird.conflict.VersionMade;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralTransaction;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.SatelliteTransaction;
import org.doctorbird.exchange.Settlement;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.record.SentRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Deletions that go from a satellite to central and on, with the triggers and with foreign keys
/// that do something to other rows.
final class DeletionTest {

    private static final InstanceId TWO = new InstanceId(2);
    private static final InstanceId THREE = new InstanceId(3);
    private static final ETag ETAG = new ETag(4_000_000_000_000_000L);

    private static final String TABLES =
            """
            create table party (id serial primary key, name text,
                replaced_by integer references party on delete set null);
            create table address (id serial primary key,
                party integer not null references party on delete cascade, city text);
            create table bill (id serial primary key, party integer not null references party);
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
            [[model]]
            name = "bill"
            table = "bill"
            """;

    /// Four parties: 1 has an address and took the place of 2; 3 has a bill.
    private static InstalledDatabase make(TestPostgres server, Role role) throws SQLException {
        var database = new InstalledDatabase(server, TABLES);
        database.install(role, PLAN);
        database.run(
                """
                insert into party (name) values ('a'), ('b'), ('c'), ('d');
                update party set replaced_by = 1 where id = 2;
                insert into address (party, city) values (1, 'x'), (4, 'y');
                insert into bill (party) values (3);
                """);
        for (String table : List.of("party", "address", "bill")) {
            InstalledDatabase.run(
                    database.engine,
                    """
                    update doctorbird.%1$s set synchronised_instances = B'0011',
                      uid = ('01234567-0000-4000-8000-00000000000' || id)::uuid;
                    """
                            .formatted(table));
            database.settle(table);
        }
        database.forgetHistory();
        return database;
    }

    private static List<SyncedTable> tables(InstalledDatabase database) {
        return SyncedTables.of(PlanFile.parse(PLAN), Catalogue.read(database.engine));
    }

    private static ModelShape shape(InstalledDatabase database, String model) {
        return new TablesByModel(tables(database)).get(model).shape();
    }

    private static <T> T atCentral(
            InstalledDatabase database, Function<CentralTransaction, T> work) {
        return new PostgresCentralStore(database.database.dataSource(), tables(database))
                .inTransaction(work);
    }

    private static <T> T atSatellite(
            InstalledDatabase database, Function<SatelliteTransaction, T> work) {
        return new PostgresSatelliteStore(database.database.dataSource(), tables(database))
                .inTransaction(work);
    }

    private static List<Refused> delete(InstalledDatabase database, int... uids) {
        var writes = new ArrayList<Write>();
        for (int some : uids) {
            writes.add(new Write.DeleteAtCentral(uid(some), ETAG, THREE, 7));
        }
        return atCentral(database, t -> t.apply(shape(database, "party"), writes));
    }

    private static Page pull(InstalledDatabase database, String model, InstanceId instance) {
        return atCentral(
                database,
                t ->
                        t.read(
                                shape(database, model),
                                instance,
                                Feed.PULL,
                                Cursor.START,
                                BatchLimit.ofRecords(100),
                                Optional.empty()));
    }

    private static List<UUID> ended(InstalledDatabase database, String model, InstanceId instance) {
        return pull(database, model, instance).records().stream()
                .filter(SentRecord::isDeleted)
                .map(SentRecord::uid)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void whatForeignKeysDoToOthersIsAVersionToo(TestPostgres server) throws SQLException {
        try (var database = make(server, Role.CENTRAL)) {
            assertThat(delete(database, 1)).isEmpty();
            assertThat(database.rows("select id from party order by id"))
                    .containsExactly("2", "3", "4");
            assertThat(
                            database.rows(
                                    """
                                    select id, origin, origin_revision, synchronised_instances,
                                      deleted_at is not null, extract(epoch from etag) = 4000000000
                                    from doctorbird.party where uid = '%s'
                                    """
                                            .formatted(uid(1))))
                    .containsExactly("-|3|7|0010|t|t");
            assertThat(
                            database.rows(
                                    """
                                    select model, uid, h.origin, h.origin_revision, fields, before,
                                      h.etag in (select etag from doctorbird.party
                                        union all select etag from doctorbird.address)
                                    from doctorbird.engine_history h order by model, uid
                                    """))
                    .containsExactly(
                            "address|%s|0|0|{party,city}|{\"city\": \"x\", \"party\": \"%1$s\"}|t"
                                    .formatted(uid(1)),
                            "party|%s|3|7|{name,replaced_by}|{\"name\": \"a\", \"replaced_by\": null}|t"
                                    .formatted(uid(1)),
                            "party|%s|0|0|{replaced_by}|{\"replaced_by\": \"%s\"}|t"
                                    .formatted(uid(2), uid(1)));
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void theEndGoesToTheHoldersUntilTheirReceipts(TestPostgres server) throws SQLException {
        try (var database = make(server, Role.CENTRAL)) {
            delete(database, 1);
            assertThat(ended(database, "party", TWO)).containsExactly(uid(1));
            assertThat(ended(database, "party", THREE)).isEmpty();
            assertThat(ended(database, "address", THREE)).containsExactly(uid(1));
            assertThat(
                            DeletionTest.<Integer>atCentral(
                                    database,
                                    t ->
                                            t.acknowledge(
                                                    shape(database, "party"),
                                                    TWO,
                                                    List.of(new Receipt(uid(1), ETAG)))))
                    .isEqualTo(1);
            assertThat(ended(database, "party", TWO)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aForeignKeyThatForbidsItKeepsOnlyThatRecord(TestPostgres server) throws SQLException {
        try (var database = make(server, Role.CENTRAL)) {
            assertThat(delete(database, 1, 2, 3, 4))
                    .extracting(Refused::uid, Refused::code)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(uid(3), ErrorCode.RECORD_REFUSED));
            assertThat(database.rows("select id from party")).containsExactly("3");
            assertThat(
                            database.rows(
                                    """
                                    select uid, id, origin, origin_revision
                                    from doctorbird.party order by uid
                                    """))
                    .containsExactly(
                            uid(1) + "|-|3|7",
                            uid(2) + "|-|3|7",
                            uid(3) + "|3|0|0",
                            uid(4) + "|-|3|7");
            database.run("insert into party (name) values ('e')");
            assertThat(database.rows("select origin from doctorbird.party where id = 5"))
                    .containsExactly("0");
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aDeletionThatIsPushedAgainIsRecognised(TestPostgres server) throws SQLException {
        try (var database = make(server, Role.CENTRAL)) {
            delete(database, 1);
            var pushed = new PushedRecord(uid(1), Optional.of(new ETag(1)), 7, fields(), true);
            CentralRecord held =
                    Objects.requireNonNull(
                            DeletionTest.<Map<UUID, CentralRecord>>atCentral(
                                            database,
                                            t ->
                                                    t.lock(
                                                            shape(database, "party"),
                                                            THREE,
                                                            List.of(pushed)))
                                    .get(uid(1)));
            assertThat(held.isRowGone()).isTrue();
            assertThat(held.isHeld()).isFalse();
            assertThat(held.made())
                    .contains(new VersionMade(ETAG, THREE, 7, Set.of("name", "replaced_by")));
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aChangeOfTheSameBatchThatTheDeletionTakesAlongEndsToo(TestPostgres server)
            throws SQLException {
        try (var database = make(server, Role.CENTRAL)) {
            database.run("alter table party drop constraint party_replaced_by_fkey");
            database.run(
                    """
                    alter table party add constraint party_replaced_by_fkey
                      foreign key (replaced_by) references party on delete cascade
                    """);
            List<Write> writes =
                    List.of(
                            new Write.DeleteAtCentral(uid(1), ETAG, THREE, 7),
                            new Write.AtCentral(
                                    uid(2),
                                    fields("name", "bb"),
                                    Set.of("name"),
                                    ETAG,
                                    THREE,
                                    8,
                                    false));
            assertThat(
                            DeletionTest.<List<Refused>>atCentral(
                                    database, t -> t.apply(shape(database, "party"), writes)))
                    .isEmpty();
            assertThat(
                            database.rows(
                                    "select id, origin from doctorbird.party where uid <= '%s' order by uid"
                                            .formatted(uid(2))))
                    .containsExactly("-|3", "-|0");
            assertThat(ended(database, "party", THREE)).containsExactly(uid(2));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30})
    void takesTheSameNumberOfStatementsForAnyBatch(int records) throws SQLException {
        try (var database = make(TestPostgres.NEWEST, Role.CENTRAL)) {
            database.run(
                    "insert into party (name) select 'n' from generate_series(1, %d)"
                            .formatted(records));
            List<Write> writes =
                    database.rows("select uid from doctorbird.party where id > 4").stream()
                            .<Write>map(some ->
                                    new Write.DeleteAtCentral(
                                            UUID.fromString(some), ETAG, THREE, 1))
                            .toList();
            var source = new CountingSource(database.database.dataSource());
            ModelShape shape = shape(database, "party");
            int count =
                    new PostgresCentralStore(source, tables(database))
                            .<Integer>inTransaction(t -> {
                                source.count();
                                assertThat(t.apply(shape, writes)).isEmpty();
                                return source.count();
                            });
            assertThat(count).isEqualTo(13);
            assertThat(database.rows("select count(*) from party")).containsExactly("4");
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void whatASatellitesForeignKeysTakeAlongIsGoneThereToo(TestPostgres server)
            throws SQLException {
        try (var database = make(server, Role.SATELLITE)) {
            List<Write> writes = List.of(new Write.DeleteAtSatellite(uid(1), ETAG));
            assertThat(
                            DeletionTest.<List<Refused>>atSatellite(
                                    database, t -> t.apply(shape(database, "party"), writes)))
                    .isEmpty();
            assertThat(
                            database.rows(
                                    """
                                    select uid, id, deleted_at is not null,
                                      last_synchronisation is not null, revision
                                    from doctorbird.address order by uid
                                    """))
                    .containsExactly(uid(1) + "|-|t|t|1", uid(2) + "|2|f|t|1");
            assertThat(
                            DeletionTest.<Set<RecordKey>>atSatellite(
                                    database,
                                    t -> t.present(List.of(new RecordKey("address", uid(1))))))
                    .isEmpty();
            atSatellite(
                    database,
                    t -> {
                        t.settle(
                                shape(database, "address"),
                                List.of(new Settlement.InStep(uid(1), 1, ETAG)));
                        return 0;
                    });
            assertThat(
                            database.rows(
                                    "select id from doctorbird.address where uid = '%s'"
                                            .formatted(uid(1))))
                    .containsExactly("-");
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aDeletionThatWouldTakeUnpushedChangesAlongWaits(TestPostgres server) throws SQLException {
        try (var database = make(server, Role.SATELLITE)) {
            database.run(
                    """
                    update address set city = 'unpushed' where party = 1;
                    update party set name = 'refused' where id = 4;
                    """);
            List<Write> writes =
                    List.of(
                            new Write.DeleteAtSatellite(uid(1), ETAG),
                            new Write.DeleteAtSatellite(uid(4), ETAG));
            assertThat(
                            DeletionTest.<List<Refused>>atSatellite(
                                    database, t -> t.apply(shape(database, "party"), writes)))
                    .extracting(Refused::uid, Refused::reason)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(
                                    uid(1),
                                    "records that wait to be pushed would be deleted with it"));
            assertThat(database.rows("select city from address")).containsExactly("unpushed");
            assertThat(database.rows("select id from party order by id"))
                    .containsExactly("1", "2", "3");
        }
    }
}
