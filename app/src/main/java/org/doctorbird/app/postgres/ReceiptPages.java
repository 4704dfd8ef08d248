package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.ReceiptPage;
import org.doctorbird.record.ETag;

/// A satellite's receipts that central does not have yet.
final class ReceiptPages {

    private ReceiptPages() {}

    static void keep(Statements statements, String model, List<Receipt> receipts)
            throws SQLException {
        if (receipts.isEmpty()) {
            return;
        }
        statements.update(
                "insert into doctorbird.engine_receipt (model, uids, etags) values (?, ?, ?)",
                model,
                receipts.stream().map(Receipt::uid).toArray(UUID[]::new),
                receipts.stream().mapToLong(receipt -> receipt.etag().micros()).toArray());
    }

    static Optional<ReceiptPage> oldest(Statements statements, String model) throws SQLException {
        return statements.first(
                """
                select page, uids, etags from doctorbird.engine_receipt
                where model = ? order by page limit 1
                """,
                row -> {
                    UUID[] uids = KeptRows.uids(row.getArray(2));
                    var etags = (Long[]) row.getArray(3).getArray();
                    var receipts = new ArrayList<Receipt>(uids.length);
                    for (int i = 0; i < uids.length; i++) {
                        receipts.add(new Receipt(uids[i], new ETag(etags[i])));
                    }
                    return new ReceiptPage(row.getLong(1), receipts, List.of());
                },
                model);
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
