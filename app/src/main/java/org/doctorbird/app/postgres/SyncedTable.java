package org.doctorbird.app.postgres;

import java.util.List;
import java.util.Optional;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.record.ModelShape;

/// A model of the plan as this database has it: everything that a statement on its table needs.
///
/// @param plan the plan's part on the model
/// @param schema the table's schema, unquoted
/// @param table the table's name, unquoted
/// @param keyColumn the primary key's only column, unquoted
/// @param keyType `smallint`, `integer`, `bigint` or `uuid`
/// @param keyDefault an expression that makes the next key, such as
///   `nextval('party_party_id_seq'::regclass)`; empty if the key is the unique id column itself
/// @param isKeyAlwaysGenerated the key is GENERATED ALWAYS AS IDENTITY: inserting one needs
///   OVERRIDING SYSTEM VALUE
/// @param uidSource how uids are made
/// @param columns the columns that travel, in the table's order; never the key unless it is the
///   unique id column, never generated columns, those left out, and references to tables outside
///   the plan
/// @param stamps columns that belong to the instance and are set by the engine when it applies a
///   record (Tryton's)
public record SyncedTable(
        ModelPlan plan,
        String schema,
        String table,
        String keyColumn,
        String keyType,
        Optional<String> keyDefault,
        boolean isKeyAlwaysGenerated,
        UidSource uidSource,
        List<SyncedColumn> columns,
        List<Stamp> stamps) {

    private static final List<String> WRITERS = List.of("write_uid", "create_uid");

    /// How the uids of a model are made.
    public enum UidSource {
        /// The value of a column of type uuid.
        UUID_COLUMN,
        /// The version-5 UUID of the model and the value of a unique column.
        NATURAL_KEY,
        /// A random version-4 UUID.
        RANDOM
    }

    /// A column that the engine sets itself when it applies a record.
    ///
    /// @param column the column's name, unquoted
    /// @param onInsert SQL expression, such as `0`
    /// @param onUpdate SQL expression, such as `(clock_timestamp() at time zone 'UTC')`; empty: an
    ///   update leaves the column as it is
    public record Stamp(String column, String onInsert, Optional<String> onUpdate) {}

    /// Returns the model's name.
    public String model() {
        return plan.name();
    }

    /// Returns the table's quoted name with its schema.
    public String qualified() {
        return Sql.identifier(schema) + "." + Sql.identifier(table);
    }

    /// Returns the companion's quoted name with its schema.
    public String companion() {
        return "doctorbird." + Sql.identifier(companionName());
    }

    /// Returns the companion's name: the table's, with the schema in front unless it is `public` or
    /// the name could be one of the engine's own. PostgreSQL cuts names at 63 bytes, so a longer
    /// one ends in a hash of the whole.
    public String companionName() {
        boolean isPlain = "public".equals(schema) && !table.startsWith("engine_");
        return Sql.fitted(isPlain ? table : schema + "." + table);
    }

    /// Returns the columns that say who wrote a row, the application's id of its user, unquoted;
    /// the first that is not null counts. Empty if the application has none.
    public List<String> userColumns() {
        return WRITERS.stream()
                .filter(name -> stamps.stream().anyMatch(stamp -> stamp.column().equals(name)))
                .toList();
    }

    /// Returns the quoted name of the sequence that makes the next key, if [#keyDefault] takes it
    /// from one.
    Optional<String> keySequence() {
        return keyDefault.flatMap(SyncedTable::sequenceIn);
    }

    private static Optional<String> sequenceIn(String expression) {
        String beginning = "nextval('";
        int start = expression.startsWith(beginning) ? beginning.length() : -1;
        int end = expression.lastIndexOf("'::");
        return start < 0 || end < start
                ? Optional.empty()
                : Optional.of(expression.substring(start, end).replace("''", "'"));
    }

    /// Returns the fields that travel.
    public ModelShape shape() {
        return new ModelShape(model(), columns.stream().map(SyncedColumn::shape).toList());
    }
}
