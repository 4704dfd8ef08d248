package org.doctorbird.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.central.Instances;
import org.doctorbird.app.postgres.Participant;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.postgres.VerifyOrders;
import org.doctorbird.app.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `doctorbird instance …`, on central.
@Command(
        name = "instance",
        description = "On central: the instances that take part.",
        subcommands = {
            InstanceCommand.Add.class,
            InstanceCommand.Every.class,
            InstanceCommand.Show.class,
            InstanceCommand.SetAttributes.class,
            InstanceCommand.Rename.class,
            InstanceCommand.Reset.class,
            InstanceCommand.Retire.class
        })
final class InstanceCommand extends Group {

    /// Works on the instances of an installed central.
    ///
    /// @param work is given all models' tables besides
    private static void atCentral(Common common, BiConsumer<Instances, List<SyncedTable>> work) {
        Settings settings = common.settings();
        int limit = settings.requireCentral().instanceLimit();
        try (var database = Common.database(settings)) {
            work.accept(
                    new Instances(database.source(), limit, new SecureRandom()),
                    InstalledCentral.load(database.source()).tables());
        }
    }

    /// `doctorbird instance add`.
    @Command(name = "add", description = "Adds an instance and shows its login and password, once.")
    static final class Add implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Parameters(paramLabel = "NAME", description = "Its name, which is its login.")
        private String name = "";

        @Option(
                names = "--id",
                paramLabel = "N",
                description = "Its synchronisation id; default: the lowest that is free.")
        private @Nullable Integer id;

        @Option(
                names = "--password-out",
                paramLabel = "FILE",
                description = "Write the password to this new file instead of showing it.")
        private @Nullable Path passwordOut;

        @Option(
                names = "--set",
                paramLabel = "ATTRIBUTE=VALUE",
                description = "What the rules of the plan may say of it; may be given again.")
        private List<String> attributes = List.of();

