package org.doctorbird.app.postgres;

import static org.doctorbird.app.postgres.PostgresRecordTransaction.doing;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Local changes of a satellite that central holds back. The next cycle pushes those that are due.
public final class HeldChanges {

    private final Transactions transactions;

    public HeldChanges(DataSource source) {
        this.transactions = new Transactions(source);
    }

    /// Makes all of them due.
    ///
    /// @return how many there are
    public int makeDue() {
        return makeDue("true", List.of());
    }

    /// Makes those of a model due.
    public int makeDue(String model) {
        return makeDue("model = ?", List.of(model));
    }

    /// Makes one due.
    public int makeDue(String model, UUID uid) {
        return makeDue("model = ? and uid = ?", List.of(model, uid));
    }

    private int makeDue(String condition, List<Object> parameters) {
        return transactions.run(statements ->
                doing(
                        "cannot make held changes due",
                        () ->
                                statements.update(
                                        "update doctorbird.engine_held set next_try = clock_timestamp() where "
                                                + condition,
                                        new ArrayList<@Nullable Object>(parameters).toArray())));
    }
}
