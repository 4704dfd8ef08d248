package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.model;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.doctorbird.app.postgres.FeedAudience.Range;
import org.doctorbird.app.postgres.FeedAudience.Ranges;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.CentralTransaction;
import org.doctorbird.exchange.Feed;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.interest.Due;
import org.doctorbird.interest.InterestPass;
import org.doctorbird.interest.WholeReasons;
import org.doctorbird.plan.Interest;
import org.doctorbird.plan.Rules;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.InstanceSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is for others is left out of a feed without looking at it, and nothing else is.
final class FeedAudienceTest {

    private static final InstanceId TWO = new InstanceId(2);
    private static final InstanceId THREE = new InstanceId(3);
    private static final int RECORDS = 12;
    private static final int INSTANCES = 5;
    private static final int STEPS = 120;

    private StoreDatabase database;
    private long clock;

    @BeforeEach
    void make() throws SQLException {
        database =
                StoreDatabase.make(
                        TestPostgres.NEWEST,
                        "create table party (id serial primary key, name text)",
                        model("party", "party").with(Rules.of(Interest.where("true"))));
        store(InstanceId.CENTRAL, 999);
        publish();
    }

    private <T> T in(Function<CentralTransaction, T> work) {
        return database.central().inTransaction(work);
    }

    private void publish() {
        in(transaction -> {
            transaction.collectChanged();
            transaction.publishInterest();
            return 0;
        });
    }

    private void store(InstanceId origin, int uid) {
        clock++;
        database.store(origin, uid, clock);
    }

    private void interest(int uid, InstanceSet instances) {
        in(t -> {
            t.storeWhole("party", List.of(new WholeReasons.Whole(uid(uid), instances)));
            return 0;
        });
    }

    private Page read(InstanceId instance, Feed feed, Cursor after, int records) {
        return in(t ->
                t.read(
                        database.shape("party"),
                        instance,
                        feed,
                        after,
                        BatchLimit.ofRecords(records),
                        Optional.empty()));
    }

    /// Stores new records at once that only one instance should hold.
    private void insert(int count, InstanceId instance) throws SQLException {
        database.run(
                """
                with p as (insert into party (name)
                  select 'n' from generate_series(1, %d) returning id)
                insert into doctorbird.party
                  (uid, id, etag, changed, origin, origin_revision, interested_instances)
                select gen_random_uuid(), id, clock_timestamp(), pg_current_xact_id(), 0, 1,
                  set_bit(repeat('0', 8)::varbit, %d, 1)
                from p
                """
                        .formatted(count, instance.number()));
    }

    @Test
    void oneStretchForOthersIsPassedByAtOnce() throws SQLException {
        insert(CentralFeed.SCANNED_MAX + 10, THREE);
        publish();
        Page page = read(TWO, Feed.NEW, Cursor.START, 100);
        assertThat(page.records()).isEmpty();
        assertThat(page.hasMore()).isFalse();
        assertThat(read(THREE, Feed.NEW, Cursor.START, 100).records()).hasSize(100);
    }

    @Test
    void whatLiesBetweenManyStretchesForOthersIsAllGivenInOrder() throws SQLException {
        for (int i = 0; i < 20; i++) {
            insert(FeedAudience.RECORDS_MIN, THREE);
            publish();
            insert(3, TWO);
            insert(FeedAudience.RECORDS_MIN, TWO);
            publish();
        }
        int given = 0;
        Cursor cursor = Cursor.START;
        boolean hasMore = true;
        while (hasMore) {
            Page page = read(TWO, Feed.NEW, cursor, 1_000);
            assertThat(page.next()).isGreaterThan(cursor);
            given += page.records().size();
            cursor = page.next();
            hasMore = page.hasMore();
        }
        assertThat(given).isEqualTo(20 * (FeedAudience.RECORDS_MIN + 3));
    }

    @Test
    void smallStretchesGrowTogether() throws SQLException {
        for (int i = 0; i < 20; i++) {
            insert(FeedAudience.RECORDS_MIN / 10, i % 2 == 0 ? TWO : THREE);
            publish();
        }
        assertThat(database.rows("select records, instances from doctorbird.engine_audience"))
                .hasSizeBetween(2, 3)
                .allMatch(row -> row.endsWith("|0011") || row.endsWith("|00110000"));
        assertThat(read(new InstanceId(4), Feed.NEW, Cursor.START, 10).isEmpty()).isTrue();
    }

