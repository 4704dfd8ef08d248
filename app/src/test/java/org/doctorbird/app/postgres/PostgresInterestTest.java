package org.doctorbird.app.postgres;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.CentralCalls;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.InterestContract;
import org.doctorbird.exchange.Link;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.Site;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.AfterEach;

/// The contract of interest on real databases with their triggers.
class PostgresInterestTest extends InterestContract {

    private static final String TABLES =
            """
            create table party_party (
                id serial primary key, name text not null, home text,
                replaced_by integer references party_party);
            create table visit (
                id serial primary key, party integer not null references party_party, note text);
            create table party_tag (
                id serial primary key, party integer not null references party_party,
                other integer not null references party_party);
            """;

    private static final String PLAN_TEXT =
            """
            format = 1
            [[model]]
            name = "party.party"
            table = "party_party"
            batch = 4
            where = "home = :home"
            [[model]]
            name = "visit"
            table = "visit"
            batch = 4
            follows = "party"
            [[model]]
            name = "party.tag"
            table = "party_tag"
            batch = 4
            follows = "party"
            """;

    private final PostgresRegion region =
            new PostgresRegion(
                    postgres(),
                    TABLES,
                    PLAN_TEXT,
                    ORDER,
                    Map.of(
                            PARTY,
                            List.of("name", "home", "replaced_by"),
                            VISIT,
                            List.of("party", "note"),
                            TAG,
                            List.of("party", "other")));

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
    protected Site site(InstanceId instance) {
        return region.site(instance);
    }

    @Override
    protected void pin(InstanceId instance, String model, UUID uid) {
        var request = new PinRequest(List.of(uid), "comes today", Optional.empty());
        var shape = region.models(InstanceId.CENTRAL).shape(model);
        region.centralStore()
                .inTransaction(transaction -> transaction.pin(shape, instance, request));
    }
}
