package org.doctorbird.app.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.doctorbird.ErrorCode;
import org.doctorbird.app.postgres.PostgresStatus;
import org.doctorbird.app.postgres.PostgresStatus.Contact;
import org.doctorbird.app.postgres.PostgresStatus.ModelStatus;
import org.doctorbird.app.postgres.PostgresStatus.OpenTransaction;
import org.doctorbird.app.postgres.PostgresStatus.OwnConflict;
import org.doctorbird.app.postgres.PostgresStatus.WorkStatus;
import org.doctorbird.app.postgres.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `doctorbird status`: "All is well.", or what to do.
@Command(name = "status", description = "Says whether all is well, and how each model stands.")
final class Status implements Callable<Integer> {

    /// A transaction that is open for longer is worth a word.
    private static final Duration OPEN_MAX = Duration.ofMinutes(10);

    /// A clock that is wrong by more is worth a word; it does no harm to the exchange.
    private static final Duration CLOCK_OFFSET_MAX = Duration.ofMinutes(5);

    /// A withdrawn record that cannot be removed for longer is worth a word.
    private static final Duration WITHDRAWN_MAX = Duration.ofDays(1);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    @Mixin private Common common = new Common();

    @Option(names = "--check", description = "End with exit code 1 if something needs a person.")
    private boolean isChecked;

    @Override
    public Integer call() {
        try (Look look = Look.open(common.settings())) {
            PostgresStatus status = look.status();
            List<ModelStatus> models = status.models();
            List<Contact> contacts = look.role() == Role.CENTRAL ? status.contacts() : List.of();
            Optional<OpenTransaction> open =
                    look.role() == Role.CENTRAL ? status.oldestOpen() : Optional.empty();
            Optional<WorkStatus> cycle = status.cycle();
            List<String> advice = advice(look, models, contacts, open);
            status.irremovable(WITHDRAWN_MAX)
                    .forEach(some ->
                            advice.add(
                                    "%s: %,d records that central withdrew cannot be removed: %s"
                                            .formatted(
                                                    some.model(), some.records(), some.reason())));
            cycle.filter(Status::isFailing)
                    .ifPresent(work -> advice.add("cycles fail with " + failure(work)));
            List<OwnConflict> own = status.ownConflicts();
            tell(look.role(), advice, models, contacts);
            own.forEach(conflict -> common.say(words(conflict)));
            cycle.flatMap(WorkStatus::lastSuccess)
                    .ifPresent(last -> common.say("last cycle: " + time(last)));
            models.stream()
                    .flatMap(model -> verify(model).flatMap(WorkStatus::lastSuccess).stream())
                    .min(Comparator.naturalOrder())
                    .ifPresent(last -> common.say("compared with central: " + time(last)));
            common.print(
                    StatusDocument.of(look.role(), advice, models, contacts, open, cycle, own));
            return isChecked && !advice.isEmpty() ? 1 : 0;
        }
    }

    private static List<String> advice(
            Look look,
            List<ModelStatus> models,
            List<Contact> contacts,
            Optional<OpenTransaction> open) {
        var advice = new ArrayList<String>();
        add(
                advice,
                models.stream().mapToLong(ModelStatus::quarantined).sum(),
                "records in quarantine: doctorbird quarantine list");
        add(
                advice,
                models.stream().mapToLong(ModelStatus::conflicts).sum(),
                "conflicts: doctorbird conflicts list");
        add(
                advice,
                models.stream().mapToLong(ModelStatus::held).sum(),
                "changes that central holds back: doctorbird held list");
        add(
                advice,
                models.stream().mapToLong(ModelStatus::refused).sum(),
                "local changes that the plan does not let out: doctorbird refused list");
        for (ModelStatus model : models) {
            model.work().stream()
                    .filter(Status::isFailing)
                    .forEach(work ->
                            advice.add(
                                    "%s of %s fails with %s"
                                            .formatted(work.work(), model.model(), failure(work))));
        }
        models.forEach(model ->
                add(
                        advice,
                        verify(model).map(WorkStatus::records).orElse(0L),
                        "records of %s are not as central has them: doctorbird verify --model %s --repair"
                                .formatted(model.model(), model.model())));
        look.unknownAtCentral()
                .forEach((model, columns) ->
                        advice.add(
                                "%s: central lacks %s; these fields do not travel"
                                        .formatted(model, String.join(", ", columns))));
        contacts.stream()
                .filter(contact -> contact.clockOffset().filter(Status::isFarOff).isPresent())
                .forEach(contact ->
                        advice.add(
                                "the clock of %s is wrong; the exchange does not mind, people may"
                                        .formatted(contact.name())));
        open.filter(Status::isLong)
                .ifPresent(transaction ->
                        advice.add(
                                "a transaction open since %s in database %s holds back what satellites receive: end it (%s)"
                                        .formatted(
                                                transaction.since().orElseThrow(),
                                                transaction.database(),
                                                transaction.who())));
        return advice;
    }

