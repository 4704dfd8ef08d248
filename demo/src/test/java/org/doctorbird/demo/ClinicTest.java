package org.doctorbird.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.demo.Databases.clinicalRows;
import static org.doctorbird.demo.Databases.digest;
import static org.doctorbird.demo.Databases.number;
import static org.doctorbird.demo.Databases.value;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import javax.sql.DataSource;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClinicTest {

    private static final Instant NOON = Instant.parse("2026-11-23T17:00:00.123456Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOON);
    private static final ClinicProfile MANDEVILLE =
            new ClinicProfile("Mandeville Health Centre", "MHC", "JM-12", "MHC");
    private static final ClinicProfile LUCEA =
            new ClinicProfile("Lucea Health Centre", "LHC", "JM-09", "LHC");

    private static Databases databases;

    @BeforeAll
    static void start() throws Exception {
        databases = new Databases();
    }

    @AfterAll
    static void stop() throws Exception {
        databases.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 25_000})
    void loadsTheRowsAskedForWithinTwoPercent(int records) throws SQLException {
        DataSource database = databases.instance(1);

        int loaded =
                Clinic.open(database, MANDEVILLE, new SplittableRandom(7), CLOCK).load(records);

        assertThat(clinicalRows(database)).isEqualTo(loaded);
        assertThat((double) loaded).isCloseTo(records, Percentage.withPercentage(2));
    }

    @Test
    void addsAsManyRowsAsAskedWhenLoadedAgain() throws SQLException {
        DataSource database = databases.instance(1);
        Clinic clinic = Clinic.open(database, MANDEVILLE, new SplittableRandom(7), CLOCK);
        clinic.load(2_000);
        long before = clinicalRows(database);

        int loaded = clinic.load(2_000);

        assertThat(clinicalRows(database)).isEqualTo(before + loaded);
    }

    @Test
    void isDistributedAsInAClinic() throws SQLException {
        DataSource database = databases.instance(1);
        Clinic.open(database, MANDEVILLE, new SplittableRandom(7), CLOCK).load(25_000);

        double patients = number(database, "select count(*) from gnuhealth_patient");
        double evaluations = number(database, "select count(*) from gnuhealth_patient_evaluation");
        double findings =
                number(database, "select count(*) from gnuhealth_signs_and_symptoms")
                        + number(database, "select count(*) from gnuhealth_diagnostic_hypothesis")
                        + number(database, "select count(*) from gnuhealth_secondary_condition");

        assertThat(evaluations / patients).isBetween(2.0, 3.0);
        assertThat(findings / evaluations).isBetween(1.0, 2.0);
        assertThat(
                        value(
                                database,
                                """
                                select pathology.code from gnuhealth_patient_disease disease
                                  join gnuhealth_pathology pathology on pathology.id = disease.pathology
                                 group by 1 order by count(*) desc limit 1
                                """))
                .isEqualTo("I10");
        assertThat(
                        number(
                                database,
                                """
                                select count(*) from gnuhealth_patient_evaluation
                                 where systolic <= diastolic or weight <= 0 or osat > 100 or evaluation_start > '2026-11-23 17:00:01'
                                """))
                .isZero();
    }

    @Test
    void closesEveryKindOfCircle() throws SQLException {
        DataSource database = databases.instance(1);
        Clinic.open(database, MANDEVILLE, new SplittableRandom(7), CLOCK).load(25_000);

        assertThat(
                        number(
                                database,
                                """
                                select count(*) from party_party child
                                  join gnuhealth_birth_certificate certificate on child.birth_certificate = certificate.id
                                 where certificate.name = child.id and certificate.mother is not null
                                """))
                .isPositive();
        assertThat(
                        number(
                                database,
                                """
                                select count(*) from gnuhealth_institution institution
                                  join gnuhealth_institution_specialties held on institution.main_specialty = held.id
                                 where held.name = institution.id
                                """))
                .isEqualTo(1);
        assertThat(
                        number(
                                database,
                                """
                                select count(*) from gnuhealth_healthprofessional member
                                  join gnuhealth_hp_specialty held on member.main_specialty = held.id
                                 where held.name = member.id
                                """))
                .isEqualTo(5);
        assertThat(
                        number(
                                database,
                                "select count(*) from party_party where replaced_by is not null"))
                .isPositive();
        assertThat(number(database, "select count(*) from party_party where photo is not null"))
                .isPositive();
        assertThat(number(database, "select count(*) from \"party_party-party_category\""))
                .isPositive();
    }

    @Test
    void writesTheSameRowsFromTheSameSeedAndOthersFromAnother() throws SQLException {
        assertThat(digestOf(7)).isEqualTo(digestOf(7)).isNotEqualTo(digestOf(8));
    }

    private static String digestOf(long seed) throws SQLException {
        DataSource database = databases.instance(1);
        Clinic clinic = Clinic.open(database, MANDEVILLE, new SplittableRandom(seed), CLOCK);
        clinic.load(3_000);
        for (int i = 0; i < 50; i++) {
            clinic.writeOneThing();
        }
        return digest(database);
    }

    @Test
    void makesNoUniqueValueThatAnotherClinicMakes() throws SQLException {
        DataSource database = databases.instance(1);
        // In one database the unique constraints would refuse them.
        Clinic.open(database, MANDEVILLE, new SplittableRandom(7), CLOCK).load(3_000);
        Clinic.open(database, LUCEA, new SplittableRandom(7).split(), CLOCK).load(3_000);

        assertThat(number(database, "select count(*) from gnuhealth_institution")).isEqualTo(2);
    }

    @Test
    void neverFailsInFiveHundredThingsAndDoesEveryKind() throws SQLException {
        DataSource database = databases.instance(1);
        Clinic.open(database, LUCEA, new SplittableRandom(5), CLOCK).load(1_000);
        var ticking = new Ticking();
        Clinic clinic = Clinic.open(database, MANDEVILLE, new SplittableRandom(7), ticking);
        clinic.load(3_000);
        long before = clinicalRows(database);
        int inserted = 0;
        int deleted = 0;
        Map<Event.Kind, Integer> kinds = new EnumMap<>(Event.Kind.class);

        for (int i = 0; i < 500; i++) {
            Event event = clinic.writeOneThing();
            inserted += event.inserted();
            deleted += event.deleted();
            kinds.merge(event.kind(), 1, Integer::sum);
            assertThat(event.rows()).isPositive();
        }

        assertThat(kinds).containsOnlyKeys(Event.Kind.values());
        assertThat(deleted).isPositive();
        assertThat(clinicalRows(database)).isEqualTo(before + inserted - deleted);
        assertThat(
                        number(
                                database,
                                "select count(*) from party_party where write_date is not null"))
                .isPositive();
    }

    @Test
    void writesIntoAnEmptyClinic() throws SQLException {
        Clinic clinic =
                Clinic.open(databases.instance(1), MANDEVILLE, new SplittableRandom(7), CLOCK);

        assertThat(clinic.write(Event.Kind.PHOTO_TAKEN).kind())
                .isEqualTo(Event.Kind.PATIENT_REGISTERED);
        assertThat(clinic.write(Event.Kind.GUEST_VISIT).kind()).isEqualTo(Event.Kind.VISIT);
    }

    @Test
    void goesOnWithItsOwnPatientsWhenOpenedAgain() throws SQLException {
        DataSource database = databases.instance(1);
        Clinic.open(database, MANDEVILLE, new SplittableRandom(7), CLOCK).load(1_000);
        long before = clinicalRows(database);

        Clinic again = Clinic.open(database, MANDEVILLE, new SplittableRandom(8), CLOCK);

        assertThat(clinicalRows(database)).isEqualTo(before);
        assertThat(again.write(Event.Kind.PERSON_CORRECTED).kind())
                .isEqualTo(Event.Kind.PERSON_CORRECTED);
    }

    /// A clock that goes on by a minute whenever it is read.
    private static final class Ticking implements InstantSource {

        private Instant now = NOON;

        @Override
        public Instant instant() {
            now = now.plus(Duration.ofMinutes(1));
            return now;
        }
    }
}
