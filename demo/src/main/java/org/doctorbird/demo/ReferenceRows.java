package org.doctorbird.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// The reference data that every instance loads by itself: equal content and codes everywhere, but
/// in another order and from another first id on each instance, as after years of different
/// upgrades. So local ids never agree by accident.
final class ReferenceRows {

    private static final int IDS_APART = 1_000;

    private final Connection connection;
    private final int instance;

    private ReferenceRows(Connection connection, int instance) {
        this.connection = connection;
        this.instance = instance;
    }

    /// Fills the empty reference tables.
    ///
    /// @param connection not committed or closed here
    /// @param instance 0 to 127; decides order and ids
    static void load(Connection connection, int instance) throws SQLException {
        if (instance < 0 || instance > 127) {
            throw new IllegalArgumentException("instance must be 0 to 127: " + instance);
        }
        var rows = new ReferenceRows(connection, instance);
        rows.table(
                "country_country",
                "reference/country.tsv",
                """
                insert into country_country (create_uid, create_date, active, code, code3, code_numeric, name)
                values (1, timezone('UTC', now()), true, ?, ?, ?, ?)
                """);
        rows.table(
                "country_subdivision",
                "reference/subdivision.tsv",
                """
                insert into country_subdivision (create_uid, create_date, active, code, name, type, country)
                values (1, timezone('UTC', now()), true, ?, ?, ?, (select id from country_country where code = 'JM'))
                """);
        for (String table : List.of("specialty", "occupation", "ethnicity")) {
            rows.table(
                    "gnuhealth_" + table,
                    "reference/" + table + ".tsv",
                    """
                    insert into gnuhealth_%s (create_uid, create_date, code, name)
                    values (1, timezone('UTC', now()), ?, ?)
                    """
                            .formatted(table));
        }
        rows.trees();
    }

    private void trees() throws SQLException {
        tree(
                "party_category",
                "reference/party_category.tsv",
                """
                insert into party_category (create_uid, create_date, active, name, parent)
                values (1, timezone('UTC', now()), true, ?, (select id from party_category where name = ?))
                """);
        tree(
                "gnuhealth_pathology_category",
                "reference/pathology_category.tsv",
                """
                insert into gnuhealth_pathology_category (create_uid, create_date, name, parent)
                values (1, timezone('UTC', now()), ?,
                        (select id from gnuhealth_pathology_category where name = ?))
                """);
        table(
                "gnuhealth_pathology",
                "reference/pathology.tsv",
                """
                insert into gnuhealth_pathology (create_uid, create_date, active, code, name, category)
                values (1, timezone('UTC', now()), true, ?, ?,
                        (select id from gnuhealth_pathology_category where name = ?))
                """);
        table(
                "gnuhealth_medicament",
                "reference/medicament.tsv",
                """
                insert into gnuhealth_medicament
                        (create_uid, create_date, active, active_component, is_vaccine, indications)
                values (1, timezone('UTC', now()), true, ?, ?::boolean, ?)
                """);
    }

    private void table(String table, String resource, String insert) throws SQLException {
        insert(table, shuffled(TextTable.rows(resource)), insert);
    }

    /// Rows of two levels: those without a parent first.
    private void tree(String table, String resource, String insert) throws SQLException {
        List<List<String>> ordered = new ArrayList<>();
        List<List<String>> rows = shuffled(TextTable.rows(resource));
        rows.stream().filter(row -> row.getLast().isEmpty()).forEach(ordered::add);
        rows.stream().filter(row -> !row.getLast().isEmpty()).forEach(ordered::add);
        insert(table, ordered, insert);
    }

    private List<List<String>> shuffled(List<List<String>> rows) {
        List<List<String>> shuffled = new ArrayList<>(rows);
        // Seeded: the same instance gets the same order every time.
        Collections.shuffle(shuffled, new Random(instance));
        return shuffled;
    }

    private void insert(String table, List<List<String>> rows, String insert) throws SQLException {
        try (PreparedStatement skip =
                connection.prepareStatement("select setval(?::regclass, ?)")) {
            skip.setString(1, HealthSchema.sequence(table));
            skip.setInt(2, (instance + 1) * IDS_APART);
            skip.execute();
        }
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            for (List<String> row : rows) {
                for (int i = 0; i < row.size(); i++) {
                    statement.setString(i + 1, row.get(i));
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
