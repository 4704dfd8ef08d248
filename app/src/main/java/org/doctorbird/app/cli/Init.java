package org.doctorbird.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.plan.InitialPlan;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.postgres.Catalogue;
import org.doctorbird.app.postgres.Database;
import org.doctorbird.app.postgres.TrytonModels;
import org.doctorbird.app.settings.DatabaseSettings;
import org.doctorbird.app.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `doctorbird init`: a plan to start from.
@Command(
        name = "init",
        description = "Reads the database and writes a commented plan to start from.")
final class Init implements Callable<Integer> {

    @Mixin private Common common = new Common();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where to write it; default: the plan file of the settings, else plan.toml.")
    private @Nullable Path out;

    @Option(names = "--force", description = "Overwrite the file.")
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
    public Integer call() throws IOException {
        Optional<Settings> settings =
                url == null ? Optional.of(common.settings()) : Optional.empty();
        DatabaseSettings place =
                settings.map(Settings::database)
                        .orElseGet(() ->
                                new DatabaseSettings(
                                        java.util.Objects.requireNonNull(url),
                                        user,
                                        Optional.ofNullable(passwordFile)));
        Path file =
                Optional.ofNullable(out)
                        .or(() ->
                                settings.flatMap(Settings::central)
                                        .map(central -> central.planFile()))
                        .orElse(Path.of("plan.toml"));
        if (Files.exists(file) && !isForced) {
            throw new SyncException(
                            ErrorCode.SETTINGS_MALFORMED,
                            "the plan file is there already; --force overwrites it")
                    .with("file", file);
        }
        String plan = plan(place);
        Files.writeString(file, plan, StandardCharsets.UTF_8);
        int models = PlanFile.parse(plan).models().size();
        common.say(
                "Wrote %s with %d models. Read it, then: doctorbird plan check"
                        .formatted(file, models));
        common.print(Map.of("file", file.toString(), "models", models));
        return 0;
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
