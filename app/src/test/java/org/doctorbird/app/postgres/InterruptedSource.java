package org.doctorbird.app.postgres;

import java.sql.Connection;
import java.util.function.Predicate;
import javax.sql.DataSource;

/// Lets something happen at a moment of a transaction, once.
final class InterruptedSource extends ForwardingSource {

    private final Predicate<String> moment;
    private final Interruption interruption;
    private boolean isOver;

    /// What happens meanwhile.
    interface Interruption {
        void run() throws Exception;
    }

    private InterruptedSource(
            DataSource source, Predicate<String> moment, Interruption interruption) {
        super(source);
        this.moment = moment;
        this.interruption = interruption;
    }

    /// Before a statement.
    ///
    /// @param part of its text
    static InterruptedSource beforeStatement(
            DataSource source, String part, Interruption interruption) {
        return new InterruptedSource(
                source,
                call -> call.startsWith("prepareStatement ") && call.contains(part),
                interruption);
    }

    /// Before a commit.
    static InterruptedSource beforeCommit(DataSource source, Interruption interruption) {
        return new InterruptedSource(source, "commit "::equals, interruption);
    }

    /// Says whether it has happened.
    boolean isOver() {
        return isOver;
    }

    @Override
    Connection given(Connection connection) {
        return proxy(
                Connection.class,
                (_, method, arguments) -> {
                    String first = arguments == null ? "" : arguments[0].toString();
                    if (!isOver && moment.test(method.getName() + " " + first)) {
                        isOver = true;
                        interruption.run();
                    }
                    return invoke(connection, method, arguments);
                });
    }
}
