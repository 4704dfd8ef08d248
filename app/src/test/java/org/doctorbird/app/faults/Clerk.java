package org.doctorbird.app.faults;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/// One of many connections that write at one place at the same time, each its own rows, in
/// transactions of several statements. Knows exactly which of its texts must be there in the end.
final class Clerk implements Callable<List<String>> {

    private static final String SERIALIZATION_FAILURE = "40001";
    private static final int STATEMENTS_MAX = 6;
    private static final int SHORT_PAUSE_MS = 40;
    private static final int LONG_PAUSE_MS = 800;
    private static final int ROLLED_BACK_PERCENT = 10;

    private final Region.Place place;
    private final String name;
    private final boolean isSlow;
    private final RandomGenerator random;
    private final long endNanos;
    private final List<Integer> parties = new ArrayList<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Integer, String> notes = new HashMap<>();
    private final Map<Integer, String> visits = new HashMap<>();
    private int texts;

    /// @param number begins its texts; each clerk of a place has another
    /// @param isSlow keeps its transactions open for seconds, so that they commit after others that
    ///   began later
    /// @param endNanos begins no transaction after this time of [System#nanoTime]
    Clerk(Region.Place place, int number, boolean isSlow, RandomGenerator random, long endNanos) {
        this.place = place;
        this.name = place.name() + " clerk " + number;
        this.isSlow = isSlow;
        this.random = random;
        this.endNanos = endNanos;
    }

    /// Writes until the end.
    ///
    /// @return all texts that are committed and not replaced or deleted
    /// @throws SQLException if the database refuses anything: clerks never meet in a row. But who
    ///   asks for REPEATABLE READ is told to try again when the engine has noted something about
    ///   the same record meanwhile, as by any other transaction
    @Override
    public List<String> call() throws SQLException, InterruptedException {
        try (Connection connection = place.connect()) {
            connection.setAutoCommit(false);
            boolean isRepeatable = random.nextBoolean();
            connection.setTransactionIsolation(
                    isRepeatable
                            ? Connection.TRANSACTION_REPEATABLE_READ
                            : Connection.TRANSACTION_READ_COMMITTED);
            while (System.nanoTime() < endNanos) {
                try {
                    transact(connection);
                } catch (SQLException e) {
                    if (!isRepeatable || !SERIALIZATION_FAILURE.equals(e.getSQLState())) {
                        throw e;
                    }
                    connection.rollback();
                }
                Thread.sleep(random.nextInt(SHORT_PAUSE_MS));
            }
        }
        var all = new ArrayList<String>(names.values());
        all.addAll(notes.values());
        all.addAll(visits.values());
        return all;
    }

    private void transact(Connection connection) throws SQLException, InterruptedException {
        var effects = new ArrayList<Runnable>();
        int statements = 1 + random.nextInt(STATEMENTS_MAX);
        for (int i = 0; i < statements; i++) {
            effects.add(write(connection));
            if (isSlow) {
                Thread.sleep(random.nextInt(LONG_PAUSE_MS));
            }
        }
        if (random.nextInt(100) < ROLLED_BACK_PERCENT) {
            connection.rollback();
        } else {
            connection.commit();
            effects.forEach(Runnable::run);
        }
    }

    /// Runs one statement.
    ///
    /// @return what is true when it is committed
    private Runnable write(Connection connection) throws SQLException {
        texts++;
        String text = name + " text " + texts;
        if (parties.isEmpty()) {
            return insertParty(connection, text);
        }
        int party = parties.get(random.nextInt(parties.size()));
        return switch (random.nextInt(5)) {
            case 0 -> insertParty(connection, text);
            case 1, 2 -> {
                int visit =
                        run(
                                connection,
                                "insert into visit (note, party) values (?, ?) returning id",
                                text,
                                party);
                yield () -> visits.put(visit, text);
            }
            case 3 -> {
                var _ =
                        run(
                                connection,
                                "update party set note = ? where id = ? returning id",
                                text,
                                party);
                yield () -> notes.put(party, text);
            }
            default -> deleteVisit(connection);
        };
    }

    private Runnable insertParty(Connection connection, String text) throws SQLException {
        int id = run(connection, "insert into party (name) values (?) returning id", text);
        return () -> {
            parties.add(id);
            names.put(id, text);
        };
    }

    private Runnable deleteVisit(Connection connection) throws SQLException {
        var visit = visits.keySet().stream().findAny();
        if (visit.isEmpty()) {
            return () -> {};
        }
        var _ = run(connection, "delete from visit where id = ? returning id", visit.get());
        return () -> visits.remove(visit.get());
    }

    /// @return the first column of the first row, 0 if there is none
    private static int run(Connection connection, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }
}
