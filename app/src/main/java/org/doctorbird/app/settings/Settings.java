package org.doctorbird.app.settings;

import java.nio.file.Path;
import java.util.Optional;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.postgres.Role;

/// The settings of one program, as in its file `doctorbird.toml`. `docs/operating.md`, "Settings",
/// explains each key.
///
/// @param role what the program is
/// @param database where its database is
/// @param central what only central has
/// @param satellite what only a satellite has
/// @param tasks when and how it works
public record Settings(
        Role role,
        DatabaseSettings database,
        Optional<CentralSettings> central,
        Optional<SatelliteSettings> satellite,
        TaskSettings tasks) {

    /// The file that is read when neither the command line nor the environment names one.
    public static final Path FILE_DEFAULT = Path.of("doctorbird.toml");

    /// The environment variable that names the file.
    public static final String VARIABLE = "DOCTORBIRD_CONFIG";

    /// Refuses what is for the other role.
    ///
    /// @throws SyncException `ROLE_WRONG`
    public void requireRole(Role wanted) {
        if (role != wanted) {
            throw wrongRole("this is for the other role only");
        }
    }

    /// Returns central's part.
    ///
    /// @throws SyncException `ROLE_WRONG` on a satellite
    public CentralSettings requireCentral() {
        return central.orElseThrow(() -> wrongRole("this is for central only"));
    }

    /// Returns the satellite's part.
    ///
    /// @throws SyncException `ROLE_WRONG` on central
    public SatelliteSettings requireSatellite() {
        return satellite.orElseThrow(() -> wrongRole("this is for satellites only"));
    }

    private SyncException wrongRole(String summary) {
        return new SyncException(ErrorCode.ROLE_WRONG, summary).with("role", role.word());
    }
}
