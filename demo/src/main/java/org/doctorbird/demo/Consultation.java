package org.doctorbird.demo;

import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The consulting room: writes what an application writes for one visit, that is appointment,
/// evaluation, findings and diagnoses.
final class Consultation {

    private final Desk desk;
    private final Staff staff;
    private final Ledger ledger;
    private final RandomGenerator random;
    private final Map<String, Weighted<Condition>> fitting;

    /// @param fitting conditions by sex and age, filled on the way; one map serves one clinic for
    ///   ever
    Consultation(Desk desk, Staff staff, Ledger ledger, Map<String, Weighted<Condition>> fitting) {
        this.desk = desk;
        this.staff = staff;
        this.ledger = ledger;
        this.random = desk.random();
        this.fitting = fitting;
    }

    /// Makes a map for the constructor.
    static Map<String, Weighted<Condition>> newFitting() {
        return new HashMap<>();
    }

    /// What the parts of one visit have in common.
    private record Visit(
            Patient patient,
            Condition condition,
            Staff.Member by,
            boolean follow,
            boolean finished,
            Stamp stamp) {}

    /// Writes a visit.
    ///
    /// @param start in UTC; the evaluation takes 10 to 40 minutes
    /// @param finished whether the evaluation is done, else still in progress
    /// @return id in `gnuhealth_patient_evaluation`
    int hold(Patient patient, LocalDateTime start, boolean finished) throws SQLException {
        boolean follow = !patient.diseases().isEmpty() && desk.happens(60);
        Condition condition = follow ? known(patient) : fresh(patient, start.toLocalDate());
        Staff.Member by = staff.any(random);
        var visit =
                new Visit(patient, condition, by, follow, finished, new Stamp(by.user(), start));
        @Nullable Integer appointment = desk.happens(85) ? appointment(visit, start, "done") : null;
        @Nullable Integer disease = condition.isChronic() ? disease(visit) : null;
        @Nullable Integer next =
                condition.isChronic() && desk.happens(40)
                        ? appointment(visit, start.plusDays(28 + random.nextInt(60)), "confirmed")
                        : null;

        Row evaluation =
                ledger.row("gnuhealth_patient_evaluation", visit.stamp())
                        .set("patient", patient.id())
                        .set("appointment", appointment)
                        .set("next_evaluation", next)
                        .set("related_condition", disease);
        header(evaluation, visit);
        vitals(evaluation, visit);
        words(evaluation, visit);
        int id = ledger.insert(evaluation);
        findings(id, visit);
        return id;
    }

    private Condition known(Patient patient) {
        List<String> codes = new ArrayList<>(patient.diseases().keySet());
        return Condition.of(codes.get(random.nextInt(codes.size())));
    }

    private Condition fresh(Patient patient, LocalDate day) {
        int age = patient.ageOn(day);
        return fitting.computeIfAbsent(
                        patient.sex() + age,
                        _ -> {
                            var conditions = new Weighted<Condition>();
                            Condition.ALL.stream()
                                    .filter(condition -> condition.fits(patient, age))
                                    .forEach(condition ->
                                            conditions.add(condition, condition.weight()));
                            return conditions;
                        })
                .pick(random);
    }

    private int appointment(Visit visit, LocalDateTime at, String state) throws SQLException {
        Row appointment = ledger.row("gnuhealth_appointment", visit.stamp());
        return ledger.insert(
                appointment
                        .set("name", desk.number("APP", at.getYear(), appointment.id()))
                        .set("patient", visit.patient().id())
                        .set("healthprof", visit.by().id())
                        .set("institution", staff.institution())
                        .set("speciality", visit.by().specialty())
                        .set("appointment_date", at.minusMinutes(random.nextInt(60)).withSecond(0))
                        .set(
                                "checked_in_date",
                                state.equals("done")
                                        ? at.minusMinutes(1 + random.nextInt(90))
                                        : null)
                        .set("appointment_type", "outpatient")
                        .set("visit_type", visit.follow() ? "followup" : "new")
                        .set("urgency", desk.happens(92) ? "a" : "b")
                        .set("state", state));
    }

    /// Returns the disease the patient has already, or writes it.
    private int disease(Visit visit) throws SQLException {
        Patient patient = visit.patient();
        Condition condition = visit.condition();
        Integer known = patient.diseases().get(condition.code());
        if (known != null) {
            return known;
        }
        LocalDate day = visit.stamp().at().toLocalDate();
        int id =
                ledger.insert(
                        ledger.row("gnuhealth_patient_disease", visit.stamp())
                                .set("name", patient.id())
                                .set("pathology", pathology(condition.code()))
                                .set("healthprof", visit.by().id())
                                .set("institution", staff.institution())
                                .set("diagnosed_date", day)
                                .set("date_start_treatment", day)
                                .set("age", patient.ageOn(day))
                                .set(
                                        "disease_severity",
                                        desk.oneOf("1_mi", "1_mi", "2_mo", "2_mo", "3_sv"))
                                .set("status", "c")
                                .set("is_active", true)
                                .set("is_on_treatment", desk.happens(80))
                                .set("lab_confirmed", desk.happens(30))
                                .set("short_comment", condition.complaint()));
        patient.diseases().put(condition.code(), id);
        return id;
    }

