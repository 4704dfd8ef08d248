package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.HistoryWorld.MANDEVILLE;
import static org.doctorbird.app.postgres.HistoryWorld.MAY_PEN;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.record.ETag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What ends of the history, what stays, and what that means for pushes.
final class HistoryRetentionTest {

    private static final Duration DAYS_30 = Duration.ofDays(30);

    private static HistoryRetention retention(HistoryWorld world, Duration kept) {
        return new HistoryRetention(world.database.database.dataSource(), world.tables(), kept);
    }

    private static String rows(InstalledDatabase database) throws SQLException {
        return database.value("select count(*) from doctorbird.engine_history");
    }

    /// Makes versions that are that old.
    private static void age(InstalledDatabase database, int rows, int days) throws SQLException {
        database.run(
                """
                insert into doctorbird.engine_history (model, uid, etag, origin, origin_revision,
                  fields, before, replaced_etag, replaced_origin, replaced_revision)
                select 'party', gen_random_uuid(), now() - interval '%2$d days', 0, 0, '{name}', '{}',
                  now() - interval '%2$d days 1 second', 0, 0
                from generate_series(1, %1$d)
                """
                        .formatted(rows, days));
    }

    @ParameterizedTest
    @EnumSource
    void endsOldRowsInBoundedPieces(TestPostgres postgres) throws SQLException {
        try (var world = new HistoryWorld(postgres)) {
            age(world.database, HistoryRetention.PIECE + 5, 31);
            age(world.database, 7, 29);
            HistoryRetention retention = retention(world, DAYS_30);

            assertThat(retention.forget()).isFalse();
            assertThat(rows(world.database)).isEqualTo("12");
            assertThat(retention.forget()).isTrue();
            assertThat(rows(world.database)).isEqualTo("7");
            assertThat(retention.forget()).isTrue();
            assertThat(rows(world.database)).isEqualTo("7");
        }
    }

    @Test
    void takesTheSameNumberOfStatementsForAnyNumberOfRows() throws SQLException {
        try (var world = new HistoryWorld(TestPostgres.NEWEST)) {
            var source = new CountingSource(world.database.database.dataSource());
            var retention = new HistoryRetention(source, world.tables(), DAYS_30);
            source.count();
            retention.forget();
            int none = source.count();
            age(world.database, 500, 31);

            retention.forget();

            assertThat(source.count()).isEqualTo(none);
            assertThat(rows(world.database)).isEqualTo("0");
        }
    }

    @Test
    void leavesToAnotherWhatThatOneIsEnding() throws SQLException {
        try (var world = new HistoryWorld(TestPostgres.NEWEST);
                Connection other = world.database.database.connect()) {
            age(world.database, 5, 31);
            other.setAutoCommit(false);
            InstalledDatabase.run(
                    other, "select from doctorbird.engine_history limit 2 for update");

            assertThat(retention(world, DAYS_30).forget()).isTrue();

            assertThat(rows(world.database)).isEqualTo("2");
        }
    }

    /// Goal: a change of others that nobody can tell of any more is not overwritten in silence.
    /// Method: a satellite pushes from a base whose successors' history has ended, among them one
    /// by another instance of the same field.
    @ParameterizedTest
    @EnumSource
    void aPushFromBeforeWhatIsLeftBecomesAConflict(TestPostgres postgres) throws SQLException {
        try (var world = new HistoryWorld(postgres)) {
            world.database.run("insert into party (name) values ('Ida')");
            UUID uid = world.uid("party");
            ETag base = world.etag("party");
            world.push(MANDEVILLE, "party", uid, Optional.of(base), Map.of("name", "Una"), "");
            ETag between = world.etag("party");
            world.push(MAY_PEN, "party", uid, Optional.of(between), Map.of("code", "1"), "");
            while (!retention(world, Duration.ZERO).forget()) {}
            assertThat(rows(world.database)).isEqualTo("0");

            PushAnswer fromOld =
                    world.push(MAY_PEN, "party", uid, Optional.of(base), Map.of("name", "Eva"), "");
            PushAnswer withoutBase =
                    world.push(MAY_PEN, "party", uid, Optional.empty(), Map.of("name", "Amy"), "");
            PushAnswer ofCurrent =
                    world.push(
                            MANDEVILLE,
                            "party",
                            uid,
                            Optional.of(world.etag("party")),
                            Map.of("name", "Una B"),
                            "");

            assertThat(fromOld).isInstanceOf(PushAnswer.Superseded.class);
            assertThat(withoutBase).isInstanceOf(PushAnswer.Superseded.class);
            assertThat(ofCurrent).isInstanceOf(PushAnswer.Accepted.class);
            assertThat(
                            world.database.rows(
                                    "select fields ->> 'name' from doctorbird.engine_conflict"
                                            + " order by revision"))
                    .containsExactly("Eva", "Amy");
            assertThat(world.database.value("select name from party")).isEqualTo("Una B");
        }
    }

    /// The same without the end of the history: the other's change of the name is known, and so is
    /// that nobody else changed the code.
    @Test
    void aPushIsDecidedFieldByFieldWhileItsHistoryIsThere() throws SQLException {
        try (var world = new HistoryWorld(TestPostgres.NEWEST)) {
            world.database.run("insert into party (name) values ('Ida')");
            UUID uid = world.uid("party");
            ETag base = world.etag("party");
            world.push(MANDEVILLE, "party", uid, Optional.of(base), Map.of("name", "Una"), "");
            retention(world, DAYS_30).forget();

            assertThat(
                            world.push(
                                    MAY_PEN,
                                    "party",
                                    uid,
                                    Optional.of(base),
                                    Map.of("code", "2"),
                                    ""))
                    .isInstanceOf(PushAnswer.Merged.class);
        }
    }

    /// What a record pointed to before stands only in its history, until interest is computed.
    @Test
    void keepsWhatInterestIsStillToBeComputedFrom() throws SQLException {
        try (var world = new InterestWorld(TestPostgres.NEWEST)) {
            world.database.run(
                    """
                    insert into card (name) values ('c'), ('d');
                    insert into patient (name, institution, card) values ('p', 'a', 1);
                    """);
            world.compute();
            world.database.run("update patient set card = 2");
            var retention =
                    new HistoryRetention(
                            world.database.database.dataSource(), world.tables(), Duration.ZERO);

            retention.forget();
            assertThat(rows(world.database)).isEqualTo("1");
            world.compute();
            assertThat(world.differing()).isEmpty();
            retention.forget();
            assertThat(rows(world.database)).isEqualTo("0");
        }
    }
}
