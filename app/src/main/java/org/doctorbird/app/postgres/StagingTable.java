package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.ETag;

/// A temporary table into which a batch is copied before it is stored set-wise.
///
/// The table is the same for all models: numbered columns of text. So a connection has at most four
/// of them, by width, however many models there are; PostgreSQL empties each at every commit. In
/// the statements it is `s`.
final class StagingTable {

    private static final int[] WIDTHS = {32, 128, 512, 1_500};

    private final Statements statements;
    private final List<SyncedColumn> columns;
    private final String name;
    private final int width;

    /// @param columns those that travel, at most 1,500
    StagingTable(Statements statements, List<SyncedColumn> columns) {
        this.statements = statements;
        this.columns = columns;
        this.width =
                IntStream.of(WIDTHS)
                        .filter(some -> some >= columns.size())
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "more than 1,500 fields: " + columns.size()));
        this.name = "pg_temp.doctorbird_staged_" + width;
    }

    /// Returns the table's name.
    String name() {
        return name;
    }

    /// Returns the columns that travel; the place of each is the number of its staged column.
    List<SyncedColumn> columns() {
        return columns;
    }

    /// Makes the table unless this connection has it.
    void make() throws SQLException {
        String values =
                IntStream.range(0, width)
                        .mapToObj(i -> "f" + i + " text")
                        .collect(Collectors.joining(", "));
        statements.execute(
                """
                create temporary table if not exists %s (
                  n integer not null, uid uuid not null, id text, given varbit not null,
                  changed varbit not null, etag bigint not null, origin smallint not null,
                  revision bigint not null, marks boolean not null, origin_user text, edited bigint,
                  %s) on commit delete rows
                """
                        .formatted(name, values));
    }

    /// Copies rows into the table.
    void copy(List<StagedRow> rows) throws SQLException {
        var text = new CopyText();
        rows.forEach(row -> append(text, row));
        String values =
                IntStream.range(0, columns.size())
                        .mapToObj(i -> ", f" + i)
                        .collect(Collectors.joining());
        statements.copy(
                "copy %s (n, uid, id, given, changed, etag, origin, revision, marks, origin_user, edited%s) from stdin"
                                .formatted(name, values)
                        + " with (encoding 'UTF8')",
                text.bytes());
    }

    private void append(CopyText text, StagedRow row) {
        text.cell(row.number()).cell(row.uid().toString()).cell(row.keyAfterwards());
        text.cell(bits(row.given()));
        switch (row.write()) {
            case Write.AtCentral write -> {
                text.cell(bits(places(write.changed()))).cell(write.etag().micros());
                text.cell(write.origin().number()).cell(write.revision());
                text.cell(write.marksDeleted()).cell(write.user().orElse(null));
                text.cell(write.edited().map(ETag::micros).map(String::valueOf).orElse(null));
            }
            case Write.AtSatellite write -> appendEtagOnly(text, write.etag().micros());
            case Write.DeleteAtSatellite write -> appendEtagOnly(text, write.etag().micros());
            case Write.RemoveAtSatellite _ -> appendEtagOnly(text, 0);
            case Write.DeleteAtCentral write -> {
                var all = new BitSet(columns.size());
                all.set(0, columns.size());
                text.cell(bits(all)).cell(write.etag().micros());
                text.cell(write.origin().number()).cell(write.revision()).cell(false);
                text.cell(write.user().orElse(null)).cell(null);
            }
        }
        for (String value : row.values()) {
            text.cell(value);
        }
        text.end();
    }

    private void appendEtagOnly(CopyText text, long micros) {
        text.cell(bits(new BitSet())).cell(micros).cell(0).cell(0).cell(false);
        text.cell(null).cell(null);
    }

    private BitSet places(Set<String> names) {
        var places = new BitSet(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            places.set(i, names.contains(columns.get(i).name()));
        }
        return places;
    }

    private String bits(BitSet bits) {
        var text = new StringBuilder(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            text.append(bits.get(i) ? '1' : '0');
        }
        return text.toString();
    }
}