    private void header(Row evaluation, Visit visit) {
        LocalDateTime start = visit.stamp().at();
        boolean isSigned = visit.finished() && desk.happens(70);
        evaluation
                .set("code", desk.number("EVAL", start.getYear(), evaluation.id()))
                .set("healthprof", visit.by().id())
                .set("institution", staff.institution())
                .set("specialty", visit.by().specialty())
                .set("user_id", visit.by().user())
                .set("diagnosis", visit.finished() ? pathology(visit.condition().code()) : null)
                .set("evaluation_start", start)
                .set(
                        "evaluation_endtime",
                        visit.finished() ? start.plusMinutes(10 + random.nextInt(30)) : null)
                .set("evaluation_type", "outpatient")
                .set("visit_type", visit.follow() ? "followup" : "new")
                .set("urgency", desk.happens(92) ? "a" : "b")
                .set("state", !visit.finished() ? "in_progress" : isSigned ? "signed" : "done")
                .set("signed_by", isSigned ? visit.by().id() : null)
                .set("discharge_reason", desk.happens(98) ? "home" : "transfer");
    }

    private void vitals(Row evaluation, Visit visit) {
        LocalDate day = visit.stamp().at().toLocalDate();
        Vitals vitals = Vitals.of(visit.patient(), day, visit.condition().code(), random);
        int age = visit.patient().ageOn(day);
        evaluation
                .set("weight", vitals.weight())
                .set("height", vitals.height())
                .set("bmi", vitals.bmi())
                .set(
                        "abdominal_circ",
                        age > 30 && desk.happens(30)
                                ? (double) Math.round(vitals.weight() * 1.2)
                                : null)
                .set(
                        "head_circumference",
                        age < 2 ? 34.0 + visit.patient().monthsOn(day) * 0.5 : null)
                .set("temperature", vitals.temperature())
                .set("systolic", age < 3 ? null : vitals.systolic())
                .set("diastolic", age < 3 ? null : vitals.diastolic())
                .set("bpm", vitals.bpm())
                .set("respiratory_rate", vitals.respiratoryRate())
                .set("osat", vitals.osat())
                .set("glycemia", vitals.glycemia().orElse(null))
                .set("hba1c", vitals.hba1c().orElse(null))
                .set(
                        "cholesterol_total",
                        visit.condition().code().equals("E78.0") ? 205 + random.nextInt(90) : null)
                .set("loc", 15)
                .set("loc_eyes", "4")
                .set("loc_verbal", "5")
                .set("loc_motor", "6")
                .set("dehydration", visit.condition().code().equals("A09") && desk.happens(40))
                .set("mood", "n");
    }

    private void words(Row evaluation, Visit visit) {
        int days = 1 + random.nextInt(13);
        String plan =
                desk.oneOf(
                        "Tablets as before.",
                        "Fluids and rest.",
                        "Come back if it gets worse.",
                        "Refer to hospital.");
        evaluation
                .set("chief_complaint", visit.condition().complaint())
                .set(
                        "information_source",
                        visit.patient().ageOn(visit.stamp().at().toLocalDate()) < 14
                                ? "Parent"
                                : "Self")
                .set("reliable_info", desk.happens(95))
                .set(
                        "present_illness",
                        visit.follow()
                                ? "Follow-up. Takes the medicine "
                                        + desk.oneOf("every day", "most days", "sometimes")
                                        + "."
                                : visit.condition().complaint()
                                        + ", since "
                                        + days
                                        + (days == 1 ? " day." : " days."))
                .set("evaluation_summary", visit.finished() ? "Seen and examined. " + plan : null)
                .set("directions", visit.finished() ? plan + "\n" + advice() : null)
                .set(
                        "notes",
                        desk.happens(10)
                                ? "Temperature > 38 °C at night, as the family says."
                                : null);
    }

    private String advice() {
        return desk.oneOf(
                "Less salt, less sugar.",
                "Walk half an hour a day.",
                "Empty standing water in the yard.",
                "Wash hands.");
    }

    private void findings(int evaluation, Visit visit) throws SQLException {
        for (String code : visit.condition().findings()) {
            if (desk.happens(75)) {
                ledger.insert(
                        ledger.row("gnuhealth_signs_and_symptoms", visit.stamp())
                                .set("evaluation", evaluation)
                                .set("clinical", pathology(code))
                                .set("sign_or_symptom", desk.oneOf("sign", "symptom"))
                                .set(
                                        "comments",
                                        desk.happens(20)
                                                ? "for " + (1 + random.nextInt(9)) + " days"
                                                : null));
            }
        }
        if (visit.condition().course() == Condition.Course.ACUTE && desk.happens(50)) {
            diagnosis("gnuhealth_diagnostic_hypothesis", evaluation, visit);
        }
        if (desk.happens(15)) {
            diagnosis("gnuhealth_secondary_condition", evaluation, visit);
        }
    }

    private void diagnosis(String table, int evaluation, Visit visit) throws SQLException {
        Condition other = fresh(visit.patient(), visit.stamp().at().toLocalDate());
        ledger.insert(
                ledger.row(table, visit.stamp())
                        .set("evaluation", evaluation)
                        .set("pathology", pathology(other.code()))
                        .set("comments", desk.happens(10) ? "to be confirmed" : null));
    }

    private int pathology(String code) {
        return desk.reference().of("gnuhealth_pathology", code);
    }
}
