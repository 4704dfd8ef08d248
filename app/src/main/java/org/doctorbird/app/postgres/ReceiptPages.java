package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.ReceiptPage;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.record.ETag;

/// A satellite's receipts that central does not have yet.
final class ReceiptPages {

    private ReceiptPages() {}

    static void keep(Statements statements, String model, List<Receipt> receipts)
            throws SQLException {
        if (receipts.isEmpty()) {
            return;
        }
        keep(
                statements,
                model,
                receipts.stream().map(Receipt::uid).toArray(UUID[]::new),
                receipts.stream().mapToLong(receipt -> receipt.etag().micros()).toArray(),
                false);
    }

    static void keepWithdrawn(Statements statements, String model, List<Withdrawal> withdrawn)
            throws SQLException {
        if (withdrawn.isEmpty()) {
            return;
        }
        keep(
                statements,
                model,
                withdrawn.stream().map(Withdrawal::uid).toArray(UUID[]::new),
                withdrawn.stream().mapToLong(Withdrawal::stamp).toArray(),
                true);
    }

    private static void keep(
            Statements statements, String model, UUID[] uids, long[] numbers, boolean isWithdrawn)
            throws SQLException {
        statements.update(
                """
                insert into doctorbird.engine_receipt (model, uids, etags, is_withdrawn)
                values (?, ?, ?, ?)
                """,
                model,
                uids,
                numbers,
                isWithdrawn);
    }

    static Optional<ReceiptPage> oldest(Statements statements, String model) throws SQLException {
        return statements.first(
                """
                select page, uids, etags, is_withdrawn from doctorbird.engine_receipt
                where model = ? order by page limit 1
                """,
                ReceiptPages::page,
                model);
    }

    private static ReceiptPage page(ResultSet row) throws SQLException {
        UUID[] uids = KeptRows.uids(row.getArray(2));
        var numbers = (Long[]) row.getArray(3).getArray();
        boolean isWithdrawn = row.getBoolean(4);
        var receipts = new ArrayList<Receipt>();
        var withdrawn = new ArrayList<Withdrawal>();
        for (int i = 0; i < uids.length; i++) {
            if (isWithdrawn) {
                withdrawn.add(new Withdrawal(uids[i], numbers[i]));
            } else {
                receipts.add(new Receipt(uids[i], new ETag(numbers[i])));
            }
        }
        return new ReceiptPage(row.getLong(1), receipts, withdrawn);
    }

    static void drop(Statements statements, String model, long page) throws SQLException {
        statements.update(
                "delete from doctorbird.engine_receipt where model = ? and page = ?", model, page);
    }

    static Set<String> models(Statements statements) throws SQLException {
        return new HashSet<>(
                statements.query(
                        "select distinct model from doctorbird.engine_receipt",
                        row -> row.getString(1)));
    }
}
