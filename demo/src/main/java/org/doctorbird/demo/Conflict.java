package org.doctorbird.demo;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.doctorbird.exchange.Dispute;

/// Two clinics write about one patient while they are apart. What fits together is merged; the rest
/// waits whole until people have settled it.
final class Conflict extends TwoClinicsStory {

    private static final int RECORDS = 400;

    Conflict(long seed) {
        super("conflict", RECORDS, seed);
    }

    @Override
    public List<Expectation> tell(Stage stage, int records)
            throws SQLException, IOException, InterruptedException {
        ApartDay day = open(stage, records);
        writeApart(stage, day);
        var desk = new ConflictDesk(stage, two, day);
        meet(stage, day, desk);
        lookAtCentral(stage, desk);
        desk.settleAllergies();
        desk.settleTelephone();
        desk.settleNumber();
        desk.releaseQuarantine();
        end(stage, desk);
        return two.expectations();
    }

    private ApartDay open(Stage stage, int records)
            throws SQLException, IOException, InterruptedException {
        stage.narrator().chapter("Two clinics and the central office hold the same patients.");
        stage.writePlan(HealthSchema.planForConflicts());
        two.openWithPrograms(stage, records);
        DemoInstance mayPen = stage.satellites().getFirst();
        ApartDay day = ApartDay.at(mayPen);
        day.begin(mayPen);
        TwoClinics.synchronise(stage);
        TwoClinics.synchronise(stage);
        two.expect(
                "before the day all three databases hold equal records",
                Digests.of(stage).areEqual());
        return day;
    }

    private static void writeApart(Stage stage, ApartDay day) throws SQLException {
        Narrator narrator = stage.narrator();
        narrator.chapter("The line is down. Both clinics see the same patient that day.");
        narrator.say("1. May Pen corrects her street. Lionel Town adds her postcode.");
        narrator.say(
                "2. Her allergies, the same field: May Pen writes \"%s\", Lionel Town \"%s\"."
                        .formatted(ApartDay.ALLERGY_MAY_PEN, ApartDay.ALLERGY_LIONEL_TOWN));
        narrator.say("3. May Pen corrects her telephone number. Lionel Town deletes it.");
        narrator.say(
                "4. Each writes an evaluation, and by mistake both get the number \"%s\"."
                        .formatted(ApartDay.NUMBER_OF_EVALUATION));
        narrator.say(
                "5. Lionel Town adds two telephone numbers: \"%s\" and \"%s\"."
                        .formatted(ApartDay.TELEPHONE_REFUSED, ApartDay.TELEPHONE_TAKEN));
        narrator.say("   Central's database has a new rule: no letters in a mobile number.");
        stage.central().alter(ApartDay.FORBID_LETTERS);
        day.writeAtMayPen(stage.satellites().getFirst());
        day.writeAtLionelTown(stage.satellites().getLast());
    }

    private void meet(Stage stage, ApartDay day, ConflictDesk desk)
            throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        narrator.chapter("The line is back. May Pen exchanges first, then Lionel Town.");
        TwoClinics.synchronise(stage);
        TwoClinics.synchronise(stage);
        narrator.say("Street and postcode: both are everywhere now. Nobody had to do anything.");
        two.expect(
                "1. different fields: street and postcode are together on all three",
                stage.answerAll(day::address, ApartDay.STREET + ", " + ApartDay.POSTCODE));
        narrator.say("The rest waits for a person. Lionel Town asks how it stands:");
        String told = stage.prompt().ask(stage.satellites().getLast(), Prompt::isNews, "status");
        two.expect(
                "the status of Lionel Town names the three changes that wait for a decision",
                Stream.of("fields", "deletion", "key")
                        .allMatch(kind ->
                                told.contains("waits for a decision at central (" + kind + ")")));
        two.expect(
                "2. the same field: until somebody decides, the version that came first is on all three",
                stage.answerAll(day::allergies, ApartDay.ALLERGY_MAY_PEN));
        two.expect(
                "3. delete against change: until somebody decides, the changed number is on all three",
                stage.answerAll(day::telephone, ApartDay.TELEPHONE_CORRECTED));
        two.expect(
                "there are three conflicts, one of each kind",
                desk.open().stream()
                                .map(Dispute::kind)
                                .collect(Collectors.toSet())
                                .equals(ConflictDesk.KINDS)
                        && desk.open().size() == ConflictDesk.KINDS.size());
        two.expect(
                "5. the other telephone number, of the same exchange, is on all three",
                stage.answerAll(
                        instance -> day.telephones(instance, ApartDay.TELEPHONE_TAKEN), "1"));
    }

    private static void lookAtCentral(Stage stage, ConflictDesk desk)
            throws IOException, InterruptedException {
        stage.narrator()
                .chapter("At the central office the data manager looks what there is to do.");
        DemoInstance central = stage.central();
        var _ = stage.prompt().ask(central, Prompt::isNews, "status");
        stage.prompt().type(central, "conflicts", "list");
        stage.prompt().type(central, "quarantine", "list");
        desk.expectQuarantine();
    }

    private void end(Stage stage, ConflictDesk desk)
            throws SQLException, IOException, InterruptedException {
        stage.narrator().chapter("The end of the day: is anything left, is anything lost?");
        stage.prompt().type(stage.central(), "conflicts", "list", "--all");
        stage.prompt().type(stage.central(), "quarantine", "list");
        boolean isWell = true;
        for (DemoInstance instance : stage.instances()) {
            String told = stage.prompt().ask(instance, Prompt::isNews, "status", "--check");
            isWell &= told.startsWith("All is well.") && !told.contains("waits for a decision");
        }
        two.expect("no conflict is open and no record in quarantine, on none of the three", isWell);
        two.expect("nothing waits any more", TwoClinics.waiting(stage) == 0);
        Digests last = Digests.of(stage);
        last.tell(stage.narrator());
        two.expect("all three databases hold equal records", last.areEqual());
        two.expect("the settled conflicts are kept", desk.areAllSettled());
        two.expect(
                "every value that lost can be read, in the history or with its settled conflict",
                desk.isNothingLost());
    }
}
