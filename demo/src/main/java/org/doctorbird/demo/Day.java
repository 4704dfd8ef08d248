package org.doctorbird.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What is done in a clinic today: one deed, in one transaction of an application's size.
final class Day {

    private static final int UNFINISHED_PERCENT = 30;

    private final Desk desk;
    private final Staff staff;
    private final List<Integer> ownPatients;
    private final Connection connection;
    private final LocalDateTime now;
    private final InsertLedger ledger;
    private final Picks picks;
    private final Registration registration;
    private final Consultation consultation;
    private final Nursery nursery;
    private final Stamp stamp;

    /// @param ownPatients local ids
    /// @param fitting see [Consultation]
    /// @param connection in a transaction; not committed or closed here
    Day(
            Desk desk,
            Staff staff,
            List<Integer> ownPatients,
            Map<String, Weighted<Condition>> fitting,
            Connection connection,
            LocalDateTime now) {
        this.desk = desk;
        this.staff = staff;
        this.ownPatients = ownPatients;
        this.connection = connection;
        this.now = now;
        this.ledger = new InsertLedger(connection);
        this.picks = new Picks(connection);
        this.registration = new Registration(desk, staff, ledger);
        this.consultation = new Consultation(desk, staff, ledger, fitting);
        this.nursery = new Nursery(desk, staff, ledger);
        this.stamp = new Stamp(staff.any(desk.random()).user(), now);
    }

    /// Does a thing of this kind. If there is nothing to do it to, such as no evaluation to finish,
    /// a consultation is held instead; if there is no patient at all, one is registered.
    Event write(Event.Kind kind) throws SQLException {
        if (kind == Event.Kind.PATIENT_REGISTERED) {
            return register();
        }
        if (kind == Event.Kind.GUEST_VISIT) {
            OptionalInt guest = picks.guest(staff, desk.random());
            Optional<Patient> patient =
                    guest.isPresent()
                            ? Patient.read(connection, guest.getAsInt())
                            : Optional.empty();
            if (patient.isPresent()) {
                return visit(patient.get(), kind);
            }
        }
        Optional<Patient> patient = ownPatient();
        if (patient.isEmpty()) {
            return register();
        }
        return about(patient.get(), kind)
                ? ledger.told(kind)
                : visit(patient.get(), Event.Kind.VISIT);
    }

    /// The local ids of the patients that were registered.
    List<Integer> newPatients() {
        return ledger.patients();
    }

    private boolean about(Patient patient, Event.Kind kind) throws SQLException {
        return switch (kind) {
            case VISIT, GUEST_VISIT, PATIENT_REGISTERED -> false;
            case EVALUATION_FINISHED -> finishEvaluation();
            case PERSON_CORRECTED -> correct(patient);
            case CONTACT_ADDED -> addContact(patient);
            case CONTACT_CHANGED -> changeContact(patient);
            case CONTACT_DELETED -> deleteContact(patient);
            case ADDRESS_CHANGED -> move(patient);
            case VACCINATED -> vaccinate(patient);
            case CHILD_BORN -> bear(patient);
            case DISEASE_UPDATED -> updateDisease(patient);
            case DUPLICATE_MERGED -> merge(patient);
            case PHOTO_TAKEN -> photograph(patient);
        };
    }

    private Optional<Patient> ownPatient() throws SQLException {
        return ownPatients.isEmpty()
                ? Optional.empty()
                : Patient.read(
                        connection, ownPatients.get(desk.random().nextInt(ownPatients.size())));
    }

    private Event register() throws SQLException {
        Person person = new People(desk.random()).household(now.toLocalDate()).getLast();
        Patient patient =
                registration.register(person, registration.home(person.family(), now), "Head", now);
        if (desk.happens(60)) {
            consultation.hold(patient, now, false);
        }
        return ledger.told(Event.Kind.PATIENT_REGISTERED);
    }

    private Event visit(Patient patient, Event.Kind kind) throws SQLException {
        consultation.hold(patient, now, !desk.happens(UNFINISHED_PERCENT));
        return ledger.told(kind);
    }

    private boolean finishEvaluation() throws SQLException {
        OptionalInt open = picks.openEvaluation(staff);
        if (open.isPresent()) {
            String code = Condition.ALL.get(desk.random().nextInt(Condition.ALL.size())).code();
            ledger.update(
                    "gnuhealth_patient_evaluation",
                    open.getAsInt(),
                    stamp,
                    changes(
                            "state",
                            "done",
                            "evaluation_endtime",
                            now,
                            "diagnosis",
                            desk.reference().of("gnuhealth_pathology", code),
                            "evaluation_summary",
                            "Seen and examined. Laboratory asked for.",
                            "osat",
                            95 + desk.random().nextInt(5)));
        }
        return open.isPresent();
    }

