package org.doctorbird.app.faults;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// An application that goes on writing while others work: each write has a text of its own, so that
/// a lost or doubled one is seen.
final class Application {

    private static final int PAUSE_MS = 10;

    private final Region.Place place;
    private final List<Integer> rows = new ArrayList<>();
    private final List<String> promised = new ArrayList<>();
    private int writes;

    Application(Region.Place place) {
        this.place = place;
    }

    /// Inserts many parties with a visit each, in one transaction.
    void insertMany(int round, int count) throws SQLException {
        String name = "%s round %d".formatted(place.name(), round);
        place.run(
                """
                with new as (insert into party (name)
                  select '%1$s party ' || n from generate_series(1, %2$d) n returning id, name)
                insert into visit (party, note) select id, name || ' visit' from new
                """
                        .formatted(name, count));
        List<String> ids =
                place.texts("select id from party where name like '%s party %%'".formatted(name));
        ids.forEach(id -> rows.add(Integer.valueOf(id)));
        for (int n = 1; n <= count; n++) {
            promised.add("%s party %d".formatted(name, n));
            promised.add("%s party %d visit".formatted(name, n));
        }
    }

    /// Everything whose commit was confirmed.
    List<String> promised() {
        return promised;
    }

    /// Writes until it is told to stop or the database goes away.
    ///
    /// @return completes when it has stopped, with whether the database stayed
    CompletableFuture<Boolean> writeUntil(AtomicBoolean isOver) {
        return CompletableFuture.supplyAsync(() -> write(isOver), Thread::startVirtualThread);
    }

    /// Writes until it is told to stop; while the database is away it tries again and again.
    ///
    /// @return completes when it has stopped
    CompletableFuture<Void> writeThroughout(AtomicBoolean isOver) {
        return CompletableFuture.runAsync(
                () -> {
                    while (!isOver.get()) {
                        boolean hasStayed = write(isOver);
                        if (!hasStayed) {
                            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
                        }
                    }
                },
                Thread::startVirtualThread);
    }

    private boolean write(AtomicBoolean isOver) {
        try (Connection connection = place.connect()) {
            while (!isOver.get()) {
                writeOne(connection);
                Thread.sleep(PAUSE_MS);
            }
            return true;
        } catch (SQLException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void writeOne(Connection connection) throws SQLException {
        writes++;
        String text = "%s write %d".formatted(place.name(), writes);
        int row = rows.getFirst();
        switch (rows.size() == 1 ? 0 : writes % 3) {
            case 0 -> execute(connection, "insert into party (name) values (?)", text);
            case 1 ->
                    execute(connection, "insert into visit (note, party) values (?, ?)", text, row);
            default -> update(connection, text);
        }
        promised.add(text);
    }

    /// Each row once, the latest first: a row that was written a second time would take the text of
    /// the first time with it.
    private void update(Connection connection, String text) throws SQLException {
        execute(connection, "update party set note = ? where id = ?", text, rows.removeLast());
    }

    private static void execute(Connection connection, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }
}
