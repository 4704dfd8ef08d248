package org.doctorbird.app.compact;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.doctorbird.app.message.MethodResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORGenerator;
import tools.jackson.dataformat.cbor.CBORWriteFeature;

/// Writes one message in the compact encoding.
public final class CompactWriter {

    /// What a message is, by the number at its beginning.
    static final int CALL = 0;

    /// See [#CALL].
    static final int RESULT = 1;

    /// See [#CALL].
    static final int FAULT = 2;

    private static final CBORFactory FACTORY =
            CBORFactory.builder()
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .enable(CBORWriteFeature.ENCODE_USING_STANDARD_NEGATIVE_BIGINT_ENCODING)
                    .build();

    private final CBORGenerator out;
    private final Lists lists = new Lists(this);

    private CompactWriter(CBORGenerator out) {
        this.out = out;
    }

    private interface Body {
        void write(CompactWriter writer);
    }

    /// Writes a request.
    ///
    /// @param params trees of the values that [CompactReader] gives
    /// @param out not closed here, nor compressed streams finished
    /// @throws IllegalArgumentException for any other value
    public static void writeCall(
            OutputStream out, String method, List<? extends @Nullable Object> params)
            throws IOException {
        write(
                out,
                writer -> {
                    writer.array(3);
                    writer.out.writeNumber(CALL);
                    writer.text(method);
                    writer.list(params);
                    writer.end();
                });
    }

    /// Writes an answer.
    ///
    /// @param out not closed here, nor compressed streams finished
    /// @throws IllegalArgumentException for a value that is none of those that [CompactReader]
    ///   gives
    public static void writeResponse(OutputStream out, MethodResponse response) throws IOException {
        write(
                out,
                writer -> {
                    switch (response) {
                        case MethodResponse.Result(Object value) -> {
                            writer.array(2);
                            writer.out.writeNumber(RESULT);
                            writer.value(value);
                        }
                        case MethodResponse.Fault(int code, String text) -> {
                            writer.array(3);
                            writer.out.writeNumber(FAULT);
                            writer.out.writeNumber(code);
                            writer.text(text);
                        }
                    }
                    writer.end();
                });
    }

    private static void write(OutputStream out, Body body) throws IOException {
        try (var generator =
                (CBORGenerator) FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            body.write(new CompactWriter(generator));
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no tree of plain values", e);
        }
    }

    void array(int length) {
        var _ = out.writeStartArray(null, length);
    }

    void end() {
        var _ = out.writeEndArray();
    }

    void tag(int tag) {
        var _ = out.writeTag(tag);
    }

    void number(long number) {
        var _ = out.writeNumber(number);
    }

    void bytes(byte[] bytes) {
        var _ = out.writeBinary(bytes);
    }

    /// Writes a text as it is; each half of a broken surrogate pair becomes a question mark.
    void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var _ = out.writeUTF8String(bytes, 0, bytes.length);
    }

    void value(@Nullable Object value) {
        switch (value) {
            case null -> out.writeNull();
            case String text -> string(text);
            case Boolean truth -> out.writeBoolean(truth);
            case Long number -> number(number);
            case Integer number -> number(number);
            case BigInteger number when number.bitLength() < Long.SIZE ->
                    number(number.longValue());
            case BigInteger number -> out.writeNumber(number);
            case Double number -> out.writeNumber((double) number);
            case BigDecimal number -> out.writeNumber(number);
            case LocalDate date -> tagged(Kind.DATE, date);
            case LocalTime time -> tagged(Kind.TIME, time);
            case LocalDateTime moment -> tagged(Kind.MOMENT, moment);
            case Duration span -> {
                tag(Tags.SPAN);
                number(micros(span));
            }
            case byte[] bytes -> bytes(bytes);
            case List<?> elements -> list(elements);
            case Map<?, ?> members -> struct(members);
            default -> throw new IllegalArgumentException("no CBOR for " + value.getClass());
        }
    }

    private void tagged(Kind kind, Object value) {
        tag(kind.tag());
        number(kind.number(value));
    }

    private void string(String text) {
        Kind kind = Kind.ofText(text);
        if (kind.isNumber()) {
            tagged(kind, text);
            return;
        }
        Optional<byte[]> uid = PackedText.uid(text);
        if (uid.isPresent()) {
            tag(Tags.UID);
            bytes(uid.get());
        } else {
            text(text);
        }
    }

    /// By way of a double, as XML-RPC has it.
    private static long micros(Duration span) {
        return Math.round((double) span.toNanos() / 1e9 * 1e6);
    }

    void list(List<? extends @Nullable Object> elements) {
        if (!lists.write(elements)) {
            plain(elements);
        }
    }

    void plain(List<? extends @Nullable Object> elements) {
        array(elements.size());
        for (Object element : elements) {
            value(element);
        }
        end();
    }

    private void struct(Map<?, ?> members) {
        var _ = out.writeStartObject(null, members.size());
        for (Map.Entry<?, ?> member : members.entrySet()) {
            var _ = out.writeName(String.valueOf(member.getKey()));
            value(member.getValue());
        }
        var _ = out.writeEndObject();
    }
}
