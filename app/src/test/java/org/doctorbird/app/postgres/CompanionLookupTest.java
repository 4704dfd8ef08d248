package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.doctorbird.app.testing.TestPostgres;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CompanionLookupTest {

    private static final String PLAN =
            """
            format = 1
            [[model]]
            name = "party"
            table = "party"
            """;

    private static final int RECORDS = 60_000;
    private static final int IN_ONE_TRANSACTION = 1_000;

    /// Goal: a batch's records are looked up by the index of uids, not by reading all of the
    /// feed's. Method: a companion that few transactions have written, and what PostgreSQL says it
    /// would do.
    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aBatchIsLookedUpByUid(TestPostgres server) throws SQLException {
        try (var database =
                new InstalledDatabase(
                        server, "create table party (id serial primary key, name text)")) {
            database.install(Role.CENTRAL, PLAN);
            database.run(
                    """
                    insert into doctorbird.party (uid, id, etag, changed)
                    select gen_random_uuid(), i, now(), (100 + i / %d)::text::xid8
                    from generate_series(1, %d) i
                    """
                            .formatted(IN_ONE_TRANSACTION, RECORDS));
            database.run("analyze doctorbird.party; set random_page_cost = 1.1");

            String unknown =
                    database.value(
                            "select array_agg(gen_random_uuid()) from generate_series(1, 1000)");
            for (String query :
                    new String[] {
                        "select count(*) from doctorbird.party where uid = any('%s')",
                        "select c.id from doctorbird.party c where c.uid = any('%s') order by c.uid"
                                + " for update of c"
                    }) {
                assertThat(database.rows("explain " + query.formatted(unknown)).toString())
                        .contains("party~uid")
                        .doesNotContain("party~feed");
            }
        }
    }
}
