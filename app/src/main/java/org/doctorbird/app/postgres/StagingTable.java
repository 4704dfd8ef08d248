package org.doctorbird.app.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.doctorbird.exchange.Write;
import org.jspecify.annotations.Nullable;

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
                  revision bigint not null, marks boolean not null, origin_user text, %s) on commit delete rows
                """
                        .formatted(name, values));
    }

    /// Copies rows into the table.
    void copy(List<StagedRow> rows) throws SQLException {
        var text = new StringBuilder(rows.size() * (64 + columns.size() * 12));
        rows.forEach(row -> append(text, row));
        String values =
                IntStream.range(0, columns.size())
                        .mapToObj(i -> ", f" + i)
                        .collect(Collectors.joining());
        statements.copy(
                "copy %s (n, uid, id, given, changed, etag, origin, revision, marks, origin_user%s) from stdin"
                                .formatted(name, values)
                        + " with (encoding 'UTF8')",
                text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void append(StringBuilder text, StagedRow row) {
        text.append(row.number()).append('\t').append(row.uid());
        appendValue(text, row.keyAfterwards());
        appendBits(text, row.given());
        switch (row.write()) {
            case Write.AtCentral write -> {
                appendBits(text, places(write.changed()));
                text.append('\t').append(write.etag().micros());
                text.append('\t').append(write.origin().number());
                text.append('\t').append(write.revision());
                text.append('\t').append(write.marksDeleted() ? 't' : 'f');
                appendValue(text, write.user().orElse(null));
            }
            case Write.AtSatellite write -> appendEtagOnly(text, write.etag().micros());
            case Write.DeleteAtSatellite write -> appendEtagOnly(text, write.etag().micros());
            case Write.RemoveAtSatellite _ -> appendEtagOnly(text, 0);
            case Write.DeleteAtCentral write -> {
                var all = new BitSet(columns.size());
                all.set(0, columns.size());
                appendBits(text, all);
                text.append('\t').append(write.etag().micros());
                text.append('\t').append(write.origin().number());
                text.append('\t').append(write.revision()).append("\tf");
                appendValue(text, write.user().orElse(null));
            }
        }
        for (String value : row.values()) {
            appendValue(text, value);
        }
        text.append('\n');
    }

    private void appendEtagOnly(StringBuilder text, long micros) {
        appendBits(text, new BitSet());
        text.append('\t').append(micros).append("\t0\t0\tf");
        appendValue(text, null);
    }

    private BitSet places(Set<String> names) {
        var places = new BitSet(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            places.set(i, names.contains(columns.get(i).name()));
        }
        return places;
    }

    private void appendBits(StringBuilder text, BitSet bits) {
        text.append('\t');
        for (int i = 0; i < columns.size(); i++) {
            text.append(bits.get(i) ? '1' : '0');
        }
    }

    /// Source: PostgreSQL manual, COPY, "Text Format".
    private static void appendValue(StringBuilder text, @Nullable String value) {
        text.append('\t');
        if (value == null) {
            text.append("\\N");
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            switch (character) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> text.append(character);
            }
        }
    }
}
