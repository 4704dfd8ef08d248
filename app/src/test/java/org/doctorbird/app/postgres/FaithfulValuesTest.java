package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.fields;
import static org.doctorbird.app.postgres.StoreDatabase.model;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.BatchLimit;
import org.doctorbird.exchange.Refused;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.exchange.Write;
import org.doctorbird.record.ETag;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A value leaves one database and enters another one as what it was.
@Execution(ExecutionMode.SAME_THREAD)
final class FaithfulValuesTest {

    private static final ETag ETAG = new ETag(1_795_374_739_679_320L);
    private static final InstanceId THREE = new InstanceId(3);

    private static final String TABLES =
            """
            create type mood as enum ('sad', 'it''s "ok"', 'happy');
            create domain positive as integer check (value > 0);
            create domain short as varchar(5);
            create type pair as (n integer, t text);
            create schema "Other.Schema";
            create type "Other.Schema"."My Type(3)" as enum ('a b');
            create table "all types" (
              id bigserial primary key,
              text text, varchar varchar(10), "char" char(4), name name, "c" "char",
              int2 smallint, int4 integer, int8 bigint, numeric numeric, n2 numeric(12,2),
              f4 real, f8 double precision, bool boolean, date date, time time, timetz timetz,
              ts6 timestamp(6), ts3 timestamp(3), tstz timestamptz, interval interval,
              bytea bytea, uuid uuid, json json, jsonb jsonb, texts text[], ints integer[][],
              varchars varchar(3)[], mood mood, moods mood[], positive positive, short short,
              odd "Other.Schema"."My Type(3)",
              int4range int4range, numrange numrange, tstzrange tstzrange,
              inet inet, cidr cidr, macaddr macaddr, pair pair, point point, bit bit(3),
              varbit varbit(5), tsv tsvector, money money, xml xml, jsonpath jsonpath);
            """;

