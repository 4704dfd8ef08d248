package org.doctorbird.simulation;

import static org.doctorbird.simulation.World.EVALUATION;
import static org.doctorbird.simulation.World.PARTY;
import static org.doctorbird.simulation.World.PATIENT;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.RecordKey;
import org.jspecify.annotations.Nullable;

/// The people of a region: they write into their applications.
final class RegionWriter {

    private static final String REFUSED = "refused, ";
    private static final int PATHOLOGIES = 1_000;
    private static final int KEPT_IN_MIND = 50;
    private static final String[] WORDS =
            ("fever cough since three days with headache no vomiting pain in the lower back after work"
                            + " rash on both arms pressure taken twice follow up in two weeks medicine"
                            + " given mother reports poor sleep weight stable referred to hospital")
                    .split(" ");
    private static final String[] NAMES =
            "Amoy Andre Beverly Carlton Damian Errol Fay Garfield Horace Ionie Junior Kerry Lloyd Marva"
                    .split(" ");
    private static final String[] SURNAMES =
            "Bailey Brown Campbell Clarke Davis Francis Grant Henry Johnson Morgan Reid Thompson Wright"
                    .split(" ");

    /// What people do.
    enum Work {
        /// Somebody comes for the first time.
        NEW_PATIENT,
        /// Somebody is seen.
        EVALUATION,
        /// A record is corrected or continued.
        EDIT,
        /// A record is deleted.
        DELETION,
        /// A patient of another clinic is fetched.
        IMPORT,
        /// A patient gets another home.
        MOVE,
        /// Something that central's database refuses.
        REFUSAL
    }

    private final Region region;
    private final Map<InstanceId, List<UUID>> patients = new HashMap<>();
    private final Map<InstanceId, List<UUID>> evaluations = new HashMap<>();
    private final Map<InstanceId, List<UUID>> seen = new HashMap<>();
    private final List<UUID> pathologies = new ArrayList<>();
    private final List<UUID> all = new ArrayList<>();
    private long texts;

    RegionWriter(Region region) {
        this.region = region;
        region.ids().forEach(id -> patients.put(id, new ArrayList<>()));
        region.ids().forEach(id -> evaluations.put(id, new ArrayList<>()));
        region.ids().forEach(id -> seen.put(id, new ArrayList<>()));
        evaluations.put(InstanceId.CENTRAL, new ArrayList<>());
    }

    /// Says whether central's database refuses a note.
    static boolean isRefused(@Nullable String note) {
        return note != null && note.startsWith(REFUSED);
    }

    /// Fills central before the first day: reference data, and each clinic's patients.
    void begin() {
        SplittableRandom random = region.faults().chance("begin", 0, 0);
        write(
                InstanceId.CENTRAL,
                application -> {
                    for (int i = 0; i < PATHOLOGIES; i++) {
                        UUID uid = uid(random);
                        pathologies.add(uid);
                        insert(
                                InstanceId.CENTRAL,
                                application,
                                new RecordKey(RegionPlan.PATHOLOGY, uid),
                                Map.of("code", "P" + i, "note", sentence(random, 5)));
                    }
                });
        for (InstanceId id : region.ids()) {
            int count = (int) region.profile().value("patients");
            write(
                    InstanceId.CENTRAL,
                    application -> {
                        for (int i = 0; i < count; i++) {
                            UUID patient = newPatient(InstanceId.CENTRAL, id, application, random);
                            for (int j = 0; j < 3; j++) {
                                newEvaluation(InstanceId.CENTRAL, patient, application, random);
                            }
                        }
                    });
        }
    }

    private void write(InstanceId id, java.util.function.Consumer<MemoryApplication> work) {
        region.databaseOf(id).write(work);
        if (!id.equals(InstanceId.CENTRAL)) {
            region.lags().noteWritten(id, region.committed(id));
        }
    }

    /// Somebody at a clinic does something, if the application works there.
    void work(InstanceId id, Work work, SplittableRandom random) {
        Clinic clinic = region.clinic(id);
        if (!clinic.canWrite() || region.isRecovering()) {
            return;
        }
        region.trace(work + " at " + id);
        switch (work) {
            case NEW_PATIENT ->
                    write(
                            id,
                            application -> {
                                var _ = newPatient(id, id, application, random);
                            });
            case EVALUATION ->
                    known(id, random)
                            .ifPresent(patient ->
                                    write(
                                            id,
                                            application ->
                                                    newEvaluation(
                                                            id, patient, application, random)));
            case EDIT -> edit(id, random);
            case DELETION -> delete(id, random);
            case IMPORT -> fetch(clinic, random);
            case MOVE -> move(id, random);
            case REFUSAL -> refuse(id, random);
        }
    }

