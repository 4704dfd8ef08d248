package org.doctorbird.app.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

final class TestPostgresTest {

    @Test
    void oldestAndNewestRunBesideEachOther() throws SQLException {
        try (Connection oldest = TestPostgres.OLDEST.freshDatabase().connect();
                Connection newest = TestPostgres.NEWEST.freshDatabase().connect()) {
            assertThat(oldest.getMetaData().getDatabaseMajorVersion()).isEqualTo(14);
            assertThat(newest.getMetaData().getDatabaseMajorVersion()).isEqualTo(18);
        }
    }

    @Test
    void everyFreshDatabaseIsAnother() {
        TestPostgres.Database first = TestPostgres.NEWEST.freshDatabase();
        TestPostgres.Database second = TestPostgres.NEWEST.freshDatabase();
        assertThat(first.name()).isNotEqualTo(second.name());
    }
}
