package org.doctorbird.demo;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/// A clinic's disk is cloned, and both copies run under one login. The second one that speaks is
/// refused, and becomes an instance of its own.
final class Clone extends TwoClinicsStory {

    private static final int RECORDS = 400;
    private static final String IN_BOTH = "written before the disk was cloned";
    private static final String AT_MAY_PEN = "written at May Pen afterwards";
    private static final String AT_ANNEX = "written at the annex afterwards";

    Clone(long seed) {
        super("clone", RECORDS, seed);
    }

    @Override
    public List<Expectation> tell(Stage stage, int records)
            throws SQLException, IOException, InterruptedException {
        two.openTogether(stage, records);
        DemoInstance mayPen = stage.satellites().getFirst();
        List<PatientFile> files = PatientFile.first(mayPen, 3);
        DemoInstance annex = copy(stage, mayPen, files);
        refuse(stage, annex);
        join(stage, annex, files);
        end(stage);
        return two.expectations();
    }

    private static DemoInstance copy(Stage stage, DemoInstance mayPen, List<PatientFile> files)
            throws SQLException, IOException {
        Narrator narrator = stage.narrator();
        narrator.chapter("May Pen opens an annex, with a clone of its server's disk.");
        files.get(0).write(mayPen, IN_BOTH);
        stage.disks().backUp(mayPen);
        DemoInstance annex = stage.addCopy(mayPen, "may-pen-annex", "May Pen Annex");
        files.get(1).write(mayPen, AT_MAY_PEN);
        TwoClinics.synchronise(stage, mayPen);
        TwoClinics.synchronise(stage, mayPen);
        files.get(2).write(annex, AT_ANNEX);
        return annex;
    }

    private void refuse(Stage stage, DemoInstance annex) throws IOException, InterruptedException {
        stage.narrator().chapter("The annex exchanges, still with May Pen's login.");
        String told = stage.prompt().refused(annex, "sync");
        two.expect(
                "1. the copy is noticed and refused",
                told.contains("DRB-3016") && told.contains("a copy"));
        String again = stage.prompt().refused(annex, "join", "--as-new");
        two.expect(
                "2. it cannot become an instance of its own under a login that another one uses",
                again.contains("DRB-3009") && again.contains("instance add"));
    }

    private void join(Stage stage, DemoInstance annex, List<PatientFile> files)
            throws SQLException, IOException, InterruptedException {
        stage.narrator().chapter("Central gives the annex a login of its own.");
        stage.giveLogin(annex);
        stage.prompt().type(annex, "join", "--as-new");
        TwoClinics.synchronise(stage);
        TwoClinics.synchronise(stage);
        two.expect(
                "3. what both copies had to push counts once",
                stage.answerAll(files.get(0)::read, IN_BOTH));
        two.expect(
                "4. what May Pen wrote afterwards is on all four",
                stage.answerAll(files.get(1)::read, AT_MAY_PEN));
        two.expect(
                "5. what the annex wrote afterwards is on all four",
                stage.answerAll(files.get(2)::read, AT_ANNEX));
        stage.prompt().type(stage.central(), "instance", "list");
    }

    private void end(Stage stage) throws SQLException, IOException, InterruptedException {
        stage.prompt().type(stage.central(), "conflicts", "list", "--all");
        two.expect(
                "6. nothing is in dispute",
                stage.central().number("select count(*) from doctorbird.engine_conflict") == 0);
        Digests last = Digests.of(stage);
        last.tell(stage.narrator());
        two.expect("7. all four databases hold equal records", last.areEqual());
        two.expect("8. nothing waits any more", TwoClinics.waiting(stage) == 0);
    }
}
