package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;

/// What is installed in a database.
///
/// @param role central or satellite
/// @param epoch central's epoch, made when it was installed; empty on a satellite
/// @param incarnation made when this database was installed
/// @param planText the plan file in force
/// @param planVersion changes with every change of plan or fields; a satellite has central's
/// @param fingerprint of the columns that the triggers were made for
public record Installation(
        Role role,
        Optional<String> epoch,
        UUID incarnation,
        String planText,
        String planVersion,
        String fingerprint) {

    /// Reads it.
    ///
    /// @throws SyncException `NOT_INSTALLED`, also while an installation is half done;
    ///   `INSTALLED_NEWER`
    public static Installation read(Connection connection) {
        try {
            var schema = new EngineSchema(connection);
            if (!schema.isThere()) {
                throw notInstalled("nothing is installed");
            }
            schema.requireKnown();
            Map<String, String> metas =
                    new Statements(connection)
                                    .query(
                                            "select key, value from doctorbird.engine_meta",
                                            row -> Map.entry(row.getString(1), row.getString(2)))
                                    .stream()
                                    .collect(
                                            Collectors.toMap(
                                                    Map.Entry::getKey, Map.Entry::getValue));
            return of(metas);
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot read what is installed");
        }
    }

    /// Returns a text that changes with every change of what is installed: one small statement, to
    /// notice that another process has installed something else.
    ///
    /// @throws SyncException `NOT_INSTALLED`
    public static String stamp(Connection connection) {
        try {
            return new EngineMeta(new Statements(connection)).stamp();
        } catch (SQLException e) {
            throw SqlFailures.translate(e, "cannot read what is installed");
        }
    }

    private static Installation of(Map<String, String> metas) {
        String role = metas.get("role");
        String incarnation = metas.get("incarnation");
        String plan = metas.get("plan");
        String version = metas.get("plan_version");
        String fingerprint = metas.get("fingerprint");
        if (role == null
                || incarnation == null
                || plan == null
                || version == null
                || fingerprint == null) {
            throw notInstalled("the installation is half done");
        }
        return new Installation(
                Role.CENTRAL.word().equals(role) ? Role.CENTRAL : Role.SATELLITE,
                Optional.ofNullable(metas.get("epoch")),
                UUID.fromString(incarnation),
                plan,
                version,
                fingerprint);
    }

    private static SyncException notInstalled(String why) {
        return new SyncException(
                        ErrorCode.NOT_INSTALLED, "Doctorbird is not installed in this database")
                .with("why", why);
    }
}
