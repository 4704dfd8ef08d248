package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.record.Uids;

/// The SQL function that makes uids of natural keys: `doctorbird.engine_uid(model, value)`, equal
/// to [Uids#ofNaturalKey].
///
/// SHA-1 comes from the extension pgcrypto. If the database does not have it, it is created in the
/// engine's schema and leaves with it.
final class NaturalKeys {

    private final Statements statements;

    NaturalKeys(Statements statements) {
        this.statements = statements;
    }

    /// Creates the function, and the extension if it is missing, in the caller's transaction.
    ///
    /// @throws SyncException `RIGHTS_MISSING` if the server does not have the extension or the role
    ///   may not create it
    void install() throws SQLException {
        String schema = extensionSchema().orElse("");
        if (schema.isEmpty()) {
            createExtension();
            schema = Catalogue.SCHEMA_ENGINE;
        }
        statements.execute(
                """
                create or replace function doctorbird.engine_uid(model text, value text)
                returns uuid language sql immutable strict parallel safe as $$
                    select encode(set_byte(set_byte(h.b, 6, get_byte(h.b, 6) & 15 | 80),
                        8, get_byte(h.b, 8) & 63 | 128), 'hex')::uuid
                    from (select substr(%s.digest('\\x%s'::bytea
                        || convert_to(model || ':' || value, 'UTF8'), 'sha1'), 1, 16)) h (b)
                $$;
                revoke all on function doctorbird.engine_uid(text, text) from public
                """
                        .formatted(Sql.identifier(schema), namespace()));
    }

    private Optional<String> extensionSchema() throws SQLException {
        return statements.first(
                """
                select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace
                where e.extname = 'pgcrypto'
                """,
                row -> row.getString(1));
    }

    private void createExtension() throws SQLException {
        try {
            statements.execute("create extension pgcrypto schema doctorbird");
        } catch (SQLException e) {
            throw new SyncException(
                            ErrorCode.RIGHTS_MISSING,
                            "cannot create the extension pgcrypto, which a unique_id_column needs",
                            e)
                    .with("sqlstate", String.valueOf(e.getSQLState()))
                    .with("try", "create extension pgcrypto, as the owner of the database");
        }
        new EngineMeta(statements).put("pgcrypto", "created");
    }

    private static String namespace() {
        return HexFormat.of().toHexDigits(Uids.NAMESPACE.getMostSignificantBits())
                + HexFormat.of().toHexDigits(Uids.NAMESPACE.getLeastSignificantBits());
    }
}
