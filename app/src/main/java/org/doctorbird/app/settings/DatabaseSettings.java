package org.doctorbird.app.settings;

import java.nio.file.Path;
import java.util.Optional;

/// Where an instance's database is.
///
/// @param url a JDBC address without a password, such as `jdbc:postgresql://127.0.0.1:5432/health`
/// @param user the engine's role
/// @param passwordFile a file whose first line is the password; empty if the server asks for none
public record DatabaseSettings(String url, String user, Optional<Path> passwordFile) {

    public DatabaseSettings {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw Section.wrong("database.url", "must begin with jdbc:postgresql:");
        }
        if (url.contains("password=")) {
            throw Section.wrong("database.url", "must hold no password: use password_file");
        }
    }

    /// Reads the password anew; empty if there is none.
    public String password() {
        return passwordFile
                .map(file -> Section.firstLine("database.password_file", file))
                .orElse("");
    }
}
