package org.doctorbird.demo;

import java.sql.SQLException;
import java.util.List;

/// One patient, and what two clinics write about her on a day when they are apart.
///
/// @param patient her uid, as that of the other records
/// @param address where she lives
/// @param telephone her number
record ApartDay(String patient, String address, String telephone) {

    static final String PATIENT = "gnuhealth.patient";
    static final String CONTACT = "party.contact_mechanism";
    static final String EVALUATION = "gnuhealth.patient.evaluation";

    static final String ALLERGY_BEFORE = "No known allergies";
    static final String ALLERGY_MAY_PEN = "Allergic to penicillin";
    static final String ALLERGY_LIONEL_TOWN = "Allergic to latex";
    static final String STREET = "7 Bustamante Drive";
    static final String POSTCODE = "JMACN12";
    static final String TELEPHONE_CORRECTED = "+1 876 555-0134";
    static final String NUMBER_OF_EVALUATION = "EVAL 2026/000777";
    static final String COMPLAINT_MAY_PEN = "Cough for a week";
    static final String COMPLAINT_LIONEL_TOWN = "Sprained ankle";
    static final String TELEPHONE_REFUSED = "+1 876 555-0177 ext. 12";
    static final String TELEPHONE_TAKEN = "+1 876 555-0178";

    static final String CONSTRAINT = "mobile_without_letters";
    static final String FORBID_LETTERS =
            "alter table party_contact_mechanism add constraint "
                    + CONSTRAINT
                    + " check (type <> 'mobile' or value !~ '[a-z]')";
    static final String ALLOW_LETTERS =
            "alter table party_contact_mechanism drop constraint " + CONSTRAINT;

    private static final String FIND =
            """
            select pc.uid || ' ' || ac.uid || ' ' || cc.uid from gnuhealth_patient p
            join doctorbird.gnuhealth_patient pc on pc.id = p.id
            join party_address a on a.party = p.name
            join doctorbird.party_address ac on ac.id = a.id
            join party_contact_mechanism c on c.party = p.name and c.type = 'mobile'
            join doctorbird.party_contact_mechanism cc on cc.id = c.id
            where p.home_institution = 'MPHC' order by p.id limit 1\
            """;

    /// Finds the first patient of May Pen who has an address and a telephone.
    static ApartDay at(DemoInstance mayPen) throws SQLException {
        List<String> found = List.of(mayPen.text(FIND).split(" "));
        if (found.size() != 3) {
            throw new SQLException("May Pen has no patient with address and telephone", "02000");
        }
        return new ApartDay(found.get(0), found.get(1), found.get(2));
    }

    /// What is known of her before.
    void begin(DemoInstance mayPen) throws SQLException {
        set(mayPen, "gnuhealth_patient", patient, "critical_info", ALLERGY_BEFORE);
    }

    /// May Pen's day.
    void writeAtMayPen(DemoInstance mayPen) throws SQLException {
        set(mayPen, "party_address", address, "street", STREET);
        set(mayPen, "gnuhealth_patient", patient, "critical_info", ALLERGY_MAY_PEN);
        set(mayPen, "party_contact_mechanism", telephone, "value", TELEPHONE_CORRECTED);
        evaluate(mayPen, COMPLAINT_MAY_PEN);
    }

    /// Lionel Town's day.
    void writeAtLionelTown(DemoInstance lionelTown) throws SQLException {
        set(lionelTown, "party_address", address, "postal_code", POSTCODE);
        set(lionelTown, "gnuhealth_patient", patient, "critical_info", ALLERGY_LIONEL_TOWN);
        lionelTown.write(
                "delete from party_contact_mechanism where id = " + id("party_contact_mechanism"),
                telephone);
        evaluate(lionelTown, COMPLAINT_LIONEL_TOWN);
        telephone(lionelTown, TELEPHONE_REFUSED);
        telephone(lionelTown, TELEPHONE_TAKEN);
    }

    private static void set(
            DemoInstance instance, String table, String uid, String column, String value)
            throws SQLException {
        instance.write(
                """
                update %s set %s = ?, write_uid = 1, write_date = timezone('UTC', now())
                where id = %s
                """
                        .formatted(table, column, id(table)),
                value,
                uid);
    }

    private void evaluate(DemoInstance clinic, String complaint) throws SQLException {
        clinic.write(
                """
                insert into gnuhealth_patient_evaluation
                  (create_uid, create_date, evaluation_start, code, chief_complaint,
                   discharge_reason, state, patient)
                values (1, timezone('UTC', now()), timezone('UTC', now()), ?, ?, 'home', 'done', %s)
                """
                        .formatted(id("gnuhealth_patient")),
                NUMBER_OF_EVALUATION,
                complaint,
                patient);
    }

    private void telephone(DemoInstance clinic, String number) throws SQLException {
        clinic.write(
                """
                insert into party_contact_mechanism
                  (create_uid, create_date, active, type, value, party)
                select 1, timezone('UTC', now()), true, 'mobile', ?, name
                from gnuhealth_patient where id = %s
                """
                        .formatted(id("gnuhealth_patient")),
                number,
                patient);
    }

    /* The same record has another id on each instance. */
    private static String id(String table) {
        return "(select id from doctorbird.%s where uid = ?::uuid)".formatted(table);
    }

    /// Her street and postcode.
    String address(DemoInstance instance) throws SQLException {
        return instance.text(
                "select street || ', ' || coalesce(postal_code, '-') from party_address where id = "
                        + id("party_address"),
                address);
    }

    /// What a doctor must know of her.
    String allergies(DemoInstance instance) throws SQLException {
        return instance.text(
                "select critical_info from gnuhealth_patient where id = " + id("gnuhealth_patient"),
                patient);
    }

    /// Her telephone number; empty if it is deleted.
    String telephone(DemoInstance instance) throws SQLException {
        return instance.text(
                "select value from party_contact_mechanism where id = "
                        + id("party_contact_mechanism"),
                telephone);
    }

    /// How often she has a telephone number.
    String telephones(DemoInstance instance, String number) throws SQLException {
        return instance.text(
                """
                select count(*) from party_contact_mechanism c
                join gnuhealth_patient p on p.name = c.party
                where c.value = ? and p.id = %s
                """
                        .formatted(id("gnuhealth_patient")),
                number,
                patient);
    }

    /// The day's evaluations of an instance: number and complaint, in the order of the numbers.
    static String evaluations(DemoInstance instance) throws SQLException {
        return instance.text(
                """
                select string_agg(code || ': ' || chief_complaint, '; ' order by code)
                from gnuhealth_patient_evaluation where code like ? || '%'
                """,
                NUMBER_OF_EVALUATION);
    }
}
