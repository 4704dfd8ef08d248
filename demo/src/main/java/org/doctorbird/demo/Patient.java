package org.doctorbird.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.Period;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A patient that is registered in this instance's database.
///
/// @param id in `gnuhealth_patient`
/// @param party id in `party_party`
/// @param sex `f` or `m`
/// @param diseases the active chronic ones: ICD-10 code and id in `gnuhealth_patient_disease`;
///   grows
record Patient(int id, int party, String sex, LocalDate born, Map<String, Integer> diseases) {

    /// Reads a patient; empty if there is none of this id.
    static Optional<Patient> read(Connection connection, int id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        """
                        select party.id, party.gender, party.dob
                          from gnuhealth_patient patient join party_party party on party.id = patient.name
                         where patient.id = ? and party.dob is not null and party.gender is not null
                        """)) {
            select.setInt(1, id);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                return Optional.of(
                        new Patient(
                                id,
                                rows.getInt(1),
                                rows.getString(2),
                                rows.getObject(3, LocalDate.class),
                                diseases(connection, id)));
            }
        }
    }

    private static Map<String, Integer> diseases(Connection connection, int id)
            throws SQLException {
        Map<String, Integer> diseases = new LinkedHashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement(
                        """
                        select pathology.code, disease.id
                          from gnuhealth_patient_disease disease join gnuhealth_pathology pathology
                               on pathology.id = disease.pathology
                         where disease.name = ? and disease.is_active and disease.status = 'c'
                         order by disease.id
                        """)) {
            select.setInt(1, id);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    diseases.putIfAbsent(rows.getString(1), rows.getInt(2));
                }
            }
        }
        return diseases;
    }

    /// Full years on a day, 0 or more.
    int ageOn(LocalDate day) {
        return Math.max(0, Period.between(born, day).getYears());
    }

    /// Full months on a day, 0 or more.
    int monthsOn(LocalDate day) {
        return (int) Math.max(0, Period.between(born, day).toTotalMonths());
    }

    /// Names the row, nobody.
    @Override
    public String toString() {
        return "Patient " + id;
    }
}
