package org.doctorbird.demo;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongPredicate;

/// A clinic's line is down for long while everybody works on. When it is back, the power fails in
/// the middle of the catch-up, and then central is restarted in the middle of the next.
final class Outage extends TwoClinicsStory {

    private static final int RECORDS = 1_000;
    private static final int DAYS = 6;
    private static final int THINGS_A_DAY = 60;

    /// A line over a mobile phone on a bad day.
    private static final int THIN_BYTES_PER_SECOND = 12_000;

    private static final Duration WAIT_MAX = Duration.ofMinutes(3);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private long recordsExpected;

    Outage(long seed) {
        super("outage", RECORDS, seed);
    }

    @Override
    public List<Expectation> tell(Stage stage, int records)
            throws SQLException, IOException, InterruptedException {
        Line line = open(stage, records);
        DemoInstance mayPen = stage.satellites().getFirst();
        Process program = stage.serve(mayPen);
        var _ = stage.serve(stage.satellites().getLast());
        workApart(stage, line);
        failInTheMiddle(stage, line, program);
        restartCentralInTheMiddle(stage);
        end(stage, line);
        return two.expectations();
    }

    private Line open(Stage stage, int records)
            throws SQLException, IOException, InterruptedException {
        stage.narrator().chapter("Two clinics and the central office hold the same records.");
        stage.writePlan(HealthSchema.planForOutage());
        two.openWithPrograms(stage, records);
        Line line = stage.layLine(stage.satellites().getFirst());
        TwoClinics.synchronise(stage);
        TwoClinics.synchronise(stage);
        two.expect(
                "1. before the outage all three databases hold equal records",
                Digests.of(stage).areEqual());
        recordsExpected = TwoClinics.recordsAtCentral(stage);
        return line;
    }

    private void workApart(Stage stage, Line line)
            throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        narrator.chapter(
                "A storm takes the line of May Pen. The clinic works on, and so do the others.");
        line.cut();
        for (int day = 1; day <= DAYS; day++) {
            for (var clinic : two.clinics().entrySet()) {
                work(clinic.getValue());
            }
            narrator.say(
                    "Day %d: at May Pen %,d changes wait."
                            .formatted(day, TwoClinics.waiting(stage.satellites().getFirst())));
        }
        DemoInstance lionelTown = stage.satellites().getLast();
        two.expect(
                "2. the outage of one clinic is nothing to the other: its records reach central",
                await(lionelTown, waiting -> waiting == 0));
        narrator.say(
                "Central holds %,d records, with what Lionel Town has made meanwhile."
                        .formatted(TwoClinics.recordsAtCentral(stage)));
        narrator.say("May Pen asks how it stands:");
        DemoInstance mayPen = stage.satellites().getFirst();
        String told = stage.prompt().ask(mayPen, Prompt::isNews, "status");
        two.expect(
                "3. what May Pen wrote is kept for central, and its status says why it waits",
                TwoClinics.waiting(mayPen) > DAYS * THINGS_A_DAY && told.contains("DRB-1003"));
    }

    private void work(Clinic clinic) throws SQLException {
        for (int i = 0; i < THINGS_A_DAY; i++) {
            Event event = clinic.writeOneThing();
            recordsExpected += event.inserted() - event.deleted();
        }
    }

    private void failInTheMiddle(Stage stage, Line line, Process program)
            throws InterruptedException {
        Narrator narrator = stage.narrator();
        narrator.chapter("The line is back, but thin. The catch-up begins by itself.");
        DemoInstance mayPen = stage.satellites().getFirst();
        long before = TwoClinics.waiting(mayPen);
        line.restore(THIN_BYTES_PER_SECOND);
        boolean hasBegun = await(mayPen, waiting -> waiting <= before * 2 / 3);
        program.destroyForcibly().waitFor();
        long after = TwoClinics.waiting(mayPen);
        narrator.say(
                "The power fails at May Pen (kill -9): %,d of %,d changes are through."
                        .formatted(before - after, before));
        two.expect(
                "4. the power failed in the middle of the catch-up",
                hasBegun && after > 0 && after < before);
    }

    private void restartCentralInTheMiddle(Stage stage) throws IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        narrator.chapter("The power is back, and the program starts with the machine.");
        DemoInstance mayPen = stage.satellites().getFirst();
        long before = TwoClinics.waiting(mayPen);
        var _ = stage.serve(mayPen);
        boolean goesOn = await(mayPen, waiting -> waiting <= before / 2);
        long after = TwoClinics.waiting(mayPen);
        stage.restartCentralProgram();
        narrator.say(
                "Central is restarted (kill -9) when %,d changes wait at May Pen."
                        .formatted(after));
        two.expect(
                "5. May Pen goes on where it was, and central was restarted in the middle of that",
                goesOn && after > 0);
    }

    private void end(Stage stage, Line line)
            throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        narrator.chapter("Nobody does anything. Everybody catches up.");
        line.restore(Integer.MAX_VALUE);
        two.expect(
                "6. everything comes into step by itself: all three databases hold equal records",
                awaitEqual(stage));
        Digests last = Digests.of(stage);
        last.tell(narrator);
        two.expect("7. nothing waits any more", TwoClinics.waiting(stage) == 0);
        long records = TwoClinics.recordsAtCentral(stage);
        narrator.say(
                "The clinics made %,d records; central holds %,d."
                        .formatted(recordsExpected, records));
        two.expect(
                "8. nothing is lost and nothing is doubled: central has as many records as were made",
                records == recordsExpected);
        boolean isWell = true;
        for (DemoInstance instance : stage.instances()) {
            String told = stage.prompt().ask(instance, Prompt::isNews, "status", "--check");
            isWell &= told.startsWith("All is well.");
        }
        two.expect("9. the status of all three says that all is well", isWell);
    }

    private static boolean await(DemoInstance clinic, LongPredicate isReached)
            throws InterruptedException {
        long end = System.nanoTime() + WAIT_MAX.toNanos();
        while (System.nanoTime() < end) {
            if (isReached.test(TwoClinics.waiting(clinic))) {
                return true;
            }
            Thread.sleep(LOOK_AGAIN);
        }
        return false;
    }

    private static boolean awaitEqual(Stage stage) throws InterruptedException {
        long end = System.nanoTime() + WAIT_MAX.toNanos();
        while (System.nanoTime() < end) {
            if (TwoClinics.waiting(stage) == 0 && Digests.of(stage).areEqual()) {
                return true;
            }
            Thread.sleep(LOOK_AGAIN.multipliedBy(10));
        }
        return false;
    }
}
