package org.doctorbird.app.postgres;

import java.util.List;
import java.util.Map;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeContract;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.QuarantineRetry;
import org.doctorbird.exchange.Site;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.AfterEach;

/// The contract of the exchange on real databases with their triggers; one cluster, three
/// databases.
class PostgresExchangeTest extends ExchangeContract {

    private static final String TABLES =
            """
            create table party_party (
                id serial primary key, name text not null, note text check (note <> 'bad'),
                replaced_by integer references party_party on delete set null);
            create table visit (
                id serial primary key, party integer not null references party_party,
                note text check (note <> 'bad'));
            """;

    private static final String PLAN_TEXT =
            """
            format = 1
            [[model]]
            name = "party.party"
            table = "party_party"
            batch = 4
            [[model]]
            name = "visit"
            table = "visit"
            batch = 4
            """;

    final PostgresRegion region =
            new PostgresRegion(
                    postgres(),
                    TABLES,
                    PLAN_TEXT,
                    List.of(PARTY, VISIT),
                    Map.of(
                            PARTY,
                            List.of("name", "note", "replaced_by"),
                            VISIT,
                            List.of("note", "party")));

    /// Returns the version of PostgreSQL to run on.
    TestPostgres postgres() {
        return TestPostgres.NEWEST;
    }

    @AfterEach
    void closeConnections() throws Exception {
        region.close();
    }

    @Override
    protected CentralCalls central() {
        return region.central();
    }

    @Override
    protected Cycle cycle(InstanceId instance, Link link) {
        return region.cycle(instance, link);
    }

    @Override
    protected QuarantineRetry<?> retry(InstanceId instance) {
        return region.retry(instance);
    }

    @Override
    protected Site site(InstanceId instance) {
        return region.site(instance);
    }
}
