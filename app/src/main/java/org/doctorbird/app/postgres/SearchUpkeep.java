package org.doctorbird.app.postgres;

import static org.doctorbird.app.postgres.PostgresRecordTransaction.doing;

import java.util.Collection;
import javax.sql.DataSource;

/// At central: keeps what can be searched up to date beside the searches themselves, so that these
/// find little to do. Any number of threads may use it.
public final class SearchUpkeep {

    /// Records in one transaction.
    private static final int RECORDS = 20_000;

    private final Transactions transactions;
    private final TablesByModel tables;

    /// Makes it; does not connect.
    ///
    /// @param tables all models of the plan as this database has them
    public SearchUpkeep(DataSource source, Collection<SyncedTable> tables) {
        this.transactions = new Transactions(source);
        this.tables = new TablesByModel(tables);
    }

    /// Brings some records up to date, in one transaction.
    ///
    /// @return false if there is more to do
    public boolean refresh() {
        return transactions.run(statements ->
                doing(
                        "cannot bring what can be searched up to date",
                        () -> new SearchTexts(statements, tables).refresh(RECORDS)));
    }
}
