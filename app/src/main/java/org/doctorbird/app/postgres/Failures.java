package org.doctorbird.app.postgres;

import java.sql.SQLException;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// Makes failures of the database into errors with a code. A driver's message may quote a row, so
/// it is never passed on.
final class Failures {

    private Failures() {}

    /// Translates by SQLSTATE.
    ///
    /// @param summary fixed text, such as "cannot read the database's catalogue"
    static SyncException translate(SQLException failure, String summary) {
        String state = failure.getSQLState();
        return new SyncException(codeOf(state), summary, failure)
                .with("sqlstate", state == null ? "none" : state);
    }

    /// Returns the code for an SQLSTATE.
    ///
    /// Source: PostgreSQL's manual, appendix "PostgreSQL Error Codes".
    private static ErrorCode codeOf(@org.jspecify.annotations.Nullable String state) {
        if (state == null) {
            return ErrorCode.INTERNAL;
        }
        return switch (state) {
            case "40001", "40P01", "55P03" -> ErrorCode.WRITES_COLLIDED;
            case "57014" -> ErrorCode.TIMED_OUT;
            case "42501" -> ErrorCode.RIGHTS_MISSING;
            case "53300", "3D000" -> ErrorCode.DATABASE_UNREACHABLE;
            default ->
                    state.startsWith("08") || state.startsWith("28") || state.startsWith("57P")
                            ? ErrorCode.DATABASE_UNREACHABLE
                            : ErrorCode.INTERNAL;
        };
    }
}
