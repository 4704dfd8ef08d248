package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.SQLException;

/// One way to do the work of a case.
///
/// @param name whose way it is
/// @param run prepares, measures, proves the result and cleans up
record Way(String name, Run run) {

    static final String COPY = "COPY into COPY (the floor)";
    static final String REPLICATION = "PostgreSQL's logical replication";
    static final String DOCTORBIRD = "Doctorbird";

    /// One run.
    interface Run {
        Cost once() throws IOException, SQLException, InterruptedException;
    }
}
