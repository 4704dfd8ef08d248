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
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.doctorbird.app.postgres.PostgresStatus;
import org.doctorbird.app.satellite.InstalledSatellite;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.settings.SettingsFile;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;

/// May Pen and Lionel Town, and what a story expects of them.
final class TwoClinics {

    static final ClinicProfile MAY_PEN =
            new ClinicProfile("May Pen Health Centre", "MPHC", "JM-13", "MPH");
    static final ClinicProfile LIONEL_TOWN =
            new ClinicProfile("Lionel Town Health Centre", "LTHC", "JM-13", "LTH");

    /// Clinical records that are enough for most stories.
    static final int RECORDS = 3_000;

    private final RandomGenerator random;
    private final Map<DemoInstance, Clinic> clinics = new LinkedHashMap<>();
    private final List<Expectation> expectations = new ArrayList<>();

    TwoClinics(long seed) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /// The clinics, to write on after the story.
    Map<DemoInstance, Clinic> clinics() {
        return clinics;
    }

    List<Expectation> expectations() {
        return List.copyOf(expectations);
    }

    void expect(String sentence, boolean holds) {
        expectations.add(new Expectation(sentence, holds));
    }

    /// Lets both work alone for three years.
    ///
    /// @param records clinical rows in both together
    void open(Stage stage, int records) throws SQLException, IOException {
        open(stage, records / 2, "may-pen", MAY_PEN);
        open(stage, records - records / 2, "lionel-town", LIONEL_TOWN);
    }

    private void open(Stage stage, int records, String name, ClinicProfile profile)
            throws SQLException, IOException {
        DemoInstance satellite = stage.addSatellite(name, profile.name());
        Clinic clinic = Clinic.open(satellite.database(), profile, random, InstantSource.system());
        int written = clinic.load(records);
        stage.narrator().say("%s has %,d records.".formatted(profile.name(), written));
        clinics.put(satellite, clinic);
    }

    /// Lets both work alone for three years, then installs the programs.
    ///
    /// @param records clinical rows in both together
    void openWithPrograms(Stage stage, int records)
            throws SQLException, IOException, InterruptedException {
        open(stage, records);
        install(stage);
    }

    /// Installs and starts central's program, then installs those of both clinics.
    static void install(Stage stage) throws IOException, InterruptedException {
        stage.openCentralProgram();
        for (DemoInstance satellite : stage.satellites()) {
            stage.install(satellite);
        }
    }

    /// Lets both work alone, then installs the programs and lets everybody get everything.
    ///
    /// @param records clinical rows in both together
    void openTogether(Stage stage, int records)
            throws SQLException, IOException, InterruptedException {
        stage.narrator().chapter("Two clinics and the central office hold the same patients.");
        openWithPrograms(stage, records);
        synchronise(stage);
        synchronise(stage);
        expect("before, all three databases hold equal records", Digests.of(stage).areEqual());
    }

    /// One cycle of each clinic.
    static void synchronise(Stage stage) {
        stage.satellites().forEach(instance -> synchronise(stage, instance));
    }

    /// One cycle of a clinic.
    static void synchronise(Stage stage, DemoInstance instance) {
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

    /// Returns how many changes wait to be pushed.
    static long waiting(Stage stage) {
        return stage.satellites().stream().mapToLong(TwoClinics::waiting).sum();
    }

    /// Returns how many changes wait to be pushed at one clinic.
    static long waiting(DemoInstance satellite) {
        var tables = InstalledSatellite.load(satellite.database(), Set.of()).tables();
        return new PostgresStatus(satellite.database(), tables)
                .models().stream().mapToLong(PostgresStatus.ModelStatus::waiting).sum();
    }

    /// Counts what central has got, straight from its tables.
    static long recordsAtCentral(Stage stage) throws SQLException {
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
}