    private boolean correct(Patient patient) throws SQLException {
        Map<String, @Nullable Object> changes =
                switch (desk.random().nextInt(4)) {
                    case 0 -> changes("dob", patient.born().plusDays(1 + desk.random().nextInt(3)));
                    case 1 ->
                            changes(
                                    "lastname",
                                    new People(desk.random()).worker(now.toLocalDate()).family());
                    case 2 ->
                            changes(
                                    "occupation",
                                    desk.reference().any("gnuhealth_occupation", desk.random()));
                    default ->
                            changes(
                                    "marital_status",
                                    "m",
                                    "education",
                                    Integer.toString(desk.random().nextInt(6)));
                };
        ledger.update("party_party", patient.party(), stamp, changes);
        return true;
    }

    private boolean addContact(Patient patient) throws SQLException {
        registration.mobile(patient.party(), desk.happens(20), stamp);
        return true;
    }

    private boolean changeContact(Patient patient) throws SQLException {
        OptionalInt contact = picks.contact(patient.party());
        if (contact.isPresent()) {
            int number = 1_000 + desk.random().nextInt(9_000);
            ledger.update(
                    "party_contact_mechanism",
                    contact.getAsInt(),
                    stamp,
                    changes(
                            "value", "+1 876 555-" + number,
                            "value_compact", "+1876555" + number));
        }
        return contact.isPresent();
    }

    private boolean deleteContact(Patient patient) throws SQLException {
        OptionalInt contact = picks.contact(patient.party());
        if (contact.isPresent()) {
            ledger.delete("party_contact_mechanism", contact.getAsInt());
        }
        return contact.isPresent();
    }

    private boolean move(Patient patient) throws SQLException {
        OptionalInt address = picks.address(patient.party());
        if (address.isPresent()) {
            Place place = Place.near(desk.profile().parish(), desk.random());
            ledger.update(
                    "party_address",
                    address.getAsInt(),
                    stamp,
                    changes(
                            "street", place.street(),
                            "city", place.town(),
                            "subdivision",
                                    desk.reference().of("country_subdivision", place.parish())));
        }
        return address.isPresent();
    }

    private boolean vaccinate(Patient patient) throws SQLException {
        List<Nursery.Dose> due = Nursery.due(patient, now, picks.dosesGiven(patient.id()));
        if (!due.isEmpty()) {
            nursery.vaccinate(patient, due.getFirst(), now);
        }
        return !due.isEmpty();
    }

    /// Registers a newborn with a woman as its mother; falls back if the patient is none who can
    /// have a child.
    private boolean bear(Patient patient) throws SQLException {
        int age = patient.ageOn(now.toLocalDate());
        if (!patient.sex().equals("f") || age < 16 || age > 44) {
            return false;
        }
        Person worker = new People(desk.random()).worker(now.toLocalDate());
        Person child = new People(desk.random()).newborn(worker.family(), now.toLocalDate());
        Patient born =
                registration.register(
                        child, registration.home(child.family(), now), "Newborn", now);
        nursery.certify(born, patient.party(), null, now);
        nursery.vaccinate(
                born, Nursery.due(born, now, picks.dosesGiven(born.id())).getFirst(), now);
        return true;
    }

    private boolean updateDisease(Patient patient) throws SQLException {
        OptionalInt disease = picks.activeDisease(patient.id());
        if (disease.isPresent()) {
            ledger.update(
                    "gnuhealth_patient_disease",
                    disease.getAsInt(),
                    stamp,
                    desk.happens(30)
                            ? changes(
                                    "status",
                                    "h",
                                    "is_active",
                                    false,
                                    "healed_date",
                                    now.toLocalDate())
                            : changes(
                                    "disease_severity",
                                    desk.oneOf("1_mi", "2_mo", "3_sv"),
                                    "is_on_treatment",
                                    true));
        }
        return disease.isPresent();
    }

    private boolean merge(Patient patient) throws SQLException {
        Person invented = new People(desk.random()).worker(now.toLocalDate());
        registration.duplicate(
                new Person(invented.given(), invented.family(), patient.sex(), patient.born()),
                patient.party(),
                now);
        return true;
    }

    private boolean photograph(Patient patient) throws SQLException {
        ledger.update(
                "party_party", patient.party(), stamp, changes("photo", registration.photo()));
        return true;
    }

    private static Map<String, @Nullable Object> changes(Object... namesAndValues) {
        Map<String, @Nullable Object> changes = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            changes.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return changes;
    }
}
