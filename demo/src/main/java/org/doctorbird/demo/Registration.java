package org.doctorbird.demo;

import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// The registration desk: writes what an application writes when a person is seen for the first
/// time.
final class Registration {

    private final Desk desk;
    private final Staff staff;
    private final Ledger ledger;
    private final RandomGenerator random;

    Registration(Desk desk, Staff staff, Ledger ledger) {
        this.desk = desk;
        this.staff = staff;
        this.ledger = ledger;
        this.random = desk.random();
    }

    /// Where people live together.
    ///
    /// @param dwelling id in `gnuhealth_du`
    /// @param family id in `gnuhealth_family`
    record Home(int dwelling, int family, Place place) {}

    /// Writes a dwelling and a family.
    Home home(String surname, LocalDateTime at) throws SQLException {
        var stamp = stamp(at);
        Place place = Place.near(desk.profile().parish(), random);
        Row dwelling = ledger.row("gnuhealth_du", stamp);
        String prefix = desk.profile().sitePrefix();
        ledger.insert(
                dwelling.set("name", prefix + "-DU-" + dwelling.id())
                        .set("address_street", place.street())
                        .set("address_city", place.town())
                        .set("address_country", jamaica())
                        .set(
                                "address_subdivision",
                                desk.reference().of("country_subdivision", place.parish()))
                        .set("altitude", random.nextInt(700))
                        .set("latitude", decimal(17_700_000 + random.nextInt(800_000)))
                        .set("longitude", "-" + decimal(76_200_000 + random.nextInt(2_100_000)))
                        .set("bedrooms", 1 + random.nextInt(4))
                        .set(
                                "dwelling",
                                desk.oneOf(
                                        "single_house", "single_house", "apartment", "townhouse"))
                        .set("housing", Integer.toString(random.nextInt(4)))
                        .set("materials", desk.oneOf("concrete", "concrete", "wood"))
                        .set("roof_type", desk.oneOf("concrete", "zinc", "zinc"))
                        .set("electricity", desk.happens(93))
                        .set("water", desk.happens(78))
                        .set("sewers", desk.happens(30))
                        .set("internet", desk.happens(60)));
        Row family = ledger.row("gnuhealth_family", stamp);
        ledger.insert(family.set("name", surname + " " + prefix + "-" + family.id()));
        return new Home(dwelling.id(), family.id(), place);
    }

    /// Registers a person as a patient of this clinic: party, name, address, contacts, family
    /// member, patient.
    ///
    /// @param role in the family, such as `Mother`
    Patient register(Person person, Home home, String role, LocalDateTime at) throws SQLException {
        var stamp = stamp(at);
        int age = person.ageOn(at.toLocalDate());
        int party = party(person, home, age, stamp);
        int address = address(party, home.place(), stamp);
        contacts(party, person, age, stamp);
        categories(party, age, stamp);
        ledger.insert(
                ledger.row("gnuhealth_family_member", stamp)
                        .set("name", home.family())
                        .set("party", party)
                        .set("role", role));
        int patient = ledger.insert(patient(person, party, address, home, age, stamp));
        return new Patient(patient, party, person.sex(), person.born(), new LinkedHashMap<>());
    }

    /// Writes a second party for somebody who is there already, merged at once into the first.
    void duplicate(Person person, int original, LocalDateTime at) throws SQLException {
        var stamp = stamp(at);
        Row party = person(person, stamp);
        ledger.insert(party.set("active", false).set("replaced_by", original));
    }

    /// Writes a party with a person's name and nothing else; the caller adds and inserts.
    Row person(Person person, Stamp stamp) throws SQLException {
        Row party = ledger.row("party_party", stamp);
        String puid = desk.puid(party.id());
        return party.set("code", uuid() + "-" + desk.profile().sitePrefix())
                .set("ref", puid)
                .set("federation_account", "JAM" + puid)
                .set("fed_country", "JAM")
                .set("name", person.given())
                .set("lastname", person.family())
                .set("gender", person.sex())
                .set("dob", person.born())
                .set("is_person", true)
                .set("is_healthprof", false)
                .set("activation_date", stamp.at().toLocalDate())
                .set(
                        "citizenship",
                        desk.happens(97)
                                ? jamaica()
                                : desk.reference().any("country_country", random))
                .set("residence", jamaica())
                .set("name_representation", null);
    }

    /// Writes a person's official name.
    void officialName(Person person, int party, Stamp stamp) throws SQLException {
        ledger.insert(
                ledger.row("gnuhealth_person_name", stamp)
                        .set("party", party)
                        .set("given", person.given())
                        .set("family", person.family())
                        .set("use", "official")
                        .set("date_from", person.born()));
    }

    /// Writes an address.
    int address(int party, Place place, Stamp stamp) throws SQLException {
        return ledger.insert(
                ledger.row("party_address", stamp)
                        .set("party", party)
                        .set("active", true)
                        .set("sequence", 1)
                        .set("street", place.street())
                        .set("city", place.town())
                        .set("country", jamaica())
                        .set(
                                "subdivision",
                                desk.reference().of("country_subdivision", place.parish())));
    }

    /// Writes a mobile number.
    void mobile(int party, boolean emergency, Stamp stamp) throws SQLException {
        String number = "555-" + (1_000 + random.nextInt(9_000));
        ledger.insert(
                ledger.row("party_contact_mechanism", stamp)
                        .set("party", party)
                        .set("active", true)
                        .set("type", "mobile")
                        .set("value", "+1 876 " + number)
                        .set("value_compact", "+1876" + number.replace("-", ""))
                        .set("emergency", emergency)
                        .set("name", emergency ? "next of kin" : null));
    }