        @Spec private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            Map<String, Optional<String>> set =
                    AttributeArguments.read(spec.commandLine(), attributes);
            atCentral(
                    common,
                    (instances, tables) -> {
                        tell(
                                passwordOut == null
                                        ? instances.add(name, Optional.ofNullable(id))
                                        : addWithFile(instances, passwordOut));
                        if (!set.isEmpty()) {
                            instances.set(tables, name, set);
                        }
                    });
            return 0;
        }

        /// The file comes first: an instance whose password is lost is of no use.
        private Instances.Added addWithFile(Instances instances, Path file) {
            try {
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
                boolean isDone = false;
                try {
                    Instances.Added added = instances.add(name, Optional.ofNullable(id));
                    Files.writeString(file, added.password() + "\n", StandardCharsets.UTF_8);
                    isDone = true;
                    return added;
                } finally {
                    if (!isDone) {
                        Files.delete(file);
                    }
                }
            } catch (IOException e) {
                throw new SyncException(
                                ErrorCode.SETTINGS_MALFORMED,
                                "the password file cannot be made; it must not be there yet")
                        .with("file", file);
            }
        }

        private void tell(Instances.Added added) {
            common.say(
                    "Added '%s' with synchronisation id %s.".formatted(added.login(), added.id()));
            var document = new LinkedHashMap<String, Object>();
            document.put("login", added.login());
            document.put("id", added.id().number());
            if (passwordOut == null) {
                common.say("Its password, shown only now: " + added.password());
                document.put("password", added.password());
            } else {
                document.put("passwordFile", passwordOut.toString());
            }
            common.print(document);
        }
    }

    /// `doctorbird instance list`.
    @Command(name = "list", description = "Lists the instances.")
    static final class Every implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Override
        public Integer call() {
            List<Participant> instances = reading(common.settings(), Participant::list);
            instances.forEach(instance ->
                    common.say(
                            "%4s  %-30s %-36s %s"
                                    .formatted(
                                            instance.id(),
                                            instance.name(),
                                            seen(instance),
                                            attributes(instance))
                                    .stripTrailing()));
            common.print(
                    Map.of(
                            "instances",
                            instances.stream().map(StatusDocument::participant).toList()));
            return 0;
        }
    }

    /// `doctorbird instance show`.
    @Command(
            name = "show",
            description =
                    "Shows an instance: its attributes, last contact and clock, and what was compared by order.")
    static final class Show implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Parameters(
                paramLabel = "NAME|N",
                description = "The instance's name or synchronisation id.")
        private String nameOrId = "";

        @Override
        public Integer call() {
            return reading(common.settings(), this::show);
        }

        private int show(Connection connection) {
            Participant instance = Participants.require(connection, nameOrId);
            common.say("'%s' with synchronisation id %s".formatted(instance.name(), instance.id()));
            common.say("  " + seen(instance));
            instance.clockOffset()
                    .ifPresent(offset ->
                            common.say(
                                    "  its clock less central's: %.1f seconds"
                                            .formatted(offset.toMillis() / 1000.0)));
            instance.attributes().forEach((name, value) -> common.say("  " + name + " = " + value));
            var document = new LinkedHashMap<>(StatusDocument.participant(instance));
            new VerifyOrders(connection)
                    .last(instance.id().number())
                    .ifPresent(order -> tell(order, document));
            common.print(document);
            return 0;
        }

        private void tell(VerifyOrders.Standing order, Map<String, Object> document) {
            var verification = new LinkedHashMap<String, Object>();
            verification.put("asked", order.asked().toString());
            order.answered().ifPresent(when -> verification.put("answered", when.toString()));
            order.report()
                    .ifPresent(report -> verification.putAll(OrderVerification.document(report)));
            document.put("verification", verification);
            common.say(
                    "  comparison asked for %s; %s"
                            .formatted(
                                    order.asked(),
                                    order.report()
                                            .map(OrderVerification::words)
                                            .orElse("not reported yet")));
        }
    }

    private static <T> T reading(Settings settings, Function<Connection, T> work) {
        settings.requireRole(Role.CENTRAL);
        try (var database = Common.database(settings)) {
            var _ = InstalledCentral.load(database.source());
            try (Connection connection = database.source().getConnection()) {
                return work.apply(connection);
            }
        } catch (SQLException e) {
            throw new SyncException(ErrorCode.DATABASE_UNREACHABLE, "cannot reach the database", e);
        }
    }

    private static String seen(Participant instance) {
        return instance.retired()
                .map(since -> "retired " + since)
                .or(() -> instance.lastSeen().map(seen -> "last seen " + seen))
                .orElse("never seen");
    }

    private static String attributes(Participant instance) {
        return instance.attributes().entrySet().stream()
                .map(attribute -> attribute.getKey() + "=" + attribute.getValue())
                .collect(Collectors.joining(" "));
    }

    /// `doctorbird instance set`.
    @Command(
            name = "set",
            description =
                    "Says what the rules of the plan may ask of an instance, such as institution=12. Records then"
                            + " come to it and leave it with its next cycles.")
    static final class SetAttributes implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Parameters(
                index = "0",
                paramLabel = "NAME|N",
                description = "The instance's name or synchronisation id.")
        private String nameOrId = "";

        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "ATTRIBUTE=VALUE",
                description = "An empty value removes the attribute.")
        private List<String> attributes = List.of();

        @Spec private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            Map<String, Optional<String>> changes =
                    AttributeArguments.read(spec.commandLine(), attributes);
            atCentral(common, (instances, tables) -> instances.set(tables, nameOrId, changes));
            changes.forEach((name, value) ->
                    common.say(
                            value.map(text -> "Set %s=%s.".formatted(name, text))
                                    .orElse("Removed " + name + ".")));
            common.print(Map.of("instance", nameOrId, "set", changes.keySet()));
            return 0;
        }
    }

    /// `doctorbird instance reset`.
    @Command(
            name = "reset",
            description =
                    "Lets another database take part under this instance's id, because the old one is gone.")
    static final class Reset implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Parameters(
                paramLabel = "NAME|N",
                description = "The instance's name or synchronisation id.")
        private String nameOrId = "";

        @Override
        public Integer call() {
            atCentral(common, (instances, tables) -> instances.reset(tables, nameOrId));
            common.say("The next database that logs in as '" + nameOrId + "' takes its place.");
            common.print(Map.of("reset", nameOrId));
            return 0;
        }
    }

    /// `doctorbird instance rename`.
    @Command(name = "rename", description = "Gives an instance another name, which is its login.")
    static final class Rename implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Parameters(
                index = "0",
                paramLabel = "NAME|N",
                description = "The instance's name or synchronisation id.")
        private String nameOrId = "";

        @Parameters(index = "1", paramLabel = "NEW", description = "Its new name.")
        private String name = "";

        @Override
        public Integer call() {
            atCentral(common, (instances, _) -> instances.rename(nameOrId, name));
            common.say(
                    "Its login is '%s' from now on; write that into [central] login there."
                            .formatted(name));
            common.print(Map.of("renamed", nameOrId, "name", name));
            return 0;
        }
    }

    /// `doctorbird instance retire`.
    @Command(
            name = "retire",
            description =
                    "Ends an instance's part: it is refused from now on. What it pushed stays, and so does its name.")
    static final class Retire implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Parameters(
                paramLabel = "NAME|N",
                description = "The instance's name or synchronisation id.")
        private String nameOrId = "";

        @Option(names = "--yes", description = "Really do it.")
        private boolean isSure;

        @Override
        public Integer call() {
            if (!isSure) {
                Common.progress(
                        "Nothing was done. With --yes the instance cannot push any more: have it push first.");
                return 2;
            }
            atCentral(common, (instances, tables) -> instances.retire(tables, nameOrId));
            common.say("Retired '%s'.".formatted(nameOrId));
            common.print(Map.of("retired", nameOrId));
            return 0;
        }
    }
}
