package org.doctorbird.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
import org.doctorbird.app.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `doctorbird instance …`, on central.
@Command(
        name = "instance",
        description = "On central: the instances that take part.",
        subcommands = {
            InstanceCommand.Add.class,
            InstanceCommand.Show.class,
            InstanceCommand.Reset.class
        })
final class InstanceCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do: add, list or reset.");
    }

    private static Instances instances(Settings settings, Database database) {
        return new Instances(
                database.source(), settings.requireCentral().instanceLimit(), new SecureRandom());
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
        public Integer call() throws IOException {
            Settings settings = common.settings();
            try (var database = Common.database(settings)) {
                var _ = InstalledCentral.load(database.source());
                var added = instances(settings, database).add(name, Optional.ofNullable(id));
                common.say(
                        "Added '%s' with synchronisation id %s."
                                .formatted(added.login(), added.id()));
                var document = new LinkedHashMap<String, Object>();
                document.put("login", added.login());
                document.put("id", added.id().number());
                if (passwordOut == null) {
                    common.say("Its password, shown only now: " + added.password());
                    document.put("password", added.password());
                } else {
                    write(passwordOut, added.password());
                    document.put("passwordFile", passwordOut.toString());
                }
                common.print(document);
                return 0;
            }
        }

        private static void write(Path file, String password) throws IOException {
            try {
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
                Files.writeString(
                        file, password + "\n", StandardCharsets.UTF_8, StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw new SyncException(
                                ErrorCode.SETTINGS_MALFORMED,
                                "the password file cannot be made; the instance is there: remove it or choose another name")
                        .with("file", file);
            }
        }
    }

    /// `doctorbird instance list`.
    @Command(name = "list", description = "Lists the instances.")
    static final class Show implements Callable<Integer> {

        @Mixin private Common common = new Common();

        @Override
        public Integer call() {
            Settings settings = common.settings();
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
            try (var database = Common.database(settings)) {
                instances(settings, database).reset(nameOrId);
                common.say("The next database that logs in as '" + nameOrId + "' takes its place.");
                common.print(Map.of("reset", nameOrId));
                return 0;
            }
        }
    }
}
