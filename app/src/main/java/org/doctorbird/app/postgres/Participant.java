package org.doctorbird.app.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.doctorbird.record.InstanceId;

/// An instance that takes part, as central knows it.
///
/// @param name its login
/// @param attributes what the rules of the plan may say of it, in the order of their names
/// @param lastSeen when it last called; empty: never
/// @param clockOffset how far its clock was ahead then
/// @param retired since when it takes no part any more; empty: it does
public record Participant(
        InstanceId id,
        String name,
        SortedMap<String, String> attributes,
        Optional<Instant> lastSeen,
        Optional<Duration> clockOffset,
        Optional<Instant> retired) {

    public Participant {
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    /// Returns the synchronisation id of an instance, also of a retired one.
    ///
    /// @param nameOrId the instance's name or synchronisation id; a name goes before an id
    public static Optional<Integer> find(Connection connection, String nameOrId)
            throws SQLException {
        return new Statements(connection)
                .first(
                        """
                        select id from doctorbird.engine_instance
                        where name = ? or id::text = ? order by name <> ? limit 1
                        """,
                        row -> row.getInt(1),
                        nameOrId,
                        nameOrId,
                        nameOrId);
    }

    /// Reads the list of instances in the order of their ids.
    ///
    /// @return empty too if nothing is installed yet, or what is installed knows no attributes
    /// @throws org.doctorbird.SyncException `DATABASE_UNREACHABLE` and the like
    public static List<Participant> list(Connection connection) {
        var statements = new Statements(connection);
        try {
            boolean isThere =
                    statements
                            .first(
                                    """
                                    select true from pg_catalog.pg_attribute
                                    where attrelid = to_regclass('doctorbird.engine_instance')
                                      and attname = 'attributes' and not attisdropped
                                    """,
                                    row -> row.getBoolean(1))
                            .orElse(false);
            return isThere
                    ? statements.query(
                            """
                            select id, name, last_seen,
                              (extract(epoch from clock_offset) * 1000000)::bigint,
                              array(select key from jsonb_each_text(attributes) order by key),
                              array(select value from jsonb_each_text(attributes) order by key),
                              (to_jsonb(e) ->> 'retired_at')::timestamptz
                            from doctorbird.engine_instance e order by id
                            """,
                            Participant::of)
                    : List.of();
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot read the instances");
        }
    }

    private static Participant of(ResultSet row) throws SQLException {
        OffsetDateTime seen = row.getObject(3, OffsetDateTime.class);
        long micros = row.getLong(4);
        Optional<Duration> offset =
                row.wasNull()
                        ? Optional.empty()
                        : Optional.of(Duration.of(micros, ChronoUnit.MICROS));
        String[] names = texts(row.getArray(5));
        String[] values = texts(row.getArray(6));
        var attributes = new TreeMap<String, String>();
        for (int i = 0; i < names.length; i++) {
            attributes.put(names[i], values[i]);
        }
        return new Participant(
                new InstanceId(row.getInt(1)),
                row.getString(2),
                attributes,
                Optional.ofNullable(seen).map(OffsetDateTime::toInstant),
                offset,
                Optional.ofNullable(row.getObject(7, OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }

    private static String[] texts(Array array) throws SQLException {
        return (String[]) array.getArray();
    }
}
