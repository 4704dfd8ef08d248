package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.doctorbird.comparison.RangeFingerprint;
import org.doctorbird.comparison.UidPrefix;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.ModelShape;
import org.jspecify.annotations.Nullable;

/// SQL that hashes records of one model and sums the hashes up: `docs/protocol.md`, "Fingerprints".
/// In the statements the companion is `c` and the row `t`.
final class ComparedRecords {

    /// The version of a record of which none is told.
    private static final String NO_VERSION = "timestamptz 'epoch'";

    /// The first version of PostgreSQL that converts bytes into numbers.
    private static final int BYTES_ARE_NUMBERS = 18;

    private final Statements statements;
    private final SyncedTable table;
    private final String join;
    private final String condition;
    private final String hash;

    /// @param shape the fields that count if values do
    /// @param isDeep whether values count
    ComparedRecords(
            Statements statements,
            TablesByModel tables,
            ModelShape shape,
            boolean isDeep,
            Side side)
            throws SQLException {
        this.statements = statements;
        this.table = tables.get(shape.model());
        this.join = side.join();
        this.condition = side.condition();
        String told = bytes(side.version()) + (isDeep ? " || " + values(tables, shape) : "");
        this.hash =
                firstBytes(
                        statements.serverVersion(),
                        side.isTold().equals("true")
                                ? told
                                : "case when %s then %s else %s end"
                                        .formatted(side.isTold(), told, bytes(NO_VERSION)));
    }

    /// Returns the expression of the number that the first eight bytes of a hash are. Where
    /// PostgreSQL reads them without a detour by digits, a comparison takes a third less time.
    private static String firstBytes(int serverVersion, String told) {
        String form =
                serverVersion >= BYTES_ARE_NUMBERS
                        ? "substring(sha256(%s) from 1 for 8)::bigint"
                        : "('x' || encode(substring(sha256(%s) from 1 for 8), 'hex'))::bit(64)::bigint";
        return form.formatted(told);
    }

    /// Which records count, and as what.
    ///
    /// @param join `join` or `left join`: whether only records count whose rows are here
    /// @param condition which records count
    /// @param version the expression of a record's version
    /// @param isTold the condition that version and values count
    record Side(String join, String condition, String version, String isTold) {}

    private static String bytes(String version) {
        return "uuid_send(c.uid) || timestamptz_send(" + version + ")";
    }

    /// Fields count in the order of their names.
    private static String values(TablesByModel tables, ModelShape shape) {
        var reader = new RowReader(tables, shape);
        return shape.fields().stream()
                .map(FieldShape::name)
                .sorted()
                .map(reader::value)
                .collect(Collectors.joining(",\n", "convert_to(row(", ")::text, 'UTF8')"));
    }

    /// Returns the expression of one record's hash.
    String hash() {
        return hash;
    }

    private String rows() {
        return "%s %s t on t.%s = c.id"
                .formatted(join, table.qualified(), Sql.identifier(table.keyColumn()));
    }

    /// Returns all records, whether they count or not.
    String all() {
        return table.companion() + " c " + rows();
    }

    /// Returns the fingerprint of all records that count.
    RangeFingerprint whole() throws SQLException {
        return statements
                .first(
                        "select count(*), coalesce(bit_xor(%s), 0) from %s where %s"
                                .formatted(hash, all(), condition),
                        row -> new RangeFingerprint(row.getLong(1), row.getLong(2)))
                .orElseThrow();
    }

    /// Returns for each prefix the fingerprints of its parts.
    List<RangeFingerprint> parts(List<UidPrefix> prefixes) throws SQLException {
        var parts =
                new ArrayList<>(
                        Collections.nCopies(
                                UidPrefix.WAYS * prefixes.size(), RangeFingerprint.EMPTY));
        statements.visit(
                """
                select r.n, (get_byte(uuid_send(c.uid), least(r.depth, 31) / 2)
                    >> (4 * (1 - least(r.depth, 31) %% 2))) & 15 as part,
                  count(*), bit_xor(%s)
                from %s where %s group by 1, 2
                """
                        .formatted(hash, among(prefixes), condition),
                0,
                row -> {
                    int place = UidPrefix.WAYS * (row.getInt(1) - 1) + row.getInt(2);
                    parts.set(place, new RangeFingerprint(row.getLong(3), row.getLong(4)));
                    return true;
                },
                parameters(prefixes));
        return parts;
    }

    /// Returns the records that count and have one of the prefixes.
    ///
    /// @param columns expressions, each read by `mapper`
    <T> List<T> list(List<UidPrefix> prefixes, String columns, Statements.RowMapper<T> mapper)
            throws SQLException {
        return statements.query(
                "select %s from %s where %s".formatted(columns, among(prefixes), condition),
                mapper,
                parameters(prefixes));
    }

    /// All uids are no range: the planner shall not go through an index for them.
    private String among(List<UidPrefix> prefixes) {
        String source =
                isAll(prefixes)
                        ? "(values (1, 0)) r(n, depth) cross join %s c"
                        : """
                        unnest(?::uuid[], ?::uuid[], ?::int[])
                          with ordinality r(first, last, depth, n)
                        join %s c on c.uid between r.first and r.last\
                        """;
        return source.formatted(table.companion()) + "\n" + rows();
    }

    private static @Nullable Object[] parameters(List<UidPrefix> prefixes) {
        return isAll(prefixes)
                ? new Object[0]
                : Arrays.asList(
                                prefixes.stream().map(UidPrefix::first).toArray(UUID[]::new),
                                prefixes.stream().map(UidPrefix::last).toArray(UUID[]::new),
                                prefixes.stream()
                                        .mapToInt(prefix -> prefix.digits().length())
                                        .toArray())
                        .toArray();
    }

    private static boolean isAll(List<UidPrefix> prefixes) {
        return prefixes.equals(List.of(UidPrefix.ALL));
    }
}
