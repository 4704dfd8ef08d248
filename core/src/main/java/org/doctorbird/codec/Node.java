package org.doctorbird.codec;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.record.ETag;
import org.jspecify.annotations.Nullable;

/// One place in a message that came, for reading it with errors that name the place and never quote
/// what stands there.
///
/// Every reading method throws [SyncException] with the message's code if something else stands
/// there.
///
/// @param value what stands there
/// @param parent the place around it; null for the outermost
/// @param step the member's name or the number in its list, or the name of the outermost
/// @param code `REQUEST_MALFORMED` in a request, `CENTRAL_FAILED` in an answer
record Node(@Nullable Object value, @Nullable Node parent, Object step, ErrorCode code) {

    /// The most records, receipts or names in one message.
    static final int LIST_MAX = 10_000;

    static Node ofRequest(@Nullable Object value, String name) {
        return new Node(value, null, name, ErrorCode.REQUEST_MALFORMED);
    }

    static Node ofAnswer(@Nullable Object value) {
        return new Node(value, null, "answer", ErrorCode.CENTRAL_FAILED);
    }

    boolean isNil() {
        return value == null;
    }

    boolean isStruct() {
        return value instanceof Map;
    }

    /// Returns the member; nil if the struct has none of that name.
    Node member(String name) {
        return new Node(struct().get(name), this, name, code);
    }

    /// Returns the member unless it is missing or nil.
    Optional<Node> optional(String name) {
        Node member = member(name);
        return member.isNil() ? Optional.empty() : Optional.of(member);
    }

    Map<?, ?> struct() {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw expected("a struct");
    }

    /// Reads each element of the list.
    <T> List<T> list(Function<Node, T> read) {
        if (!(value instanceof List<?> elements)) {
            throw expected("an array");
        }
        if (elements.size() > LIST_MAX && code == ErrorCode.REQUEST_MALFORMED) {
            throw new SyncException(ErrorCode.REQUEST_TOO_LARGE, "too many elements in an array")
                    .with("at", place())
                    .with("limit", LIST_MAX);
        }
        var results = new ArrayList<T>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            results.add(read.apply(new Node(elements.get(i), this, i, code)));
        }
        return results;
    }

    /// Returns the elements of a list of that length.
    List<Node> tuple(int length) {
        List<Node> elements = list(Function.identity());
        if (elements.size() != length) {
            throw expected("an array of " + length);
        }
        return elements;
    }

    String string() {
        if (value instanceof String text) {
            return text;
        }
        throw expected("a string");
    }

    boolean truth() {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw expected("a boolean");
    }

    /// Reads a whole number, also one that travels as text because it may pass 32 bits.
    long number() {
        try {
            return switch (value) {
                case Long number -> number;
                case Integer number -> number;
                case BigInteger number -> number.longValueExact();
                case String text -> Long.parseLong(text);
                case null, default -> throw expected("a whole number");
            };
        } catch (ArithmeticException | NumberFormatException e) {
            throw expected("a whole number");
        }
    }

    /// Reads a whole number within bounds.
    int number(int first, int last) {
        long number = number();
        if (number < first || number > last) {
            throw expected("a whole number from " + first + " to " + last);
        }
        return (int) number;
    }

    UUID uid() {
        String text = string();
        try {
            UUID uid = UUID.fromString(text);
            if (text.length() == 36) {
                return uid;
            }
        } catch (IllegalArgumentException e) {
            // Said below, without quoting the text.
        }
        throw expected("a uid");
    }

    ETag etag() {
        return parsed(ETag::parse, "an ETag");
    }

    <T> T parsed(Function<String, T> parse, String what) {
        String text = string();
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            throw expected(what);
        }
    }

    SyncException expected(String what) {
        return new SyncException(code, "the message is not as docs/protocol.md says")
                .with("at", place())
                .with("expected", what);
    }

    /// Returns the place, such as `records[3].uid`. A name that a sender chose is shown only if it
    /// may be a field's.
    private String place() {
        if (parent == null) {
            return step.toString();
        }
        return step instanceof Integer
                ? parent.place() + "[" + step + "]"
                : parent.place() + "." + step;
    }
}
