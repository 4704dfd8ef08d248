package org.doctorbird.demo;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/// Each clinic has its own patients only. A clerk finds one of the other clinic's at central and
/// imports her with her history; another patient moves; the import ends.
final class Transfer extends TwoClinicsStory {

    private static final String PATIENT = "gnuhealth.patient";

    /// A patient with a history, with family name and uid.
    private static final String OF_MAY_PEN =
            """
            select c.uid, party.lastname from gnuhealth_patient p
            join doctorbird.gnuhealth_patient c on c.id = p.id
            join party_party party on party.id = p.name
            where p.home_institution = 'MPHC' and exists (
              select 1 from gnuhealth_patient_evaluation e where e.patient = p.id)
            order by (select count(*) from gnuhealth_patient_evaluation e where e.patient = p.id) desc,
              p.id
            limit 1 offset\
            """;

    private static final String EVALUATIONS =
            """
            select count(*) from gnuhealth_patient_evaluation e
            join doctorbird.gnuhealth_patient c on c.id = e.patient where c.uid = ?::uuid\
            """;

    private static final String HELD =
            """
            select count(*) from doctorbird.gnuhealth_patient
            where uid = ?::uuid and id is not null\
            """;

    Transfer(long seed) {
        super("transfer", TwoClinics.RECORDS, seed);
    }

    /// Somebody of the story.
    private record Somebody(String uid, String familyName) {}

    @Override
    public List<Expectation> tell(Stage stage, int records)
            throws SQLException, IOException, InterruptedException {
        open(stage, records);
        Somebody imported = somebody(stage, 0);
        Somebody moving = somebody(stage, 1);
        importSomebody(stage, imported);
        move(stage, moving);
        release(stage, imported);
        return two.expectations();
    }

    private static DemoInstance mayPen(Stage stage) {
        return stage.satellites().getFirst();
    }

    private static DemoInstance lionelTown(Stage stage) {
        return stage.satellites().getLast();
    }