    private static void add(List<String> advice, long count, String what) {
        if (count > 0) {
            advice.add("%,d %s".formatted(count, what));
        }
    }

    private static boolean isFailing(WorkStatus work) {
        return work.failure().isPresent()
                && work.lastFailure()
                        .filter(failure -> work.lastSuccess().filter(failure::isBefore).isEmpty())
                        .isPresent();
    }

    private static String failure(WorkStatus work) {
        ErrorCode code = work.failure().orElseThrow();
        return code.code() + ": " + code.remedy();
    }

    private static boolean isFarOff(Duration offset) {
        return offset.abs().compareTo(CLOCK_OFFSET_MAX) > 0;
    }

    private static boolean isLong(OpenTransaction transaction) {
        return transaction
                .since()
                .filter(since -> Duration.between(since, Instant.now()).compareTo(OPEN_MAX) > 0)
                .isPresent();
    }

    private void tell(
            Role role, List<String> advice, List<ModelStatus> models, List<Contact> contacts) {
        if (advice.isEmpty()) {
            common.say("All is well.");
        } else {
            common.say("This needs you:");
            advice.forEach(line -> common.say("  " + line));
        }
        common.say("");
        common.say(
                "%-44s %12s %10s %10s %8s %8s %10s %9s %9s  %-16s %-16s %-16s"
                        .formatted(
                                "model",
                                "records",
                                "waiting",
                                "local only",
                                "held",
                                "parked",
                                "quarantine",
                                "conflicts",
                                "withdrawn",
                                "push",
                                "pull",
                                "new"));
        for (ModelStatus model : models) {
            common.say(
                    "%-44s %,12d %,10d %,10d %,8d %,8d %,10d %,9d %,9d  %-16s %-16s %-16s"
                            .formatted(
                                    model.model(),
                                    model.records(),
                                    model.waiting(),
                                    model.localOnly(),
                                    model.held(),
                                    model.parked(),
                                    model.quarantined(),
                                    model.conflicts(),
                                    model.withdrawn(),
                                    last(model, "push"),
                                    last(model, "pull"),
                                    last(model, "new")));
        }
        if (role == Role.CENTRAL) {
            common.say("");
            contacts.forEach(contact ->
                    common.say(
                            "instance %s (%s): %s"
                                    .formatted(
                                            contact.instance(),
                                            contact.name(),
                                            contact.lastSeen()
                                                    .map(seen -> "last seen " + time(seen))
                                                    .orElse("never seen"))));
        }
    }

    /// Nobody here has to do anything: the national office settles it.
    private static String words(OwnConflict conflict) {
        return "%s %s: a change made here waits for a decision at central (%s)"
                .formatted(conflict.model(), conflict.uid(), conflict.kind());
    }

    private static Optional<WorkStatus> verify(ModelStatus model) {
        return work(model, PostgresStatus.VERIFY);
    }

    private static Optional<WorkStatus> work(ModelStatus model, String work) {
        return model.work().stream().filter(status -> status.work().equals(work)).findFirst();
    }

    private static String last(ModelStatus model, String work) {
        return work(model, work).flatMap(WorkStatus::lastSuccess).map(Status::time).orElse("-");
    }

    private static String time(Instant instant) {
        return TIME.format(instant.atZone(ZoneId.systemDefault()));
    }
}
