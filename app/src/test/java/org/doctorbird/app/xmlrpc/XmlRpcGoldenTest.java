package org.doctorbird.app.xmlrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodCall;
import org.doctorbird.app.message.MethodResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages that a real Tryton sent, and each type in the forms in which clients write it.
final class XmlRpcGoldenTest {

    private static final MessageLimits LIMITS = MessageLimits.ofBytes(1 << 20);

    private static final String LOGIN =
            """
            <?xml version='1.0'?><methodCall><methodName>common.db.login</methodName><params>
            <param><value><string>admin</string></value></param>
            <param><value><struct><member><name>password</name><value><string>secret</string></value></member></struct></value></param>
            <param><value><string>en</string></value></param></params></methodCall>
            """;

    private static final String PATIENT =
            """
            <?xml version='1.0'?><methodResponse><params><param><value><array><data><value><struct>
            <member><name>dob</name><value><struct>
             <member><name>__class__</name><value><string>date</string></value></member>
             <member><name>year</name><value><int>1958</int></value></member>
             <member><name>month</name><value><int>3</int></value></member>
             <member><name>day</name><value><int>27</int></value></member></struct></value></member>
            <member><name>active</name><value><boolean>1</boolean></value></member>
            <member><name>create_date</name><value><dateTime.iso8601>20261122T19:12:19</dateTime.iso8601></value></member>
            <member><name>_timestamp</name><value><string>1795374739.679320</string></value></member>
            <member><name>photo</name><value><nil/></value></member>
            <member><name>du.</name><value><struct>
             <member><name>id</name><value><int>94</int></value></member>
             <member><name>rec_name</name><value><string>DU-...-37854042</string></value></member></struct></value></member>
            <member><name>latitude</name><value><struct>
             <member><name>__class__</name><value><string>Decimal</string></value></member>
             <member><name>decimal</name><value><string>18.01179</string></value></member></struct></value></member>
            <member><name>picture</name><value><base64>
            iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLv
            AAAAAElFTkSuQmCC
            </base64></value></member>
            </struct></value></data></array></value></param></params></methodResponse>
            """;

    private static final String FAULT =
            """
            <methodResponse><fault><value><struct>
            <member><name>faultCode</name><value><int>4</int></value></member>
            <member><name>faultString</name><value><string>Records were modified in the meanwhile</string></value></member>
            </struct></value></fault></methodResponse>
            """;

