package org.doctorbird.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

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

    /// What each model's part of the plan says of who gets its records. A patient goes to her home
    /// institution, with her party and all that follows either; staff and institutions go to
    /// everybody; dwellings and families come along.
    private static final Map<String, String> RULES =
            Map.ofEntries(
                    Map.entry("gnuhealth.du", "all = false"),
                    Map.entry(
                            "party.party",
                            """
                            all = false
                            leave_behind = ["birth_certificate", "replaced_by"]
                            searchable = ["name", "lastname", "dob", "ref"]
                            shown = ["name", "lastname", "dob", "ref"]\
                            """),
                    Map.entry(
                            "party.address",
                            "follows = \"party\"\nleave_behind = [\"relative_id\"]"),
                    Map.entry("party.contact_mechanism", "follows = \"party\""),
                    Map.entry("party.party-party.category", "follows = \"party\""),
                    Map.entry("gnuhealth.person_name", "follows = \"party\""),
                    Map.entry("gnuhealth.family", "all = false"),
                    Map.entry("gnuhealth.family_member", "follows = \"party\""),
                    Map.entry(
                            "gnuhealth.patient",
                            """
                            where = "home_institution = :institution"
                            brings = ["name"]
                            searchable = ["name.name", "name.lastname", "name.dob", "name.ref"]
                            shown = ["name.name", "name.lastname", "name.dob", "home_institution"]\
                            """),
                    Map.entry("gnuhealth.patient.disease", "follows = \"name\""),
                    Map.entry("gnuhealth.appointment", "follows = \"patient\""),
                    Map.entry(
                            "gnuhealth.patient.evaluation",
                            "follows = \"patient\"\nnewest_first = \"evaluation_start\""),
                    Map.entry("gnuhealth.diagnostic_hypothesis", "follows = \"evaluation\""),
                    Map.entry("gnuhealth.secondary_condition", "follows = \"evaluation\""),
                    Map.entry("gnuhealth.signs_and_symptoms", "follows = \"evaluation\""),
                    Map.entry("gnuhealth.vaccination", "follows = \"name\""),
                    Map.entry(
                            "gnuhealth.birth_certificate",
                            "follows = \"name\"\nleave_behind = [\"mother\", \"father\"]"));

    /// What the story of conflicts adds to the plan. Two clinics may give one number to two
    /// evaluations: these stay two, and one gets another number.
    private static final Map<String, String> CONFLICTS =
            Map.of(
                    "gnuhealth.patient",
                    "policy = \"manual\"",
                    "gnuhealth.patient.evaluation",
                    "policy = \"manual\"\nrenumber = \"code\"\nrenumber_as = \"{value}-{instance}\"",
                    "party.contact_mechanism",
                    "policy = \"manual\"\ndeletes = \"propagate\"");

    /// The plan with rules: each clinic gets its own patients.
    static String planByRules() {
        return planWith(RULES);
    }

    /// The plan with what is to be done when two clinics write one thing.
    static String planForConflicts() {
        String evaluation = "table = \"gnuhealth_patient_evaluation\"\nmode = \"full\"\n";
        return planWith(CONFLICTS)
                .replace(evaluation + "unique_id_column = \"code\"\n", evaluation);
    }

    /// The plan in which every deletion goes everywhere, so that what was made can be counted.
    static String planForOutage() {
        return planWith(Map.of("party.contact_mechanism", "deletes = \"propagate\""));
    }

    private static String planWith(Map<String, String> added) {
        String text = plan();
        for (var model : added.entrySet()) {
            String name = "name = \"" + model.getKey() + "\"\n";
            if (!text.contains(name)) {
                throw new IllegalStateException("the plan has no model " + model.getKey());
            }
            text = text.replace(name, name + model.getValue() + "\n");
        }
        return text;
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
