package org.doctorbird.app.xmlrpc;

import com.fasterxml.aalto.UncheckedStreamException;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.message.BoundedInputStream;
import org.doctorbird.app.message.MalformedBodyException;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodCall;
import org.doctorbird.app.message.MethodResponse;
import org.jspecify.annotations.Nullable;

/// Reads one message. A hostile one costs no more than the limits allow: there are no entities
/// beyond XML's five, no document type, and reading stops at the first thing that does not belong.
public final class XmlRpcReader {

    /// Bounds a method's name.
    private static final int NAME_MAX = 300;

    private final XMLStreamReader xml;
    private final MessageLimits limits;
    private int valuesLeft;

    private XmlRpcReader(XMLStreamReader xml, MessageLimits limits) {
        this.xml = xml;
        this.limits = limits;
        this.valuesLeft = limits.valuesMax();
    }

    /// Reads a request.
    ///
    /// @param in read to the end of the message, or less after a failure; not closed here
    /// @throws MalformedBodyException if it is not XML
    /// @throws SyncException `REQUEST_MALFORMED` if it is XML but no request, `REQUEST_TOO_LARGE`
    ///   beyond the limits
    /// @throws IOException if the stream breaks
    public static MethodCall readCall(InputStream in, MessageLimits limits) throws IOException {
        return read(in, limits, XmlRpcReader::call);
    }

    /// Reads an answer.
    ///
    /// @param in read to the end of the message, or less after a failure; not closed here
    /// @throws MalformedBodyException if it is not XML
    /// @throws SyncException `REQUEST_MALFORMED` if it is XML but no answer, `REQUEST_TOO_LARGE`
    ///   beyond the limits
    /// @throws IOException if the stream breaks
    public static MethodResponse readResponse(InputStream in, MessageLimits limits)
            throws IOException {
        return read(in, limits, XmlRpcReader::response);
    }

    private interface Body<T> {
        T read(XmlRpcReader reader) throws XMLStreamException;
    }

    private static <T> T read(InputStream in, MessageLimits limits, Body<T> body)
            throws IOException {
        // A factory for each message: it remembers names, and a hostile client's names must not
        // stay.
        XMLInputFactory factory = new InputFactoryImpl();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        var bounded = new BoundedInputStream(in, limits.bytesMax());
        try {
            var reader = new XmlRpcReader(factory.createXMLStreamReader(bounded), limits);
            T message = body.read(reader);
            reader.end();
            return message;
        } catch (XMLStreamException | UncheckedStreamException e) {
            bounded.rethrow();
            // The parser's own words are dropped: they quote the message.
            throw new MalformedBodyException("well-formed XML");
        }
    }

    private MethodCall call() throws XMLStreamException {
        open("methodCall");
        open("methodName");
        String method = text("methodName").strip();
        if (method.isEmpty() || method.length() > NAME_MAX) {
            throw malformed("a method's name of 1 to " + NAME_MAX + " characters");
        }
        var params = new ArrayList<@Nullable Object>();
        if (opensOrCloses("params", "methodCall")) {
            while (opensOrCloses("param", "params")) {
                params.add(onlyValue("param"));
            }
            close("methodCall");
        }
        return new MethodCall(method, params);
    }

    private MethodResponse response() throws XMLStreamException {
        open("methodResponse");
        MethodResponse response;
        if (opens("params", "fault")) {
            open("param");
            response = new MethodResponse.Result(onlyValue("param"));
            close("params");
        } else {
            response = fault(onlyValue("fault"));
        }
        close("methodResponse");
        return response;
    }

    private static MethodResponse fault(@Nullable Object value) {
        if (value instanceof Map<?, ?> struct
                && struct.get("faultCode") instanceof Long code
                && struct.get("faultString") instanceof String text) {
            return new MethodResponse.Fault(code.intValue(), text);
        }
        throw malformed("a fault with faultCode and faultString");
    }

    private @Nullable Object onlyValue(String around) throws XMLStreamException {
        open("value");
        Object value = value(0);
        close(around);
        return value;
    }

    /// Reads what stands in a `value` element, whose start was read, and its end.
    private @Nullable Object value(int depth) throws XMLStreamException {
        count();
        var text = new StringBuilder();
        while (true) {
            switch (xml.next()) {
                case XMLStreamConstants.CHARACTERS,
                        XMLStreamConstants.CDATA,
                        XMLStreamConstants.SPACE ->
                        text.append(xml.getText());
                case XMLStreamConstants.START_ELEMENT -> {
                    if (!isBlank(text)) {
                        throw malformed("either a text or an element in a value");
                    }
                    Object typed = typed(xml.getLocalName(), depth);
                    close("value");
                    return typed;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return text.toString();
                }
                default -> skipOther();
            }
        }
    }

