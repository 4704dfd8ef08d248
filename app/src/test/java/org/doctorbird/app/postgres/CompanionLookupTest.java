package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.fields;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How central finds the records of a batch in a large companion that few transactions have
/// written.
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

    /// How often the feed's index was searched, and the tables read whole, in this transaction.
    private static final String SCANS =
            """
            select pg_stat_get_xact_numscans('doctorbird."party~feed"'::regclass) || ' '
              || pg_stat_get_xact_numscans('doctorbird.party'::regclass) || ' '
              || pg_stat_get_xact_numscans('party'::regclass)
            """;

    private static InstalledDatabase make(TestPostgres server) throws SQLException {
        var database =
                new InstalledDatabase(
                        server, "create table party (id serial primary key, name text)");
        database.install(Role.CENTRAL, PLAN);
        database.run(
                """
                insert into party (name) select 'n' from generate_series(1, %d);
                update doctorbird.party set changed = (100 + id / %d)::text::xid8;
                analyze party, doctorbird.party;
                set random_page_cost = 1.1
                """
                        .formatted(RECORDS, IN_ONE_TRANSACTION));
        return database;
    }

    /// Goal: a batch's records are looked up by the index of uids, not by reading all of the
    /// feed's. Method: what PostgreSQL says it would do.
    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aBatchIsLookedUpByUid(TestPostgres server) throws SQLException {
        try (var database = make(server)) {
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

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aPushedBatchReadsNothingWhole(TestPostgres server) throws SQLException {
        try (var database = make(server)) {
            List<UUID> known =
                    database
                            .rows(
                                    "select uid from doctorbird.party order by md5(id::text) limit 1000")
                            .stream()
                            .map(UUID::fromString)
                            .toList();
            List<UUID> unknown =
                    known.stream().map(uid -> new UUID(uid.getLeastSignificantBits(), 7)).toList();
            assertThat(scans(database, known, Optional.of(new ETag(1)))).isEqualTo("1000: 0 0 0");
            assertThat(scans(database, unknown, Optional.empty())).isEqualTo("0: 0 0 0");
        }
    }

    /// Returns how many were found, and what was read for it.
    private static String scans(InstalledDatabase database, List<UUID> uids, Optional<ETag> base)
            throws SQLException {
        var table =
                SyncedTables.of(PlanFile.parse(PLAN), Catalogue.read(database.engine)).getFirst();
        var tables = new TablesByModel(List.of(table));
        List<PushedRecord> pushed =
                uids.stream()
                        .map(uid -> new PushedRecord(uid, base, 1, fields("name", "z"), false))
                        .toList();
        return new Transactions(database.database.dataSource())
                .run(statements ->
                        PostgresRecordTransaction.doing(
                                "cannot look up",
                                () -> {
                                    int found =
                                            new CentralReading(statements, tables)
                                                    .lock(table.shape(), new InstanceId(3), pushed)
                                                    .size();
                                    return statements
                                            .first(SCANS, row -> found + ": " + row.getString(1))
                                            .orElseThrow();
                                }));
    }
}
