package org.doctorbird.benchmarks;

import java.io.IOException;
import java.sql.SQLException;

/// Something that is measured. An object is used once.
interface Case {

    /// Returns its short name, such as `W1`.
    String name();

    /// Measures, and proves that what was measured was done.
    ///
    /// @throws IllegalStateException if the work was not done, or not rightly
    Result measure(Bench bench) throws IOException, SQLException, InterruptedException;
}
