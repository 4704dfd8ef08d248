package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.doctorbird.app.postgres.Catalogue.Action;
import org.doctorbird.app.postgres.Catalogue.Column;
import org.doctorbird.app.postgres.Catalogue.ForeignKey;
import org.doctorbird.app.postgres.Catalogue.Identity;
import org.doctorbird.app.postgres.Catalogue.Kind;
import org.doctorbird.app.postgres.Catalogue.Table;
import org.doctorbird.app.postgres.Catalogue.Unique;

/// Reads PostgreSQL's catalogue: one statement each for tables, columns, unique indexes and foreign
/// keys.
final class CatalogueReader {

    private static final String TABLES =
            """
            select c.oid, n.nspname, c.relname, c.relkind::text, c.relnatts,
                   greatest(c.reltuples, 0)::bigint,
                   exists (select from pg_inherits i where i.inhrelid = c.oid),
                   exists (select from pg_inherits i where i.inhparent = c.oid),
                   exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                           and d.objid = c.oid and d.deptype = 'e')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't'
              and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'doctorbird')
            order by n.nspname collate "C", c.relname collate "C"
            """;

    private static final String COLUMNS =
            """
            with recursive base (oid, base, is_required) as (
                select t.oid, t.oid, false from pg_type t where t.typtype <> 'd'
                union all
                select t.oid, b.base, b.is_required or t.typnotnull
                from pg_type t join base b on b.oid = t.typbasetype where t.typtype = 'd'
            ), filler (oid, number, name) as (
                select a.adrelid, a.adnum, q.refobjid
                from pg_attrdef a join pg_depend q on q.classid = 'pg_attrdef'::regclass
                     and q.objid = a.oid and q.refclassid = 'pg_class'::regclass
                union all
                select q.refobjid, q.refobjsubid, q.objid
                from pg_depend q where q.classid = 'pg_class'::regclass
                     and q.refclassid = 'pg_class'::regclass and q.deptype in ('a', 'i')
            )
            select a.attrelid, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod),
                   format_type(b.base, null), a.attnotnull or b.is_required,
                   coalesce(pg_get_expr(d.adbin, d.adrelid), pg_get_expr(t.typdefaultbin, 0)),
                   a.attgenerated <> '', a.attidentity::text,
                   (select min(format('%I.%I', sn.nspname, s.relname))
                    from filler f join pg_class s on s.oid = f.name and s.relkind = 'S'
                    join pg_namespace sn on sn.oid = s.relnamespace
                    where f.oid = a.attrelid and f.number = a.attnum)
            from pg_attribute a
            join pg_class c on c.oid = a.attrelid
            join pg_namespace n on n.oid = c.relnamespace
            join pg_type t on t.oid = a.atttypid
            join base b on b.oid = a.atttypid
            left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where a.attnum > 0 and not a.attisdropped
              and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't'
              and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'doctorbird')
            order by a.attrelid, a.attnum
            """;

    private static final String UNIQUES =
            """
            select i.indrelid, c.relname, i.indisprimary,
                   array(select a.attname::text
                         from unnest(i.indkey::int2[]) with ordinality k (number, place)
                         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
                         where k.place <= i.indnkeyatts order by k.place)
            from pg_index i join pg_class c on c.oid = i.indexrelid
            join pg_namespace n on n.oid = c.relnamespace
            where i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
              and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'doctorbird')
            order by i.indrelid, not i.indisprimary, c.relname collate "C"
            """;

    private static final String FOREIGN_KEYS =
            """
            select k.conrelid, k.conname, n.nspname, c.relname,
                   array(select a.attname::text from unnest(k.conkey) with ordinality u (number, place)
                         join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number
                         order by u.place),
                   array(select a.attname::text from unnest(k.confkey) with ordinality u (number, place)
                         join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number
                         order by u.place),
                   k.confdeltype::text, k.confupdtype::text
            from pg_constraint k join pg_class c on c.oid = k.confrelid
            join pg_namespace n on n.oid = c.relnamespace
            where k.contype = 'f' order by k.conrelid, k.conname collate "C"
            """;

    private CatalogueReader() {}

