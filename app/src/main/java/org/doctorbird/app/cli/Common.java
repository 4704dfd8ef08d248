package org.doctorbird.app.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.doctorbird.app.postgres.Database;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.app.settings.SettingsFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// Options that every command has, and how it speaks.
final class Common {

    /// Connections of a command that only looks.
    private static final int CONNECTIONS = 2;

    private static final JsonMapper JSON = JsonMapper.shared();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings file; else $DOCTORBIRD_CONFIG, else ./doctorbird.toml.")
    private @Nullable Path config;

    @Option(names = Failures.JSON, description = "Print one JSON document.")
    private boolean isJson;

    /// Returns the file that counts.
    Path file() {
        return Optional.ofNullable(config)
                .or(() -> Optional.ofNullable(System.getenv(Settings.VARIABLE)).map(Path::of))
                .orElse(Settings.FILE_DEFAULT);
    }

    Settings settings() {
        return SettingsFile.read(file());
    }

    /// Opens the instance's database; the caller closes it.
    static Database database(Settings settings) {
        return Database.open(
                settings.database().url(),
                settings.database().user(),
                settings.database().password(),
                CONNECTIONS);
    }

    /// Says one thing to people, unless JSON is wanted.
    void say(String line) {
        if (!isJson) {
            System.out.println(line);
        }
    }

    /// Prints the document if JSON is wanted.
    void print(Object document) {
        if (isJson) {
            System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
        }
    }

    /// Says that a text names no record; the text may be a patient's and is not repeated.
    ///
    /// @return the exit code
    int notFound(String model) {
        say("No record of " + model + " has this uid or key here.");
        print(Map.of("found", false));
        return 1;
    }

    /// Says what goes on, beside the result.
    static void progress(String line) {
        System.err.println(line);
    }
}
