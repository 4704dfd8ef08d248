package org.doctorbird.app.xmlrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.message.MalformedBodyException;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What must not be read, and what must not cost much.
final class HostileXmlTest {

    private static final MessageLimits LIMITS = new MessageLimits(1 << 20, 32, 10_000);
    private static final String BEGIN = "<methodCall><methodName>m</methodName><params><param>";
    private static final String END = "</param></params></methodCall>";

    private static MethodCall read(byte[] xml) throws IOException {
        return XmlRpcReader.readCall(new ByteArrayInputStream(xml), LIMITS);
    }

    private static MethodCall read(String xml) throws IOException {
        return read(xml.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(ErrorCode code, String xml) {
        assertThatThrownBy(() -> read(xml))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "plain text",
                BEGIN + "<value><ex:nil/></value>" + END,
                "{\"method\": \"m\"}",
                "<methodCall>",
                "<methodCall><methodName>m</methodName><params><param><value><string>Mary Br",
                "<methodCall><methodName>m</methodName></methodCall",
                "<methodCall><methodName>m</methodName></methodCall><more/>",
                "<methodCall><methodName>m</methodName></methodCall>more",
                "<methodCall><methodName>m</methodname></methodCall>",
                "<methodCall><methodName>&unknown;</methodName></methodCall>",
                "<methodCall><methodName>&#0;</methodName></methodCall>",
                "<methodCall><methodName>&#xD800;</methodName></methodCall>",
                "<methodCall><methodName>m]]></methodName></methodCall>",
                "<?xml version='1.0' encoding='EBCDIC-INT'?><methodCall><methodName>m</methodName></methodCall>",
                "<!DOCTYPE methodCall><methodCall><methodName>m</methodName></methodCall>",
                "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x\"><methodCall><methodName>m</methodName></methodCall>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><methodCall><methodName>&e;</methodName>"
                        + "</methodCall>",
                "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>"
                        + "<methodCall><methodName>&c;</methodName></methodCall>",
                "<!DOCTYPE x [<!ENTITY % p SYSTEM \"file:///etc/passwd\">%p;]><methodCall><methodName>m</methodName>"
                        + "</methodCall>",
            })
    void whatIsNotXmlOrHasADocumentTypeIsRefused(String xml) {
        assertThatThrownBy(() -> read(xml))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageNotContaining("Mary");
    }

    @Test
    void bytesThatAreNotOfTheEncodingAreRefused() {
        byte[] xml = (BEGIN + "<value>María</value>" + END).getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> read(xml)).isInstanceOf(MalformedBodyException.class);
        assertThatThrownBy(() ->
                        read(
                                "<?xml version='1.0' encoding='US-ASCII'?>"
                                        + BEGIN
                                        + "<value>é</value>"
                                        + END))
                .isInstanceOf(MalformedBodyException.class);
        assertThatThrownBy(() ->
                        read(
                                (BEGIN + "<value>x</value>" + END)
                                        .getBytes(StandardCharsets.UTF_16LE)))
                .isInstanceOf(MalformedBodyException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<x/>",
                "<methodCall/>",
                "<methodCall><methodName/></methodCall>",
                "<methodCall><params/></methodCall>",
                "<methodCall><methodName>m<x/></methodName></methodCall>",
                "<methodCall><methodName>m</methodName><x/></methodCall>",
                "<methodCall><methodName>m</methodName><params>x</params></methodCall>",
                "<methodCall><methodName>m</methodName><params><value/></params></methodCall>",
                "<methodCall><methodName>m</methodName><params><param/></params></methodCall>",
                BEGIN + "<value>x<int>1</int></value>" + END,
                BEGIN + "<value><int>1</int>x</value>" + END,
                BEGIN + "<value><int>1</int><int>2</int></value>" + END,
                BEGIN + "<value><int></int></value>" + END,
                BEGIN + "<value><int>0x10</int></value>" + END,
                BEGIN + "<value><int>1<!-- -->x</int></value>" + END,
                BEGIN + "<value><boolean>2</boolean></value>" + END,
                BEGIN + "<value><double>one</double></value>" + END,
                BEGIN
                        + "<value><dateTime.iso8601>20261301T00:00:00</dateTime.iso8601></value>"
                        + END,
                BEGIN + "<value><dateTime.iso8601>yesterday</dateTime.iso8601></value>" + END,
                BEGIN + "<value><base64>!!!!</base64></value>" + END,
                BEGIN + "<value><nil>x</nil></value>" + END,
                BEGIN + "<value><object/></value>" + END,
                BEGIN + "<value><array/></value>" + END,
                BEGIN + "<value><array><value/></array></value>" + END,
                BEGIN + "<value><struct><member/></struct></value>" + END,
                BEGIN + "<value><struct><member><name>a</name></member></struct></value>" + END,
                BEGIN
                        + "<value><struct><member><name>a</name><value/></member><member><name>a</name><value/></member>"
                        + "</struct></value>"
                        + END,
            })
    void xmlThatIsNoRequestIsMalformed(String xml) {
        assertRefused(ErrorCode.REQUEST_MALFORMED, xml);
    }

    @Test
    void depthSizeAndNumberAreLimited() {
        String deep = "<value><array><data>".repeat(33) + "</data></array></value>".repeat(33);
        assertRefused(ErrorCode.REQUEST_TOO_LARGE, BEGIN + deep + END);
        String deepStruct =
                "<value><struct><member><name>a</name>".repeat(33)
                        + "<value/>"
                        + "</member></struct></value>".repeat(33);
        assertRefused(ErrorCode.REQUEST_TOO_LARGE, BEGIN + deepStruct + END);
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                BEGIN
                        + "<value><array><data>"
                        + "<value/>".repeat(10_001)
                        + "</data></array></value>"
                        + END);
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                BEGIN + "<value>" + "x".repeat(1 << 20) + "</value>" + END);
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                BEGIN
                        + "<value><biginteger>"
                        + "9".repeat(200_000)
                        + "</biginteger></value>"
                        + END);
        assertRefused(
                ErrorCode.REQUEST_MALFORMED,
                "<methodCall><methodName>" + "m".repeat(301) + "</methodName></methodCall>");
    }

    @Test
    void asDeepAsAllowedIsRead() throws IOException {
        String deep = "<value><array><data>".repeat(32) + "</data></array></value>".repeat(32);

        assertThat(read(BEGIN + deep + END).params()).hasSize(1);
    }

    @Test
    void anEndlessMessageIsReadNoFurtherThanTheLimit() {
        var endless =
                new InputStream() {
                    private long given;

                    @Override
                    public int read() {
                        given++;
                        return 'x';
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) {
                        Arrays.fill(buffer, offset, offset + length, (byte) 'x');
                        given += length;
                        return length;
                    }
                };
        var begin = new ByteArrayInputStream((BEGIN + "<value>").getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() ->
                        XmlRpcReader.readCall(new SequenceInputStream(begin, endless), LIMITS))
                .isInstanceOf(SyncException.class);
        assertThat(endless.given).isLessThan(2 << 20);
    }

    @Test
    void aBrokenStreamIsNoMalformedMessage() {
        var broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection reset");
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        return read();
                    }
                };

        assertThatThrownBy(() -> XmlRpcReader.readCall(broken, LIMITS))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(MalformedBodyException.class);
    }
}
