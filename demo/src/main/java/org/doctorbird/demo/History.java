package org.doctorbird.demo;

import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The past of a clinic: invents what it wrote in the three years before a day, household by
/// household.
final class History {

    private static final int DAYS = 3 * 365;
    private static final int DUPLICATES_PERMILLE = 4;
    private static final int MOTHER_YEARS_MIN = 16;
    private static final int MOTHER_YEARS_MAX = 44;

    private final Desk desk;
    private final RandomGenerator random;
    private final People people;
    private final BulkLedger ledger;
    private final Registration registration;
    private final Consultation consultation;
    private final Nursery nursery;
    private final LocalDateTime now;
    private final Weighted<Integer> visits =
            new Weighted<Integer>()
                    .add(0, 8)
                    .add(1, 24)
                    .add(2, 27)
                    .add(3, 18)
                    .add(4, 11)
                    .add(5, 7)
                    .add(8, 5);

    /// @param fitting see [Consultation]
    /// @param now in UTC; everything lies before it
    History(
            Desk desk,
            Staff staff,
            BulkLedger ledger,
            Map<String, Weighted<Condition>> fitting,
            LocalDateTime now) {
        this.desk = desk;
        this.random = desk.random();
        this.people = new People(random);
        this.ledger = ledger;
        this.registration = new Registration(desk, staff, ledger);
        this.consultation = new Consultation(desk, staff, ledger, fitting);
        this.nursery = new Nursery(desk, staff, ledger);
        this.now = now;
    }

    /// Invents one household with all its visits, or its beginning.
    ///
    /// @param rowsMax stops after the person or the visit with which the ledger's count reaches
    ///   this
    /// @return the local ids of its patients
    List<Integer> household(int rowsMax) throws SQLException {
        LocalDate today = now.toLocalDate();
        List<Person> persons = people.household(today);
        Person head = persons.getFirst();
        LocalDateTime first = openHour(today.minusDays(1 + random.nextInt(DAYS)));
        Registration.Home home = registration.home(head.family(), first);
        List<Patient> patients = new ArrayList<>();
        for (Person person : persons) {
            if (ledger.count() >= rowsMax) {
                break;
            }
            LocalDateTime at =
                    person.born().isAfter(first.toLocalDate()) ? openHour(person.born()) : first;
            Patient patient =
                    registration.register(
                            person, home, Registration.role(person, head, today), earlier(at));
            birth(patient, patients, earlier(at));
            patients.add(patient);
            if (random.nextInt(1_000) < DUPLICATES_PERMILLE) {
                registration.duplicate(person, patient.party(), earlier(at.plusDays(3)));
            }
            live(patient, earlier(at), rowsMax);
        }
        return patients.stream().map(Patient::id).toList();
    }

    /// A child that was born while the household was known gets a birth certificate, if a mother is
    /// in the house.
    private void birth(Patient child, List<Patient> before, LocalDateTime at) throws SQLException {
        if (!child.born().equals(at.toLocalDate()) && child.ageOn(at.toLocalDate()) > 0) {
            return;
        }
        @Nullable Integer mother = null;
        @Nullable Integer father = null;
        for (Patient other : before) {
            int age = other.ageOn(child.born());
            boolean isWoman = other.sex().equals("f");
            if (isWoman && age >= MOTHER_YEARS_MIN && age <= MOTHER_YEARS_MAX) {
                mother = other.party();
            } else if (!isWoman && age >= MOTHER_YEARS_MIN) {
                father = other.party();
            }
        }
        if (mother != null) {
            nursery.certify(child, mother, father, at);
        }
    }

    private void live(Patient patient, LocalDateTime since, int rowsMax) throws SQLException {
        int months = patient.monthsOn(now.toLocalDate());
        int doses = months < 72 ? 1 + random.nextInt(5) : desk.happens(12) ? 1 : 0;
        for (Nursery.Dose dose :
                Nursery.due(patient, now, Set.of()).stream().limit(doses).toList()) {
            LocalDateTime due = patient.born().plusMonths(dose.months()).atTime(15, 0);
            nursery.vaccinate(
                    patient,
                    dose,
                    earlier(due.isBefore(since) ? since : due.plusDays(random.nextInt(20))));
        }
        long span = Math.max(1, Duration.between(since, now).toDays());
        List<LocalDate> days = new ArrayList<>();
        int count = visits.pick(random);
        for (int i = 0; i < count; i++) {
            days.add(since.toLocalDate().plusDays(random.nextLong(span)));
        }
        days.sort(null);
        for (LocalDate day : days) {
            if (ledger.count() >= rowsMax) {
                return;
            }
            consultation.hold(patient, earlier(openHour(day)), true);
        }
    }

    /// A moment of a day at which a clinic in Jamaica is open, 8 to 16 h, in UTC.
    private LocalDateTime openHour(LocalDate day) {
        return day.atTime(13, 0)
                .plusSeconds(random.nextInt(8 * 3_600))
                .plusNanos(random.nextInt(1_000_000) * 1_000L);
    }

    private LocalDateTime earlier(LocalDateTime at) {
        return at.isBefore(now) ? at : now.minusSeconds(1);
    }
}
