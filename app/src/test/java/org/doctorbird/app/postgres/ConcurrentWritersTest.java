package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.model;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralTransaction;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several transactions at once, as several workers and satellites have them.
final class ConcurrentWritersTest {

    private static final int WRITERS = 4;
    private static final int RECORDS = 40;
    private static final InstanceId READER = new InstanceId(9);

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aReaderOfTheFeedMissesNothingWhileOthersWrite(long seed) throws Exception {
        var database =
                StoreDatabase.make(
                        TestPostgres.NEWEST,
                        """
                        create table party (id serial primary key, name text,
                          parent integer references party)
                        """,
                        model("party", "party"));
        try (var workers = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<Integer>> writing = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                var instance = new InstanceId(i + 1);
                var random = new Random(seed * 100 + i);
                writing.add(workers.submit(writer(database, instance, random)));
            }
            Map<UUID, SentRecord> seen = new HashMap<>();
            Cursor cursor = Cursor.START;
            boolean isLast = false;
            while (!isLast) {
                isLast = writing.stream().allMatch(Future::isDone);
                cursor = readAll(database, cursor, seen);
            }
            int written = 0;
            for (Future<Integer> one : writing) {
                written += one.get();
            }
            assertThat(written).isPositive();
            assertThat(database.central().<List<?>>inTransaction(t -> t.takeReady(10))).isEmpty();
            assertThat(seen).isEqualTo(current(database));
            assertThat(database.rows("select count(*) from doctorbird.engine_history"))
                    .containsExactly(Integer.toString(written - seen.size()));
            assertThat(
                            database.rows(
                                    "select * from doctorbird.engine_missing_reference m where exists (select 1 from doctorbird.party c where c.uid = m.target_uid)"))
                    .isEmpty();
        }
    }

    /// @return a writer that stores versions and returns how many
    private static Callable<Integer> writer(
            StoreDatabase database, InstanceId instance, Random random) {
        return () -> {
            var store = database.central();
            int written = 0;
            for (int round = 0; round < 40; round++) {
                var uids =
                        random.ints(0, RECORDS)
                                .distinct()
                                .limit(5)
                                .mapToObj(StoreDatabase::uid)
                                .toList();
                String parent = uid(random.nextInt(RECORDS)).toString();
                try {
                    written += store.inTransaction(t -> store(database, t, instance, uids, parent));
                } catch (SyncException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.WRITES_COLLIDED);
                }
            }
            return written;
        };
    }

    private static int store(
            StoreDatabase database,
            CentralTransaction transaction,
            InstanceId instance,
            List<UUID> uids,
            String parent) {
        var pushed =
                uids.stream()
                        .map(uid -> new PushedRecord(uid, Optional.empty(), 1, Fields.NONE, false))
                        .toList();
        var held = transaction.lock(database.shape("party"), instance, pushed);
        ETag now = transaction.now();
        var writes = new ArrayList<Write>();
        for (UUID uid : uids) {
            Optional<ETag> before = Optional.ofNullable(held.get(uid)).map(record -> record.etag());
            ETag etag = ETag.next(before, now);
            writes.add(
                    new Write.AtCentral(
                            uid,
                            fields("name", etag.text(), "parent", parent),
                            Set.of("name", "parent"),
                            etag,
                            instance,
                            1,
                            false));
        }
        assertThat(transaction.apply(database.shape("party"), writes)).isEmpty();
        return writes.size();
    }

    private static Cursor readAll(StoreDatabase database, Cursor from, Map<UUID, SentRecord> seen) {
        Cursor cursor = from;
        boolean hasMore = true;
        while (hasMore) {
            Cursor after = cursor;
            Page page =
                    database.central()
                            .inTransaction(t ->
                                    t.read(
                                            database.shape("party"),
                                            READER,
                                            Feed.NEW,
                                            after,
                                            BatchLimit.ofRecords(7),
                                            Optional.empty()));
            page.records().forEach(record -> seen.put(record.uid(), record));
            cursor = page.next();
            hasMore = page.hasMore();
        }
        return cursor;
    }

    private static Map<UUID, SentRecord> current(StoreDatabase database) throws SQLException {
        List<UUID> uids =
                database.rows("select uid from doctorbird.party").stream()
                        .map(UUID::fromString)
                        .toList();
        return database.central().inTransaction(t -> t.current(database.shape("party"), uids));
    }
}
