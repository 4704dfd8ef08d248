package org.doctorbird.app.postgres;

import org.doctorbird.app.testing.TestPostgres;

/// The contract of the exchange on the oldest PostgreSQL that Doctorbird promises.
class OldestPostgresExchangeTest extends PostgresExchangeTest {

    @Override
    TestPostgres postgres() {
        return TestPostgres.OLDEST;
    }
}
