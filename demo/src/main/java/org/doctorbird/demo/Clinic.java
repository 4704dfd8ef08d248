package org.doctorbird.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/// A clinic and its application: it writes invented people, visits, diagnoses and corrections into
/// its own database, on plain JDBC, and knows nothing of any synchronization. The same seed, clock
/// and database give the same rows.
///
/// Not for several threads at once. `SQLException`s may quote rows: their text must not be logged.
final class Clinic {

    private static final int ATTEMPTS_MAX = 5;

    private final DataSource database;
    private final Desk desk;
    private final Staff staff;
    private final InstantSource clock;
    private final List<Integer> ownPatients;
    private final Map<String, Weighted<Condition>> fitting = Consultation.newFitting();
    private final Weighted<Event.Kind> kinds = new Weighted<>();
    private int unloaded;

    private Clinic(
            DataSource database,
            Desk desk,
            Staff staff,
            InstantSource clock,
            List<Integer> ownPatients) {
        this.database = database;
        this.desk = desk;
        this.staff = staff;
        this.clock = clock;
        this.ownPatients = new ArrayList<>(ownPatients);
        for (Event.Kind kind : Event.Kind.values()) {
            kinds.add(kind, percent(kind));
        }
    }

    private static int percent(Event.Kind kind) {
        return switch (kind) {
            case VISIT -> 42;
            case EVALUATION_FINISHED -> 14;
            case PATIENT_REGISTERED -> 10;
            case PERSON_CORRECTED -> 8;
            case GUEST_VISIT -> 5;
            case VACCINATED, CONTACT_CHANGED -> 4;
            case CONTACT_ADDED, ADDRESS_CHANGED, DISEASE_UPDATED -> 3;
            case CONTACT_DELETED, CHILD_BORN -> 2;
            case DUPLICATE_MERGED, PHOTO_TAKEN -> 1;
        };
    }

    /// Opens the clinic's books. On its first day there are none: then its institution and staff
    /// are written.
    ///
    /// @param database PostgreSQL with [HealthSchema] and [ReferenceRows]; should pool its
    ///   connections: one is taken for each thing; not closed here
    /// @param random the only source of chance; seeded by the caller
    /// @param clock the only source of time
    static Clinic open(
            DataSource database, ClinicProfile profile, RandomGenerator random, InstantSource clock)
            throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            var desk = new Desk(profile, ReferenceIds.read(connection), random);
            Optional<Staff> found = Staff.find(connection, profile.institutionCode());
            if (found.isPresent()) {
                List<Integer> patients = new Picks(connection).ownPatients(found.get());
                connection.commit();
                return new Clinic(database, desk, found.get(), clock, patients);
            }
            var ledger = new InsertLedger(connection);
            Staff staff = new Founding(desk, ledger, now(clock)).found();
            connection.commit();
            var clinic = new Clinic(database, desk, staff, clock, List.of());
            clinic.unloaded = ledger.told(Event.Kind.VISIT).inserted() - staff.members().size();
            return clinic;
        }
    }

    /// Loads a past of three years: households, their patients and visits, with COPY, in
    /// transactions of about [BulkLedger#ROWS_BEFORE_FLUSH] rows.
    ///
    /// @param records how many rows in all clinical tables together, those of the clinic's first
    ///   day included; it may become a few more, as the last household's last deed is whole
    /// @return how many rows it became
    int load(int records) throws SQLException {
        int written = unloaded;
        unloaded = 0;
        LocalDateTime now = now(clock);
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            var ledger = new BulkLedger(connection);
            var history = new History(desk, staff, ledger, fitting, now);
            while (written < records) {
                int rowsMax = Math.min(records - written, BulkLedger.ROWS_BEFORE_FLUSH);
                List<Integer> patients = new ArrayList<>();
                while (ledger.count() < rowsMax) {
                    patients.addAll(history.household(rowsMax));
                }
                written += ledger.count();
                ledger.flush();
                connection.commit();
                ownPatients.addAll(patients);
            }
        }
        return written;
    }

    /// Does the next thing, whatever it is.
    Event writeOneThing() throws SQLException {
        return write(kinds.pick(desk.random()));
    }

    /// Does one thing of a kind, in one transaction, at REPEATABLE READ as Tryton does, and as
    /// often as Tryton does when another transaction gets in its way. If there is nothing to do it
    /// to, the event says what was done instead: a visit or a registration.
    ///
    /// @throws SQLException if it failed five times, or for another reason than another
    ///   transaction; nothing was written then
    Event write(Event.Kind kind) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = database.getConnection()) {
                connection.setAutoCommit(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                try {
                    var day = new Day(desk, staff, ownPatients, fitting, connection, now(clock));
                    Event event = day.write(kind);
                    connection.commit();
                    ownPatients.addAll(day.newPatients());
                    return event;
                } catch (SQLException e) {
                    connection.rollback();
                    if (attempt == ATTEMPTS_MAX || !isCollision(e)) {
                        throw e;
                    }
                }
            }
        }
    }

    /* Serialization failure, deadlock, and a row that was deleted between its choice and its use. */
    private static boolean isCollision(SQLException e) {
        String state = e.getSQLState();
        return "40001".equals(state) || "40P01".equals(state) || "23503".equals(state);
    }

    private static LocalDateTime now(InstantSource clock) {
        return LocalDateTime.ofInstant(
                clock.instant().truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
    }
}
