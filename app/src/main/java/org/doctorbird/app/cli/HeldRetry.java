package org.doctorbird.app.cli;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.doctorbird.app.postgres.HeldChanges;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `doctorbird held retry`.
@Command(
        name = "retry",
        description =
                "On a satellite: lets the next cycle push held changes again without waiting for their time.")
final class HeldRetry implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "Such as party.party; default: all models.")
    private @Nullable String model;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "UID",
            description = "One record; default: all of the model.")
    private @Nullable UUID uid;

    @Override
    public Integer call() {
        Settings settings = common.settings();
        settings.requireRole(Role.SATELLITE);
        try (Look look = Look.open(settings)) {
            int due = makeDue(look.held());
            common.say(
                    due == 0
                            ? "Nothing is held."
                            : "%,d changes go with the next cycle; 'doctorbird sync push' runs one now."
                                    .formatted(due));
            common.print(Map.of("due", due));
            return 0;
        }
    }

    private int makeDue(HeldChanges held) {
        if (model == null) {
            return held.makeDue();
        }
        return uid == null ? held.makeDue(model) : held.makeDue(model, uid);
    }
}
