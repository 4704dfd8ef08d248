package org.doctorbird.app.postgres;

import java.util.List;
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

    private final PostgresRegion region = PostgresRegion.ofInterest(postgres());

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