    static Catalogue read(Connection connection) throws SQLException {
        // Names in types and defaults come with their schema only if the search path hides it.
        String pathBefore = setSearchPath(connection, "pg_catalog");
        try {
            Map<Long, List<Column>> columns = columns(connection);
            Map<Long, List<ForeignKey>> foreignKeys = foreignKeys(connection);
            Map<Long, List<String>> primaryKeys = new HashMap<>();
            Map<Long, List<Unique>> uniques = uniques(connection, primaryKeys);
            var tables = new ArrayList<Table>();
            try (PreparedStatement statement = connection.prepareStatement(TABLES);
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long oid = rows.getLong(1);
                    tables.add(
                            new Table(
                                    rows.getString(2),
                                    rows.getString(3),
                                    kindOf(
                                            rows.getString(4),
                                            rows.getBoolean(7),
                                            rows.getBoolean(8)),
                                    rows.getBoolean(9),
                                    rows.getLong(6),
                                    rows.getInt(5),
                                    columns.getOrDefault(oid, List.of()),
                                    primaryKeys.getOrDefault(oid, List.of()),
                                    uniques.getOrDefault(oid, List.of()),
                                    foreignKeys.getOrDefault(oid, List.of())));
                }
            }
            return new Catalogue(tables);
        } finally {
            setSearchPath(connection, pathBefore);
        }
    }

    /// Sets the session's search path and returns the one before. In a failed transaction nothing
    /// is set: the rollback brings the old one back.
    private static String setSearchPath(Connection connection, String path) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "select current_setting('search_path'), set_config('search_path', ?, false)")) {
            statement.setString(1, path);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        } catch (SQLException e) {
            if ("25P02".equals(e.getSQLState())) {
                return path;
            }
            throw e;
        }
    }

    private static Map<Long, List<Column>> columns(Connection connection) throws SQLException {
        var columns = new LinkedHashMap<Long, List<Column>>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                columns.computeIfAbsent(rows.getLong(1), _ -> new ArrayList<>())
                        .add(
                                new Column(
                                        rows.getString(2),
                                        rows.getInt(3),
                                        rows.getString(4),
                                        rows.getString(5),
                                        rows.getBoolean(6),
                                        Optional.ofNullable(rows.getString(7)),
                                        rows.getBoolean(8),
                                        identityOf(rows.getString(9)),
                                        Optional.ofNullable(rows.getString(10))));
            }
        }
        return columns;
    }

    private static Map<Long, List<Unique>> uniques(
            Connection connection, Map<Long, List<String>> primaryKeys) throws SQLException {
        var uniques = new LinkedHashMap<Long, List<Unique>>();
        try (PreparedStatement statement = connection.prepareStatement(UNIQUES);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                var unique = new Unique(rows.getString(2), texts(rows, 4));
                uniques.computeIfAbsent(rows.getLong(1), _ -> new ArrayList<>()).add(unique);
                if (rows.getBoolean(3)) {
                    primaryKeys.put(rows.getLong(1), unique.columns());
                }
            }
        }
        return uniques;
    }

    private static Map<Long, List<ForeignKey>> foreignKeys(Connection connection)
            throws SQLException {
        var keys = new LinkedHashMap<Long, List<ForeignKey>>();
        try (PreparedStatement statement = connection.prepareStatement(FOREIGN_KEYS);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                keys.computeIfAbsent(rows.getLong(1), _ -> new ArrayList<>())
                        .add(
                                new ForeignKey(
                                        rows.getString(2),
                                        texts(rows, 5),
                                        rows.getString(3),
                                        rows.getString(4),
                                        texts(rows, 6),
                                        actionOf(rows.getString(7)),
                                        actionOf(rows.getString(8))));
            }
        }
        return keys;
    }

    private static List<String> texts(ResultSet rows, int column) throws SQLException {
        return Arrays.stream((Object[]) rows.getArray(column).getArray())
                .map(String.class::cast)
                .toList();
    }

    private static Kind kindOf(String letter, boolean hasParent, boolean hasChild) {
        return switch (letter) {
            case "p" -> Kind.PARTITIONED;
            case "v" -> Kind.VIEW;
            case "m" -> Kind.MATERIALIZED_VIEW;
            case "f" -> Kind.FOREIGN;
            default -> hasParent ? Kind.CHILD : hasChild ? Kind.PARENT : Kind.TABLE;
        };
    }

    private static Identity identityOf(String letter) {
        return switch (letter) {
            case "a" -> Identity.ALWAYS;
            case "d" -> Identity.BY_DEFAULT;
            default -> Identity.NONE;
        };
    }

    private static Action actionOf(String letter) {
        return switch (letter) {
            case "r" -> Action.RESTRICT;
            case "c" -> Action.CASCADE;
            case "n" -> Action.SET_NULL;
            case "d" -> Action.SET_DEFAULT;
            default -> Action.NO_ACTION;
        };
    }
}
