package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Optional;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// The table `engine_meta`: what this installation is.
final class EngineMeta {

    private EngineMeta() {}

    static Optional<String> get(Statements statements, String key) throws SQLException {
        return statements.first(
                "select value from doctorbird.engine_meta where key = ?",
                row -> row.getString(1),
                key);
    }

    static void put(Statements statements, String key, String value) throws SQLException {
        statements.update(
                """
                insert into doctorbird.engine_meta (key, value) values (?, ?)
                on conflict (key) do update set value = excluded.value
                """,
                key,
                value);
    }

    static SyncException notInstalled(String key) {
        return new SyncException(ErrorCode.NOT_INSTALLED, "the installation is not complete")
                .with("missing", key);
    }
}
