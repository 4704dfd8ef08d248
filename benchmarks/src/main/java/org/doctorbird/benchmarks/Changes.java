package org.doctorbird.benchmarks;

import java.sql.SQLException;

/// Updates of evaluations that lie spread over the whole table, the same number each time.
final class Changes {

    private final Size size;
    private int made;

    Changes(Size size) {
        this.size = size;
    }

    /// One such update.
    ///
    /// @param number of the update, from 1
    /// @param keys a query for the keys of the evaluations
    /// @param firstKey one of them
    record Change(int number, String keys, int firstKey) {

        private String word() {
            return "seen again, " + number;
        }

        /// Lets the application make the change, in one transaction.
        void write(Server server, String database) throws SQLException {
            server.run(
                    database,
                    """
                    update gnuhealth_patient_evaluation set state = 'done', chief_complaint = '%s',
                      write_date = timestamp '2026-01-01' + %d * interval '1 minute', write_uid = 3
                    where id in (%s)
                    """
                            .formatted(word(), number, keys));
        }

        /// Returns a query that is true when the change is visible. It came in one transaction, so
        /// one row is enough.
        String isVisible() {
            return "select chief_complaint = '%s' from gnuhealth_patient_evaluation where id = %d"
                    .formatted(word(), firstKey);
        }

        /// Returns a query for the number of rows with this change.
        String count() {
            return "select count(*) from gnuhealth_patient_evaluation where chief_complaint = '%s'"
                    .formatted(word());
        }
    }

    /// Returns the next change; it meets other rows than the one before.
    Change next() {
        made++;
        int evaluations = size.stored() / Clinic.GROUP * 8;
        int step = evaluations / size.updated();
        int first = 1 + made % step;
        String keys =
                "select generate_series(%d, %d, %d) limit %d"
                        .formatted(first, evaluations, step, size.updated());
        return new Change(made, keys, first);
    }
}
