package org.doctorbird.app.settings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.http.Encoding;
import org.doctorbird.app.http.LinkSettings;
import org.doctorbird.app.http.RequestLimits;
import org.doctorbird.app.http.ServerSettings;
import org.doctorbird.app.http.TlsKeys;
import org.doctorbird.app.postgres.Role;
import org.doctorbird.record.InstanceId;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// Reads a settings file.
public final class SettingsFile {

    private static final List<String> CENTRAL_ONLY = List.of("plan", "http", "history_days");
    private static final List<String> SATELLITE_ONLY = List.of("central", "withhold");

    private final Section top;
    private final JsonNode nothing;

    private SettingsFile(Section top, JsonNode nothing) {
        this.top = top;
        this.nothing = nothing;
    }

    /// Reads a file.
    ///
    /// @throws SyncException `SETTINGS_MALFORMED` with key and line
    public static Settings read(Path file) {
        String text = text(file);
        try {
            Path folder = file.toAbsolutePath().getParent();
            return parse(text, folder == null ? Path.of("/") : folder);
        } catch (JacksonException e) {
            throw new SyncException(ErrorCode.SETTINGS_MALFORMED, "the settings file is no TOML")
                    .with("file", file)
                    .with("line", e.getLocation() == null ? "?" : e.getLocation().getLineNr());
        } catch (SyncException e) {
            OptionalInt line =
                    new SettingsLines(text).of(String.valueOf(e.context().getOrDefault("key", "")));
            line.ifPresent(number -> e.with("line", number));
            throw e.with("file", file);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SyncException(
                            ErrorCode.SETTINGS_MALFORMED, "the settings file cannot be read")
                    .with("file", file);
        }
    }

    private static Settings parse(String text, Path folder) {
        var mapper = new TomlMapper();
        return new SettingsFile(
                        new Section("", mapper.readTree(text), folder), mapper.createObjectNode())
                .settings();
    }

    private Settings settings() {
        Role role =
                switch (top.requiredText("role")) {
                    case "central" -> Role.CENTRAL;
                    case "satellite" -> Role.SATELLITE;
                    default -> throw Section.wrong("role", "must be \"central\" or \"satellite\"");
                };
        for (String other : role == Role.CENTRAL ? SATELLITE_ONLY : CENTRAL_ONLY) {
            if (top.has(other)) {
                throw Section.wrong(other, "is not for role = \"" + role.word() + "\"");
            }
        }
        var settings =
                new Settings(
                        role,
                        database(),
                        role == Role.CENTRAL ? Optional.of(central()) : Optional.empty(),
                        role == Role.SATELLITE ? Optional.of(satellite()) : Optional.empty(),
                        tasks(role));
        top.requireAllKnown();
        return settings;
    }

    private DatabaseSettings database() {
        Section section = top.section("database", nothing);
        var database =
                new DatabaseSettings(
                        section.requiredText("url"),
                        section.requiredText("user"),
                        section.path("password_file"));
        section.requireAllKnown();
        return database;
    }

    private CentralSettings central() {
        Section plan = top.section("plan", nothing);
        Section http = top.section("http", nothing);
        var central =
                new CentralSettings(
                        plan.path("file")
                                .orElseThrow(() -> Section.wrong("plan.file", "is missing")),
                        plan.number("instance_limit", InstanceId.LIMIT_DEFAULT),
                        server(http),
                        top.has("history_days")
                                ? OptionalInt.of(top.number("history_days", 0))
                                : OptionalInt.empty());
        plan.requireAllKnown();
        http.requireAllKnown();
        return central;
    }

    private static ServerSettings server(Section http) {
        String listen = http.text("listen").orElse("127.0.0.1:8765");
        int colon = listen.lastIndexOf(':');
        int port;
        try {
            port = Integer.parseInt(listen.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw Section.wrong("http.listen", "must be an address, a colon and a port");
        }
        if (colon < 1 || port < 0 || port > 65_535) {
            throw Section.wrong("http.listen", "must be an address, a colon and a port");
        }
        String host = listen.substring(0, colon);
        Optional<TlsKeys> keys =
                http.path("tls_key_store")
                        .map(store ->
                                new TlsKeys(
                                        store,
                                        http.path("tls_password_file")
                                                .map(file ->
                                                        Section.firstLine(
                                                                "http.tls_password_file", file))
                                                .orElse("")));
        http.has("tls_password_file");
        return new ServerSettings(
                host,
                port,
                http.text("database").orElse("central"),
                http.flag("behind_proxy"),
                keys,
                RequestLimits.DEFAULT);
    }

    private SatelliteSettings satellite() {
        Section central = top.section("central", nothing);
        Section withhold = top.section("withhold", nothing);
        URI url = address(central);
        Path passwordFile =
                central.path("password_file")
                        .orElseThrow(() -> Section.wrong("central.password_file", "is missing"));
        var satellite =
                new SatelliteSettings(
                        LinkSettings.of(
                                        url,
                                        central.requiredText("login"),
                                        () ->
                                                Section.firstLine(
                                                        "central.password_file", passwordFile))
                                .with(encoding(central)),
                        new HashSet<>(withhold.texts("models")));
        central.requireAllKnown();
        withhold.requireAllKnown();
        return satellite;
    }

    private static Encoding encoding(Section central) {
        return switch (central.text("encoding").orElse("compact")) {
            case "compact" -> Encoding.COMPACT;
            case "xml" -> Encoding.XML_TABLES;
            default -> throw Section.wrong("central.encoding", "must be \"compact\" or \"xml\"");
        };
    }

    private static URI address(Section central) {
        try {
            var url = new URI(central.requiredText("url"));
            if (!"https".equals(url.getScheme())
                    && !central.flag("allow_plain_http")
                    && !isLoopback(url)) {
                throw Section.wrong(
                        "central.url", "must begin with https:, except on this machine");
            }
            central.has("allow_plain_http");
            return url;
        } catch (URISyntaxException e) {
            throw Section.wrong("central.url", "is no address");
        }
    }

    private static boolean isLoopback(URI url) {
        String host = url.getHost();
        try {
            return host != null && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private TaskSettings tasks(Role role) {
        Section section = top.section("tasks", nothing);
        var tasks =
                new TaskSettings(
                        section.text("cycle").orElse(TaskSettings.CYCLE_DEFAULT),
                        section.number("workers", TaskSettings.WORKERS_DEFAULT),
                        section.number("verify_days", TaskSettings.VERIFY_DAYS_DEFAULT),
                        role == Role.SATELLITE && section.flag("prompt"));
        section.requireAllKnown();
        return tasks;
    }
}