    @Test
    void whatIsPublishedAtOnceIsCut() throws SQLException {
        for (InstanceId instance : List.of(TWO, THREE, TWO)) {
            insert(FeedAudience.RECORDS_MIN, instance);
        }
        publish();
        assertThat(
                        database.rows(
                                """
                                select rtrim(instances::text, '0'), records
                                from doctorbird.engine_audience order by until
                                """))
                .containsExactly("001|500", "0001|500", "001|500");
    }

    /// Where changes come as fast as they are computed, something has to be published all the same.
    @Test
    void whatIsLeftIsComputedAndPublishedBeforeNewChangesAreCollected() throws SQLException {
        var pass = new InterestPass(new TablesByModel(database.tables()).graph());
        in(t -> {
            t.reconsider("party", Due.Kind.WHOLE, List.of(uid(999)));
            return 0;
        });
        assertThat(in(CentralTransaction::isBehind)).isTrue();
        InterestPass.Step step = in(pass::begin);
        assertThat(step).isEqualTo(new InterestPass.Step(InterestPass.Progress.PUBLISHED, false));
        assertThat(in(CentralTransaction::isBehind)).isFalse();

        in(t -> {
            t.reconsider("party", Due.Kind.WHOLE, List.of(uid(999)));
            return 0;
        });
        database.run(
                """
                insert into doctorbird.engine_meta (key, value) values ('interest_paused', 'true')
                on conflict (key) do update set value = excluded.value
                """);
        assertThat(in(CentralTransaction::isBehind)).isFalse();
    }

    @Test
    void whoHasAcknowledgedLateIsToldOfTheEnd() throws SQLException {
        store(InstanceId.CENTRAL, 1);
        interest(1, InstanceSet.EMPTY.with(TWO));
        publish();
        var old = new Receipt(uid(1), new ETag(clock));
        end(1);
        database.run("update doctorbird.party set interested_instances = B'' where id is null");
        publish();
        in(t -> t.acknowledge(database.shape("party"), TWO, List.of(old)));
        endStretch();
        publish();
        assertThat(read(TWO, Feed.NEW, Cursor.START, 10).records()).hasSize(1);
    }

    /// What is withdrawn is published, and the instance passes by it, after the receipt has looked
    /// at the feed and before it counts.
    @Test
    void aReceiptThatComesWhileTheWithdrawalIsPublishedDoesNotHideIt() throws SQLException {
        store(InstanceId.CENTRAL, 1);
        interest(1, InstanceSet.EMPTY.with(TWO));
        publish();
        interest(1, InstanceSet.EMPTY);
        var receipt = new Receipt(uid(1), new ETag(clock));
        var passed = new ArrayList<Page>();
        var source =
                InterruptedSource.beforeCommit(
                        database.source(),
                        () -> {
                            publish();
                            passed.add(read(TWO, Feed.PULL, Cursor.START, 10));
                        });
        int current =
                new PostgresCentralStore(source, database.tables())
                        .<Integer>inTransaction(
                                t -> t.acknowledge(database.shape("party"), TWO, List.of(receipt)));
        assertThat(current).isOne();
        assertThat(passed).singleElement().matches(Page::isEmpty);
        publish();
        Page page = read(TWO, Feed.PULL, passed.getFirst().next(), 10);
        assertThat(page.withdrawn()).extracting(Withdrawal::uid).containsExactly(uid(1));
    }

    @Test
    void rangesAreWhatIsLeft() {
        var part = new Range(10, 100);
        assertThat(Ranges.without(List.of(), part)).isEqualTo(Ranges.of(part));
        assertThat(Ranges.without(List.of(new Range(5, 100)), part).all()).isEmpty();
        assertThat(Ranges.without(List.of(new Range(5, 20), new Range(20, 40)), part).all())
                .containsExactly(new Range(40, 100));
        assertThat(Ranges.without(List.of(new Range(11, 12), new Range(50, 100)), part).all())
                .containsExactly(new Range(10, 11), new Range(12, 50));
        List<Range> many =
                IntStream.range(0, 40).mapToObj(i -> new Range(11 + 2 * i, 12 + 2 * i)).toList();
        assertThat(Ranges.without(many, part).areAll()).isFalse();
    }

