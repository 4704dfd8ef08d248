package org.doctorbird.demo;

import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The first day of a clinic: writes its institution and its staff, with the circles between them
/// and their specialties.
final class Founding {

    private static final List<String> SPECIALTIES =
            List.of("FAMILY", "GENERAL", "PEDIATRICS", "MIDWIFERY", "NURSING");

    private final Desk desk;
    private final InsertLedger ledger;
    private final Stamp stamp;

    /// @param at in UTC
    Founding(Desk desk, InsertLedger ledger, LocalDateTime at) {
        this.desk = desk;
        this.ledger = ledger;
        this.stamp = new Stamp(1, at);
    }

    Staff found() throws SQLException {
        int institution = institution();
        List<Staff.Member> members = new ArrayList<>();
        for (int i = 0; i < SPECIALTIES.size(); i++) {
            members.add(member(institution, SPECIALTIES.get(i), i + 1));
        }
        return new Staff(institution, members);
    }

    private int institution() throws SQLException {
        ClinicProfile profile = desk.profile();
        int party =
                ledger.insert(
                        ledger.row("party_party", stamp)
                                .set("code", profile.institutionCode())
                                .set("name", profile.name())
                                .set("active", true)
                                .set("is_institution", true)
                                .set("residence", desk.reference().of("country_country", "JM")));
        int institution =
                ledger.insert(
                        ledger.row("gnuhealth_institution", stamp)
                                .set("name", party)
                                .set("code", profile.institutionCode())
                                .set("institution_type", "primary_care")
                                .set("public_level", "public")
                                .set("beds", 4 + desk.random().nextInt(20)));
        int main = 0;
        for (String code : List.of("FAMILY", "PEDIATRICS", "OBGYN")) {
            int held =
                    ledger.insert(
                            ledger.row("gnuhealth_institution_specialties", stamp)
                                    .set("name", institution)
                                    .set("specialty", specialty(code)));
            main = main == 0 ? held : main;
        }
        ledger.link("gnuhealth_institution", institution, "main_specialty", main);
        return institution;
    }

    private Staff.Member member(int institution, String specialty, int number) throws SQLException {
        Person person = new People(desk.random()).worker(stamp.at().toLocalDate());
        String login = desk.profile().sitePrefix().toLowerCase(Locale.ROOT) + number;
        int user =
                ledger.insert(
                        ledger.row("res_user", stamp)
                                .set("name", person.given() + " " + person.family())
                                .set("login", login)
                                .set("active", true));
        var registration = new Registration(desk, new Staff(institution, List.of()), ledger);
        Row party =
                registration
                        .person(person, stamp)
                        .set("active", true)
                        .set("is_healthprof", true)
                        .set("internal_user", user);
        ledger.insert(party);
        registration.officialName(person, party.id(), stamp);
        int member =
                ledger.insert(
                        ledger.row("gnuhealth_healthprofessional", stamp)
                                .set("name", party.id())
                                .set("institution", institution)
                                .set("active", true)
                                .set("code", desk.profile().sitePrefix() + "-" + number));
        int held =
                ledger.insert(
                        ledger.row("gnuhealth_hp_specialty", stamp)
                                .set("name", member)
                                .set("specialty", specialty(specialty)));
        ledger.link("gnuhealth_healthprofessional", member, "main_specialty", held);
        return new Staff.Member(member, specialty(specialty), user);
    }

    private int specialty(String code) {
        return desk.reference().of("gnuhealth_specialty", code);
    }
}
