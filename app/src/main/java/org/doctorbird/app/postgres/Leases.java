package org.doctorbird.app.postgres;

import javax.sql.DataSource;
import org.doctorbird.exchange.Lease;

/// Hands out leases. Any number of threads and machines may take them; the last one to take a piece
/// of work holds it.
public final class Leases {

    private final Transactions transactions;

    /// Makes leases; does not connect.
    public Leases(DataSource source) {
        this.transactions = new Transactions(source);
    }

    /// Takes a piece of work over.
    ///
    /// @param work names the piece, such as `pull/party.party`
    /// @return a lease with which every earlier holder's writes fail
    /// @throws org.doctorbird.SyncException `WRITES_COLLIDED` while an earlier holder is writing
    public Lease take(String work) {
        return transactions.run(statements ->
                PostgresRecordTransaction.doing(
                        "cannot take the lease",
                        () ->
                                statements
                                        .first(
                                                """
                                                insert into doctorbird.engine_lease as l
                                                  (work, number) values (?, 1)
                                                on conflict (work) do update
                                                  set number = l.number + 1,
                                                    taken_at = clock_timestamp()
                                                returning number
                                                """,
                                                row -> new Lease(work, row.getLong(1)),
                                                work)
                                        .orElseThrow()));
    }
}
