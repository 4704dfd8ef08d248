package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.List;

/// Pushes that are parked or in quarantine at central when one of the two databases was restored.
/// They are tried on, but give way to later ones, which may know nothing of them. So a copy of each
/// goes into the conflict list, under a number that no push has.
final class OvertakenPushes {

    private final Statements statements;

    OvertakenPushes(Statements statements) {
        this.statements = statements;
    }

    void keepOf(int instance, String reason) throws SQLException {
        keep("k.instance = " + instance, reason);
    }

    void keepAll(String reason) throws SQLException {
        keep("k.instance > 0", reason);
    }

    private void keep(String condition, String reason) throws SQLException {
        for (String list : List.of("engine_parked", Quarantine.LIST)) {
            statements.update(
                    """
                    insert into doctorbird.engine_conflict (model, uid, instance, revision,
                      base_etag, disputed, fields, is_deleted, origin_user, kind, reason,
                      resolution, resolved_at)
                    select k.model, k.uid, k.instance, -k.revision, k.base_etag, '{}', k.fields,
                      k.is_deleted, k.origin_user, 'fields', ?, 'overtaken', clock_timestamp()
                    from doctorbird.%s k where %s
                    on conflict do nothing
                    """
                            .formatted(list, condition),
                    reason);
        }
    }
}
