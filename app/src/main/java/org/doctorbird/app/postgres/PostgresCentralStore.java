package org.doctorbird.app.postgres;

import java.util.Collection;
import java.util.function.Function;
import javax.sql.DataSource;
import org.doctorbird.exchange.CentralStore;
import org.doctorbird.exchange.CentralTransaction;

/// Central's database on PostgreSQL. Any number of threads may use it.
public final class PostgresCentralStore implements CentralStore {

    private final Transactions transactions;
    private final TablesByModel tables;

    /// Makes a store; does not connect.
    ///
    /// @param tables all models of the plan as this database has them
    public PostgresCentralStore(DataSource source, Collection<SyncedTable> tables) {
        this.transactions = new Transactions(source);
        this.tables = new TablesByModel(tables);
    }

    @Override
    public <T> T inTransaction(Function<CentralTransaction, T> work) {
        return transactions.run(
                statements -> work.apply(new PostgresCentralTransaction(statements, tables)));
    }
}