    private int party(Person person, Home home, int age, Stamp stamp) throws SQLException {
        Row party =
                person(person, stamp)
                        .set("active", true)
                        .set("is_patient", true)
                        .set("du", home.dwelling())
                        .set("ethnic_group", ethnicity())
                        .set(
                                "marital_status",
                                age < 18 ? "s" : desk.oneOf("s", "s", "s", "c", "m", "m", "w", "d"))
                        .set("education", age < 18 ? null : Integer.toString(1 + random.nextInt(5)))
                        .set(
                                "occupation",
                                age < 18 || desk.happens(30)
                                        ? null
                                        : desk.reference().any("gnuhealth_occupation", random))
                        .set("photo", desk.happens(2) ? photo() : null);
        ledger.insert(party);
        officialName(person, party.id(), stamp);
        return party.id();
    }

    private void contacts(int party, Person person, int age, Stamp stamp) throws SQLException {
        if (age < 16 || desk.happens(90)) {
            mobile(party, age < 16, stamp);
        }
        if (desk.happens(25)) {
            mobile(party, true, stamp);
        }
        if (age > 16 && desk.happens(20)) {
            String address =
                    (person.given().charAt(0) + person.family()).toLowerCase(Locale.ROOT)
                            + party
                            + "@mail.example";
            ledger.insert(
                    ledger.row("party_contact_mechanism", stamp)
                            .set("party", party)
                            .set("active", true)
                            .set("type", "email")
                            .set("value", address)
                            .set("value_compact", address)
                            .set("emergency", false));
        }
    }

    private void categories(int party, int age, Stamp stamp) throws SQLException {
        String category =
                age < 6 ? "Child health clinic" : age > 60 ? "NHF card" : "Home visit list";
        if (desk.happens(age < 6 || age > 60 ? 60 : 4)) {
            ledger.insert(
                    ledger.row("party_party-party_category", stamp)
                            .set("party", party)
                            .set("category", desk.reference().of("party_category", category)));
        }
    }

    private Row patient(Person person, int party, int address, Home home, int age, Stamp stamp)
            throws SQLException {
        boolean adult = age >= 18;
        boolean woman = person.isFemale() && age >= 13;
        boolean smokes = adult && desk.happens(person.isFemale() ? 6 : 24);
        return ledger.row("gnuhealth_patient", stamp)
                .set("name", party)
                .set("active", true)
                .set("current_address", address)
                .set("family", home.family())
                .set("primary_care_doctor", staff.any(random).id())
                .set("home_institution", desk.profile().institutionCode())
                .set("biological_sex", person.sex())
                .set("blood_type", desk.oneOf("O", "O", "O", "O", "O", "A", "A", "B", "B", "AB"))
                .set("rh", desk.happens(93) ? "+" : "-")
                .set("hb", desk.happens(85) ? "aa" : desk.oneOf("as", "as", "as", "ac", "ss", "sc"))
                .set("fertile", woman && age < 50)
                .set("menarche", woman ? 10 + random.nextInt(5) : null)
                .set("menopausal", woman && age > 50)
                .set("menopause", woman && age > 55 ? 45 + random.nextInt(10) : null)
                .set("full_term", woman && adult ? random.nextInt(5) : null)
                .set("smoking", smokes)
                .set("smoking_number", smokes ? 2 + random.nextInt(18) : null)
                .set("alcohol", adult && desk.happens(45))
                .set("exercise", desk.happens(50))
                .set("soft_drinks", desk.happens(60))
                .set("sleep_hours", adult ? 5 + random.nextInt(4) : 8 + random.nextInt(4))
                .set(
                        "critical_info",
                        desk.happens(6)
                                ? "Allergic to " + desk.oneOf("penicillin", "sulfa", "aspirin")
                                : null)
                .set(
                        "general_info",
                        desk.happens(15)
                                ? "Lives with relatives.\nComes by bus; prefers mornings."
                                : null);
    }

    /// Invents the bytes of a photo, 256 to 2,047 of them.
    byte[] photo() {
        var bytes = new byte[256 + random.nextInt(1_792)];
        random.nextBytes(bytes);
        return bytes;
    }

    private int ethnicity() {
        String code =
                desk.happens(91)
                        ? "BLACK"
                        : desk.oneOf("MIXED", "MIXED", "EASTINDIAN", "CHINESE", "WHITE", "OTHER");
        return desk.reference().of("gnuhealth_ethnicity", code);
    }

    private int jamaica() {
        return desk.reference().of("country_country", "JM");
    }

    private Stamp stamp(LocalDateTime at) {
        return new Stamp(staff.any(random).user(), at);
    }

    private UUID uuid() {
        long version4 = (random.nextLong() & ~0xF000L) | 0x4000L;
        long variant2 = (random.nextLong() >>> 2) | Long.MIN_VALUE;
        return new UUID(version4, variant2);
    }

    private static String decimal(int millionths) {
        return millionths / 1_000_000
                + "."
                + Integer.toString(1_000_000 + millionths % 1_000_000).substring(1);
    }

    /// Says what somebody is in the family.
    static String role(Person member, Person head, LocalDate today) {
        if (member.equals(head)) {
            return "Head";
        }
        if (head.ageOn(today) - member.ageOn(today) < 16) {
            return "Partner or sibling";
        }
        return member.isFemale() ? "Daughter" : "Son";
    }
}
