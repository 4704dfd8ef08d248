package org.doctorbird.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/// The lists of records that were set aside, as people read them: keys, reasons and times, no value
/// of a record. For those in quarantine see [QuarantineDesk].
public final class AsideLists {

    /// The most entries of one look.
    public static final int ENTRIES_MAX = 1_000;

    private static final String SINCE = "since";

    private final Transactions transactions;

    public AsideLists(DataSource source) {
        this.transactions = new Transactions(source);
    }

    /// One record that was set aside.
    ///
    /// @param instance who sent it, or on a satellite itself
    /// @param code why, such as `DRB-2001`
    /// @param reason fixed words: a constraint's name, the fields in dispute, the records waited
    ///   for
    public record Entry(
            String model, UUID uid, int instance, String code, String reason, Instant since) {}

    /// Returns what is parked, with what it waits for, oldest first, at most [#ENTRIES_MAX].
    public List<Entry> parked() {
        return read(
                """
                select p.model, p.uid, p.instance, 'DRB-2001', coalesce('waits for ' || (
                    select string_agg(f.target_model || ' ' || f.target_uid, ', ')
                    from doctorbird.engine_parked_for f
                    where f.model = p.model and f.uid = p.uid and f.instance = p.instance), 'an end that is refused as yet: something here refers to the record'),
                  p.since as since
                from doctorbird.engine_parked p
                """,
                SINCE);
    }

    /// Returns local changes that the mode did not let out and that central's version has
    /// overwritten.
    public List<Entry> refused() {
        return read(
                """
                select model, uid, 0, 'DRB-2005', 'revision ' || revision, at as since
                from doctorbird.engine_refused
                """,
                SINCE);
    }

    /// Returns local changes that central holds back, with central's reason.
    public List<Entry> held() {
        return read("select model, uid, 0, code, reason, since from doctorbird.engine_held", SINCE);
    }

    private List<Entry> read(String select, String order) {
        return transactions.run(statements -> {
            try {
                return statements.query(
                        "select * from ("
                                + select
                                + ") e order by "
                                + order
                                + " limit "
                                + ENTRIES_MAX,
                        AsideLists::entry);
            } catch (SQLException e) {
                throw SqlFailures.translate(e, "cannot read a list");
            }
        });
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getString(1),
                row.getObject(2, UUID.class),
                row.getInt(3),
                row.getString(4),
                row.getString(5),
                row.getObject(6, OffsetDateTime.class).toInstant());
    }
}
