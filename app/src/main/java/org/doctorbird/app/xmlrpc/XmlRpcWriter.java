package org.doctorbird.app.xmlrpc;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.doctorbird.app.message.MethodResponse;
import org.jspecify.annotations.Nullable;

/// Writes one message as Tryton does, in UTF-8.
public final class XmlRpcWriter {

    private static final String DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>\n";
    private static final int BUFFER = 1 << 15;

    /// UTC, without a mark of the zone; a fraction of a second would be lost.
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HH:mm:ss", Locale.ROOT);

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(76, new byte[] {'\n'});

    /// How lists of structs and strings are written.
    public enum Form {
        /// As Tryton does.
        PLAIN,
        /// By column, as only Doctorbird reads them, and strings without an element of their type.
        TABLES
    }

    private final Writer out;
    private final Form form;

    private XmlRpcWriter(Writer out, Form form) {
        this.out = out;
        this.form = form;
    }

    private interface Body {
        void write(XmlRpcWriter writer) throws IOException;
    }

    /// Writes a request.
    ///
    /// @param params trees of the values that [XmlRpcReader] gives
    /// @param out not closed here, nor compressed streams finished
    /// @throws IllegalArgumentException for any other value
    public static void writeCall(
            OutputStream out, Form form, String method, List<? extends @Nullable Object> params)
            throws IOException {
        write(
                out,
                form,
                writer -> {
                    writer.out.write("<methodCall><methodName>");
                    writer.text(method);
                    writer.out.write("</methodName><params>\n");
                    for (Object param : params) {
                        writer.out.write("<param>");
                        writer.value(param);
                        writer.out.write("</param>\n");
                    }
                    writer.out.write("</params></methodCall>\n");
                });
    }

    /// Writes an answer.
    ///
    /// @param out not closed here, nor compressed streams finished
    /// @throws IllegalArgumentException for a value that is none of those that [XmlRpcReader] gives
    public static void writeResponse(OutputStream out, Form form, MethodResponse response)
            throws IOException {
        write(
                out,
                form,
                writer -> {
                    writer.out.write("<methodResponse>");
                    switch (response) {
                        case MethodResponse.Result(Object value) -> {
                            writer.out.write("<params><param>");
                            writer.value(value);
                            writer.out.write("</param></params>");
                        }
                        case MethodResponse.Fault(int code, String text) -> {
                            writer.out.write("<fault>");
                            writer.value(Map.of("faultCode", code, "faultString", text));
                            writer.out.write("</fault>");
                        }
                    }
                    writer.out.write("</methodResponse>\n");
                });
    }

    private static void write(OutputStream out, Form form, Body body) throws IOException {
        var text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), BUFFER);
        text.write(DECLARATION);
        body.write(new XmlRpcWriter(text, form));
        text.flush();
    }

    private void value(@Nullable Object value) throws IOException {
        out.write("<value>");
        switch (value) {
            case null -> out.write("<nil/>");
            case String text -> string(text);
            case Boolean truth -> element("boolean", truth ? "1" : "0");
            case Long number -> whole(number);
            case Integer number -> whole(number);
            case BigInteger number -> element("biginteger", number.toString());
            case Double number -> element("double", number.toString());
            case BigDecimal number -> struct(TrytonClasses.struct(number));
            case LocalDateTime moment -> element("dateTime.iso8601", MOMENT.format(moment));
            case LocalDate date -> struct(TrytonClasses.struct(date));
            case LocalTime time -> struct(TrytonClasses.struct(time));
            case Duration span -> struct(TrytonClasses.struct(span));
            case byte[] bytes -> {
                out.write("<base64>\n");
                out.write(LINES.encodeToString(bytes));
                out.write("\n</base64>");
            }
            case List<?> elements -> list(elements);
            case Map<?, ?> members -> struct(members);
            default -> throw new IllegalArgumentException("no XML-RPC for " + value.getClass());
        }
        out.write("</value>\n");
    }

    private void list(List<?> elements) throws IOException {
        List<Object> parts = form == Form.TABLES ? Tables.parts(elements) : List.of();
        if (parts.isEmpty()) {
            array(elements);
        } else {
            table(parts);
        }
    }

    /// The parts are no table themselves, though structs among them may have the same names.
    private void table(List<Object> parts) throws IOException {
        out.write("<struct>");
        member(TrytonClasses.CLASS, Tables.CLASS);
        out.write("<member><name>" + Tables.PARTS + "</name><value>");
        array(parts);
        out.write("</value>\n</member>\n</struct>");
    }

    private void array(List<?> elements) throws IOException {
        out.write("<array><data>");
        for (Object element : elements) {
            value(element);
        }
        out.write("</data></array>");
    }

    private void struct(Map<?, ?> members) throws IOException {
        out.write("<struct>");
        for (Map.Entry<?, ?> member : members.entrySet()) {
            member(String.valueOf(member.getKey()), member.getValue());
        }
        out.write("</struct>");
    }

    private void member(String name, @Nullable Object value) throws IOException {
        out.write("<member><name>");
        text(name);
        out.write("</name>");
        value(value);
        out.write("</member>\n");
    }

    private void whole(long number) throws IOException {
        element(number == (int) number ? "int" : "biginteger", Long.toString(number));
    }

    private void element(String type, String text) throws IOException {
        out.write("<" + type + ">" + text + "</" + type + ">");
    }

    private void string(String text) throws IOException {
        if (!XmlText.isCarried(text)) {
            struct(TrytonClasses.struct(text));
        } else if (form == Form.TABLES) {
            text(text);
        } else {
            out.write("<string>");
            text(text);
            out.write("</string>");
        }
    }

    private void text(String text) throws IOException {
        XmlText.write(text, out);
    }
}
