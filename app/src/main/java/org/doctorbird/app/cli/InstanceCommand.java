package org.doctorbird.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.central.InstalledCentral;
import org.doctorbird.app.central.Instances;
import org.doctorbird.app.postgres.Database;
import org.doctorbird.app.postgres.PostgresStatus;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `doctorbird instance …`, on central.
@Command(
        name = "instance",
        description = "On central: the instances that take part.",
        subcommands = {
            InstanceCommand.Add.class,
            InstanceCommand.Show.class,
            InstanceCommand.Reset.class
        })
final class InstanceCommand extends Group {

    private static Instances instances(Database database, int limit) {
        return new Instances(database.source(), limit, new SecureRandom());
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

        @Override
        public Integer call() {
            Settings settings = common.settings();
            int limit = settings.requireCentral().instanceLimit();
            try (var database = Common.database(settings)) {
                var _ = InstalledCentral.load(database.source());
                Instances instances = instances(database, limit);
                Instances.Added added =
                        passwordOut == null
                                ? instances.add(name, Optional.ofNullable(id))
                                : addWithFile(instances, passwordOut);
                tell(added);
                return 0;
            }
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
    static final class Show implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Override
        public Integer call() {
            Settings settings = common.settings();
            settings.requireRole(Role.CENTRAL);
            try (var database = Common.database(settings)) {
                var installed = InstalledCentral.load(database.source());
                List<PostgresStatus.Contact> contacts =
                        new PostgresStatus(database.source(), installed.tables()).contacts();
                contacts.forEach(contact ->
                        common.say(
                                "%4s  %-30s %s"
                                        .formatted(
                                                contact.instance(),
                                                contact.name(),
                                                contact.lastSeen()
                                                        .map(seen -> "last seen " + seen)
                                                        .orElse("never seen"))));
                common.print(Map.of("instances", StatusDocument.contacts(contacts)));
                return 0;
            }
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
            Settings settings = common.settings();
            int limit = settings.requireCentral().instanceLimit();
            try (var database = Common.database(settings)) {
                instances(database, limit).reset(nameOrId);
                common.say("The next database that logs in as '" + nameOrId + "' takes its place.");
                common.print(Map.of("reset", nameOrId));
                return 0;
            }
        }
    }
}
