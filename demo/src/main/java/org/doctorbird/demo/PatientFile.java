package org.doctorbird.demo;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// One patient of May Pen, and what is written about her.
///
/// @param uid the same on every instance
record PatientFile(String uid) {

    private static final String ID =
            "(select id from doctorbird.gnuhealth_patient where uid = ?::uuid)";

    /// Returns the first of May Pen's patients, with nothing written about them.
    static List<PatientFile> first(DemoInstance mayPen, int count) throws SQLException {
        var files = new ArrayList<PatientFile>();
        for (int i = 0; i < count; i++) {
            files.add(at(mayPen, i));
        }
        return List.copyOf(files);
    }

    private static PatientFile at(DemoInstance mayPen, int place) throws SQLException {
        String uid =
                mayPen.text(
                        """
                        select c.uid from gnuhealth_patient p
                        join doctorbird.gnuhealth_patient c on c.id = p.id
                        where p.home_institution = 'MPHC' and p.general_info is null order by p.id limit 1 offset\
                        """
                                + " "
                                + place);
        if (uid.isEmpty()) {
            throw new SQLException("May Pen has too few patients", "02000");
        }
        return new PatientFile(uid);
    }

    /// Writes a note into her record.
    void write(DemoInstance instance, String note) throws SQLException {
        instance.write(
                """
                update gnuhealth_patient set general_info = ?, write_uid = 1,
                  write_date = timezone('UTC', now())
                where id = \
                """
                        + ID,
                note,
                uid);
    }

    /// Returns the note in her record.
    String read(DemoInstance instance) throws SQLException {
        return instance.text("select general_info from gnuhealth_patient where id = " + ID, uid);
    }
}
