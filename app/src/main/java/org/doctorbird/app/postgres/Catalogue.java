package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What PostgreSQL's catalogue says of the application's tables, at one moment. Immutable.
///
/// Left out are PostgreSQL's own schemas, the engine's schema `doctorbird` and temporary tables.
public final class Catalogue {

    /// The schema of tables that a plan names without one.
    public static final String SCHEMA_DEFAULT = "public";

    /// The engine's own schema.
    public static final String SCHEMA_ENGINE = "doctorbird";

    private final List<Table> tables;
    private final Map<String, Table> byPlanName;

    Catalogue(List<Table> tables) {
        this.tables = List.copyOf(tables);
        this.byPlanName = HashMap.newHashMap(tables.size());
        tables.forEach(table -> byPlanName.put(table.planName(), table));
    }

    /// Reads the catalogue in a fixed number of statements, whatever the number of tables.
    ///
    /// @param connection any role that may connect can read the catalogue; the session's search
    ///   path is as before afterwards
    /// @throws org.doctorbird.SyncException `DATABASE_UNREACHABLE` and the like
    public static Catalogue read(Connection connection) {
        try {
            return CatalogueReader.read(connection);
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot read the database's catalogue");
        }
    }

    /// Returns all tables, views and the like in the order of schema and name (by code point).
    public List<Table> tables() {
        return tables;
    }

    /// Finds a table as the plan names it.
    ///
    /// @param planName `table` (in schema `public`) or `schema.table`; a name in `public` that has
    ///   a dot in itself is found as well
    public Optional<Table> table(String planName) {
        Table exact = byPlanName.get(planName);
        return exact != null
                ? Optional.of(exact)
                : Optional.ofNullable(byPlanName.get(SCHEMA_DEFAULT + "." + planName))
                        .or(() -> inPublic(planName));
    }

    private Optional<Table> inPublic(String planName) {
        return planName.startsWith(SCHEMA_DEFAULT + ".")
                ? Optional.ofNullable(
                        byPlanName.get(planName.substring(SCHEMA_DEFAULT.length() + 1)))
                : Optional.empty();
    }

    /// What kind of relation it is.
    public enum Kind {
        /// An ordinary table.
        TABLE("a table"),
        /// A partitioned table.
        PARTITIONED("a partitioned table"),
        /// A partition, or a table that inherits from another one.
        CHILD("a partition or an inheriting table"),
        /// A table that others inherit from.
        PARENT("a table that others inherit from"),
        /// A view.
        VIEW("a view"),
        /// A materialized view.
        MATERIALIZED_VIEW("a materialized view"),
        /// A foreign table.
        FOREIGN("a foreign table");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /// Returns the kind in words, with article.
        public String words() {
            return words;
        }
    }

    /// A table, view or the like.
    ///
    /// @param schema unquoted
    /// @param name unquoted
    /// @param isOfExtension an extension created it
    /// @param rows PostgreSQL's estimate, 0 or more; 0 before the first ANALYZE
    /// @param highestNumber the highest column number ever given, dropped columns included
    /// @param columns in the order of their numbers
    /// @param primaryKey the names of its columns in their order; empty if there is none
    /// @param uniques every set of columns that is unique over all rows, the primary key's too
    public record Table(
            String schema,
            String name,
            Kind kind,
            boolean isOfExtension,
            long rows,
            int highestNumber,
            List<Column> columns,
            List<String> primaryKey,
            List<Unique> uniques,
            List<ForeignKey> foreignKeys) {

        /// Returns the name as a plan writes it.
        public String planName() {
            return SCHEMA_DEFAULT.equals(schema) ? name : schema + "." + name;
        }

        /// Returns the quoted name with its schema.
        public String qualified() {
            return Sql.identifier(schema) + "." + Sql.identifier(name);
        }

        /// Finds a column.
        public Optional<Column> column(String columnName) {
            return columns.stream().filter(column -> column.name().equals(columnName)).findFirst();
        }

        /// Says whether no two rows have the same value in this column alone.
        public boolean isUnique(String columnName) {
            return uniques.stream()
                    .anyMatch(unique -> unique.columns().equals(List.of(columnName)));
        }

        /// Returns the primary key's column if it has exactly one.
        public Optional<Column> key() {
            return primaryKey.size() == 1 ? column(primaryKey.getFirst()) : Optional.empty();
        }

        /// Says whether a foreign key points to this table.
        public boolean isTargetOf(ForeignKey key) {
            return key.targetSchema().equals(schema) && key.targetTable().equals(name);
        }
    }

    /// A column.
    ///
    /// @param name unquoted
    /// @param number its number, from 1; never used again when the column is dropped
    /// @param type as PostgreSQL writes it in a cast, with its schema unless that is `pg_catalog`
    /// @param baseType the type's name without length; a domain's is that of the type below it;
    ///   with its schema unless that is `pg_catalog`
    /// @param isRequired NOT NULL, by the column or by its domain
    /// @param defaultExpression its names have their schemas
    /// @param isGenerated GENERATED ALWAYS AS (expression)
    /// @param identity how the column is filled, if it is an identity column
    /// @param sequence the quoted name, with schema, of the sequence that fills or belongs to the
    ///   column
    public record Column(
            String name,
            int number,
            String type,
            String baseType,
            boolean isRequired,
            Optional<String> defaultExpression,
            boolean isGenerated,
            Identity identity,
            Optional<String> sequence) {

        /// Says whether PostgreSQL gives a value of its own when none is given.
        public boolean hasDefault() {
            return defaultExpression.isPresent() || isGenerated || identity != Identity.NONE;
        }

        /// Returns an expression that makes the value an insert without one would get, other than
        /// null.
        public Optional<String> maker() {
            return identity == Identity.NONE
                    ? defaultExpression.filter(_ -> !isGenerated)
                    : sequence.map(
                            name -> "nextval(" + Sql.literal(name) + "::pg_catalog.regclass)");
        }

        /// Says whether a sequence of this database fills the column.
        public boolean isFilledBySequence() {
            return identity != Identity.NONE
                    || defaultExpression.filter(text -> text.contains("nextval(")).isPresent();
        }
    }

    /// Whether a column is an identity column.
    public enum Identity {
        /// It is not.
        NONE,
        /// GENERATED ALWAYS AS IDENTITY.
        ALWAYS,
        /// GENERATED BY DEFAULT AS IDENTITY.
        BY_DEFAULT
    }

    /// Columns whose values together are unique.
    ///
    /// @param name the index's name, which is the constraint's too
    /// @param columns in the order of the index
    public record Unique(String name, List<String> columns) {}

    /// A foreign key.
    ///
    /// @param columns of this table
    /// @param targetColumns the columns they point to, in the same order
    /// @param onDelete what happens here when the target is deleted
    /// @param onUpdate what happens here when the target's columns change
    public record ForeignKey(
            String name,
            List<String> columns,
            String targetSchema,
            String targetTable,
            List<String> targetColumns,
            Action onDelete,
            Action onUpdate) {}

    /// What a foreign key does when its target goes or changes.
    public enum Action {
        /// Refuses, at the end of the statement or transaction.
        NO_ACTION,
        /// Refuses at once.
        RESTRICT,
        /// Does the same here.
        CASCADE,
        /// Empties the columns.
        SET_NULL,
        /// Gives the columns their defaults.
        SET_DEFAULT
    }
}
