package org.doctorbird.demo;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Two clinics with three years of records join; everybody gets everything; then both write on.
final class FirstDay extends TwoClinicsStory {

    private static final int THINGS = 25;

    FirstDay(long seed) {
        super("first-day", TwoClinics.RECORDS, seed);
    }

    @Override
    public List<Expectation> tell(Stage stage, int records)
            throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        narrator.chapter("Before the first day: two clinics have worked alone for three years.");
        two.open(stage, records);

        narrator.chapter("The central office opens: install, instance add, serve.");
        stage.openCentralProgram();
        for (DemoInstance satellite : stage.satellites()) {
            stage.install(satellite);
            narrator.say(satellite.title() + " installs; its plan comes from central.");
        }

        narrator.chapter("The first exchange.");
        TwoClinics.synchronise(stage);
        TwoClinics.synchronise(stage);
        Digests first = Digests.of(stage);
        first.tell(narrator);
        two.expect(
                "after the first exchange all instances hold equal records",
                first.agree() && first.isComplete(records));
        two.expect("local ids differ between the instances", idsDiffer(stage));

        narrator.chapter("A day's work, each clinic by itself.");
        for (var entry : two.clinics().entrySet()) {
            for (int i = 0; i < THINGS; i++) {
                Event event = entry.getValue().writeOneThing();
                if (i < 3) {
                    narrator.say(entry.getKey().title() + " " + event.kind().words() + ".");
                }
            }
        }
        two.expect("the clinics wait to push while they are apart", TwoClinics.waiting(stage) > 0);

        narrator.chapter("The evening's exchange.");
        TwoClinics.synchronise(stage);
        TwoClinics.synchronise(stage);
        Digests second = Digests.of(stage);
        two.expect(
                "after the evening's exchange nothing waits any more",
                TwoClinics.waiting(stage) == 0);
        two.expect(
                "after the evening's exchange every clinic holds what central knows it to hold",
                second.agree());
        narrator.say("Each instance holds %,d records.".formatted(second.records("central")));
        return two.expectations();
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
