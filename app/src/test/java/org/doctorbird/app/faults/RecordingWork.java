package org.doctorbird.app.faults;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.doctorbird.app.settings.TaskSettings;
import org.doctorbird.app.tasks.SatelliteTasks;
import org.doctorbird.app.tasks.SatelliteWork;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.Greeting;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.record.InstanceId;
import org.postgresql.ds.PGSimpleDataSource;

/// A satellite's work that only notes in the table `given` which worker was given which model.
final class RecordingWork implements SatelliteWork {

    /// Makes the table that it notes in.
    static final String TABLE = "create table given (worker text not null, model text not null)";

    /// A cycle starts every second.
    static final TaskSettings EVERY_SECOND =
            new TaskSettings("* * * * * *", 2, TaskSettings.VERIFY_DAYS_DEFAULT, false);

    private static final Greeting GREETING =
            new Greeting(new InstanceId(1), "1", "epoch", 1, Set.of(), List.of(), 0);

    private final DataSource source;
    private final String worker;
    private final AtomicReference<List<String>> due;
    private final Consumer<String> deed;

    /// @param due models with new records at central; the first cycle takes all
    /// @param deed what the work on a model then does
    RecordingWork(
            DataSource source,
            String worker,
            AtomicReference<List<String>> due,
            Consumer<String> deed) {
        this.source = source;
        this.worker = worker;
        this.due = due;
        this.deed = deed;
    }

    /// A worker that takes its pieces and never ends them: `main URL WORKER MODEL`.
    public static void main(String[] arguments) {
        var source = new PGSimpleDataSource();
        source.setUrl(arguments[0]);
        var never = new CountDownLatch(1);
        var work =
                new RecordingWork(
                        source,
                        arguments[1],
                        new AtomicReference<>(List.of(arguments[2])),
                        _ -> {
                            System.out.println("has taken it");
                            awaitForever(never);
                        });
        var _ = SatelliteTasks.start(source, work, EVERY_SECOND);
        awaitForever(never);
    }

    private static void awaitForever(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Greeting begin() {
        return GREETING;
    }

    @Override
    public List<String> due(Cycle.Work work, Greeting greeting) {
        return work == Cycle.Work.NEW ? due.getAndSet(List.of()) : List.of();
    }

    @Override
    public Map<String, Long> waiting() {
        return Map.of();
    }

    @Override
    public int batch(String model) {
        return 1;
    }

    @Override
    public long run(Cycle.Work work, String model) {
        note(model);
        deed.accept(model);
        return 1;
    }

    @Override
    public long push(String model, UidRange range) {
        throw new IllegalStateException("nothing waits to be pushed");
    }

    @Override
    public boolean takeNewTogether(List<String> due) {
        return false;
    }

    @Override
    public void finish() {
        // Nothing is parked.
    }

    @Override
    public void retryRefused() {
        // Nothing is in quarantine.
    }

    private void note(String model) {
        try (Connection connection = source.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("insert into given values (?, ?)")) {
            insert.setString(1, worker);
            insert.setString(2, model);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot note", e);
        }
    }

    @Override
    public void verifyAsOrdered() {
        throw new IllegalStateException("nothing is ordered");
    }

    @Override
    public void verify() {
        throw new IllegalStateException("not due within a week");
    }
}
