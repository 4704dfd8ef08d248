package org.doctorbird.app.compact;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.message.BoundedInputStream;
import org.doctorbird.app.message.MalformedBodyException;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodCall;
import org.doctorbird.app.message.MethodResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORParser;
import tools.jackson.dataformat.cbor.CBORReadFeature;

/// Reads one message in the compact encoding. A hostile one costs no more than the limits allow: no
/// length is believed before the bytes are there, and a value that is written once and meant often
/// counts each time.
public final class CompactReader {

    /// Bounds a method's name.
    private static final int NAME_MAX = 300;

    /// As many as PostgreSQL's numeric may have.
    private static final int DIGITS_MAX = 150_000;

    /// The bits of so many digits.
    private static final int BITS_MAX = (int) (DIGITS_MAX * 3.3219281);

    /// The forms of lists lie within each other: a table's columns, a column's numbers.
    private static final int NESTING_PER_DEPTH = 4;

    private final CBORParser in;
    private final MessageLimits limits;
    private final ListReader lists;
    private int valuesLeft;
    private long bytesLeft;

    private CompactReader(CBORParser in, MessageLimits limits) {
        this.in = in;
        this.limits = limits;
        this.lists = new ListReader(this);
        this.valuesLeft = limits.valuesMax();
        this.bytesLeft = limits.bytesMax();
    }

    /// Reads a request.
    ///
    /// @param in read to its end, or less after a failure; not closed here
    /// @throws MalformedBodyException if it is not CBOR
    /// @throws SyncException `REQUEST_MALFORMED` if it is CBOR but no request, `REQUEST_TOO_LARGE`
    ///   beyond the limits
    /// @throws IOException if the stream breaks
    public static MethodCall readCall(InputStream in, MessageLimits limits) throws IOException {
        return read(in, limits, CompactReader::call);
    }

    /// Reads an answer.
    ///
    /// @param in read to its end, or less after a failure; not closed here
    /// @throws MalformedBodyException if it is not CBOR
    /// @throws SyncException `REQUEST_MALFORMED` if it is CBOR but no answer, `REQUEST_TOO_LARGE`
    ///   beyond the limits
    /// @throws IOException if the stream breaks
    public static MethodResponse readResponse(InputStream in, MessageLimits limits)
            throws IOException {
        return read(in, limits, CompactReader::response);
    }

    private interface Body<T> {
        T read(CompactReader reader);
    }

    private static <T> T read(InputStream in, MessageLimits limits, Body<T> body)
            throws IOException {
        var bounded = new BoundedInputStream(in, limits.bytesMax());
        try (var parser =
                (CBORParser) factory(limits).createParser(ObjectReadContext.empty(), bounded)) {
            T message = body.read(new CompactReader(parser, limits));
            if (parser.nextToken() != null) {
                throw new MalformedBodyException("CBOR to its end");
            }
            return message;
        } catch (JacksonException e) {
            bounded.rethrow();
            if (e instanceof JacksonIOException io) {
                throw io.getCause();
            }
            // The parser's own words are dropped: they may quote the message.
            throw new MalformedBodyException("well-formed CBOR");
        }
    }