    /// Column and literal.
    private static final List<String[]> VALUES =
            List.of(
                    new String[] {
                        "text",
                        "e'tab\\t nl\\n cr\\r back\\\\slash \\x01\\x1f \\x7f ü 🦜 \"''\\\\N'"
                    },
                    new String[] {"text", "''"},
                    new String[] {"text", "'\\N'"},
                    new String[] {"text", "'\\.'"},
                    new String[] {"text", "repeat('x', 100000)"},
                    new String[] {"varchar", "'ten chars!'"},
                    new String[] {"char", "'ab'"},
                    new String[] {"name", "'a name'"},
                    new String[] {"c", "'x'"},
                    new String[] {"int2", "-32768"},
                    new String[] {"int4", "2147483647"},
                    new String[] {"int8", "-9223372036854775808"},
                    new String[] {"numeric", "'NaN'"},
                    new String[] {"numeric", "'Infinity'"},
                    new String[] {
                        "numeric", "1234567890123456789012345678901234567890.00000000001"
                    },
                    new String[] {"numeric", "1.10"},
                    new String[] {"n2", "-0.01"},
                    new String[] {"f4", "'NaN'"},
                    new String[] {"f4", "1.1"},
                    new String[] {"f8", "'-0'"},
                    new String[] {"f8", "'-Infinity'"},
                    new String[] {"f8", "0.1::float8 + 0.2"},
                    new String[] {"f8", "5e-324"},
                    new String[] {"bool", "false"},
                    new String[] {"date", "'0044-03-15 BC'"},
                    new String[] {"date", "'infinity'"},
                    new String[] {"date", "'12026-01-31'"},
                    new String[] {"time", "'24:00:00'"},
                    new String[] {"time", "'23:59:59.999999'"},
                    new String[] {"timetz", "'12:00:00+05:30'"},
                    new String[] {"ts6", "'2026-11-23 01:02:03.000001'"},
                    new String[] {"ts6", "'-infinity'"},
                    new String[] {"ts6", "'0001-01-01 00:00:00 BC'"},
                    new String[] {"ts3", "'2026-11-23 01:02:03.123'"},
                    new String[] {"tstz", "'2026-11-23 01:02:03.123456-05'"},
                    new String[] {"tstz", "'infinity'"},
                    new String[] {"interval", "'-1 year 2 mons -3 days 04:05:06.789'"},
                    new String[] {"bytea", "'\\x00ff5c0a'"},
                    new String[] {"uuid", "'00000000-0000-0000-0000-00000000000f'"},
                    new String[] {"json", "'{\"b\": 1,  \"a\":\"\\u00fc\\n\", \"a\": 2}'"},
                    new String[] {"jsonb", "'{\"b\": [1.50, null], \"a\": \"\\n\"}'"},
                    new String[] {"texts", "array['a,b', null, 'NULL', '\"', '\\', '']"},
                    new String[] {"texts", "'{}'"},
                    new String[] {"ints", "'[0:1][2:3]={{1,2},{3,NULL}}'"},
                    new String[] {"varchars", "array['abc', 'd']"},
                    new String[] {"mood", "'it''s \"ok\"'"},
                    new String[] {"moods", "array['sad', 'it''s \"ok\"']::mood[]"},
                    new String[] {"positive", "7"},
                    new String[] {"short", "'abcde'"},
                    new String[] {"odd", "'a b'"},
                    new String[] {"int4range", "'[1,5)'"},
                    new String[] {"int4range", "'empty'"},
                    new String[] {"numrange", "'(,1.50]'"},
                    new String[] {"tstzrange", "'[2026-01-01 00:00:00-05,infinity)'"},
                    new String[] {"inet", "'10.1.2.3/24'"},
                    new String[] {"inet", "'::1'"},
                    new String[] {"cidr", "'10.1.0.0/16'"},
                    new String[] {"macaddr", "'08:00:2b:01:02:03'"},
                    new String[] {"pair", "row(1, 'a\"b,(')"},
                    new String[] {"point", "'(1.5,-0)'"},
                    new String[] {"bit", "B'101'"},
                    new String[] {"varbit", "B'10'"},
                    new String[] {"tsv", "to_tsvector('simple', 'a fat cat''s')"},
                    new String[] {"money", "'12.34'"},
                    new String[] {"xml", "'<a>&amp;</a>'"},
                    new String[] {"jsonpath", "'$.a[*] ? (@ > 1)'"},
                    new String[] {"text", "null"});

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void everyTypeTravelsBothWays(TestPostgres server) throws SQLException {
        var satellite = StoreDatabase.make(server, TABLES, model("all", "all types"));
        var central = StoreDatabase.make(server, TABLES, model("all", "all types"));
        var back = StoreDatabase.make(server, TABLES, model("all", "all types"));
        fill(satellite);
        List<PushedRecord> pushed = pending(satellite);
        assertThat(pushed).hasSize(VALUES.size());

        assertThat(push(central, pushed)).isEmpty();
        Map<UUID, SentRecord> sent =
                central.central()
                        .inTransaction(transaction ->
                                transaction.current(
                                        central.shape("all"),
                                        pushed.stream().map(PushedRecord::uid).toList()));
        for (PushedRecord record : pushed) {
            assertThat(sent.get(record.uid()))
                    .isEqualTo(new SentRecord(record.uid(), ETAG, record.fields(), false));
        }
        List<Write> writes = new ArrayList<>();
        sent.values()
                .forEach(record ->
                        writes.add(new Write.AtSatellite(record.uid(), record.fields(), ETAG)));
        assertThat(
                        back.satellite()
                                .<List<Refused>>inTransaction(transaction ->
                                        transaction.apply(back.shape("all"), writes)))
                .isEmpty();
        assertThat(contents(back)).isEqualTo(contents(satellite)).isEqualTo(contents(central));
    }

    private static void fill(StoreDatabase satellite) throws SQLException {
        for (int i = 0; i < VALUES.size(); i++) {
            String[] value = VALUES.get(i);
            satellite.run(
                    """
                    insert into "all types" (id, %s) values (%d, %s);
                    insert into doctorbird."all types" (uid, id) values ('%s', %2$d);
                    """
                            .formatted(Sql.identifier(value[0]), 1_000 + i, value[1], uid(i)));
        }
    }

