package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Writes at random into an [InterestWorld], as an application, instances and people would.
final class InterestWriter {

    private static final Map<String, Map<String, String>> REFERENCES =
            Map.of(
                    "card_note", Map.of("card", "card"),
                    "patient", Map.of("doctor", "doctor", "card", "card", "mother", "patient"),
                    "encounter", Map.of("patient", "patient", "doctor", "doctor"),
                    "lab", Map.of("encounter", "encounter", "room", "room", "doctor", "doctor"),
                    "notice", Map.of("patient", "patient"));

    private static final List<String> MODELS =
            List.of("doctor", "card", "card_note", "patient", "encounter", "room", "lab", "notice");

    private final InterestWorld world;
    private final RandomGenerator random;
    private final Map<String, List<UUID>> missing = new HashMap<>();

    InterestWriter(InterestWorld world, RandomGenerator random) {
        this.world = world;
        this.random = random;
    }

    void burst() throws SQLException {
        int steps = 1 + random.nextInt(25);
        for (int i = 0; i < steps; i++) {
            step();
        }
    }

    private void step() throws SQLException {
        String model = MODELS.get(random.nextInt(MODELS.size()));
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> insert(model);
            case 5, 6, 7, 8 -> point(model);
            case 9, 10 -> move();
            case 11, 12 -> delete(model);
            case 13 -> pin(model);
            case 14 -> expireOrRelease(model);
            case 15 -> world.set(instance(), List.of("a", "b", "c", "").get(random.nextInt(4)));
            case 16, 17 -> push();
            case 18 -> again(model);
            default -> rare();
        }
    }

    private Optional<Integer> any(String model) throws SQLException {
        List<String> ids = world.database.rows("select id from %s order by id".formatted(model));
        return ids.isEmpty()
                ? Optional.empty()
                : Optional.of(Integer.valueOf(ids.get(random.nextInt(ids.size()))));
    }

    private int instance() {
        return List.of(1, 2, 3, 9).get(random.nextInt(4));
    }

    private void insert(String model) throws SQLException {
        var names = new ArrayList<>(List.of("name"));
        var values = new ArrayList<>(List.of("'x'"));
        for (var reference : REFERENCES.getOrDefault(model, Map.of()).entrySet()) {
            Optional<Integer> target = any(reference.getValue());
            boolean isRequired =
                    "lab.encounter card_note.card".contains(model + "." + reference.getKey());
            if (isRequired && target.isEmpty()) {
                return;
            }
            if (target.isPresent() && (isRequired || random.nextInt(4) > 0)) {
                names.add(reference.getKey());
                values.add(target.get().toString());
            }
        }
        if ("patient".equals(model)) {
            names.add("institution");
            values.add(List.of("'a'", "'b'", "'c'", "null").get(random.nextInt(4)));
        }
        world.database.run(
                "insert into %s (%s) values (%s)"
                        .formatted(model, String.join(", ", names), String.join(", ", values)));
    }

    private void point(String model) throws SQLException {
        Optional<Integer> id = any(model);
        var references = new ArrayList<>(REFERENCES.getOrDefault(model, Map.of()).keySet());
        references.sort(null);
        if (id.isEmpty() || references.isEmpty()) {
            return;
        }
        String field = references.get(random.nextInt(references.size()));
        Optional<Integer> target =
                any(Objects.requireNonNull(REFERENCES.getOrDefault(model, Map.of()).get(field)));
        if (target.isPresent()) {
            world.database.run(
                    "update %s set %s = %d where id = %d"
                            .formatted(model, field, target.get(), id.get()));
        }
    }

    private void move() throws SQLException {
        world.database.run(
                "update patient set institution = '%s' where id %% %d = 0"
                        .formatted(
                                List.of("a", "b", "c").get(random.nextInt(3)),
                                1 + random.nextInt(4)));
        world.database.run(
                "update doctor set is_public = %s where id %% 3 = %d"
                        .formatted(random.nextBoolean(), random.nextInt(3)));
    }

    private void delete(String model) throws SQLException {
        Optional<Integer> id = any(model);
        if (id.isPresent()) {
            world.database.run("delete from %s where id = %d".formatted(model, id.get()));
        }
    }

    private void pin(String model) throws SQLException {
        Optional<Integer> id = any(model);
        if (id.isPresent()) {
            world.pin(
                    model,
                    instance(),
                    random.nextBoolean() ? Optional.of(1) : Optional.empty(),
                    List.of(world.uid(model, id.get())));
        }
    }

    private void expireOrRelease(String model) throws SQLException {
        if (random.nextBoolean()) {
            world.database.run(
                    "update doctorbird.engine_pin set expires_at = clock_timestamp() - interval '1 s'"
                            + " where expires_at is not null");
        }
        Optional<Integer> id = any(model);
        if (id.isPresent()) {
            world.release(model, instance(), List.of(world.uid(model, id.get())));
        }
    }

    /// A new record of an instance, which may point to one that comes later or never.
    private void push() throws SQLException {
        List<UUID> patients = missing.computeIfAbsent("patient", _ -> new ArrayList<>());
        List<UUID> cards = missing.computeIfAbsent("card", _ -> new ArrayList<>());
        int instance = instance();
        switch (random.nextInt(3)) {
            case 0 -> {
                UUID patient = uid();
                patients.add(patient);
                InterestOnPostgresTest.push(
                        world, instance, "encounter", uid(), "patient", patient.toString());
            }
            case 1 -> {
                UUID card = uid();
                cards.add(card);
                InterestOnPostgresTest.push(
                        world,
                        instance,
                        "patient",
                        patients.isEmpty() ? uid() : patients.removeLast(),
                        "institution",
                        random.nextBoolean() ? "a" : "b",
                        "card",
                        card.toString());
            }
            default ->
                    InterestOnPostgresTest.push(
                            world, instance, "card", cards.isEmpty() ? uid() : cards.removeFirst());
        }
    }

    private UUID uid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    /// Several versions in one transaction.
    private void again(String model) throws SQLException {
        world.database.run("begin");
        insert(model);
        point(model);
        Optional<Integer> id = any(model);
        if (id.isPresent()) {
            world.database.run(
                    "update %s set name = 'y%d' where id = %d"
                            .formatted(model, random.nextInt(), id.get()));
        }
        point(model);
        world.database.run("commit");
    }

    private void rare() throws SQLException {
        switch (random.nextInt(6)) {
            case 0 -> world.database.run("truncate lab");
            case 1 -> world.database.run("truncate notice");
            case 2 -> world.database.run("truncate encounter, lab");
            case 3 -> {
                var _ = world.exchange().computeInterest(1);
            }
            default -> {
                var _ = world.exchange().releaseReady();
            }
        }
    }
}
