package org.doctorbird.demo;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.postgres.ConflictReading;
import org.doctorbird.app.postgres.ConflictReading.FieldView;
import org.doctorbird.app.postgres.QuarantineDesk;
import org.doctorbird.app.postgres.RecordHistory;
import org.doctorbird.app.postgres.RecordVersions;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.exchange.Dispute;
import org.doctorbird.exchange.Dispute.Kind;

/// Somebody at the central office settles what the two clinics have left. Made when the clinics are
/// apart, used once, in the order of the methods.
final class ConflictDesk {

    /// What is to be settled, each once.
    static final Set<Kind> KINDS = Set.of(Kind.FIELDS, Kind.DELETION, Kind.KEY);

    private static final String BOTH_ALLERGIES = "Allergic to penicillin and to latex";
    private static final int ENTRIES = 100;

    private final Stage stage;
    private final TwoClinics two;
    private final ApartDay day;
    private final Map<Kind, Long> numbers = new EnumMap<>(Kind.class);

    ConflictDesk(Stage stage, TwoClinics two, ApartDay day) {
        this.stage = stage;
        this.two = two;
        this.day = day;
    }

    private List<SyncedTable> tables() {
        return InstalledCentral.load(stage.central().database()).tables();
    }

    private ConflictReading reading() {
        return new ConflictReading(stage.central().database(), tables());
    }

    /// Returns the open conflicts and remembers their numbers.
    List<Dispute> open() {
        var disputes = new ArrayList<Dispute>();
        for (var entry : reading().list(false, Optional.empty(), 0, ENTRIES)) {
            Dispute dispute = entry.conflict().dispute();
            numbers.put(dispute.kind(), entry.conflict().number());
            disputes.add(dispute);
        }
        return disputes;
    }

    /// The number as people type it.
    private String number(Kind kind) {
        return Long.toString(Objects.requireNonNullElse(numbers.get(kind), 0L));
    }

    private void atCentral(String... command) throws IOException, InterruptedException {
        stage.prompt().type(stage.central(), command);
    }

