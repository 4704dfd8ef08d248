package org.doctorbird.app.xmlrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.doctorbird.app.message.AnyTree;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodResponse;
import org.doctorbird.app.xmlrpc.XmlRpcWriter.Form;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists of structs by column.
final class TablesTest {

    private static String written(Form form, @Nullable Object value) throws IOException {
        var out = new ByteArrayOutputStream();
        XmlRpcWriter.writeResponse(out, form, new MethodResponse.Result(value));
        return out.toString(StandardCharsets.UTF_8)
                .replace("</value>\n", "</value>")
                .replace("</member>\n", "</member>");
    }

    private static @Nullable Object read(String xml) throws IOException {
        MethodResponse response =
                XmlRpcReader.readResponse(
                        new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)),
                        MessageLimits.ofBytes(1 << 20));
        return ((MethodResponse.Result) response).value();
    }

    private static Map<String, @Nullable Object> row(@Nullable Object... pairs) {
        var row = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            row.put(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        return row;
    }

    private static String struct(String members) {
        return "<value><struct><member><name>__class__</name><value>table</value></member>"
                + members
                + "</struct></value>";
    }

    private static String message(String value) {
        return "<methodResponse><params><param>" + value + "</param></params></methodResponse>";
    }

    @Test
    void namesAreWrittenOnce() throws IOException {
        var rows = List.of(row("code", "P1", "n", 1L), row("code", "P2", "n", null));

        assertThat(written(Form.TABLES, rows))
                .contains(
                        struct(
                                "<member><name>parts</name><value><array><data><value><struct>"
                                        + "<member><name>code</name><value><array><data><value>P1</value>"
                                        + "<value>P2</value></data></array></value></member>"
                                        + "<member><name>n</name><value><array><data><value><int>1</int></value>"
                                        + "<value><nil/></value></data></array></value></member>"
                                        + "</struct></value></data></array></value></member>"));
        assertThat(written(Form.PLAIN, rows)).doesNotContain("table", "parts");
    }

    @Test
    void onlyStructsOfTheSameNamesInTheSameOrderShareColumns() throws IOException {
        var mixed =
                new ArrayList<@Nullable Object>(
                        Arrays.asList(
                                row("a", 1L),
                                row("b", 2L),
                                row("b", 3L),
                                null,
                                row("b", 4L, "c", 5L),
                                row("c", 6L, "b", 7L),
                                row(),
                                row(),
                                "text",
                                row("b", 8L, "c", 9L),
                                row("b", 10L, "c", List.of(row("d", 1L), row("d", 2L)))));

        String xml = written(Form.TABLES, mixed);

        assertThat(AnyTree.exact(read(xml))).isEqualTo(AnyTree.exact(mixed));
        assertThat(xml.split("<name>b</name>", -1)).hasSize(5);
        assertThat(xml.split("<value>table</value>", -1)).hasSize(3);
    }

    @Test
    void aLongRunIsWrittenInParts() throws IOException {
        var rows = new ArrayList<Map<String, @Nullable Object>>();
        for (long i = 0; i < 1_000; i++) {
            rows.add(row("code", " P" + i, "n", i));
        }

        String xml = written(Form.TABLES, rows);

        assertThat(read(xml)).isEqualTo(rows);
        assertThat(xml.split("<name>code</name>", -1)).hasSize(4);
        assertThat(xml.split("<value>table</value>", -1)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", " \t a\r\n", "&lt; <a/> ]]>", "\u0000"})
    void stringsHaveNoElementOfTheirType(String text) throws IOException {
        String xml = written(Form.TABLES, text);

        assertThat(read(xml)).isEqualTo(text);
        assertThat(xml).doesNotContain("<string>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{}, {}]", "[{a}]", "[{a}, {b}]", "[1, 2]"})
    void aListWithoutAnyRunIsWrittenAsItIs(String list) throws IOException {
        List<?> elements =
                switch (list) {
                    case "[]" -> List.of();
                    case "[{}, {}]" -> List.of(row(), row());
                    case "[{a}]" -> List.of(row("a", 1L));
                    case "[{a}, {b}]" -> List.of(row("a", 1L), row("b", 1L));
                    default -> List.of(1L, 2L);
                };

        assertThat(written(Form.TABLES, elements)).isEqualTo(written(Form.PLAIN, elements));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<member><name>parts</name><value><int>1</int></value></member>",
                "<member><name>parts</name><value><array><data><value>x</value></data></array></value></member>",
                "<member><name>parts</name><value><array><data><value><nil/></value></data></array></value></member>",
                "<member><name>parts</name><value><array><data><value><struct><member><name>a</name><value>x</value>"
                        + "</member></struct></value></data></array></value></member>",
                "<member><name>parts</name><value><array><data><value><struct>"
                        + "<member><name>a</name><value><array><data><value>1</value></data></array></value></member>"
                        + "<member><name>b</name><value><array><data/></array></value></member>"
                        + "</struct></value></data></array></value></member>",
            })
    void whatIsNoTableStaysAStruct(String members) throws IOException {
        assertThat(read(message(struct(members))))
                .isInstanceOfSatisfying(
                        Map.class, map -> assertThat(map.get("__class__")).isEqualTo("table"));
    }

    @Test
    void aTableWithoutColumnsHasNoRows() throws IOException {
        String empty =
                "<member><name>parts</name><value><array><data><value><struct/></value></data></array></value></member>";

        assertThat(read(message(struct(empty)))).isEqualTo(List.of());
    }
}