    private static List<PushedRecord> pending(StoreDatabase satellite) {
        return satellite
                .satellite()
                .inTransaction(transaction ->
                        transaction
                                .pending(
                                        satellite.shape("all"),
                                        UidRange.ALL,
                                        Optional.empty(),
                                        BatchLimit.ofRecords(1_000))
                                .records());
    }

    private static List<Refused> push(StoreDatabase central, List<PushedRecord> pushed) {
        Set<String> all = Set.copyOf(central.shape("all").names().list());
        List<Write> writes = new ArrayList<>();
        pushed.forEach(record ->
                writes.add(
                        new Write.AtCentral(
                                record.uid(), record.fields(), all, ETAG, THREE, 1, false)));
        return central.central()
                .inTransaction(transaction -> transaction.apply(central.shape("all"), writes));
    }

    /// All values in binary form, which shows what text may hide.
    private static List<String> contents(StoreDatabase database) throws SQLException {
        String columns =
                String.join(
                        " || '|' || ",
                        database.shape("all").names().list().stream()
                                .filter(name -> !Set.of("point", "tsv", "jsonpath").contains(name))
                                .map(name ->
                                        "coalesce(encode(%s, 'hex'), '-')".formatted(binary(name)))
                                .toList());
        return database.rows(
                "select c.uid, t.point::text, t.tsv::text, t.jsonpath::text, "
                        + columns
                        + " from doctorbird.\"all types\" c join \"all types\" t on t.id = c.id"
                        + " order by 1");
    }

    private static String binary(String name) {
        String column = "t." + Sql.identifier(name);
        return switch (name) {
            case "int2" -> "int2send(" + column + ")";
            case "int4" -> "int4send(" + column + ")";
            case "int8" -> "int8send(" + column + ")";
            case "numeric", "n2" -> "numeric_send(" + column + ")";
            case "f4" -> "float4send(" + column + ")";
            case "f8" -> "float8send(" + column + ")";
            case "ts6", "ts3" -> "timestamp_send(" + column + ")";
            case "tstz" -> "timestamptz_send(" + column + ")";
            case "bytea" -> column;
            default -> "convert_to(" + column + "::text, 'UTF8')";
        };
    }

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void aValueThatDoesNotFitItsColumnIsRefusedAndNotCut(TestPostgres server) throws SQLException {
        var central = StoreDatabase.make(server, TABLES, model("all", "all types"));
        String[][] bad = {
            {"varchar", "eleven chars"},
            {"char", "abcde"},
            {"bit", "1011"},
            {"bit", "10"},
            {"varbit", "101010"},
            {"varchars", "{abcd}"},
            {"int2", "40000"},
            {"int4", "1.5"},
            {"date", "2026-02-30"},
            {"mood", "angry"},
            {"text", "a\0b"},
            {"text", "half a pair \uD83E"},
            {"json", "{"},
        };
        var writes = new ArrayList<Write>();
        for (int i = 0; i < bad.length; i++) {
            writes.add(
                    new Write.AtCentral(
                            uid(i), fields(bad[i]), Set.of(bad[i][0]), ETAG, THREE, 1, false));
        }
        writes.add(
                new Write.AtCentral(
                        uid(99), fields("text", "good"), Set.of("text"), ETAG, THREE, 1, false));
        List<Refused> refused =
                central.central()
                        .inTransaction(
                                transaction -> transaction.apply(central.shape("all"), writes));
        assertThat(refused)
                .extracting(Refused::uid)
                .containsExactlyInAnyOrder(
                        writes.stream().limit(bad.length).map(Write::uid).toArray(UUID[]::new));
        assertThat(refused)
                .allSatisfy(
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.VALUE_MALFORMED))
                .allSatisfy(refusal ->
                        assertThat(refusal.reason()).doesNotContain("eleven", "40000", "angry"));
        assertThat(central.rows("select text from \"all types\"")).containsExactly("good");
    }
}
