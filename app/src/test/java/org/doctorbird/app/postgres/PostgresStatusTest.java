package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.model;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.ErrorCode;
import org.doctorbird.app.postgres.PostgresStatus.ModelStatus;
import org.doctorbird.app.postgres.PostgresStatus.WorkStatus;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.ETag;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PostgresStatusTest {

    private static final ETag ETAG = new ETag(1_000_000_000_000_001L);

    private static StoreDatabase make(TestPostgres server, String columns) throws SQLException {
        return StoreDatabase.make(
                server,
                "create table party (id serial primary key, %s, parent integer references party)"
                        .formatted(columns),
                model("party", "party"));
    }

    private static PostgresStatus status(StoreDatabase database) {
        return new PostgresStatus(database.source(), database.tables());
    }

    private static void store(StoreDatabase database, List<Write> writes) {
        assertThat(
                        database.satellite()
                                .<List<?>>inTransaction(
                                        t -> t.apply(database.shape("party"), writes)))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void equalRecordsHaveEqualDigestsWhateverTheirKeysAndOrder(TestPostgres server)
            throws SQLException {
        var one = make(server, "name text, born date");
        var other = make(server, "extra text, born date, name text");
        var writes = new ArrayList<Write>();
        for (int i = 0; i < 50; i++) {
            writes.add(
                    new Write.AtSatellite(
                            uid(i),
                            fields("name", "n" + i, "born", null, "parent", uid(i + 5).toString()),
                            ETAG));
        }
        store(one, writes);
        Collections.reverse(writes);
        writes.forEach(write -> store(other, List.of(write)));
        var common =
                new ModelShape(
                        "party",
                        one.shape("party").fields().stream()
                                .filter(field -> !"extra".equals(field.name()))
                                .toList());
        String digest = status(one).digest(common);
        assertThat(digest).matches("50/[0-9a-f]{32}").isEqualTo(status(other).digest(common));
        var names = common.fields().stream().map(FieldShape::name).toList();
        assertThat(names).containsExactly("name", "born", "parent");
        for (String change :
                List.of(
                        "update party set name = 'other' where name = 'n3'",
                        "update party set name = '' where name = 'n4'",
                        "update party set born = '2000-01-01' where name = 'n5'",
                        "update party set parent = null where name = 'n6'")) {
            String before = status(one).digest(common);
            one.run(change);
            assertThat(status(one).digest(common)).isNotEqualTo(before);
        }
        assertThat(status(other).digest(common)).isEqualTo(digest);
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void centralDigestsWhatAnInstanceHolds(TestPostgres server) throws SQLException {
        var central = make(server, "name text");
        var satellite = make(server, "name text");
        var three = new InstanceId(3);
        for (int i = 1; i < 4; i++) {
            Write write =
                    new Write.AtCentral(
                            uid(i),
                            fields("name", "x" + i),
                            Set.of("name"),
                            ETAG,
                            i == 2 ? InstanceId.CENTRAL : three,
                            1,
                            false);
            central.central()
                    .<List<?>>inTransaction(t -> t.apply(central.shape("party"), List.of(write)));
        }
        store(
                satellite,
                List.of(
                        new Write.AtSatellite(uid(1), fields("name", "x1"), ETAG),
                        new Write.AtSatellite(uid(3), fields("name", "x3"), ETAG)));
        ModelShape shape = central.shape("party");
        assertThat(status(central).digest(shape, three)).isEqualTo(status(satellite).digest(shape));
        assertThat(status(central).digest(shape)).startsWith("3/");
        assertThat(status(central).digest(shape, new InstanceId(100)))
                .isEqualTo("0/" + "0".repeat(32));
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void countsWhatWaits(TestPostgres server) throws SQLException {
        var database = make(server, "name text");
        store(database, List.of(new Write.AtSatellite(uid(1), fields("name", "x"), ETAG)));
        database.run(
                """
                insert into doctorbird.party (uid) values ('%s');
                insert into doctorbird.engine_held (model, uid, revision, code, reason, next_try)
                values ('party', '%1$s', 1, '', '', now());
                """
                        .formatted(uid(2)));
        PostgresStatus status = status(database);
        status.noteFailure("party", "push", ErrorCode.CENTRAL_UNREACHABLE);
        status.noteSuccess("party", "push", 5);
        status.noteSuccess("party", "push", 2);
        List<ModelStatus> models = status.models();
        assertThat(models).hasSize(1);
        ModelStatus party = models.getFirst();
        assertThat(List.of(party.records(), party.waiting(), party.held(), party.parked()))
                .containsExactly(1L, 1L, 1L, 0L);
        WorkStatus push = party.work().getFirst();
        assertThat(push.records()).isEqualTo(7);
        assertThat(push.failure()).contains(ErrorCode.CENTRAL_UNREACHABLE);
        assertThat(push.lastSuccess().orElseThrow()).isAfter(push.lastFailure().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void namesWithdrawnRecordsThatCannotBeRemovedForLong(TestPostgres server) throws SQLException {
        var database = make(server, "name text");
        database.run(
                """
                insert into doctorbird.engine_withdrawal (model, uid, stamp, since, reason)
                values ('party', '%s', 1, now() - interval '2 days', 'constraint visit_fkey'),
                  ('party', '%s', 1, now(), 'constraint visit_fkey'),
                  ('party', '%s', 1, now() - interval '2 days', null)
                """
                        .formatted(uid(1), uid(2), uid(3)));
        PostgresStatus status = status(database);
        assertThat(status.models().getFirst().withdrawn()).isEqualTo(3);
        assertThat(status.irremovable(Duration.ofDays(1)))
                .containsExactly(
                        new PostgresStatus.Irremovable("party", 1, "constraint visit_fkey"));
        assertThat(status.irremovable(Duration.ofDays(3))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void namesTheTransactionThatHoldsTheFeedBack(TestPostgres server) throws SQLException {
        var database = make(server, "name text");
        try (Connection open = database.connect();
                var statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("set application_name = 'forgetful'");
            statement.execute("insert into party (name) values ('x')");
            assertThat(status(database).oldestOpen().orElseThrow().application())
                    .isEqualTo("forgetful");
            open.rollback();
        }
        assertThat(status(database).oldestOpen().map(open -> open.application()))
                .isNotEqualTo(Optional.of("forgetful"));
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void listsTheInstancesWithTheirClocks(TestPostgres server) throws SQLException {
        var database = make(server, "name text");
        database.run(
                """
                insert into doctorbird.engine_instance (id, name, password_hash, last_seen,
                  clock_offset) values (3, 'c', '', now(), '-01:30'), (4, 'd', '', null, null)
                """);
        assertThat(status(database).contacts())
                .extracting(contact -> contact.name(), contact -> contact.clockOffset())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "c", Optional.of(Duration.ofMinutes(-90))),
                        org.assertj.core.groups.Tuple.tuple("d", Optional.empty()));
    }
}
