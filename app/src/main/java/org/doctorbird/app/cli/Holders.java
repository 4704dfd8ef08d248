package org.doctorbird.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.doctorbird.app.postgres.Holder;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `doctorbird holders`, on central.
@Command(
        name = "holders",
        description =
                "On central: says which instances hold a record, should and do not yet, or hold it and should not.")
final class Holders implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Parameters(index = "0", paramLabel = "MODEL", description = "Such as party.party.")
    private String model = "";

    @Parameters(
            index = "1",
            paramLabel = "UID|KEY",
            description = "The record's uid, its value of unique_id_column, or its key here.")
    private String record = "";

    @Override
    public Integer call() {
        Settings settings = common.settings();
        settings.requireRole(Role.CENTRAL);
        try (Look look = Look.open(settings)) {
            Optional<UUID> uid = look.inquiry().find(model, record);
            if (uid.isEmpty()) {
                return common.notFound(model);
            }
            List<Holder> holders = look.inquiry().holders(model, uid.get());
            common.say(model + " " + uid.get());
            holders.forEach(holder ->
                    common.say(
                            "%4s  %-30s %s"
                                    .formatted(
                                            holder.instance(),
                                            holder.name(),
                                            holder.standing().words())));
            common.say(
                    holders.isEmpty()
                            ? "No instance holds it or should."
                            : "'doctorbird why %s %s' says why.".formatted(model, uid.get()));
            common.print(Map.of("holders", holders.stream().map(Holders::document).toList()));
            return 0;
        }
    }

    private static Map<String, Object> document(Holder holder) {
        return Map.of(
                "id", holder.instance().number(),
                "name", holder.name(),
                "standing", holder.standing().name().toLowerCase(Locale.ROOT));
    }
}