    /// The central office changes something, mostly of patients who were seen lately.
    void workAtCentral(SplittableRandom random) {
        if (region.isRecovering() || !region.isCentralUp()) {
            return;
        }
        List<UUID> lately = of(seen, any(region.ids(), random));
        RecordKey key =
                random.nextInt(4) == 0
                        ? new RecordKey(RegionPlan.PATHOLOGY, any(pathologies, random))
                        : new RecordKey(PATIENT, any(lately.isEmpty() ? all : lately, random));
        region.trace("central changes " + key);
        change(InstanceId.CENTRAL, key, Map.of("note", text(random)));
    }

    private UUID newPatient(
            InstanceId by,
            InstanceId home,
            MemoryApplication application,
            SplittableRandom random) {
        UUID party = uid(random);
        insert(
                by,
                application,
                new RecordKey(PARTY, party),
                Map.of(
                        "name", any(NAMES, random),
                        "lastname", any(SURNAMES, random),
                        "gender", random.nextBoolean() ? "f" : "m",
                        "birth",
                                "19%02d-%02d-%02d"
                                        .formatted(
                                                random.nextInt(30, 99),
                                                random.nextInt(1, 13),
                                                random.nextInt(1, 28)),
                        "phone", "876-" + random.nextInt(1_000_000, 9_999_999),
                        "note", text(random)));
        UUID patient = uid(random);
        insert(
                by,
                application,
                new RecordKey(PATIENT, patient),
                Map.of(
                        "code", "PAC-" + Long.toString(random.nextLong(1L << 40), 36),
                        "home", home.toString(),
                        "blood", random.nextBoolean() ? "O+" : "A-",
                        "note", text(random),
                        "name", party.toString()));
        of(patients, home).add(patient);
        all.add(patient);
        return patient;
    }

    private void newEvaluation(
            InstanceId by, UUID patient, MemoryApplication application, SplittableRandom random) {
        UUID uid = uid(random);
        insert(by, application, new RecordKey(EVALUATION, uid), evaluation(patient, random));
        List<UUID> mine = of(evaluations, by);
        keepInMind(mine, uid);
        if (!by.equals(InstanceId.CENTRAL)) {
            keepInMind(of(seen, by), patient);
        }
    }

    private static void keepInMind(List<UUID> list, UUID uid) {
        list.add(uid);
        if (list.size() > KEPT_IN_MIND) {
            list.removeFirst();
        }
    }

    private Map<String, String> evaluation(UUID patient, SplittableRandom random) {
        long minute = region.agenda().now() / 60_000_000;
        var values = new LinkedHashMap<String, String>();
        values.put("patient", patient.toString());
        values.put("diagnosis", any(pathologies, random).toString());
        values.put(
                "start",
                "2026-%02d-%02d %02d:%02d:00"
                        .formatted(
                                1 + minute / 43_200 % 12,
                                1 + minute / 1_440 % 28,
                                minute / 60 % 24,
                                minute % 60));
        values.put("urgency", "a");
        values.put("complaint", sentence(random, 8));
        values.put("note", text(random));
        values.put("systolic", Integer.toString(random.nextInt(90, 190)));
        values.put("diastolic", Integer.toString(random.nextInt(50, 120)));
        values.put("temperature", "3" + random.nextInt(5, 10) + "." + random.nextInt(1, 10));
        values.put("weight", random.nextInt(3, 120) + "." + random.nextInt(1, 10));
        return values;
    }

    private void edit(InstanceId id, SplittableRandom random) {
        List<UUID> mine = of(evaluations, id);
        if (!mine.isEmpty() && random.nextBoolean()) {
            var key = new RecordKey(EVALUATION, any(mine, random));
            change(id, key, Map.of("note", text(random)));
        } else {
            present(id, of(seen, id), random)
                    .ifPresent(patient ->
                            change(
                                    id,
                                    new RecordKey(PATIENT, patient),
                                    Map.of("note", text(random))));
        }
    }