    /// What a satellite has been given and not acknowledged yet.
    private record Taken(InstanceId instance, Receipt receipt) {}

    /// Records change, end, and are given, taken and acknowledged, late and twice; who should hold
    /// them changes; satellites begin anew. Each feed gives the same as without what is noted.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void nothingThatAnInstanceMayGetIsLeftOut(long seed) throws SQLException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Map<String, Cursor> cursors = new HashMap<>();
        List<Taken> taken = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            var instance = new InstanceId(1 + random.nextInt(INSTANCES));
            int uid = 1 + random.nextInt(RECORDS);
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    store(random.nextBoolean() ? InstanceId.CENTRAL : instance, uid);
                    publishSometimes(random);
                }
                case 2 -> {
                    interest(uid, anySet(random));
                    publishSometimes(random);
                }
                case 3 -> end(uid);
                case 4 -> beginAnew(instance, cursors);
                case 5 -> acknowledgeOne(random, taken);
                default -> {
                    publish();
                    Feed feed = random.nextBoolean() ? Feed.PULL : Feed.NEW;
                    exchange(seed + "/" + step, instance, feed, cursors, taken);
                }
            }
        }
    }

    private void publishSometimes(RandomGenerator random) throws SQLException {
        if (random.nextBoolean()) {
            publish();
            endStretch();
        }
    }

    /// What is published next gets a stretch of its own, so that it is for few.
    private void endStretch() throws SQLException {
        database.run("update doctorbird.engine_audience set records = " + FeedAudience.RECORDS_MIN);
    }

    private static InstanceSet anySet(RandomGenerator random) {
        InstanceSet set = InstanceSet.EMPTY;
        for (int number = 1; number <= INSTANCES; number++) {
            if (random.nextInt(3) == 0) {
                set = set.with(new InstanceId(number));
            }
        }
        return set;
    }

    private void end(int uid) throws SQLException {
        clock++;
        database.run(
                """
                update doctorbird.party set id = null, deleted_at = now(), stamped = 0,
                  etag = 'epoch'::timestamptz + %d * interval '1 microsecond',
                  changed = pg_current_xact_id(), origin = 0
                where uid = '%s' and id is not null
                """
                        .formatted(clock, uid(uid)));
    }

    private void beginAnew(InstanceId instance, Map<String, Cursor> cursors) throws SQLException {
        database.run(
                """
                update doctorbird.party c set synchronised_instances = %2$s;
                delete from doctorbird.engine_late_receipt where instance = %1$d
                """
                        .formatted(
                                instance.number(),
                                Bits.without(
                                        "c.synchronised_instances",
                                        Integer.toString(instance.number()))));
        cursors.keySet().removeIf(key -> key.startsWith(instance.number() + " "));
    }

    private void acknowledgeOne(RandomGenerator random, List<Taken> taken) {
        if (!taken.isEmpty()) {
            Taken one = taken.get(random.nextInt(taken.size()));
            in(t -> t.acknowledge(database.shape("party"), one.instance(), List.of(one.receipt())));
        }
    }

    /// Reads one page from where the instance is and checks it.
    private void exchange(
            String when,
            InstanceId instance,
            Feed feed,
            Map<String, Cursor> cursors,
            List<Taken> taken)
            throws SQLException {
        String key = instance.number() + " " + feed;
        Cursor after = cursors.getOrDefault(key, Cursor.START);
        Page page = read(instance, feed, after, 100);
        database.run(
                """
                create table kept as select * from doctorbird.engine_audience;
                delete from doctorbird.engine_audience
                """);
        assertThat(page).as(when).isEqualTo(read(instance, feed, after, 100));
        database.run(
                """
                insert into doctorbird.engine_audience select * from kept; drop table kept
                """);
        cursors.put(key, page.next());
        page.records()
                .forEach(sent ->
                        taken.add(new Taken(instance, new Receipt(sent.uid(), sent.etag()))));
    }
}