    void settleAllergies() throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        narrator.chapter("The same field. Both versions are there, and what stood before.");
        String number = number(Kind.FIELDS);
        atCentral("conflicts", "show", number);
        two.expect(
                "2. the conflict keeps both versions and the one they started from",
                fields(Kind.FIELDS)
                        .equals(
                                List.of(
                                        new FieldView(
                                                "critical_info",
                                                ApartDay.ALLERGY_BEFORE,
                                                ApartDay.ALLERGY_MAY_PEN,
                                                ApartDay.ALLERGY_LIONEL_TOWN))));
        narrator.say("She takes the version of the satellite: Lionel Town's.");
        atCentral("conflicts", "resolve", number, "--take", "satellite");
        narrator.say("Then both doctors say that they are right. She takes that back ...");
        atCentral("conflicts", "reopen", number);
        two.expect(
                "2. a decision can be taken back: the conflict is open again",
                open().size() == KINDS.size()
                        && day.allergies(stage.central()).equals(ApartDay.ALLERGY_MAY_PEN));
        narrator.say("... and writes both.");
        atCentral("conflicts", "resolve", number, "--set", "critical_info=" + BOTH_ALLERGIES);
        TwoClinics.synchronise(stage);
        two.expect(
                "2. what she wrote is on all three",
                stage.answerAll(day::allergies, BOTH_ALLERGIES));
        narrator.say("The history has it all: who wrote what, and when.");
        var told =
                stage.prompt()
                        .ask(
                                stage.central(),
                                line -> !line.contains("(empty) ->"),
                                "history",
                                ApartDay.PATIENT,
                                day.patient(),
                                "--values");
        two.expect("2. the decision is in the history", told.contains("-> " + BOTH_ALLERGIES));
    }

    private List<FieldView> fields(Kind kind) {
        return reading()
                .show(Long.parseLong(number(kind)))
                .map(ConflictReading.Detail::fields)
                .orElse(List.of());
    }

    void settleTelephone() throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        narrator.chapter("Deleted by one clinic, changed by the other.");
        atCentral("conflicts", "show", number(Kind.DELETION));
        narrator.say("She calls the number. It is out of use: the deletion stands.");
        atCentral("conflicts", "resolve", number(Kind.DELETION), "--take", "satellite");
        TwoClinics.synchronise(stage);
        two.expect("3. the number is deleted on all three", stage.answerAll(day::telephone, ""));
        two.expect(
                "3. the deleted number is in the history",
                isInHistory(ApartDay.CONTACT, day.telephone(), ApartDay.TELEPHONE_CORRECTED));
    }

    void settleNumber() throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        DemoInstance lionelTown = stage.satellites().getLast();
        narrator.chapter("Two evaluations with one number.");
        atCentral("conflicts", "show", number(Kind.KEY));
        narrator.say("These are two visits. The plan says how the later one gets another number:");
        narrator.say("  renumber = \"code\"");
        narrator.say("  renumber_as = \"{value}-{instance}\"");
        atCentral("conflicts", "resolve", number(Kind.KEY), "--renumber");
        TwoClinics.synchronise(stage);
        narrator.say("May Pen's evaluation waits there too: until now its number was not free.");
        stage.prompt().type(lionelTown, "quarantine", "list");
        stage.prompt().type(lionelTown, "quarantine", "retry", "--all");
        String first = ApartDay.NUMBER_OF_EVALUATION + ": " + ApartDay.COMPLAINT_MAY_PEN;
        String second = ApartDay.NUMBER_OF_EVALUATION + "-2: " + ApartDay.COMPLAINT_LIONEL_TOWN;
        two.expect(
                "4. both evaluations are on all three, the second with a number of its own",
                stage.answerAll(ApartDay::evaluations, first + "; " + second));
    }

    /// Looks into the quarantine at central.
    void expectQuarantine() {
        var desk = new QuarantineDesk(stage.central().database());
        List<QuarantineDesk.Group> groups = desk.groups();
        boolean isWhole =
                groups.size() == 1
                        && groups.getFirst().cause().reason().contains(ApartDay.CONSTRAINT)
                        && desk.records(groups.getFirst().choice(), 0, ENTRIES).stream()
                                .flatMap(entry ->
                                        desk.whole(entry.key().model(), entry.key().uid()).stream())
                                .map(whole -> whole.fields().get("value"))
                                .toList()
                                .equals(List.of(ApartDay.TELEPHONE_REFUSED));
        two.expect("5. the refused number is in quarantine, whole and with the reason", isWhole);
    }

    void releaseQuarantine() throws SQLException, IOException, InterruptedException {
        Narrator narrator = stage.narrator();
        DemoInstance lionelTown = stage.satellites().getLast();
        var desk = new QuarantineDesk(stage.central().database());
        QuarantineDesk.Group group = desk.groups().getFirst();
        UUID uid = desk.records(group.choice(), 0, 1).getFirst().key().uid();
        narrator.chapter("The telephone number that central's database refuses.");
        var _ =
                stage.prompt()
                        .ask(
                                stage.central(),
                                line -> !line.contains("= null"),
                                "quarantine",
                                "show",
                                ApartDay.CONTACT,
                                uid.toString(),
                                "--values");
        narrator.say("The number is right, the rule is too strict. The rule goes:");
        narrator.say("central> psql --command \"" + ApartDay.ALLOW_LETTERS + "\"");
        stage.central().alter(ApartDay.ALLOW_LETTERS);
        atCentral("quarantine", "retry", "--cause", group.name());
        narrator.say("Lionel Town asks again by itself within minutes. Who cannot wait types:");
        stage.prompt().type(lionelTown, "held", "retry");
        TwoClinics.synchronise(stage);
        TwoClinics.synchronise(stage);
        two.expect(
                "5. after the fix the number is on all three",
                stage.answerAll(
                        instance -> day.telephones(instance, ApartDay.TELEPHONE_REFUSED), "1"));
    }

    /// Says whether everything that lost can still be read.
    boolean isNothingLost() {
        return isKept(Kind.FIELDS, ApartDay.PATIENT, ApartDay.ALLERGY_BEFORE)
                && isKept(Kind.FIELDS, ApartDay.PATIENT, ApartDay.ALLERGY_MAY_PEN)
                && isKept(Kind.FIELDS, ApartDay.PATIENT, ApartDay.ALLERGY_LIONEL_TOWN)
                && isKept(Kind.DELETION, ApartDay.CONTACT, ApartDay.TELEPHONE_CORRECTED)
                && isKept(Kind.KEY, ApartDay.EVALUATION, ApartDay.NUMBER_OF_EVALUATION);
    }

    /// A version that never stood at central is not in the history; the settled conflict has it.
    private boolean isKept(Kind kind, String model, String value) {
        String uid =
                reading()
                        .show(Long.parseLong(number(kind)))
                        .map(found -> found.entry().conflict().dispute().record().uid().toString())
                        .orElseThrow();
        return isInHistory(model, uid, value)
                || fields(kind).stream().anyMatch(field -> value.equals(field.pushed()));
    }

    private boolean isInHistory(String model, String uid, String value) {
        return new RecordHistory(stage.central().database(), tables())
                .read(model, UUID.fromString(uid), ENTRIES, true).stream()
                        .flatMap(versions -> versions.versions().stream())
                        .flatMap(version -> version.changes().stream())
                        .map(RecordVersions.Change::before)
                        .anyMatch(before -> value.equals(before.text()));
    }

    /// Says whether all conflicts are settled and still there.
    boolean areAllSettled() {
        var all = reading().list(true, Optional.empty(), 0, ENTRIES);
        return all.size() == KINDS.size()
                && all.stream().allMatch(entry -> entry.conflict().resolution().isPresent());
    }
}
