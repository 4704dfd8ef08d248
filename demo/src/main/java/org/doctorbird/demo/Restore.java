package org.doctorbird.demo;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/// The disk of a clinic fails, and later that of central. Old backups are put back; the programs
/// notice it, say what to do, and bring back what the other side has.
final class Restore extends TwoClinicsStory {

    private static final int RECORDS = 400;
    private static final String PUSHED = "pushed after the backup";
    private static final String ELSEWHERE = "written at Lionel Town";
    private static final String NEVER_PUSHED = "written just before the disk failed";
    private static final String SINCE = "written after the restore";
    private static final String LOST_AT_CENTRAL = "pushed after central's backup";

    Restore(long seed) {
        super("restore", RECORDS, seed);
    }

    @Override
    public List<Expectation> tell(Stage stage, int records)
            throws SQLException, IOException, InterruptedException {
        two.openTogether(stage, records);
        List<PatientFile> files = PatientFile.first(stage.satellites().getFirst(), 4);
        loseClinic(stage, files);
        healClinic(stage, files);
        loseCentral(stage, files.getLast());
        healCentral(stage, files.getLast());
        end(stage);
        return two.expectations();
    }

    private static void loseClinic(Stage stage, List<PatientFile> files) throws SQLException {
        Narrator narrator = stage.narrator();
        DemoInstance mayPen = stage.satellites().getFirst();
        narrator.chapter("At night May Pen makes a backup. The next day it works on.");
        stage.disks().backUp(mayPen);
        files.get(0).write(mayPen, PUSHED);
        files.get(1).write(stage.satellites().getLast(), ELSEWHERE);
        TwoClinics.synchronise(stage);
        TwoClinics.synchronise(stage);
        files.get(2).write(mayPen, NEVER_PUSHED);
        narrator.chapter(
                "Its disk fails. The backup of the night is put back, and a doctor writes again.");
        stage.disks().putBack(mayPen);
        files.get(3).write(mayPen, SINCE);
    }

    private void healClinic(Stage stage, List<PatientFile> files)
            throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        DemoInstance mayPen = stage.satellites().getFirst();
        String told = stage.prompt().refused(mayPen, "sync");
        two.expect(
                "1. the restored clinic is told so, and what to do",
                told.contains("DRB-3016") && told.contains("resync"));
        two.expect(
                "2. until then nothing is exchanged",
                files.get(0).read(mayPen).isEmpty()
                        && files.get(0).read(stage.central()).equals(PUSHED));
        stage.prompt().type(mayPen, "resync", "--yes");
        TwoClinics.synchronise(stage);
        TwoClinics.synchronise(stage);
        two.expect(
                "3. what it had pushed after the backup is back",
                stage.answerAll(files.get(0)::read, PUSHED));
        two.expect(
                "4. so is what others have written",
                stage.answerAll(files.get(1)::read, ELSEWHERE));
        two.expect(
                "5. what was written after the restore is on all three",
                stage.answerAll(files.get(3)::read, SINCE));
        two.expect(
                "6. what was never pushed is lost with the disk",
                stage.answerAll(files.get(2)::read, ""));
        two.expect("7. all three databases hold equal records", Digests.of(stage).areEqual());
        narrator.say("Only what never left the clinic is lost.");
    }

    private static void loseCentral(Stage stage, PatientFile file)
            throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        narrator.chapter("Central makes a backup, and the clinics work on.");
        stage.endCentralProgram();
        stage.disks().backUp(stage.central());
        stage.startCentralProgram();
        file.write(stage.satellites().getFirst(), LOST_AT_CENTRAL);
        TwoClinics.synchronise(stage);
        TwoClinics.synchronise(stage);
        narrator.chapter("Central's disk fails, and its backup is put back.");
        stage.endCentralProgram();
        stage.disks().putBack(stage.central());
        stage.startCentralProgram();
    }

    private void healCentral(Stage stage, PatientFile file)
            throws SQLException, IOException, InterruptedException {
        two.expect(
                "8. central has lost what came after its backup",
                file.read(stage.central()).equals(SINCE));
        String told = stage.prompt().refused(stage.satellites().getFirst(), "sync");
        two.expect(
                "9. the clinics notice it, and say what to do",
                told.contains("DRB-3018") && told.contains("resync"));
        stage.prompt().type(stage.central(), "resync", "--yes");
        TwoClinics.synchronise(stage);
        TwoClinics.synchronise(stage);
        two.expect(
                "10. central has it back from the clinics",
                stage.answerAll(file::read, LOST_AT_CENTRAL));
    }

    private void end(Stage stage) throws SQLException, IOException, InterruptedException {
        stage.narrator().chapter("Is anything left to do?");
        stage.prompt().type(stage.central(), "conflicts", "list", "--all");
        two.expect(
                "11. nothing is in dispute",
                stage.central().number("select count(*) from doctorbird.engine_conflict") == 0);
        for (DemoInstance satellite : stage.satellites()) {
            two.expect(
                    "12. " + satellite.title() + " and central hold the same, value by value",
                    stage.prompt().ask(satellite, "verify", "--deep").contains("No damage."));
        }
        Digests last = Digests.of(stage);
        last.tell(stage.narrator());
        two.expect("13. all three databases hold equal records", last.areEqual());
        two.expect("14. nothing waits any more", TwoClinics.waiting(stage) == 0);
    }
}
