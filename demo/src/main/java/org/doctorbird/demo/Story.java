package org.doctorbird.demo;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// A story of the demo: it says in plain words what happens, does it with the real programs, and
/// checks what it expects.
interface Story {

    /// The word for `--story`, such as `first-day`.
    String name();

    /// How many clinical records in all clinics together, if nobody says it.
    int records();

    /// Returns the clinics of the story, to write on after it.
    Map<DemoInstance, Clinic> clinics();

    /// Tells the story to its end, with central running before and after.
    ///
    /// @param records clinical rows in all clinics together
    List<Expectation> tell(Stage stage, int records)
            throws SQLException, IOException, InterruptedException;
}
