package org.doctorbird.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The application of the benchmark: its tables, its rows, and how it writes them.
final class Clinic {

    /// The tables, each after those that it refers to.
    static final List<String> TABLES =
            List.of("party_party", "gnuhealth_patient", "gnuhealth_patient_evaluation");

    /// A database with the tables and no rows.
    static final String EMPTY = "clinic_empty";

    /// Of ten records one is a person, one the patient, and eight are evaluations.
    static final int GROUP = 10;

    private Clinic() {}

    /// How the application writes the rows that wait for it.
    enum Writing {
        /// All in one transaction.
        AT_ONCE("bench.write_at_once"),
        /// Each group of ten records in one transaction.
        IN_GROUPS("bench.write_in_groups");

        private final String procedure;

        Writing(String procedure) {
            this.procedure = procedure;
        }
    }

    /// Makes the database [#EMPTY] on a server.
    static void found(Server server) throws SQLException {
        server.create(EMPTY, "template1");
        server.run(EMPTY, text("clinic.sql") + text("rows.sql"));
    }

    /// Makes a database in which rows wait for the application to write them; its name begins with
    /// `clinic_`.
    ///
    /// @param records a multiple of ten
    static String prepare(Server server, int records) throws SQLException {
        String name = "clinic_" + records;
        server.create(name, EMPTY);
        server.run(name, "select bench.make('bench', %d, 0, 1)".formatted(records));
        return name;
    }

    /// Lets the application write all the rows that wait for it.
    static void write(Server server, String database, Writing writing) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            // Only what comes afterwards is measured, and that begins with everything on the disk.
            statement.execute("set synchronous_commit = off");
            statement.execute("call " + writing.procedure + "()");
            statement.execute("select bench.move_sequences()");
        }
    }

    /// Makes rows straight in the application's tables.
    ///
    /// @param records a multiple of ten
    static void fill(Server server, String database, int records) throws SQLException {
        server.run(
                database,
                "select bench.make('public', %d, 0, 1); select bench.move_sequences()"
                        .formatted(records));
        server.run(database, "vacuum analyze");
    }

    /// Returns count and digest of all rows: equal on two databases with the same values, whatever
    /// their local keys are.
    static String digest(Server server, String database) throws SQLException {
        return server.value(database, "select bench.digest()");
    }

    /// Returns a text that lies beside the classes.
    static String text(String name) {
        try (InputStream in = Clinic.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource is missing: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
