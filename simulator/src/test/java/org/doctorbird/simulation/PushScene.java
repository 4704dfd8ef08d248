package org.doctorbird.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.KeptConflict;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.plan.Interest;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.plan.Rules;
import org.doctorbird.record.ETag;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.RecordKey;
import org.doctorbird.simulation.PushCase.By;
import org.doctorbird.simulation.PushCase.Request;
import org.doctorbird.simulation.PushCase.Rule;
import org.doctorbird.simulation.PushCase.State;
import org.doctorbird.simulation.PushCase.Where;

/// Plays one [PushCase] on central's production code.
///
/// The satellite makes its change 100 or 300 s after the base and pushes it after 500 s. The change
/// that it meets is made after 200 s; another satellite's arrives after 400 s. So who wrote last is
/// never who arrived last.
final class PushScene {

    static final InstanceId PUSHER = new InstanceId(3);
    private static final InstanceId OTHER = new InstanceId(4);
    private static final String MODEL = "note";
    private static final RecordKey KEY = new RecordKey(MODEL, new UUID(1, 2));
    private static final ModelShape SHAPE =
            new ModelShape(
                    MODEL,
                    List.of(
                            FieldShape.plain("a", FieldKind.TEXT, false),
                            FieldShape.plain("b", FieldKind.TEXT, false)));
    private static final Map<String, String> START = Map.of("a", "start", "b", "start");
    private static final ETag NEVER = new ETag(1);

    /// What central holds at one moment.
    ///
    /// @param replacedValues the values in its history
    record Seen(
            Optional<MemoryRow> row, List<KeptConflict> conflicts, List<String> replacedValues) {

        boolean isAlive() {
            return row.filter(some -> !some.isGone()).isPresent();
        }

        boolean isMarked() {
            return row.filter(MemoryRow::isMarkedDeleted).isPresent();
        }

        Map<String, String> values() {
            return row.map(some -> asMap(some.orNone())).orElse(Map.of());
        }

        Optional<ETag> etag() {
            return row.map(MemoryRow::etag);
        }
    }

    /// What came of it.
    ///
    /// @param pushed the push in question
    /// @param copy what the satellite has; empty if it has deleted the record
    /// @param before central before the push arrived first
    /// @param first the answer then
    /// @param after central after it
    /// @param beforeAgain central before it arrived again; as `after` if it did not
    /// @param last the answer to its last arrival
    /// @param end central at the end
    record Played(
            PushedRecord pushed,
            Map<String, String> copy,
            Seen before,
            PushAnswer first,
            Seen after,
            Seen beforeAgain,
            PushAnswer last,
            Seen end) {}

    private final PushCase row;
    private final MemoryDatabase database =
            new MemoryDatabase(InstanceId.CENTRAL, Map.of(MODEL, SHAPE), new UUID(9, 0), _ -> true);
    private final CentralExchange central;
    private final Map<String, String> copy = new TreeMap<>(START);
    private Optional<ETag> base = Optional.empty();
    private long revision = 1;

    PushScene(PushCase row) {
        this.row = row;
        var rules =
                Rules.of(Interest.ALL)
                        .with(row.deletes())
                        .with(ConflictRules.of(row.rule().policy()));
        var plan = new ModelPlan(MODEL, MODEL, Mode.FULL, Optional.empty(), java.util.Set.of(), 10);
        this.central =
                new CentralExchange(
                        database.asCentral(),
                        new CentralModels(
                                "1",
                                "",
                                new Plan(Application.PLAIN, List.of(plan.with(rules))),
                                List.of(SHAPE)),
                        ExchangeListener.NONE);
    }

    Played play() {
        if (row.state() == State.UNKNOWN) {
            base = Optional.of(NEVER);
        } else {
            var made = (PushAnswer.Accepted) push(PUSHER, record(START, Duration.ZERO));
            base = Optional.of(made.etag());
            revision++;
        }
        seconds(200);
        changeAtCentral();
        seconds(100);
        PushedRecord pushed = pushed();
        Seen before = look();
        PushAnswer first = push(PUSHER, pushed);
        Seen after = look();
        seconds(100);
        meanwhile();
        Seen beforeAgain = look();
        PushAnswer last = row.request() == Request.FIRST ? first : push(PUSHER, pushed);
        return new Played(
                pushed, Map.copyOf(copy), before, first, after, beforeAgain, last, look());
    }

    private void seconds(long seconds) {
        database.moveClock(seconds * 1_000_000);
    }

