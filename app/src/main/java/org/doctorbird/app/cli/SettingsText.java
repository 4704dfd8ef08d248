package org.doctorbird.app.cli;

import org.doctorbird.app.postgres.Role;
import org.doctorbird.app.settings.DatabaseSettings;

/// A commented settings file to start from.
final class SettingsText {

    /// Where central's settings look for the plan.
    static final String PLAN_FILE = "plan.toml";

    private static final String HISTORY =
            """
            # How many days the history of records is kept at least, 30 or more; else for ever.
            # history_days = 3650
            """;

    private static final String CENTRAL =
            """
            [plan]
            file = "plan.toml"
            # The highest synchronisation id, 127 to 4095.
            instance_limit = 127

            [http]
            # Plain HTTP is for this machine only: give a key store, or set behind_proxy = true.
            listen = "127.0.0.1:8765"
            # Satellites call POST /central/
            database = "central"
            # tls_key_store = "central.p12"
            # tls_password_file = "central.p12.password"
            # behind_proxy = false
            """;

    private static final String SATELLITE =
            """
            [central]
            url = "https://central.example.org/central/"
            # Login and password come from 'doctorbird instance add' on central.
            login = "may-pen"
            password_file = "central.password"
            # "xml" shows on the line what is said, for more bytes.
            # encoding = "compact"

            [withhold]
            # Models of the plan that this satellite takes no part in.
            models = []
            """;

    private static final String TASKS =
            """

            [tasks]
            # When a cycle starts: second, minute, hour, day of month, month, day of week.
            cycle = "0 */5 * * * *"
            # Pieces of work at one time in this process, 1 to 64.
            workers = 2
            """;

    private SettingsText() {}

    static String of(Role role, DatabaseSettings database) {
        String head =
                """
                # Settings of this instance. docs/operating.md explains every key.
                role = "%s"
                %s
                [database]
                url = "%s"
                user = "%s"
                %spassword_file = "%s"

                """
                        .formatted(
                                role.word(),
                                role == Role.CENTRAL ? HISTORY : "",
                                database.url(),
                                database.user(),
                                database.passwordFile().isPresent() ? "" : "# ",
                                database.passwordFile()
                                        .map(Object::toString)
                                        .orElse("database.password"));
        return head + (role == Role.CENTRAL ? CENTRAL : SATELLITE) + TASKS;
    }
}
