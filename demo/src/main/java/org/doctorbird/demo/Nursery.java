package org.doctorbird.demo;

import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Births and vaccinations.
final class Nursery {

    private final Desk desk;
    private final Staff staff;
    private final Ledger ledger;

    Nursery(Desk desk, Staff staff, Ledger ledger) {
        this.desk = desk;
        this.staff = staff;
        this.ledger = ledger;
    }

    /// A dose of Jamaica's schedule.
    ///
    /// @param number 1 is the first
    /// @param months age from which it is due
    record Dose(String vaccine, int number, int months) {}

    private static final List<Dose> SCHEDULE =
            List.of(
                    new Dose("BCG vaccine", 1, 0),
                    new Dose("Hepatitis B vaccine", 1, 0),
                    new Dose("DPT/HepB/Hib vaccine", 1, 2),
                    new Dose("Inactivated polio vaccine", 1, 2),
                    new Dose("DPT/HepB/Hib vaccine", 2, 4),
                    new Dose("Inactivated polio vaccine", 2, 4),
                    new Dose("DPT/HepB/Hib vaccine", 3, 6),
                    new Dose("MMR vaccine", 1, 12),
                    new Dose("MMR vaccine", 2, 18),
                    new Dose("DT vaccine", 1, 48),
                    new Dose("HPV vaccine", 1, 132),
                    new Dose("HPV vaccine", 2, 138),
                    new Dose("COVID-19 vaccine", 1, 144),
                    new Dose("COVID-19 vaccine", 2, 147),
                    new Dose("Tetanus toxoid", 1, 216),
                    new Dose("Influenza vaccine", 1, 720));

    /* A young child's doses that were missed are not given to older ones. */
    private static final int CHILD_MONTHS = 72;

    /// The doses that are due and not given, earliest first.
    ///
    /// @param given vaccine and dose, as [#key] writes them
    static List<Dose> due(Patient patient, LocalDateTime at, Set<String> given) {
        int months = patient.monthsOn(at.toLocalDate());
        return SCHEDULE.stream()
                .filter(dose ->
                        dose.months() <= months
                                && !given.contains(key(dose.vaccine(), dose.number())))
                .filter(dose -> months < CHILD_MONTHS || dose.months() >= CHILD_MONTHS)
                .filter(dose -> !dose.vaccine().startsWith("HPV") || patient.sex().equals("f"))
                .toList();
    }

    static String key(String vaccine, int dose) {
        return vaccine + " " + dose;
    }

    /// Writes that a dose was given.
    void vaccinate(Patient patient, Dose dose, LocalDateTime at) throws SQLException {
        Staff.Member by = staff.any(desk.random());
        ledger.insert(
                ledger.row("gnuhealth_vaccination", new Stamp(by.user(), at))
                        .set("name", patient.id())
                        .set("vaccine", desk.reference().of("gnuhealth_medicament", dose.vaccine()))
                        .set("dose", dose.number())
                        .set("date", at)
                        .set("amount", dose.vaccine().startsWith("BCG") ? 0.05 : 0.5)
                        .set("admin_route", dose.vaccine().startsWith("BCG") ? "id" : "im")
                        .set("admin_site", patient.monthsOn(at.toLocalDate()) < 24 ? "lvl" : "ld")
                        .set("healthprof", by.id())
                        .set("signed_by", by.id())
                        .set("institution", staff.institution())
                        .set("vaccine_lot", "L" + (10_000 + desk.random().nextInt(90_000)))
                        .set(
                                "vaccine_expiration_date",
                                at.toLocalDate().plusDays(90 + desk.random().nextInt(600)))
                        .set("state", "done"));
    }

    /// Writes the birth certificate of a registered child and lets the child's party point back at
    /// it.
    ///
    /// @param father id in `party_party`, if he is named
    void certify(Patient child, int mother, @Nullable Integer father, LocalDateTime at)
            throws SQLException {
        Staff.Member by = staff.any(desk.random());
        Row certificate = ledger.row("gnuhealth_birth_certificate", new Stamp(by.user(), at));
        ledger.insert(
                certificate
                        .set("code", desk.number("BC", at.getYear(), certificate.id()))
                        .set("name", child.party())
                        .set("mother", mother)
                        .set("father", father)
                        .set("dob", child.born())
                        .set("country", desk.reference().of("country_country", "JM"))
                        .set(
                                "country_subdivision",
                                desk.reference().of("country_subdivision", desk.profile().parish()))
                        .set("institution", staff.institution())
                        .set("signed_by", by.id())
                        .set("certification_date", at)
                        .set("state", "signed"));
        ledger.link("party_party", child.party(), "birth_certificate", certificate.id());
    }
}
