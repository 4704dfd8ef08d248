package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.Refused;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// What a failure of the database means to us, by its SQLSTATE. The only place that knows.
///
/// A server's message quotes rows, so none of it goes into a [SyncException] nor into its cause:
/// whoever logs a stack trace prints the cause too. Source: PostgreSQL manual, "PostgreSQL Error
/// Codes".
public final class SqlFailures {

    private static final String UNIQUE = "23505";
    private static final String FOREIGN_KEY = "23503";

    private SqlFailures() {}

    /// A failure of our own, whose words are fixed and quote no row.
    private static final class OwnFailure extends SQLException {

        private static final long serialVersionUID = 1;

        OwnFailure(String words, String state) {
            super(words, state);
        }
    }

    /// Returns the failure as the caller is told it.
    ///
    /// @param summary fixed words, such as "cannot store the batch"
    public static SyncException translate(SQLException failure, String summary) {
        String state = state(failure);
        var translated =
                new SyncException(code(failure, state), summary, withoutRows(failure, state));
        if (!state.isEmpty()) {
            translated.with("sqlstate", state);
        }
        return translated;
    }

    /// Keeps where it happened, and the driver's words only where no statement has met a row yet.
    private static SQLException withoutRows(SQLException failure, String state) {
        if (isUnreachable(state)) {
            return failure;
        }
        var quiet = new SQLException("words left out, they may quote a row", state);
        quiet.setStackTrace(failure.getStackTrace());
        return quiet;
    }

    /// Returns a failure that means "somebody else wrote the same record at the same time".
    static SQLException collision() {
        return new SQLException("another transaction wrote the same record", "40001");
    }

    /// Returns a failure that means "the database took the statement and stored nothing".
    static SQLException notWritten() {
        return new SQLException("no row was written", "23000");
    }

    /// Returns a failure that means "deleting this would take changes along that nobody has yet".
    static SQLException takesChangesAlong() {
        return new OwnFailure("records that wait to be pushed would be deleted with it", "23001");
    }

    /// Returns a failure that means "records that stay here would go with it".
    static SQLException stillNeeded() {
        return new OwnFailure("records that stay here still need it", "23001");
    }

    private static ErrorCode code(SQLException failure, String state) {
        return switch (state) {
            case "40001", "40P01", "55P03" -> ErrorCode.WRITES_COLLIDED;
            case "57014", "25P03", "25P04" -> ErrorCode.TIMED_OUT;
            case "DRB01" -> ErrorCode.HISTORY_APPEND_ONLY;
            case "42501" -> ErrorCode.RIGHTS_MISSING;
            case "3F000" -> ErrorCode.NOT_INSTALLED;
            case "42P01", "42883" ->
                    namesEngine(failure) ? ErrorCode.NOT_INSTALLED : ErrorCode.PLAN_DOES_NOT_FIT;
            case "42703", "42704", "42804", "428C9" -> ErrorCode.PLAN_DOES_NOT_FIT;
            default -> isUnreachable(state) ? ErrorCode.DATABASE_UNREACHABLE : ErrorCode.INTERNAL;
        };
    }

    private static boolean isUnreachable(String state) {
        return state.isEmpty()
                || state.startsWith("08")
                || state.startsWith("28")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.startsWith("58")
                || "3D000".equals(state);
    }

    private static boolean namesEngine(SQLException failure) {
        ServerErrorMessage message = message(failure);
        return message != null && String.valueOf(message.getMessage()).contains("doctorbird.");
    }

    /// Says whether the failure is the records' own fault, so that the batch goes on without them.
    ///
    /// An error of a class that usually is a defect of the statement counts when a function of the
    /// application raised it: its trigger may fail on one record and not on another.
    static boolean isRefusal(SQLException failure) {
        String state = state(failure);
        if (state.length() < 2 || "57014".equals(state) || "55P03".equals(state)) {
            return false;
        }
        return switch (state.substring(0, 2)) {
            case "08", "25", "28", "3D", "40", "53", "57", "58", "DR" -> false;
            case "0A", "26", "34", "3F", "42", "55", "XX" -> wasRaisedInFunction(failure);
            default -> true;
        };
    }

    private static boolean wasRaisedInFunction(SQLException failure) {
        ServerErrorMessage message = message(failure);
        return message != null && message.getWhere() != null;
    }

    /// Says whether another row has a unique key already.
    static boolean isUniqueKeyTaken(SQLException failure) {
        return UNIQUE.equals(state(failure));
    }

    /// Describes the refusal of one record.
    ///
    /// @param isDeletion the record was to be deleted; others still refer to it then
    static Refused refusal(UUID uid, SQLException failure, boolean isDeletion) {
        String state = state(failure);
        ErrorCode code =
                switch (state) {
                    case UNIQUE -> ErrorCode.UNIQUE_KEY_TAKEN;
                    case FOREIGN_KEY ->
                            isDeletion ? ErrorCode.RECORD_REFUSED : ErrorCode.REFERENCE_MISSING;
                    default ->
                            state.startsWith("22")
                                    ? ErrorCode.VALUE_MALFORMED
                                    : ErrorCode.RECORD_REFUSED;
                };
        return new Refused(uid, code, reason(failure, state), detail(failure));
    }

    /// Names what refused the record: names of the schema and the SQLSTATE, no value.
    private static String reason(SQLException failure, String state) {
        ServerErrorMessage message = message(failure);
        if (failure instanceof OwnFailure own) {
            return String.valueOf(own.getMessage());
        }
        if (message == null) {
            return "the row was not stored (" + state + ")";
        }
        if (message.getConstraint() != null) {
            return "constraint " + message.getConstraint() + " (" + state + ")";
        }
        if (message.getColumn() != null) {
            return "column " + message.getColumn() + " (" + state + ")";
        }
        return "the database refuses the record (" + state + ")";
    }

    private static String detail(SQLException failure) {
        ServerErrorMessage message = message(failure);
        if (message == null) {
            return "";
        }
        var text = new StringBuilder(String.valueOf(message.getMessage()));
        if (message.getDetail() != null) {
            text.append('\n').append(message.getDetail());
        }
        if (message.getWhere() != null) {
            text.append('\n').append(message.getWhere());
        }
        return text.toString();
    }

    private static @Nullable ServerErrorMessage message(SQLException failure) {
        return failure instanceof PSQLException server ? server.getServerErrorMessage() : null;
    }

    private static String state(SQLException failure) {
        String state = failure.getSQLState();
        return state == null ? "" : state;
    }
}