    /// A factory for each message, without a memory for names: a hostile client's must not stay.
    private static CBORFactory factory(MessageLimits limits) {
        return CBORFactory.builder()
                .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .enable(CBORReadFeature.DECODE_USING_STANDARD_NEGATIVE_BIGINT_ENCODING)
                .enable(CBORReadFeature.READ_UNDEFINED_AS_EMBEDDED_OBJECT)
                .enable(CBORReadFeature.READ_SIMPLE_VALUE_AS_EMBEDDED_OBJECT)
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxNestingDepth(NESTING_PER_DEPTH * (limits.depthMax() + 2))
                                .maxNumberLength(DIGITS_MAX)
                                .maxStringLength(
                                        (int) Math.min(limits.bytesMax(), Integer.MAX_VALUE))
                                .build())
                .build();
    }

    private MethodCall call() {
        begin(CompactWriter.CALL);
        String method = text();
        if (method.isEmpty() || method.length() > NAME_MAX) {
            throw malformed("a method's name of 1 to " + NAME_MAX + " characters");
        }
        // The parameters are no value of their own.
        List<@Nullable Object> params = lists.elements(next(), 0);
        end();
        return new MethodCall(method, params);
    }

    private MethodResponse response() {
        begin(-1);
        long form = in.getLongValue();
        MethodResponse response;
        if (form == CompactWriter.RESULT) {
            response = new MethodResponse.Result(value(next(), 0));
        } else if (form == CompactWriter.FAULT) {
            long code = whole();
            response = new MethodResponse.Fault((int) code, text());
        } else {
            throw malformed("a result or a fault");
        }
        end();
        return response;
    }

    /// Reads a message's beginning.
    ///
    /// @param form that it must have; -1 for any
    private void begin(int form) {
        if (next() != JsonToken.START_ARRAY || tag() != Tags.NONE) {
            throw malformed("an array");
        }
        long found = whole();
        if (form >= 0 && found != form) {
            throw malformed("the number " + form + " first");
        }
    }

    JsonToken next() {
        JsonToken token = in.nextToken();
        if (token == null) {
            throw malformed("a whole message");
        }
        return token;
    }

    /// Returns the tag of the current value.
    ///
    /// @throws SyncException `REQUEST_MALFORMED` if it has several
    int tag() {
        CBORParser.TagList tags = in.getCurrentTags();
        if (tags.size() > 1) {
            throw malformed("one tag at most");
        }
        return tags.isEmpty() ? Tags.NONE : tags.getFirstTag();
    }

    void end() {
        if (next() != JsonToken.END_ARRAY) {
            throw malformed("the end of an array");
        }
    }

    /// Reads a text without tag.
    String text() {
        return text(next());
    }

    String text(JsonToken token) {
        if (token != JsonToken.VALUE_STRING || tag() != Tags.NONE) {
            throw malformed("a text");
        }
        return in.getString();
    }

    /// Reads an integer of 64 bits without tag.
    long whole() {
        return whole(next());
    }

    /// Returns the integer that is the current value, whatever its tag.
    long number() {
        if (in.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw malformed("an integer");
        }
        return in.getLongValue();
    }

    long whole(JsonToken token) {
        if (token != JsonToken.VALUE_NUMBER_INT || tag() != Tags.NONE) {
            throw malformed("an integer");
        }
        return number();
    }

    /// Returns the bytes that are the current value.
    byte[] bytes() {
        if (in.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT
                && in.getEmbeddedObject() instanceof byte[] bytes) {
            return bytes;
        }
        throw malformed("bytes");
    }

    /// Reads bytes without tag.
    byte[] bareBytes(JsonToken token) {
        if (token != JsonToken.VALUE_EMBEDDED_OBJECT || tag() != Tags.NONE) {
            throw malformed("bytes");
        }
        return bytes();
    }

    /// Reads one value whose first token was read.
    @Nullable Object value(JsonToken token, int depth) {
        count(1);
        int tag = tag();
        return switch (token) {
            case START_ARRAY -> lists.elements(token, inside(depth));
            case START_OBJECT -> {
                requireNone(tag);
                yield struct(inside(depth));
            }
            case VALUE_NULL -> {
                requireNone(tag);
                yield null;
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                requireNone(tag);
                yield token == JsonToken.VALUE_TRUE;
            }
            case VALUE_STRING -> {
                requireNone(tag);
                yield in.getString();
            }
            case VALUE_NUMBER_INT ->
                    tag == Tags.AGAIN ? lists.elements(token, inside(depth)) : integer(tag);
            case VALUE_NUMBER_FLOAT -> fraction(tag);
            case VALUE_EMBEDDED_OBJECT -> bytes(tag);
            default -> throw malformed("a value");
        };
    }

    private static void requireNone(int tag) {
        if (tag != Tags.NONE) {
            throw malformed("a tag that docs/protocol.md names");
        }
    }

    private Object integer(int tag) {
        if (in.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            if (tag != Tags.NONE && tag != Tags.POSITIVE && tag != Tags.NEGATIVE) {
                throw malformed("a number of 64 bits");
            }
            BigInteger number = bounded(in.getBigIntegerValue());
            return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
        }
        long number = in.getLongValue();
        return switch (tag) {
            case Tags.NONE, Tags.POSITIVE, Tags.NEGATIVE -> number;
            case Tags.DATE -> packed(Kind.DATE, number);
            case Tags.TIME -> packed(Kind.TIME, number);
            case Tags.STAMP -> packed(Kind.STAMP, number);
            case Tags.MOMENT -> packed(Kind.MOMENT, number);
            case Tags.SPAN -> Duration.of(number, ChronoUnit.MICROS);
            default -> throw malformed("a tag that docs/protocol.md names");
        };
    }

    static Object packed(Kind kind, long number) {
        try {
            return kind.value(number);
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
            throw malformed("a number that stands for a value");
        }
    }

    private static BigInteger bounded(BigInteger number) {
        if (number.bitLength() > BITS_MAX) {
            throw tooLarge("a number with too many digits");
        }
        return number;
    }

    /// A decimal fraction is the only way to a BigDecimal; the parser has used its tag up.
    private Object fraction(int tag) {
        if (in.getNumberType() == JsonParser.NumberType.BIG_DECIMAL) {
            BigDecimal number = in.getDecimalValue();
            var _ = bounded(number.unscaledValue());
            return number;
        }
        requireNone(tag);
        return in.getDoubleValue();
    }

    private Object bytes(int tag) {
        if (tag != Tags.UID) {
            requireNone(tag);
            return bytes();
        }
        byte[] uid = bytes();
        if (uid.length != PackedText.UID_BYTES) {
            throw malformed("16 bytes");
        }
        return PackedText.uid(uid, 0);
    }

    private Map<String, @Nullable Object> struct(int depth) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            if (members.containsKey(name)) {
                throw malformed("no member twice in a struct");
            }
            members.put(name, value(next(), depth));
        }
        if (in.currentToken() != JsonToken.END_OBJECT) {
            throw malformed("the end of a struct");
        }
        return members;
    }

    /// Returns the depth of what lies in a struct or array at `depth`.
    int inside(int depth) {
        if (depth + 1 > limits.depthMax()) {
            throw tooLarge("too deep").with("limit", limits.depthMax());
        }
        return depth + 1;
    }

    /// Counts values of the tree.
    void count(long values) {
        if (values > valuesLeft) {
            throw tooLarge("too many values").with("limit", limits.valuesMax());
        }
        valuesLeft -= (int) values;
    }

    /// Counts what a text or name takes that is written once and meant once more.
    void countAgain(long bytes) {
        bytesLeft -= bytes;
        if (bytesLeft < 0) {
            throw tooLarge("a message with too many bytes").with("limit", limits.bytesMax());
        }
    }

    /// Reads a list that is no part of the tree, so that its elements do not count in the end.
    ///
    /// @throws SyncException `REQUEST_TOO_LARGE` if it has more elements than the tree may still
    ///   have values
    List<@Nullable Object> apart(int depth) {
        int before = valuesLeft;
        List<@Nullable Object> elements = lists.elements(next(), depth);
        valuesLeft = before;
        return elements;
    }

    /// As [#apart], for a list of integers.
    List<Long> numbers(int depth) {
        var numbers = new ArrayList<Long>();
        for (Object element : apart(depth)) {
            if (!(element instanceof Long number)) {
                throw malformed("integers");
            }
            numbers.add(number);
        }
        return numbers;
    }

    static SyncException malformed(String expected) {
        return new SyncException(ErrorCode.REQUEST_MALFORMED, "the CBOR is no message")
                .with("expected", expected);
    }

    private static SyncException tooLarge(String what) {
        return new SyncException(ErrorCode.REQUEST_TOO_LARGE, "the message is " + what);
    }
}
