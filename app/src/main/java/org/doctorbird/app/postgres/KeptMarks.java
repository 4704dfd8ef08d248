package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.Optional;

/// Which lists of kept records hold anything at all. Most of the time none does, and one look per
/// transaction saves the statements that would find nothing.
///
/// What another transaction keeps after the look is found later: what is parked or in quarantine is
/// looked through again and again.
final class KeptMarks {

    private final Statements statements;
    private Optional<Marks> marks = Optional.empty();

    KeptMarks(Statements statements) {
        this.statements = statements;
    }

    private record Marks(
            boolean hasQuarantined,
            boolean hasParked,
            boolean hasUnstored,
            boolean hasJoined,
            boolean hasMissing) {}

    private Marks marks() throws SQLException {
        if (marks.isEmpty()) {
            marks =
                    statements.first(
                            """
                            select exists (select from doctorbird.engine_quarantine),
                              exists (select from doctorbird.engine_parked),
                              exists (select from doctorbird.engine_conflict p where %s),
                              exists (select from doctorbird.engine_joined),
                              exists (select from doctorbird.engine_missing_reference)
                            """
                                    .formatted(ConflictList.UNSTORED),
                            row ->
                                    new Marks(
                                            row.getBoolean(1),
                                            row.getBoolean(2),
                                            row.getBoolean(3),
                                            row.getBoolean(4),
                                            row.getBoolean(5)));
        }
        return marks.orElseThrow();
    }

    boolean hasQuarantined() throws SQLException {
        return marks().hasQuarantined();
    }

    boolean hasParked() throws SQLException {
        return marks().hasParked();
    }

    /// Says whether a conflict is open over a record that is not stored.
    boolean hasUnstored() throws SQLException {
        return marks().hasUnstored();
    }

    boolean hasJoined() throws SQLException {
        return marks().hasJoined();
    }

    /// Says whether a row is stored without a reference whose target was missing.
    boolean hasMissing() throws SQLException {
        return marks().hasMissing();
    }

    /// Says whether anything waits for something else to come.
    boolean hasAny() throws SQLException {
        return hasQuarantined() || hasParked() || hasMissing();
    }

    /// This transaction has put something on a list.
    void lookAgain() {
        marks = Optional.empty();
    }
}
