package org.doctorbird.app.postgres;

import java.util.Collection;
import java.util.function.Function;
import javax.sql.DataSource;
import org.doctorbird.exchange.SatelliteStore;
import org.doctorbird.exchange.SatelliteTransaction;

/// A satellite's database on PostgreSQL. Any number of threads may use it.
public final class PostgresSatelliteStore implements SatelliteStore {

    private final Transactions transactions;
    private final TablesByModel tables;

    /// Makes a store; does not connect.
    ///
    /// @param tables all models of the plan as this database has them
    public PostgresSatelliteStore(DataSource source, Collection<SyncedTable> tables) {
        this.transactions = new Transactions(source);
        this.tables = new TablesByModel(tables);
    }

    @Override
    public <T> T inTransaction(Function<SatelliteTransaction, T> work) {
        return transactions.run(
                statements -> work.apply(new PostgresSatelliteTransaction(statements, tables)));
    }
}
