package org.doctorbird.app.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.doctorbird.app.compact.CompactReader;
import org.doctorbird.app.compact.CompactWriter;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodCall;
import org.doctorbird.app.message.MethodResponse;
import org.doctorbird.app.xmlrpc.XmlRpcReader;
import org.doctorbird.app.xmlrpc.XmlRpcWriter;
import org.doctorbird.app.xmlrpc.XmlRpcWriter.Form;
import org.jspecify.annotations.Nullable;

/// How messages become bytes. All of them carry the same trees.
public enum Encoding {

    /// XML-RPC as Tryton speaks it; everybody understands it.
    XML("text/xml", "text/xml;charset=utf-8"),

    /// XML-RPC with lists of structs by column; for instances of Doctorbird.
    XML_TABLES("text/xml;tables=1", "text/xml;charset=utf-8;tables=1"),

    /// CBOR, column by column; for instances of Doctorbird.
    COMPACT("application/vnd.doctorbird.v1+cbor", "application/vnd.doctorbird.v1+cbor");

    private final String mediaType;
    private final String contentType;

    Encoding(String mediaType, String contentType) {
        this.mediaType = mediaType;
        this.contentType = contentType;
    }

    String mediaType() {
        return mediaType;
    }

    /// Returns the header's value.
    String contentType() {
        return contentType;
    }

    /// Returns the encoding that a header names; empty if it names none of them.
    ///
    /// @param header the value of `Content-Type` or `Accept`
    static Optional<Encoding> of(String header) {
        String text = header.toLowerCase(Locale.ROOT);
        if (text.contains(COMPACT.mediaType)) {
            return Optional.of(COMPACT);
        }
        if (text.contains("xml")) {
            return Optional.of(text.contains("tables=1") ? XML_TABLES : XML);
        }
        return Optional.empty();
    }

    MethodCall readCall(InputStream in, MessageLimits limits) throws IOException {
        return switch (this) {
            case XML, XML_TABLES -> XmlRpcReader.readCall(in, limits);
            case COMPACT -> CompactReader.readCall(in, limits);
        };
    }

    MethodResponse readResponse(InputStream in, MessageLimits limits) throws IOException {
        return switch (this) {
            case XML, XML_TABLES -> XmlRpcReader.readResponse(in, limits);
            case COMPACT -> CompactReader.readResponse(in, limits);
        };
    }

    /// @param out not closed here
    void writeCall(OutputStream out, String method, List<? extends @Nullable Object> params)
            throws IOException {
        switch (this) {
            case XML -> XmlRpcWriter.writeCall(out, Form.PLAIN, method, params);
            case XML_TABLES -> XmlRpcWriter.writeCall(out, Form.TABLES, method, params);
            case COMPACT -> CompactWriter.writeCall(out, method, params);
        }
    }

    /// @param out not closed here
    void writeResponse(OutputStream out, MethodResponse response) throws IOException {
        switch (this) {
            case XML -> XmlRpcWriter.writeResponse(out, Form.PLAIN, response);
            case XML_TABLES -> XmlRpcWriter.writeResponse(out, Form.TABLES, response);
            case COMPACT -> CompactWriter.writeResponse(out, response);
        }
    }
}