    private void open(Stage stage, int records)
            throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        narrator.chapter("Two clinics have worked alone; now each shall keep its own patients.");
        two.open(stage, records);
        long mayPen = patients(mayPen(stage));
        long lionelTown = patients(lionelTown(stage));
        stage.writePlan(HealthSchema.planByRules());
        TwoClinics.install(stage);
        stage.prompt().type(stage.central(), "instance", "set", "may-pen", "institution=MPHC");
        stage.prompt().type(stage.central(), "instance", "set", "lionel-town", "institution=LTHC");
        narrator.say(
                "The plan: a patient goes to her home institution, with all that follows her.");
        TwoClinics.synchronise(stage);
        TwoClinics.synchronise(stage);
        narrator.say(
                "Patients: May Pen %d, Lionel Town %d, central %d."
                        .formatted(
                                patients(mayPen(stage)),
                                patients(lionelTown(stage)),
                                patients(stage.central())));
        two.expect(
                "each clinic keeps its own patients and gets no other's",
                patients(mayPen(stage)) == mayPen && patients(lionelTown(stage)) == lionelTown);
        two.expect(
                "central has the patients of both",
                patients(stage.central()) == mayPen + lionelTown);
        two.expect("every clinic holds what central knows it to hold", Digests.of(stage).agree());
    }

    private void importSomebody(Stage stage, Somebody somebody)
            throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        DemoInstance lionelTown = lionelTown(stage);
        narrator.chapter("A patient of May Pen comes to Lionel Town. The clerk looks her up.");
        String found =
                stage.prompt()
                        .ask(
                                lionelTown,
                                "search",
                                PATIENT,
                                "name.lastname=" + somebody.familyName());
        two.expect("the search at central finds her", found.contains(somebody.uid()));
        two.expect(
                "before the import Lionel Town knows nothing of her",
                lionelTown.number(HELD, somebody.uid()) == 0);
        stage.prompt().type(lionelTown, "why", PATIENT, somebody.uid());
        stage.prompt()
                .type(
                        lionelTown,
                        "import",
                        PATIENT,
                        somebody.uid(),
                        "--reason",
                        "seen at Lionel Town today");
        stage.prompt().type(lionelTown, "why", PATIENT, somebody.uid());
        stage.prompt().type(stage.central(), "holders", PATIENT, somebody.uid());
        long history = stage.central().number(EVALUATIONS, somebody.uid());
        two.expect(
                "her whole history is at Lionel Town",
                history > 0 && lionelTown.number(EVALUATIONS, somebody.uid()) == history);
        two.expect("May Pen keeps her too", mayPen(stage).number(HELD, somebody.uid()) == 1);
    }

    private void move(Stage stage, Somebody somebody)
            throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        DemoInstance mayPen = mayPen(stage);
        DemoInstance lionelTown = lionelTown(stage);
        narrator.chapter("Another patient of May Pen moves to Lionel Town; central notes it.");
        stage.central()
                .write(
                        "update gnuhealth_patient set home_institution = 'LTHC' where id ="
                                + " (select id from doctorbird.gnuhealth_patient where uid = ?::uuid)",
                        somebody.uid());
        narrator.say("Meanwhile May Pen, which has not heard of it, writes into her record.");
        mayPen.write(
                "update gnuhealth_patient set general_info = 'written at the last visit' where id ="
                        + " (select id from doctorbird.gnuhealth_patient where uid = ?::uuid)",
                somebody.uid());
        stage.prompt().type(stage.central(), "holders", PATIENT, somebody.uid());
        for (int i = 0; i < 2; i++) {
            TwoClinics.synchronise(stage);
        }
        stage.prompt().type(stage.central(), "holders", PATIENT, somebody.uid());
        stage.prompt().type(mayPen, "why", PATIENT, somebody.uid());
        long history = stage.central().number(EVALUATIONS, somebody.uid());
        two.expect(
                "the patient who moved is at Lionel Town with her history",
                lionelTown.number(EVALUATIONS, somebody.uid()) == history);
        two.expect(
                "May Pen holds her no more, nor her history",
                mayPen.number(HELD, somebody.uid()) == 0
                        && mayPen.number(EVALUATIONS, somebody.uid()) == 0);
        two.expect(
                "what May Pen wrote before it heard of the move is at central",
                stage.central()
                                .number(
                                        """
                                        select count(*) from gnuhealth_patient p
                                        join doctorbird.gnuhealth_patient c on c.id = p.id
                                        where c.uid = ?::uuid and p.general_info = 'written at the last visit'
                                        """,
                                        somebody.uid())
                        == 1);
    }

    private void release(Stage stage, Somebody somebody)
            throws SQLException, IOException, InterruptedException {
        stage.narrator().chapter("The visitor goes home: Lionel Town lets her record go.");
        stage.prompt().type(lionelTown(stage), "release", PATIENT, somebody.uid());
        TwoClinics.synchronise(stage);
        stage.prompt().type(stage.central(), "holders", PATIENT, somebody.uid());
        two.expect(
                "after the release Lionel Town holds her no more",
                lionelTown(stage).number(HELD, somebody.uid()) == 0
                        && lionelTown(stage).number(EVALUATIONS, somebody.uid()) == 0);
        two.expect("nothing waits any more", TwoClinics.waiting(stage) == 0);
        Digests last = Digests.of(stage);
        last.tell(stage.narrator());
        two.expect("every clinic holds what central knows it to hold", last.agree());
    }

    private static Somebody somebody(Stage stage, int place) throws SQLException {
        try (Connection connection = stage.central().database().getConnection();
                PreparedStatement select = connection.prepareStatement(OF_MAY_PEN + " " + place);
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("May Pen has too few patients with a history", "02000");
            }
            return new Somebody(
                    Objects.requireNonNull(row.getString(1)),
                    Objects.requireNonNull(row.getString(2)));
        }
    }

    private static long patients(DemoInstance instance) throws SQLException {
        return instance.number("select count(*) from gnuhealth_patient");
    }
}
