package org.doctorbird.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A clinic's institution and the people who work there, by local ids.
///
/// @param institution id in `gnuhealth_institution`
/// @param members one or more
record Staff(int institution, List<Member> members) {

    /// @param id in `gnuhealth_healthprofessional`
    /// @param specialty id in `gnuhealth_specialty`
    /// @param user id in `res_user`, which is local to the instance
    record Member(int id, int specialty, int user) {}

    Member any(RandomGenerator random) {
        return members.get(random.nextInt(members.size()));
    }

    /// Finds an institution by its code, with those of its staff that have a user here; empty if it
    /// is not there.
    static Optional<Staff> find(Connection connection, String institutionCode) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        """
                        select institution.id, member.id, held.specialty, party.internal_user
                          from gnuhealth_institution institution
                          join gnuhealth_healthprofessional member on member.institution = institution.id
                          join gnuhealth_hp_specialty held on held.id = member.main_specialty
                          join party_party party on party.id = member.name
                         where institution.code = ? and party.internal_user is not null
                         order by member.id
                        """)) {
            select.setString(1, institutionCode);
            try (ResultSet rows = select.executeQuery()) {
                int institution = 0;
                List<Member> members = new ArrayList<>();
                while (rows.next()) {
                    institution = rows.getInt(1);
                    members.add(new Member(rows.getInt(2), rows.getInt(3), rows.getInt(4)));
                }
                return members.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Staff(institution, members));
            }
        }
    }
}