    private static MethodResponse read(String xml) throws IOException {
        return XmlRpcReader.readResponse(
                new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), LIMITS);
    }

    private static @Nullable Object value(String xml) throws IOException {
        MethodResponse response =
                read(
                        "<methodResponse><params><param>"
                                + xml
                                + "</param></params></methodResponse>");
        return ((MethodResponse.Result) response).value();
    }

    private static String written(@Nullable Object value) throws IOException {
        var out = new ByteArrayOutputStream();
        XmlRpcWriter.writeResponse(out, XmlRpcWriter.Form.PLAIN, new MethodResponse.Result(value));
        String xml = out.toString(StandardCharsets.UTF_8);
        return xml.substring(xml.indexOf("<value>"), xml.lastIndexOf("</value>") + 8)
                .replace("\n", "");
    }

    @Test
    void trytonsLoginIsRead() throws IOException {
        MethodCall call =
                XmlRpcReader.readCall(
                        new ByteArrayInputStream(LOGIN.getBytes(StandardCharsets.UTF_8)), LIMITS);

        assertThat(call.method()).isEqualTo("common.db.login");
        assertThat(call.params()).isEqualTo(List.of("admin", Map.of("password", "secret"), "en"));
    }

    @Test
    void trytonsPatientIsRead() throws IOException {
        var record = (Map<?, ?>) ((List<?>) requireValue(read(PATIENT))).getFirst();

        assertThat(record.get("dob")).isEqualTo(LocalDate.of(1958, 3, 27));
        assertThat(record.get("active")).isEqualTo(true);
        assertThat(record.get("create_date")).isEqualTo(LocalDateTime.of(2026, 11, 22, 19, 12, 19));
        assertThat(record.get("_timestamp")).isEqualTo("1795374739.679320");
        assertThat(record.get("photo")).isNull();
        assertThat(record.containsKey("photo")).isTrue();
        assertThat(record.get("du.")).isEqualTo(Map.of("id", 94L, "rec_name", "DU-...-37854042"));
        assertThat(record.get("latitude")).isEqualTo(new BigDecimal("18.01179"));
        assertThat(HexFormat.of().formatHex((byte[]) record.get("picture")))
                .startsWith("89504e47")
                .hasSize(138);
    }

    private static Object requireValue(MethodResponse response) {
        return java.util.Objects.requireNonNull(((MethodResponse.Result) response).value());
    }

    @Test
    void trytonsFaultIsRead() throws IOException {
        assertThat(read(FAULT))
                .isEqualTo(new MethodResponse.Fault(4, "Records were modified in the meanwhile"));
    }

    @Test
    void valuesAreWrittenAsTrytonWritesThem() throws IOException {
        assertThat(written(null)).isEqualTo("<value><nil/></value>");
        assertThat(written(true)).isEqualTo("<value><boolean>1</boolean></value>");
        assertThat(written(2_147_483_647L)).isEqualTo("<value><int>2147483647</int></value>");
        assertThat(written(2_147_483_648L))
                .isEqualTo("<value><biginteger>2147483648</biginteger></value>");
        assertThat(written(LocalDateTime.of(2026, 1, 5, 13, 5)))
                .isEqualTo("<value><dateTime.iso8601>20260105T13:05:00</dateTime.iso8601></value>");
        assertThat(written(new BigDecimal("18.01179")))
                .contains("<name>__class__</name><value><string>Decimal</string></value>")
                .contains("<name>decimal</name><value><string>18.01179</string></value>");
        assertThat(written(LocalTime.of(13, 5, 0, 7_000)))
                .contains("<string>time</string>")
                .contains("<name>microsecond</name><value><int>7</int></value>");
        assertThat(written("a<b>&\r\n"))
                .isEqualTo("<value><string>a&lt;b&gt;&amp;&#13;</string></value>");
        assertThat(written("a\u0001"))
                .contains("<name>__class__</name><value><string>text</string></value>")
                .contains("<base64>YQE=</base64>");
    }

    @Test
    void picturesAreWrittenInLinesOf76() throws IOException {
        var out = new ByteArrayOutputStream();
        XmlRpcWriter.writeResponse(
                out, XmlRpcWriter.Form.PLAIN, new MethodResponse.Result(new byte[100]));

        assertThat(out.toString(StandardCharsets.UTF_8).lines().toList().get(2)).hasSize(76);
    }

    @Test
    void eachTypeIsReadInTheFormsThatClientsWrite() throws IOException {
        assertThat(value("<value>plain</value>")).isEqualTo("plain");
        assertThat(value("<value> </value>")).isEqualTo(" ");
        assertThat(value("<value/>")).isEqualTo("");
        assertThat(value("<value><string/></value>")).isEqualTo("");
        assertThat(value("<value>\n <string> x </string>\n</value>")).isEqualTo(" x ");
        assertThat(
                        value(
                                "<value><string>a<![CDATA[<b>]]>&amp;&#13;&#x1F426;<!-- c -->d</string></value>"))
                .isEqualTo("a<b>&\r\uD83D\uDC26d");
        assertThat(value("<value><i4> -5 </i4></value>")).isEqualTo(-5L);
        assertThat(value("<value><i8>9223372036854775807</i8></value>")).isEqualTo(Long.MAX_VALUE);
        assertThat(value("<value><biginteger>9223372036854775808</biginteger></value>"))
                .isEqualTo(new BigInteger("9223372036854775808"));
        assertThat(value("<value><bigdecimal>1.50</bigdecimal></value>"))
                .isEqualTo(new BigDecimal("1.50"));
        assertThat(value("<value><double>1e+16</double></value>")).isEqualTo(1e16);
        assertThat(value("<value><double>nan</double></value>")).isEqualTo(Double.NaN);
        assertThat(value("<value><boolean>true</boolean></value>")).isEqualTo(true);
        assertThat(
                        value(
                                "<value><dateTime.iso8601>2026-01-05T13:05:00Z</dateTime.iso8601></value>"))
                .isEqualTo(LocalDateTime.of(2026, 1, 5, 13, 5));
        assertThat(
                        value(
                                "<value><dateTime.iso8601>20260105T13:05:00.5-05:00</dateTime.iso8601></value>"))
                .isEqualTo(LocalDateTime.of(2026, 1, 5, 18, 5, 0, 500_000_000));
        assertThat(value("<value><base64/></value>")).isEqualTo(new byte[0]);
        assertThat(value("<value><array><data/></array></value>")).isEqualTo(List.of());
        assertThat(value("<value><struct/></value>")).isEqualTo(Map.of());
        assertThat(value(written(Duration.ofSeconds(-1, 500_000_000))))
                .isEqualTo(Duration.ofMillis(-500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "ISO-8859-1", "UTF-16", "US-ASCII"})
    void messagesInOtherEncodingsAreRead(String name) throws IOException {
        String xml =
                "<?xml version='1.0' encoding='"
                        + name
                        + "'?><methodResponse><params><param><value>Mar&#xED;a"
                        + (name.equals("US-ASCII") ? "" : "í")
                        + "</value></param></params></methodResponse>";

        MethodResponse response =
                XmlRpcReader.readResponse(
                        new ByteArrayInputStream(xml.getBytes(Charset.forName(name))), LIMITS);

        assertThat(requireValue(response).toString()).startsWith("María");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<member><name>__class__</name><value>date</value></member>",
                "<member><name>__class__</name><value>date</value></member><member><name>year</name><value><int>2026"
                        + "</int></value></member><member><name>month</name><value><int>13</int></value></member>"
                        + "<member><name>day</name><value><int>1</int></value></member>",
                "<member><name>__class__</name><value>Decimal</value></member><member><name>decimal</name><value>x"
                        + "</value></member>",
                "<member><name>__class__</name><value>text</value></member><member><name>base64</name><value><base64>"
                        + "/w==</base64></value></member>",
                "<member><name>__class__</name><value>weather</value></member>",
            })
    void aStructThatIsNoValueStaysAStruct(String members) throws IOException {
        assertThat(value("<value><struct>" + members + "</struct></value>"))
                .isInstanceOf(Map.class);
    }
}
