package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.doctorbird.app.testing.TestPostgres;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StatementsTest {

    private static final UUID HIGHEST = UUID.fromString("ffffffff-ffff-ffff-ffff-ffffffffffff");
    private static final UUID MIXED = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    private static final String IN_ORDER =
            "select u.uid from unnest(?::uuid[]) with ordinality u(uid, n) order by u.n";

    private static final String PLANS =
            "select current_setting('plan_cache_mode'), current_setting('enable_seqscan')";

    /// In the binary form.
    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void sendsUidsAsTheyAre(TestPostgres server) throws SQLException {
        try (var database = Database.open(server.freshDatabase().url(), "postgres", "", 1);
                Connection connection = database.source().getConnection()) {
            assertUidsArrive(connection);
        }
    }

    /// As one does that knows nothing of the binary form.
    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void sendsUidsOverAnyConnection(TestPostgres server) throws SQLException {
        try (Connection connection = server.freshDatabase().connect()) {
            assertUidsArrive(connection);
        }
    }

    private static void assertUidsArrive(Connection connection) throws SQLException {
        var statements = new Statements(connection);
        var many = IntStream.range(0, 1_000).mapToObj(i -> new UUID(i, -i)).toList();
        for (List<UUID> uids :
                List.of(List.<UUID>of(), List.of(MIXED), List.of(HIGHEST, MIXED), many)) {
            assertThat(
                            statements.query(
                                    IN_ORDER,
                                    row -> row.getObject(1, UUID.class),
                                    (Object) uids.toArray(UUID[]::new)))
                    .isEqualTo(uids);
        }
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void keepsPlansForRowsOnly(TestPostgres server) throws SQLException {
        StoreDatabase database = StoreDatabase.make(server, "");
        new Transactions(database.source())
                .run(statements -> {
                    try {
                        String before = plans(statements);
                        statements.keepingPlans(
                                () -> assertThat(plans(statements)).isEqualTo("auto off"));
                        assertThat(plans(statements))
                                .isEqualTo(before)
                                .isEqualTo("force_custom_plan on");
                        return "";
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    private static String plans(Statements statements) throws SQLException {
        return statements
                .first(PLANS, row -> row.getString(1) + " " + row.getString(2))
                .orElseThrow();
    }
}
