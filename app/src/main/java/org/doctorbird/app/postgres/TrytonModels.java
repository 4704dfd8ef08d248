package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.doctorbird.app.postgres.Catalogue.Table;

/// The models of a Tryton database, as its own table `ir_model` lists them.
public final class TrytonModels {

    private TrytonModels() {}

    /// Says whether the database is one of Tryton.
    public static boolean isTryton(Catalogue catalogue) {
        return catalogue.table("ir_model").isPresent() && catalogue.table("ir_module").isPresent();
    }

    /// Returns the model of each table: its name with dots in place of underscores, as Tryton makes
    /// table names.
    ///
    /// @return by the table's name in a plan; empty for a database that is not one of Tryton
    public static Map<String, String> read(Connection connection, Catalogue catalogue) {
        Optional<String> column =
                catalogue
                        .table("ir_model")
                        .filter(_ -> isTryton(catalogue))
                        .flatMap(TrytonModels::nameColumn);
        if (column.isEmpty()) {
            return Map.of();
        }
        try {
            var models = new HashMap<String, String>();
            String sql =
                    "select %1$s from public.ir_model where %1$s is not null order by id desc"
                            .formatted(Sql.identifier(column.get()));
            for (String model : new Statements(connection).query(sql, row -> row.getString(1))) {
                models.put(model.replace('.', '_'), model);
            }
            return Map.copyOf(models);
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot read the models of Tryton");
        }
    }

    /// Newer versions of Tryton call the model's technical name `name`, older ones `model`.
    private static Optional<String> nameColumn(Table table) {
        return table.column("model").or(() -> table.column("name")).map(Catalogue.Column::name);
    }
}
