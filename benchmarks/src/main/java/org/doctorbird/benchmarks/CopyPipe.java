package org.doctorbird.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/// The floor: COPY out of one database piped into COPY into the other. No database can take rows
/// over the wire faster, and nothing else is done: no changes are noticed, no keys translated, no
/// versions kept.
final class CopyPipe {

    private static final int BUFFER = 1 << 16;

    private CopyPipe() {}

    /// Copies all three tables.
    ///
    /// @return how many bytes went through the pipe
    static long all(Connection from, Connection to) throws SQLException {
        long bytes = 0;
        for (String table : Clinic.TABLES) {
            bytes +=
                    run(
                            from,
                            "copy %s to stdout".formatted(table),
                            to,
                            "copy %s from stdin".formatted(table));
        }
        return bytes;
    }

    /// Runs one COPY into another.
    ///
    /// @return how many bytes went through the pipe
    static long run(Connection from, String out, Connection to, String in) throws SQLException {
        CopyOut rows = from.unwrap(PGConnection.class).getCopyAPI().copyOut(out);
        CopyIn target = to.unwrap(PGConnection.class).getCopyAPI().copyIn(in);
        try {
            var buffer = new byte[BUFFER];
            int filled = 0;
            long bytes = 0;
            for (byte[] row = rows.readFromCopy(); row != null; row = rows.readFromCopy()) {
                bytes += row.length;
                if (filled + row.length > BUFFER) {
                    target.writeToCopy(buffer, 0, filled);
                    filled = 0;
                }
                if (row.length > BUFFER) {
                    target.writeToCopy(row, 0, row.length);
                } else {
                    System.arraycopy(row, 0, buffer, filled, row.length);
                    filled += row.length;
                }
            }
            target.writeToCopy(buffer, 0, filled);
            long _ = target.endCopy();
            return bytes;
        } finally {
            if (target.isActive()) {
                target.cancelCopy();
            }
            if (rows.isActive()) {
                rows.cancelCopy();
            }
        }
    }
}
