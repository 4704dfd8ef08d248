package org.doctorbird.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The demo's application schema, and the plan that says which of its models are exchanged.
final class HealthSchema {

    /// Tables with clinical rows, parents before children but for the circles (`schema.sql` closes
    /// those afterwards). All of them are exchanged in mode `full`.
    static final List<String> CLINICAL_TABLES =
            List.of(
                    "gnuhealth_du",
                    "party_party",
                    "party_address",
                    "party_contact_mechanism",
                    "party_party-party_category",
                    "gnuhealth_person_name",
                    "gnuhealth_institution",
                    "gnuhealth_institution_specialties",
                    "gnuhealth_healthprofessional",
                    "gnuhealth_hp_specialty",
                    "gnuhealth_family",
                    "gnuhealth_family_member",
                    "gnuhealth_patient",
                    "gnuhealth_patient_disease",
                    "gnuhealth_appointment",
                    "gnuhealth_patient_evaluation",
                    "gnuhealth_diagnostic_hypothesis",
                    "gnuhealth_secondary_condition",
                    "gnuhealth_signs_and_symptoms",
                    "gnuhealth_vaccination",
                    "gnuhealth_birth_certificate");

    private HealthSchema() {}

    /// Creates the tables in schema `public` of an empty database.
    ///
    /// @param connection not committed or closed here
    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(TextTable.text("schema.sql"));
        }
    }

    /// The plan, in TOML.
    static String plan() {
        return TextTable.text("plan.toml");
    }

    /// The sequence a table's ids come from, quoted as `regclass` wants it.
    static String sequence(String table) {
        return quoted(table + "_id_seq");
    }

    /// Quotes a name from this package. Not for names from elsewhere.
    static String quoted(String name) {
        return '"' + name + '"';
    }
}