    private @Nullable Object typed(String type, int depth) throws XMLStreamException {
        return switch (type) {
            case "array" -> array(inside(depth));
            case "struct" -> TrytonClasses.value(struct(inside(depth)));
            default -> Scalars.read(type, text(type));
        };
    }

    private int inside(int depth) {
        if (depth + 1 > limits.depthMax()) {
            throw tooLarge("too deep").with("limit", limits.depthMax());
        }
        return depth + 1;
    }

    private List<@Nullable Object> array(int depth) throws XMLStreamException {
        var elements = new ArrayList<@Nullable Object>();
        open("data");
        while (opensOrCloses("value", "data")) {
            elements.add(value(depth));
        }
        close("array");
        return elements;
    }

    private Map<String, @Nullable Object> struct(int depth) throws XMLStreamException {
        var members = new LinkedHashMap<String, @Nullable Object>();
        while (opensOrCloses("member", "struct")) {
            open("name");
            String name = text("name");
            open("value");
            if (members.containsKey(name)) {
                throw malformed("no member twice in a struct");
            }
            members.put(name, value(depth));
            close("member");
        }
        return members;
    }

    private void count() {
        if (--valuesLeft < 0) {
            throw tooLarge("too many values").with("limit", limits.valuesMax());
        }
    }

    /// Reads the text of an element, whose start was read, and its end.
    private String text(String element) throws XMLStreamException {
        @Nullable String first = null;
        @Nullable StringBuilder more = null;
        while (true) {
            switch (xml.next()) {
                case XMLStreamConstants.CHARACTERS,
                        XMLStreamConstants.CDATA,
                        XMLStreamConstants.SPACE -> {
                    if (first == null) {
                        first = xml.getText();
                    } else {
                        more = more == null ? new StringBuilder(first) : more;
                        more.append(xml.getText());
                    }
                }
                case XMLStreamConstants.START_ELEMENT -> throw malformed("only text in " + element);
                case XMLStreamConstants.END_ELEMENT -> {
                    return more != null ? more.toString() : first != null ? first : "";
                }
                default -> skipOther();
            }
        }
    }

    private void open(String element) throws XMLStreamException {
        if (!opensOrCloses(element, "")) {
            throw malformed("the element " + element);
        }
    }

    /// Reads the start of the first element (true) or of the other one (false).
    private boolean opens(String element, String other) throws XMLStreamException {
        if (nextTag() == XMLStreamConstants.START_ELEMENT) {
            if (xml.getLocalName().equals(element)) {
                return true;
            }
            if (xml.getLocalName().equals(other)) {
                return false;
            }
        }
        throw malformed("the element " + element + " or " + other);
    }

    /// Reads the start of the element (true) or the end of the one around it (false).
    private boolean opensOrCloses(String element, String around) throws XMLStreamException {
        if (nextTag() == XMLStreamConstants.END_ELEMENT) {
            if (xml.getLocalName().equals(around)) {
                return false;
            }
        } else if (xml.getLocalName().equals(element)) {
            return true;
        }
        throw malformed("the element " + element);
    }

    private void close(String element) throws XMLStreamException {
        if (nextTag() != XMLStreamConstants.END_ELEMENT) {
            throw malformed("the end of " + element);
        }
    }

    private int nextTag() throws XMLStreamException {
        while (true) {
            int event = xml.next();
            switch (event) {
                case XMLStreamConstants.START_ELEMENT, XMLStreamConstants.END_ELEMENT -> {
                    return event;
                }
                case XMLStreamConstants.CHARACTERS,
                        XMLStreamConstants.CDATA,
                        XMLStreamConstants.SPACE -> {
                    if (!isBlank(xml.getText())) {
                        throw malformed("no text between elements");
                    }
                }
                default -> skipOther();
            }
        }
    }

    private void end() throws XMLStreamException {
        while (xml.next() != XMLStreamConstants.END_DOCUMENT) {
            // Only comments and space may follow; the parser sees to that.
        }
    }

    private void skipOther() throws XMLStreamException {
        switch (xml.getEventType()) {
            case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> {}
            default -> throw new XMLStreamException("document type, entity or early end");
        }
    }

    private static boolean isBlank(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (" \t\r\n".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    static SyncException malformed(String expected) {
        return new SyncException(ErrorCode.REQUEST_MALFORMED, "the XML is no XML-RPC message")
                .with("expected", expected);
    }

    static SyncException tooLarge(String what) {
        return new SyncException(ErrorCode.REQUEST_TOO_LARGE, "the message is " + what);
    }
}
