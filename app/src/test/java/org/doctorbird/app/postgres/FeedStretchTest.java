package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.model;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Page;
import org.doctorbird.plan.Interest;
import org.doctorbird.plan.Rules;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A feed in which nearly everything is for others.
final class FeedStretchTest {

    private static final InstanceId TWO = new InstanceId(2);

    /// One record, many for another instance, and one more at the end of the stretch that is looked
    /// at for a page: its last, or the first after it. Nothing is missed, nothing comes twice, and
    /// no page is followed by another without need.
    @ParameterizedTest
    @CsvSource({
        "OLDEST, -2, 2",
        "NEWEST, -3, 1",
        "NEWEST, -2, 2",
        "NEWEST, -1, 2",
        "NEWEST, 20000, 3"
    })
    void whatIsForOthersIsPassedBy(TestPostgres server, int more, int pages) throws SQLException {
        var database =
                StoreDatabase.make(
                        server,
                        "create table party (id serial primary key, name text)",
                        model("party", "party").with(Rules.of(Interest.where("true"))));
        insert(database, 1, "mine");
        insert(database, CentralFeed.SCANNED_MAX + more, "of others");
        insert(database, 1, "mine too");
        publish(database);

        List<String> given = new ArrayList<>();
        Cursor cursor = Cursor.START;
        int count = 0;
        boolean hasMore = true;
        while (hasMore) {
            Page page = read(database, cursor);
            page.records().forEach(record -> given.add(record.fields().get("name")));
            assertThat(page.next()).isGreaterThan(cursor);
            cursor = page.next();
            hasMore = page.hasMore();
            count++;
        }

        assertThat(given).containsExactly("mine", "mine too");
        assertThat(count).isEqualTo(pages);
        assertThat(read(database, cursor).isEmpty()).isTrue();
    }

    /// What is called mine should be with instance 2, the rest with instance 3.
    private static void insert(StoreDatabase database, int count, String name) throws SQLException {
        database.run(
                """
                with p as (insert into party (name)
                  select '%s' from generate_series(1, %d) returning id)
                insert into doctorbird.party
                  (uid, id, etag, changed, origin, origin_revision, interested_instances)
                select gen_random_uuid(), id, clock_timestamp(), pg_current_xact_id(), 0, 1, B'%s'
                from p
                """
                        .formatted(name, count, name.startsWith("mine") ? "001" : "0001"));
    }

    private static void publish(StoreDatabase database) throws SQLException {
        database.run(
                """
                insert into doctorbird.engine_meta (key, value)
                values ('interest_horizon', pg_snapshot_xmin(pg_current_snapshot())::text)
                on conflict (key) do update set value = excluded.value
                """);
    }

    private static Page read(StoreDatabase database, Cursor after) {
        return database.central()
                .inTransaction(transaction ->
                        transaction.read(
                                database.shape("party"),
                                TWO,
                                Feed.NEW,
                                after,
                                BatchLimit.ofRecords(100),
                                Optional.empty()));
    }
}