    private void changeAtCentral() {
        boolean isOfSatellite = row.by() == By.OTHER_SATELLITE;
        if (isOfSatellite) {
            seconds(200);
        }
        switch (row.state()) {
            case UNKNOWN, UNCHANGED -> {}
            case CHANGED -> change(row.by(), fieldAtCentral(), valueAtCentral());
            case DELETED -> delete(row.by());
        }
        if (!isOfSatellite) {
            seconds(200);
        }
    }

    private void change(By by, String field, String value) {
        Map<String, String> change = Map.of(field, value);
        switch (by) {
            case SAME_SATELLITE -> {
                copy.putAll(change);
                // The answer is lost: the base stays.
                push(PUSHER, record(change, Duration.ZERO));
                revision++;
            }
            case OTHER_SATELLITE ->
                    push(
                            OTHER,
                            new PushedRecord(
                                    KEY.uid(),
                                    base,
                                    1,
                                    Fields.of(change),
                                    false,
                                    Optional.empty(),
                                    Optional.of(Duration.ofSeconds(200))));
            case CENTRAL -> database.write(some -> some.update(KEY, Fields.of(change)));
        }
    }

    private void delete(By by) {
        switch (by) {
            case SAME_SATELLITE -> {
                push(PUSHER, deletion());
                revision++;
            }
            case OTHER_SATELLITE ->
                    push(OTHER, new PushedRecord(KEY.uid(), base, 1, Fields.NONE, true));
            case CENTRAL -> database.write(some -> some.delete(KEY));
        }
    }

    private String fieldAtCentral() {
        return row.where() == Where.OTHER_FIELD ? "b" : "a";
    }

    private String valueAtCentral() {
        if (row.where() == Where.EQUAL_VALUE) {
            return pushedValue();
        }
        return row.rule() == Rule.APPEND_CONTINUED ? "start, elsewhere" : "elsewhere";
    }

    private String pushedValue() {
        if (row.where() == Where.EQUAL_VALUE && row.state() != State.CHANGED) {
            return "start";
        }
        return row.rule() == Rule.APPEND_CONTINUED ? "start, clinic" : "clinic";
    }

    private PushedRecord pushed() {
        if (row.isDeletion()) {
            copy.clear();
            return deletion();
        }
        copy.put("a", pushedValue());
        var fields = new TreeMap<>(copy);
        if (row.hasBase()) {
            fields.entrySet()
                    .removeIf(field ->
                            !field.getKey().equals("a") && field.getValue().equals("start"));
        }
        return record(fields, Duration.ofSeconds(500 - madeAfter()));
    }

    private long madeAfter() {
        return row.rule() == Rule.LATEST_MADE_LATER ? 300 : 100;
    }

    private PushedRecord deletion() {
        return whole(Fields.NONE, true, Duration.ofSeconds(500 - madeAfter()));
    }

    private PushedRecord record(Map<String, String> fields, Duration age) {
        return whole(Fields.of(fields), false, age);
    }

    private PushedRecord whole(Fields fields, boolean isDeletion, Duration age) {
        return new PushedRecord(
                KEY.uid(),
                row.hasBase() ? base : Optional.empty(),
                revision,
                fields,
                isDeletion,
                Optional.empty(),
                row.rule() == Rule.LATEST_MADE_WHO_KNOWS_WHEN
                        ? Optional.empty()
                        : Optional.of(age));
    }

    /// What happens before the push arrives again.
    private void meanwhile() {
        switch (row.request()) {
            case FIRST, AGAIN -> {}
            case AGAIN_AFTER_A_LATER_PUSH -> {
                revision++;
                push(
                        PUSHER,
                        record(new TreeMap<>(Map.of("a", "later", "b", "later")), Duration.ZERO));
            }
            case AGAIN_AFTER_A_CHANGE_OF_OTHERS ->
                    database.write(some -> some.update(KEY, Fields.of(Map.of("a", "later"))));
        }
    }

    private PushAnswer push(InstanceId from, PushedRecord pushed) {
        return central.push(from, MODEL, List.of(pushed)).getFirst();
    }

    private Seen look() {
        MemoryState state = database.committed();
        return new Seen(
                state.row(KEY),
                state.conflicts.all(),
                state.history.getOrDefault(KEY, List.of()).stream()
                        .flatMap(past -> asMap(past.before()).values().stream())
                        .toList());
    }

    static Map<String, String> asMap(Fields fields) {
        var map = new TreeMap<String, String>();
        for (String name : fields.names().list()) {
            String value = fields.get(name);
            if (value != null) {
                map.put(name, value);
            }
        }
        return map;
    }
}
