package org.doctorbird.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.http.Encoding;
import org.doctorbird.app.postgres.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsFileTest {

    private static final String CENTRAL =
            """
            role = "central"
            [database]
            url = "jdbc:postgresql://127.0.0.1/central"
            user = "doctorbird"
            [plan]
            file = "plan.toml"
            """;

    private static final String SATELLITE =
            """
            role = "satellite"
            [database]
            url = "jdbc:postgresql://127.0.0.1/clinic"
            user = "doctorbird"
            password_file = "database.password"
            [central]
            url = "http://127.0.0.1:8765/central/"
            login = "may-pen"
            password_file = "central.password"
            """;

    @TempDir private Path folder = Path.of("");

    @Test
    void aShortFileHasTheUsualSettings() throws IOException {
        Settings settings = read(CENTRAL);

        assertThat(settings.role()).isEqualTo(Role.CENTRAL);
        assertThat(settings.requireCentral().planFile()).isEqualTo(folder.resolve("plan.toml"));
        assertThat(settings.requireCentral().instanceLimit()).isEqualTo(127);
        assertThat(settings.requireCentral().server().port()).isEqualTo(8765);
        assertThat(settings.tasks())
                .isEqualTo(
                        new TaskSettings(
                                "0 */5 * * * *", 2, TaskSettings.VERIFY_DAYS_DEFAULT, false));
        assertThat(settings.database().password()).isEmpty();
        assertThatThrownBy(settings::requireSatellite).hasMessageContaining("DRB-4007");
    }

    @Test
    void theHistoryIsKeptForEverOrForAMonthAtLeast() throws IOException {
        assertThat(read(CENTRAL).requireCentral().historyDays()).isEmpty();
        assertThat(read("history_days = 30\n" + CENTRAL).requireCentral().historyDays())
                .hasValue(30);
        for (String wrong : new String[] {"29", "0", "-1", "36501", "\"30\"", "30.5"}) {
            assertThatThrownBy(() -> read("history_days = " + wrong + "\n" + CENTRAL))
                    .hasMessageContaining("DRB-4004")
                    .hasMessageContaining("history_days")
                    .hasMessageContaining("line=1");
        }
        assertThatThrownBy(() -> read("history_days = 30\n" + SATELLITE))
                .hasMessageContaining("history_days");
    }

    @Test
    void aSatelliteSpeaksCompactlyUnlessSomebodyWantsXml() throws IOException {
        assertThat(encoding("")).isEqualTo(Encoding.COMPACT);
        assertThat(encoding("encoding = \"compact\"")).isEqualTo(Encoding.COMPACT);
        assertThat(encoding("encoding = \"xml\"")).isEqualTo(Encoding.XML_TABLES);
        assertThatThrownBy(() -> encoding("encoding = \"json\""))
                .hasMessageContaining("DRB-4004")
                .hasMessageContaining("central.encoding");
    }

    private Encoding encoding(String line) throws IOException {
        String settings = SATELLITE.replace("[central]", "[central]\n" + line);
        return read(settings).requireSatellite().link().encoding();
    }

    @Test
    void secretsStayInFilesAndAreReadAnew() throws IOException {
        Settings settings = read(SATELLITE);
        Files.writeString(folder.resolve("database.password"), "first\nnot this\n");
        Files.writeString(folder.resolve("central.password"), "secret\n");

        assertThat(settings.database().password()).isEqualTo("first");
        Files.writeString(folder.resolve("database.password"), "second\n");
        assertThat(settings.database().password()).isEqualTo("second");
        assertThat(settings.requireSatellite().link().password().get()).isEqualTo("secret");
        assertThat(settings.toString()).doesNotContain("secret", "second");
    }

    @Test
    void aSecretThatCannotBeReadNamesItsKeyAndNoValue() throws IOException {
        Settings settings = read(SATELLITE);

        assertThatThrownBy(() -> settings.database().password())
                .hasMessageContaining("DRB-4004")
                .hasMessageContaining("database.password_file");
    }

    @Test
    void anUnknownKeyNamesLineAndNearestKnownKey() {
        SyncException failure = refused(CENTRAL + "instance_limt = 200\n");

        assertThat(failure.context()).containsEntry("key", "plan.instance_limt");
        assertThat(failure.context()).containsEntry("line", 7);
        assertThat(String.valueOf(failure.context().get("problem"))).contains("instance_limit");
    }

    @Test
    void anUnknownSectionNamesTheNearestKnownOne() {
        SyncException failure = refused(CENTRAL + "[task]\nworkers = 3\n");

        assertThat(failure.context()).containsEntry("key", "task").containsEntry("line", 7);
        assertThat(String.valueOf(failure.context().get("problem"))).contains("'tasks'");
    }

    @Test
    void aSectionOfTheOtherRoleIsRefused() {
        SyncException failure = refused(CENTRAL + "[withhold]\nmodels = []\n");

        assertThat(failure.context()).containsEntry("key", "withhold").containsEntry("line", 7);
    }

    @Test
    void whatIsNoTomlNamesTheLine() {
        assertThat(refused(CENTRAL + "[plan\n").context()).containsEntry("line", 7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    [tasks] workers = 0            | tasks.workers
                    [tasks] workers = 65           | tasks.workers
                    [tasks] workers = "2"          | tasks.workers
                    [tasks] verify_days = 366      | tasks.verify_days
                    [tasks] cycle = "*/5 * * * *"  | tasks.cycle
                    [tasks] cycle = "a b c d e f"  | tasks.cycle
                    [http] listen = "127.0.0.1"    | http.listen
                    [http] listen = "127.0.0.1:70000" | http.listen
                    [http] database = "a/b"        | database
                    [http] listen = "0.0.0.0:8765" | host
                    """)
    void aValueOutOfItsBoundsNamesItsKey(String lines, String key) {
        SyncException failure = refused(CENTRAL + lines.replace("] ", "]\n") + "\n");

        assertThat(failure.code()).isEqualTo(ErrorCode.SETTINGS_MALFORMED);
        assertThat(failure.context()).containsEntry("key", key);
    }

    @ParameterizedTest
    @CsvSource({"126, false", "127, true", "4095, true", "4096, false"})
    void theLimitOfInstancesIs127To4095(int limit, boolean isAllowed) throws IOException {
        String text = CENTRAL + "instance_limit = " + limit + "\n";
        if (isAllowed) {
            assertThat(read(text).requireCentral().instanceLimit()).isEqualTo(limit);
        } else {
            assertThat(refused(text).context()).containsEntry("key", "plan.instance_limit");
        }
    }

    @Test
    void plainHttpIsForThisMachineOnly() throws IOException {
        String abroad = SATELLITE.replace("127.0.0.1:8765", "192.0.2.1:8765");

        assertThat(refused(abroad).context()).containsEntry("key", "central.url");
        assertThat(read(abroad + "allow_plain_http = true\n").requireSatellite().link().login())
                .isEqualTo("may-pen");
        assertThat(read(abroad.replace("http:", "https:")).role()).isEqualTo(Role.SATELLITE);
    }

    @Test
    void aPasswordInTheAddressIsRefused() {
        assertThat(refused(CENTRAL.replace("/central\"", "/central?password=x\"")).context())
                .containsEntry("key", "database.url");
    }

    private Settings read(String text) throws IOException {
        Path file = folder.resolve("doctorbird.toml");
        Files.writeString(file, text);
        return SettingsFile.read(file);
    }

    private SyncException refused(String text) {
        return Objects.requireNonNull(
                org.assertj.core.api.Assertions.catchThrowableOfType(
                        SyncException.class, () -> read(text)));
    }
}
