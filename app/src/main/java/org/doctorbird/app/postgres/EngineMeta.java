package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Optional;

/// The engine's notes on this installation: `doctorbird.engine_meta`.
///
/// | key | value |
/// |---|---|
/// | `role` | `central` or `satellite` |
/// | `epoch` | on central: a random text, made when it was installed |
/// | `cluster` | on central: the system identifier of its PostgreSQL, see [CentralEpoch] |
/// | `incarnation` | a random UUID, made when this database was installed or took its own place |
/// | `contact`, `contact_token`, `next_contact_token`, `next_incarnation` | on a satellite: see [ContactMemory] |
/// | `plan` | the plan file in force; absent while an installation is half done |
/// | `plan_version` | changes with every change of plan or fields |
/// | `fingerprint` | of the columns that the triggers were made for |
/// | `taken_plan` | on a satellite: see [TakenPlan] |
/// | `interest_rules`, `interest_models` | on central: see [InterestRules] |
/// | `interest_collected`, `interest_horizon`, `interest_paused` | on central: see [InterestState] |
/// | `schema`, `pgcrypto`, `pg_trgm` | `created`: the installer made it, so `uninstall` removes it |
final class EngineMeta {

    private final Statements statements;

    EngineMeta(Statements statements) {
        this.statements = statements;
    }

    /// Returns the value of a key.
    Optional<String> get(String key) throws SQLException {
        return statements.first(
                "select value from doctorbird.engine_meta where key = ?",
                row -> row.getString(1),
                key);
    }

    /// Returns a text that changes with every change of any value, but not with the progress of the
    /// computation of interest, nor with contacts.
    String stamp() throws SQLException {
        return statements
                .first(
                        """
                        select coalesce(md5(string_agg(key || '=' || value, ',' order by key)), '')
                        from doctorbird.engine_meta
                        where key not in ('interest_collected', 'interest_horizon', 'interest_paused',
                          'contact', 'contact_token', 'next_contact_token', 'next_incarnation')
                        """,
                        row -> row.getString(1))
                .orElseThrow();
    }

    /// Sets a key.
    void put(String key, String value) throws SQLException {
        statements.update(
                """
                insert into doctorbird.engine_meta (key, value) values (?, ?)
                on conflict (key) do update set value = excluded.value
                where engine_meta.value <> excluded.value
                """,
                key,
                value);
    }

    /// Sets a key that has no value yet to a random UUID.
    void putRandom(String key) throws SQLException {
        statements.update(
                """
                insert into doctorbird.engine_meta (key, value) values (?, gen_random_uuid()::text)
                on conflict (key) do nothing
                """,
                key);
    }
}
