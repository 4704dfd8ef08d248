package org.doctorbird.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Finds rows that a clinic's next deed is about, in the transaction of that deed.
final class Picks {

    private final Connection connection;

    Picks(Connection connection) {
        this.connection = connection;
    }

    /// The clinic's own patients: those whose doctor works there, in order of id.
    List<Integer> ownPatients(Staff staff) throws SQLException {
        return ids(
                """
                select patient.id from gnuhealth_patient patient
                  join gnuhealth_healthprofessional doctor on doctor.id = patient.primary_care_doctor
                 where doctor.institution = ? order by patient.id
                """,
                staff.institution());
    }

    /// Any patient whose doctor works elsewhere; empty if there is none.
    OptionalInt guest(Staff staff, RandomGenerator random) throws SQLException {
        List<Integer> range = new ArrayList<>();
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "select min(id), max(id) from gnuhealth_patient");
                ResultSet rows = select.executeQuery()) {
            rows.next();
            range.add(rows.getInt(1));
            range.add(rows.getInt(2));
        }
        int from = random.nextInt(range.getFirst(), range.getLast() + 1);
        for (int start : new int[] {from, range.getFirst()}) {
            OptionalInt found =
                    first(
                            """
                            select patient.id from gnuhealth_patient patient
                              join gnuhealth_healthprofessional doctor on doctor.id = patient.primary_care_doctor
                             where doctor.institution <> ? and patient.id >= ? order by patient.id limit 1
                            """,
                            staff.institution(),
                            start);
            if (found.isPresent()) {
                return found;
            }
        }
        return OptionalInt.empty();
    }

    /// An evaluation of this clinic that is still in progress.
    OptionalInt openEvaluation(Staff staff) throws SQLException {
        return first(
                """
                select id from gnuhealth_patient_evaluation
                 where institution = ? and state = 'in_progress' order by id limit 1
                """,
                staff.institution());
    }

    /// A person's contact that is no address for emergencies.
    OptionalInt contact(int party) throws SQLException {
        return first(
                """
                select id from party_contact_mechanism where party = ? and type = 'mobile' order by id limit 1
                """,
                party);
    }

    OptionalInt address(int party) throws SQLException {
        return first("select id from party_address where party = ? order by id limit 1", party);
    }

    OptionalInt activeDisease(int patient) throws SQLException {
        return first(
                """
                select id from gnuhealth_patient_disease where name = ? and is_active order by id limit 1
                """,
                patient);
    }

    /// The doses a patient got, as [Nursery#key] writes them.
    Set<String> dosesGiven(int patient) throws SQLException {
        Set<String> given = new HashSet<>();
        try (PreparedStatement select =
                connection.prepareStatement(
                        """
                        select vaccine.active_component, vaccination.dose
                          from gnuhealth_vaccination vaccination join gnuhealth_medicament vaccine
                               on vaccine.id = vaccination.vaccine
                         where vaccination.name = ?
                        """)) {
            select.setInt(1, patient);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    given.add(Nursery.key(rows.getString(1), rows.getInt(2)));
                }
            }
        }
        return given;
    }

    private OptionalInt first(String sql, int... arguments) throws SQLException {
        List<Integer> ids = ids(sql, arguments);
        return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.getFirst());
    }

    private List<Integer> ids(String sql, int... arguments) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                select.setInt(i + 1, arguments[i]);
            }
            List<Integer> ids = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getInt(1));
                }
            }
            return ids;
        }
    }
}
