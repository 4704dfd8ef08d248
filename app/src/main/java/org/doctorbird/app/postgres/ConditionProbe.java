package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.doctorbird.app.postgres.Catalogue.Table;
import org.doctorbird.app.postgres.ConditionUse.Reason;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// Finds out what a condition uses, by letting the database read it. Nothing stays in the database,
/// and no row is read.
///
/// Design. A temporary copy of the table, without rows, gets the condition as a view, whose
/// dependencies name columns and relations, and as the predicate of an index, which PostgreSQL only
/// takes if nothing in it can change by itself. What it depends on of PostgreSQL's own is not in
/// the catalogue. Attributes are columns of the copy then, of the types that PREPARE finds for
/// them: a literal null in their place would make what stands beside it vanish.
public final class ConditionProbe {

    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_.]*");
    private static final Pattern MOMENT =
            Pattern.compile("(?i)'[^']*\\b(now|today|tomorrow|yesterday)\\b[^']*'");

    private static final String COPY = "pg_temp.doctorbird_condition";

    private static final Set<String> CLOCKS =
            Set.of(
                    "current_catalog",
                    "current_date",
                    "current_role",
                    "current_schema",
                    "current_time",
                    "current_timestamp",
                    "current_user",
                    "localtime",
                    "localtimestamp",
                    "session_user",
                    "user");

    private final Statements statements;
    private final Connection connection;
    private final Table table;
    private final ConditionText condition;

    private ConditionProbe(Connection connection, Table table, ConditionText condition) {
        this.connection = connection;
        this.statements = new Statements(connection);
        this.table = table;
        this.condition = condition;
    }

    /// Says what a condition on a table uses.
    ///
    /// @param connection no transaction may be open; its auto-commit is as before afterwards
    /// @throws org.doctorbird.SyncException `RIGHTS_MISSING` without the right to temporary tables;
    ///   `DATABASE_UNREACHABLE` and the like
    public static ConditionUse use(Connection connection, Table table, ConditionText condition) {
        try {
            boolean isAutoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                return new ConditionProbe(connection, table, condition).use();
            } finally {
                connection.rollback();
                connection.setAutoCommit(isAutoCommit);
            }
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot try a condition");
        }
    }

    /// Says whether a text is a value of a type.
    ///
    /// @param type as PostgreSQL writes it
    public static boolean isValue(Connection connection, String text, String type) {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("select cast(" + Sql.literal(text) + " as " + type + ")");
            return true;
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith("22") || state.startsWith("23")) {
                return false;
            }
            throw SqlFailures.translate(e, "cannot try a value");
        }
    }

    private ConditionUse use() throws SQLException {
        statements.execute(
                "set local client_min_messages = 'error'; create temporary table doctorbird_condition (like "
                        + table.qualified()
                        + ")");
        List<String> types = new ArrayList<>();
        Optional<ConditionUse> wrong = prepared(types);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        String onCopy = onCopy(types);
        wrong = tried("create temporary view doctorbird_view as select from " + COPY, onCopy);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        List<String> relations = relations();
        if (!relations.isEmpty()) {
            return new ConditionUse.LooksElsewhere(relations);
        }
        List<String> moments = moments();
        if (!moments.isEmpty()) {
            return new ConditionUse.Changes(moments);
        }
        wrong = tried("create index on " + COPY + " ((1))", onCopy);
        return wrong.isPresent() ? wrong.get() : new ConditionUse.OnOwnRow(columns(), named(types));
    }

    /// Lets the database read the condition with parameters in place of the attributes.
    ///
    /// @param types gets the type of each attribute as it stands in the text
    private Optional<ConditionUse> prepared(List<String> types) throws SQLException {
        var numbers = new ArrayList<String>();
        String filled =
                condition.filled(name -> {
                    numbers.add(name);
                    return "$" + numbers.size();
                });
        Optional<ConditionUse> wrong =
                tried("prepare doctorbird_condition as select from " + COPY, filled);
        if (wrong.isEmpty()) {
            types.addAll(
                    statements.query(
                            """
                            select t::text from pg_catalog.pg_prepared_statements,
                              unnest(parameter_types) with ordinality as p (t, n)
                            where name = 'doctorbird_condition' order by n
                            """,
                            row -> row.getString(1)));
            statements.execute("deallocate doctorbird_condition");
        }
        return wrong;
    }

    /// Gives the copy a column for each place where an attribute stands.
    private String onCopy(List<String> types) throws SQLException {
        for (int i = 0; i < types.size(); i++) {
            statements.execute(
                    "alter table %s add column %s %s".formatted(COPY, column(i), types.get(i)));
        }
        var places = new ArrayList<String>();
        return condition.filled(name -> {
            places.add(name);
            return column(places.size() - 1);
        });
    }

    private static String column(int place) {
        return Sql.identifier("attribute:" + place);
    }

    private Map<String, Set<String>> named(List<String> types) {
        var named = new LinkedHashMap<String, Set<String>>();
        List<String> names = condition.attributes();
        for (int i = 0; i < types.size(); i++) {
            named.computeIfAbsent(names.get(i), _ -> new TreeSet<>()).add(types.get(i));
        }
        return named;
    }

    /// Runs a statement that ends with the condition.
    private Optional<ConditionUse> tried(String beginning, String filled) throws SQLException {
        String sql = beginning + " where (" + filled + ")";
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
            return Optional.empty();
        } catch (PSQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (!state.startsWith("42") && !state.startsWith("22") && !state.startsWith("0A")) {
                throw e;
            }
            connection.rollback(before);
            return Optional.of(wrong(state, word(sql, e)));
        }
    }

    private ConditionUse wrong(String state, String word) throws SQLException {
        return switch (state) {
            case "42P01" -> new ConditionUse.LooksElsewhere(List.of(word));
            case "42P17" -> new ConditionUse.Changes(changing());
            case "42P18" -> unclear(word);
            case "42703" -> new ConditionUse.Wrong(Reason.NO_COLUMN, word, state);
            case "42883", "42725", "42704", "3F000" ->
                    new ConditionUse.Wrong(Reason.NO_FUNCTION, word, state);
            case "42804", "42846", "42P21" -> new ConditionUse.Wrong(Reason.TYPE, word, state);
            case "0A000" -> new ConditionUse.LooksElsewhere(List.of());
            default ->
                    new ConditionUse.Wrong(
                            state.startsWith("22") ? Reason.NO_VALUE : Reason.SYNTAX, word, state);
        };
    }

    private ConditionUse unclear(String word) {
        List<String> names = condition.attributes();
        int place = word.matches("[$][0-9]{1,4}") ? Integer.parseInt(word.substring(1)) : 1;
        return place >= 1 && place <= names.size()
                ? new ConditionUse.TypeUnclear(names.get(place - 1))
                : new ConditionUse.Wrong(Reason.SYNTAX, "", "42P18");
    }

    /// Returns the word of our own statement where the database noticed the mistake.
    private static String word(String sql, PSQLException failure) {
        ServerErrorMessage message = failure.getServerErrorMessage();
        int place = message == null ? 0 : message.getPosition();
        if (place < 1 || place > sql.length()) {
            return "";
        }
        String rest = sql.substring(sql.offsetByCodePoints(0, place - 1));
        Matcher word = Pattern.compile("[$][0-9]+|\"[^\"]+\"|[^\\s()]+").matcher(rest);
        Matcher name = WORD.matcher(rest);
        return name.lookingAt() ? name.group() : word.lookingAt() ? word.group() : "";
    }

    /// Returns words of the condition that are names of what changes by itself.
    private List<String> changing() throws SQLException {
        var words = new TreeSet<String>();
        Matcher matcher = WORD.matcher(condition.toString().replaceAll("'[^']*'", "''"));
        while (matcher.find()) {
            words.add(matcher.group().toLowerCase(java.util.Locale.ROOT));
        }
        var changing = new TreeSet<String>(words);
        changing.retainAll(CLOCKS);
        changing.addAll(
                statements.query(
                        """
                        select distinct proname::text from pg_catalog.pg_proc
                        where proname::text = any(?) and provolatile <> 'i' and prokind = 'f'
                          and proname::text <> all(?)
                        """,
                        row -> row.getString(1),
                        words.stream()
                                .map(word -> word.substring(word.lastIndexOf('.') + 1))
                                .toArray(String[]::new),
                        table.columns().stream()
                                .map(Catalogue.Column::name)
                                .toArray(String[]::new)));
        return List.copyOf(changing);
    }

    /// Returns texts such as 'today' that the database took for the moment at which it read them.
    /// It wrote those that are texts into the view as they are.
    private List<String> moments() throws SQLException {
        String view =
                statements
                        .first(
                                "select pg_catalog.pg_get_viewdef('pg_temp.doctorbird_view'::regclass)",
                                row -> row.getString(1))
                        .orElseThrow();
        return MOMENT.matcher(condition.toString())
                .results()
                .map(MatchResult::group)
                .filter(moment -> !view.contains(moment))
                .distinct()
                .toList();
    }

    private List<String> relations() throws SQLException {
        return statements.query(
                """
                select distinct case when n.nspname = 'public' then c.relname
                    else n.nspname || '.' || c.relname end as name
                from pg_catalog.pg_rewrite r
                join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
                  and d.refclassid = 'pg_catalog.pg_class'::regclass
                join pg_catalog.pg_class c on c.oid = d.refobjid
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where r.ev_class = 'pg_temp.doctorbird_view'::regclass
                  and c.oid not in ('pg_temp.doctorbird_view'::regclass, ?::regclass)
                order by 1
                """,
                row -> row.getString(1),
                COPY);
    }

    private List<String> columns() throws SQLException {
        return statements.query(
                """
                select a.attname::text
                from pg_catalog.pg_rewrite r
                join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
                  and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = ?::regclass
                join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                where r.ev_class = 'pg_temp.doctorbird_view'::regclass and a.attname !~ '^attribute:'
                  and a.attnum > 0
                order by a.attnum
                """,
                row -> row.getString(1),
                COPY);
    }
}
