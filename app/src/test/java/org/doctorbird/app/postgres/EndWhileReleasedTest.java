package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.DirectLink;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.Retried;
import org.doctorbird.exchange.SatelliteExchange;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A visit waits at a satellite for its party, which has come by now. While one worker stores the
/// visit, another one receives its end.
final class EndWhileReleasedTest {

    private static final InstanceId CLINIC = new InstanceId(1);

    private final PostgresRegion region =
            new PostgresRegion(
                    TestPostgres.NEWEST,
                    """
                    create table party_party (id serial primary key);
                    create table visit (
                        id serial primary key, party integer not null references party_party);
                    """,
                    """
                    format = 1
                    [[model]]
                    name = "party"
                    table = "party_party"
                    [[model]]
                    name = "visit"
                    table = "visit"
                    """,
                    List.of("party", "visit"),
                    Map.of());

    @AfterEach
    void close() throws Exception {
        region.close();
    }

    private DirectLink link() {
        return new DirectLink(CLINIC, region.central());
    }

    private Cycle cycle() {
        return region.cycle(CLINIC, link());
    }

    private List<String> atClinic(String sql) throws SQLException {
        return region.database(CLINIC).rows(sql);
    }

    @Test
    void theEndDeletesTheVisitThatIsBeingStored() throws Exception {
        region.database(InstanceId.CENTRAL)
                .run("insert into party_party values (7); insert into visit (party) values (7)");
        assertThat(cycle().run(Cycle.Work.NEW, "visit")).isEqualTo(1);
        assertThat(atClinic("select model from doctorbird.engine_parked")).containsExactly("visit");
        assertThat(cycle().run(Cycle.Work.NEW, "party")).isEqualTo(1);
        region.database(InstanceId.CENTRAL).run("delete from visit");
        Cycle other = cycle();

        try (ExecutorService worker = Executors.newSingleThreadExecutor()) {
            var source =
                    InterruptedSource.beforeCommit(
                            region.database(CLINIC).database.dataSource(),
                            () ->
                                    awaitWaiting(
                                            worker.submit(
                                                    () -> other.run(Cycle.Work.PULL, "visit"))));
            var store = new PostgresSatelliteStore(source, region.tables(CLINIC));
            Retried released =
                    new SatelliteExchange(store, link(), ExchangeListener.NONE)
                            .releaseReady(region.models(CLINIC));
            assertThat(released.stored()).isEqualTo(1);
        }

        assertThat(atClinic("select id from visit")).isEmpty();
        assertThat(atClinic("select uid from doctorbird.visit where id is not null")).isEmpty();
        assertThat(atClinic("select model from doctorbird.engine_parked")).isEmpty();
    }

    /// Returns when it waits for a lock, or has not waited at all.
    private void awaitWaiting(Future<Long> end) throws SQLException {
        String waiting =
                """
                select pid from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'
                """;
        while (!end.isDone() && atClinic(waiting).isEmpty()) {
            Thread.onSpinWait();
        }
    }
}
