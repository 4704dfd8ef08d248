package org.doctorbird.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.plan.InitialPlan;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.Database;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.postgres.TrytonModels;
import org.doctorbird.app.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `doctorbird init`: a plan to start from.
@Command(
        name = "init",
        description = "Reads the database and writes a commented plan to start from.")
final class Init implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Common common = new Common();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where to write it; default: the plan file of the settings, else plan.toml.")
    private @Nullable Path out;

    @Option(
            names = "--settings",
            paramLabel = "ROLE",
            description =
                    "Write a commented settings file for central or satellite first, to the place of --config;"
                            + " needs --url. A satellite needs nothing else: its plan comes from central.")
    private @Nullable Role role;

    @Option(names = "--force", description = "Overwrite the files.")
    private boolean isForced;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The database, instead of a settings file.")
    private @Nullable String url;

    @Option(
            names = "--user",
            paramLabel = "ROLE",
            description = "With --url: the role; default: doctorbird.")
    private String user = "doctorbird";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "With --url: a file with the password.")
    private @Nullable Path passwordFile;

    @Override
    public Integer call() {
        DatabaseSettings place =
                url == null
                        ? common.settings().database()
                        : new DatabaseSettings(url, user, Optional.ofNullable(passwordFile));
        var document = new LinkedHashMap<String, Object>();
        if (role != null) {
            if (url == null) {
                throw new ParameterException(spec.commandLine(), "--settings needs --url.");
            }
            write(common.file(), SettingsText.of(role, place));
            common.say("Wrote %s. Read it and fill in what is missing.".formatted(common.file()));
            document.put("settings", common.file().toString());
        }
        if (role != Role.SATELLITE) {
            String plan = plan(place);
            Path file = planFile();
            write(file, plan);
            int models = PlanFile.parse(plan).models().size();
            common.say(
                    "Wrote %s with %d models. Read it, then: doctorbird plan check"
                            .formatted(file, models));
            document.put("file", file.toString());
            document.put("models", models);
        }
        common.print(document);
        return 0;
    }

    private Path planFile() {
        if (out != null) {
            return out;
        }
        return url == null
                ? common.settings().requireCentral().planFile()
                : Path.of(SettingsText.PLAN_FILE);
    }

    private void write(Path file, String text) {
        if (Files.exists(file) && !isForced) {
            throw new SyncException(
                            ErrorCode.SETTINGS_MALFORMED,
                            "the file is there already; --force overwrites it")
                    .with("file", file);
        }
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SyncException(ErrorCode.SETTINGS_MALFORMED, "the file cannot be written")
                    .with("file", file);
        }
    }

    private static String plan(DatabaseSettings place) {
        try (var database = Database.open(place.url(), place.user(), place.password(), 1);
                Connection connection = database.source().getConnection()) {
            Catalogue catalogue = Catalogue.read(connection);
            return InitialPlan.of(catalogue, TrytonModels.read(connection, catalogue));
        } catch (SQLException e) {
            throw new SyncException(
                    ErrorCode.DATABASE_UNREACHABLE, "cannot read the database's catalogue", e);
        }
    }
}
