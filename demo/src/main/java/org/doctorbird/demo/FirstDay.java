package org.doctorbird.demo;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.doctorbird.app.postgres.PostgresStatus;
import org.doctorbird.app.satellite.InstalledSatellite;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.settings.SettingsFile;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;

/// Two clinics with three years of records join; everybody gets everything; then both write on.
final class FirstDay implements Story {

    private static final int THINGS = 25;

    private final RandomGenerator random;
    private final Map<DemoInstance, Clinic> clinics = new LinkedHashMap<>();
    private final List<Expectation> expectations = new ArrayList<>();

    FirstDay(long seed) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Override
    public String name() {
        return "first-day";
    }

    /// The clinics of the story, to write on after it.
    Map<DemoInstance, Clinic> clinics() {
        return clinics;
    }

    @Override
    public List<Expectation> tell(Stage stage, int records)
            throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        narrator.chapter("Before the first day: two clinics have worked alone for three years.");
        openClinic(
                stage,
                records / 2,
                "may-pen",
                new ClinicProfile("May Pen Health Centre", "MPHC", "JM-13", "MPH"));
        openClinic(
                stage,
                records - records / 2,
                "lionel-town",
                new ClinicProfile("Lionel Town Health Centre", "LTHC", "JM-13", "LTH"));

        narrator.chapter("The central office opens: install, instance add, serve.");
        stage.openCentralProgram();
        for (DemoInstance satellite : stage.satellites()) {
            stage.install(satellite);
            narrator.say(satellite.title() + " installs; its plan comes from central.");
        }

        narrator.chapter("The first exchange.");
        synchronise(stage);
        synchronise(stage);
        Digests first = Digests.of(stage);
        first.tell(narrator);
        expect(
                "after the first exchange all instances hold equal records",
                first.agree() && first.isComplete(records));
        expect("local ids differ between the instances", idsDiffer(stage));

        narrator.chapter("A day's work, each clinic by itself.");
        for (var entry : clinics.entrySet()) {
            for (int i = 0; i < THINGS; i++) {
                Event event = entry.getValue().writeOneThing();
                if (i < 3) {
                    narrator.say(entry.getKey().title() + " " + event.kind().words() + ".");
                }
            }
        }
        expect("the clinics wait to push while they are apart", waiting(stage) > 0);

        narrator.chapter("The evening's exchange.");
        synchronise(stage);
        synchronise(stage);
        Digests second = Digests.of(stage);
        expect("after the evening's exchange nothing waits any more", waiting(stage) == 0);
        expect(
                "after the evening's exchange every clinic holds what central knows it to hold",
                second.agree());
        narrator.say("Each instance holds %,d records.".formatted(second.records("central")));
        return List.copyOf(expectations);
    }

    /// Counts what central has got, straight from its tables.
    long recordsAtCentral(Stage stage) throws SQLException {
        long sum = 0;
        try (Connection connection = stage.central().database().getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : HealthSchema.CLINICAL_TABLES) {
                try (ResultSet row =
                        statement.executeQuery(
                                "select count(*) from " + HealthSchema.quoted(table))) {
                    sum += row.next() ? row.getLong(1) : 0;
                }
            }
        }
        return sum;
    }

    private void openClinic(Stage stage, int records, String name, ClinicProfile profile)
            throws SQLException, IOException {
        DemoInstance satellite = stage.addSatellite(name, profile.name());
        Clinic clinic = Clinic.open(satellite.database(), profile, random, InstantSource.system());
        int written = clinic.load(records);
        stage.narrator().say("%s has %,d records.".formatted(profile.name(), written));
        clinics.put(satellite, clinic);
    }

    private static void synchronise(Stage stage) {
        for (DemoInstance instance : stage.satellites()) {
            try (Satellite satellite =
                    Satellite.open(SettingsFile.read(instance.settings()), ExchangeListener.NONE)) {
                Cycle.Sum sum = satellite.synchronise(EnumSet.allOf(Cycle.Work.class));
                stage.narrator()
                        .say(
                                "%s pushed %,d changes, received %,d changes and %,d new records."
                                        .formatted(
                                                instance.title(),
                                                sum.pushed(),
                                                sum.pulled(),
                                                sum.taken()));
            }
        }
    }

    private static long waiting(Stage stage) {
        return stage.satellites().stream()
                .mapToLong(satellite ->
                        new PostgresStatus(
                                        satellite.database(),
                                        InstalledSatellite.load(satellite.database(), Set.of())
                                                .tables())
                                .models().stream()
                                        .mapToLong(PostgresStatus.ModelStatus::waiting)
                                        .sum())
                .sum();
    }

    private void expect(String sentence, boolean holds) {
        expectations.add(new Expectation(sentence, holds));
    }

    /// Everybody agrees on a patient's uid; hardly anybody on her local id.
    private static boolean idsDiffer(Stage stage) throws SQLException {
        var ids = new ArrayList<String>();
        for (DemoInstance instance : stage.instances()) {
            ids.add(firstPatient(instance));
        }
        return ids.stream().distinct().count() > 1;
    }

    private static String firstPatient(DemoInstance instance) throws SQLException {
        try (Connection connection = instance.database().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select id from doctorbird.gnuhealth_patient where id is not null order by uid limit 1")) {
            return row.next() ? Objects.requireNonNull(row.getString(1)) : "none";
        }
    }
}
