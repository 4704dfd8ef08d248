package org.doctorbird.app.postgres;

import org.doctorbird.app.testing.TestPostgres;

/// The contract of interest on the oldest PostgreSQL that Doctorbird promises.
class OldestPostgresInterestTest extends PostgresInterestTest {

    @Override
    TestPostgres postgres() {
        return TestPostgres.OLDEST;
    }
}
