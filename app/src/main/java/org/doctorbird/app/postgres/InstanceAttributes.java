package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// At central: what rules say of an instance, such as its institution.
public final class InstanceAttributes {

    /// The longest value, in characters.
    public static final int VALUE_MAX = 200;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private InstanceAttributes() {}

    /// Sets and removes attributes, and puts on the list every record that should go elsewhere by
    /// them. All or nothing.
    ///
    /// @param connection no transaction may be open; its auto-commit is as before afterwards
    /// @param tables all models of the plan in force
    /// @param nameOrId the instance's name or synchronisation id
    /// @param changes new values by name; empty: the attribute is removed
    /// @return false if there is no such instance
    /// @throws SyncException `SETTINGS_MALFORMED` for a name or value that is none, or for a value
    ///   that a rule cannot read, such as a word where it compares numbers; `WRITES_COLLIDED`,
    ///   `DATABASE_UNREACHABLE`
    public static boolean set(
            Connection connection,
            List<SyncedTable> tables,
            String nameOrId,
            Map<String, Optional<String>> changes) {
        changes.forEach(InstanceAttributes::check);
        try {
            boolean isAutoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                Optional<Boolean> hasChanged = store(connection, nameOrId, changes);
                if (hasChanged.orElse(false)) {
                    InterestReview.reconsider(connection, tables);
                }
                connection.commit();
                return hasChanged.isPresent();
            } finally {
                connection.rollback();
                connection.setAutoCommit(isAutoCommit);
            }
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith("22")) {
                throw malformed("a rule cannot read this value");
            }
            throw SqlFailures.translate(e, "cannot set attributes");
        }
    }

    /// Puts on the list every record that should go elsewhere than it does, in the caller's
    /// transaction: an instance has come.
    ///
    /// @param tables all models of the plan in force
    public static void reconsider(Connection connection, List<SyncedTable> tables)
            throws SQLException {
        InterestReview.reconsider(connection, tables);
    }

    private static void check(String name, Optional<String> value) {
        if (!NAME.matcher(name).matches()) {
            throw malformed(
                    "an attribute's name has 1 to 63 small letters, digits and underscores");
        }
        if (value.filter(text -> text.length() > VALUE_MAX || text.indexOf('\0') >= 0)
                .isPresent()) {
            throw malformed("an attribute's value has at most 200 characters");
        }
    }

    private static SyncException malformed(String why) {
        return new SyncException(ErrorCode.SETTINGS_MALFORMED, why);
    }

    private record Stored(boolean hasChanged) {}

    /// Returns whether anything has changed; empty if there is no such instance.
    private static Optional<Boolean> store(
            Connection connection, String nameOrId, Map<String, Optional<String>> changes)
            throws SQLException {
        var names = new ArrayList<String>();
        var values = new ArrayList<String>();
        changes.forEach((name, value) ->
                value.ifPresent(text -> {
                    names.add(name);
                    values.add(text);
                }));
        return new Statements(connection)
                .first(
                        """
                        with chosen as (
                          select e.id, e.attributes from doctorbird.engine_instance e
                          where (e.name = ? or e.id::text = ?) and e.retired_at is null
                          order by e.name <> ? limit 1
                          for no key update)
                        update doctorbird.engine_instance e set attributes =
                          (c.attributes - ?::text[]) || jsonb_object(?::text[], ?::text[])
                        from chosen c where e.id = c.id
                        returning e.attributes is distinct from c.attributes
                        """,
                        row -> new Stored(row.getBoolean(1)),
                        nameOrId,
                        nameOrId,
                        nameOrId,
                        changes.keySet().toArray(String[]::new),
                        names.toArray(String[]::new),
                        values.toArray(String[]::new))
                .map(Stored::hasChanged);
    }
}