    private void delete(InstanceId id, SplittableRandom random) {
        List<UUID> mine = of(evaluations, id);
        if (!mine.isEmpty()) {
            var key = new RecordKey(EVALUATION, mine.remove(random.nextInt(mine.size())));
            write(id, application -> application.delete(key));
            region.writtenBy(id).remove(place(key));
        }
    }

    private void fetch(Clinic clinic, SplittableRandom random) {
        UUID patient = any(all, random);
        if (!clinic.isReachable()) {
            return;
        }
        clinic.start(() -> {
            try {
                var _ =
                        clinic.link()
                                .pin(
                                        PATIENT,
                                        new PinRequest(
                                                List.of(patient), "comes today", Optional.empty()));
                of(patients, clinic.id()).add(patient);
            } catch (SyncException e) {
                region.trace("the import broke: " + e.getMessage());
            }
        });
    }

    private void move(InstanceId id, SplittableRandom random) {
        InstanceId home = any(region.ids(), random);
        known(id, random)
                .ifPresent(patient -> {
                    change(id, new RecordKey(PATIENT, patient), Map.of("home", home.toString()));
                    of(patients, id).remove(patient);
                    of(patients, home).add(patient);
                });
    }

    private void refuse(InstanceId id, SplittableRandom random) {
        known(id, random)
                .ifPresent(patient -> {
                    var key = new RecordKey(EVALUATION, uid(random));
                    var values = new LinkedHashMap<>(evaluation(patient, random));
                    values.put("note", REFUSED + text(random));
                    write(id, application -> insert(id, application, key, values));
                    String corrected = text(random);
                    region.agenda()
                            .at(
                                    region.agenda().now() + Region.DAY,
                                    () -> correct(id, key, corrected));
                });
    }

    private void correct(InstanceId id, RecordKey key, String note) {
        if (region.clinic(id).canWrite()) {
            change(id, key, Map.of("note", note));
        } else {
            region.agenda().at(region.agenda().now() + Region.DAY, () -> correct(id, key, note));
        }
    }

    private void insert(
            InstanceId by, MemoryApplication application, RecordKey key, Map<String, String> set) {
        ModelShape shape = application.shape(key.model());
        var values = new ArrayList<@Nullable String>();
        shape.names().list().forEach(name -> values.add(set.get(name)));
        application.insert(key, Fields.of(shape.names(), values));
        region.writtenBy(by).put(place(key), Objects.requireNonNull(set.get("note")));
    }

    private void change(InstanceId by, RecordKey key, Map<String, String> set) {
        boolean isThere = region.committed(by).row(key).filter(row -> !row.isGone()).isPresent();
        if (isThere) {
            write(by, application -> application.update(key, Fields.of(set)));
            if (set.containsKey("note")) {
                region.writtenBy(by).put(place(key), Objects.requireNonNull(set.get("note")));
            }
        }
    }

    private static String place(RecordKey key) {
        return key + "/note";
    }

    /// Returns a patient that is in the clinic's database.
    private Optional<UUID> known(InstanceId id, SplittableRandom random) {
        return present(id, of(patients, id), random);
    }

    private Optional<UUID> present(InstanceId id, List<UUID> some, SplittableRandom random) {
        MemoryState state = region.committed(id);
        for (int i = 0; i < 5 && !some.isEmpty(); i++) {
            UUID patient = any(some, random);
            if (state.row(new RecordKey(PATIENT, patient))
                    .filter(row -> !row.isGone())
                    .isPresent()) {
                return Optional.of(patient);
            }
        }
        return Optional.empty();
    }

    private static List<UUID> of(Map<InstanceId, List<UUID>> lists, InstanceId id) {
        return Objects.requireNonNull(lists.get(id));
    }

    private static <T> T any(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }

    private static String any(String[] words, SplittableRandom random) {
        return words[random.nextInt(words.length)];
    }

    private static UUID uid(SplittableRandom random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private static String sentence(SplittableRandom random, int words) {
        var sentence = new StringBuilder();
        for (int i = 0; i < words; i++) {
            sentence.append(i == 0 ? "" : " ").append(any(WORDS, random));
        }
        return sentence.toString();
    }

    /// A text that was never written before.
    private String text(SplittableRandom random) {
        texts++;
        return sentence(random, 4 + random.nextInt(12)) + ", " + texts;
    }
}
