package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.exchange.Acquaintance;
import org.doctorbird.exchange.Contact;
import org.jspecify.annotations.Nullable;

/// What central remembers of the databases that take part.
final class Acquaintances {

    private final Statements statements;

    Acquaintances(Statements statements) {
        this.statements = statements;
    }

    /// Reads one, and locks it until the transaction ends.
    Optional<Acquaintance> lock(int instance) throws SQLException {
        return statements.first(
                """
                select incarnation, former_incarnations, contact, contact_token, epoch
                from doctorbird.engine_instance where id = ? for no key update
                """,
                Acquaintances::read,
                instance);
    }

    private static Acquaintance read(ResultSet row) throws SQLException {
        long number = row.getLong(3);
        Optional<Contact> contact =
                row.wasNull()
                        ? Optional.empty()
                        : Optional.of(new Contact(number, row.getObject(4, UUID.class)));
        return new Acquaintance(
                Optional.ofNullable(row.getObject(1, UUID.class)),
                Set.of(KeptRows.uids(row.getArray(2))),
                contact,
                Optional.ofNullable(row.getString(5)));
    }

    void note(int instance, UUID incarnation, Optional<Contact> contact, long clockOffsetMicros)
            throws SQLException {
        @Nullable String number = contact.map(some -> Long.toString(some.number())).orElse(null);
        @Nullable UUID token = contact.map(Contact::token).orElse(null);
        statements.update(
                """
                update doctorbird.engine_instance set incarnation = ?,
                  contact = coalesce(?::bigint, contact),
                  contact_token = coalesce(?::uuid, contact_token),
                  epoch = (select value from doctorbird.engine_meta where key = 'epoch'),
                  last_seen = clock_timestamp(),
                  clock_offset = ?::bigint * interval '1 microsecond'
                where id = ?
                """,
                incarnation,
                number,
                token == null ? null : token.toString(),
                clockOffsetMicros,
                instance);
    }

    long revisionsBefore(int instance) throws SQLException {
        return statements
                .first(
                        "select revisions_before from doctorbird.engine_instance where id = ?",
                        row -> row.getLong(1),
                        instance)
                .orElse(0L);
    }
}
