package org.doctorbird.app.xmlrpc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.doctorbird.SyncException;
import org.jspecify.annotations.Nullable;

/// Reads the texts of XML-RPC's scalar elements.
final class Scalars {

    /// As many as PostgreSQL's numeric may have; more would cost a hostile sender little and us
    /// much.
    private static final int DIGITS_MAX = 150_000;

    private static final Pattern MOMENT =
            Pattern.compile(
                    "(\\d{4})-?(\\d{2})-?(\\d{2})T(\\d{2}):?(\\d{2}):?(\\d{2})(?:\\.(\\d{1,9}))?(Z|[+-]\\d{2}:?\\d{2})?");

    private Scalars() {}

    /// @param type the element's name
    /// @param text what stands in it
    /// @throws SyncException `REQUEST_MALFORMED` for an unknown type or a text that is not of its
    ///   type
    static @Nullable Object read(String type, String text) {
        try {
            return switch (type) {
                case "string" -> text;
                case "int", "i4", "i8", "i1", "i2", "biginteger" -> whole(text.strip());
                case "boolean" -> truth(text.strip());
                case "double", "float" -> number(text.strip());
                case "nil" -> nil(text);
                case "dateTime.iso8601" -> moment(text.strip());
                case "base64" -> bytes(text);
                case "bigdecimal" -> decimal(text.strip());
                default -> throw XmlRpcReader.malformed("a type that docs/protocol.md names");
            };
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            // The text is not quoted: it may be a patient's.
            throw XmlRpcReader.malformed("a text of the type " + type);
        }
    }

    static BigDecimal decimal(String text) {
        if (text.length() > DIGITS_MAX) {
            throw XmlRpcReader.tooLarge("a number with too many digits");
        }
        return new BigDecimal(text);
    }

    private static Object whole(String text) {
        if (text.length() <= 18) {
            return Long.valueOf(text);
        }
        if (text.length() > DIGITS_MAX) {
            throw XmlRpcReader.tooLarge("a number with too many digits");
        }
        var number = new BigInteger(text);
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    private static Boolean truth(String text) {
        return switch (text) {
            case "1", "true" -> true;
            case "0", "false" -> false;
            default -> throw new IllegalArgumentException("not a boolean");
        };
    }

    /// Python's words for what is no number are taken too.
    private static Double number(String text) {
        return switch (text) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.valueOf(text);
        };
    }

    private static @Nullable Object nil(String text) {
        if (!text.isBlank()) {
            throw new IllegalArgumentException("text in nil");
        }
        return null;
    }

    /// A moment without zone is UTC, as Tryton means it.
    private static LocalDateTime moment(String text) {
        Matcher parts = MOMENT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a moment");
        }
        String fraction = parts.group(7);
        LocalDateTime local =
                LocalDateTime.of(
                        number(parts, 1),
                        number(parts, 2),
                        number(parts, 3),
                        number(parts, 4),
                        number(parts, 5),
                        number(parts, 6),
                        fraction == null
                                ? 0
                                : Integer.parseInt((fraction + "00000000").substring(0, 9)));
        String zone = parts.group(8);
        return zone == null
                ? local
                : local.atOffset(ZoneOffset.of(zone))
                        .withOffsetSameInstant(ZoneOffset.UTC)
                        .toLocalDateTime();
    }

    private static int number(Matcher parts, int group) {
        return Integer.parseInt(parts.group(group));
    }

    /// The JDK's reader of MIME skips whatever is no base64; so only line breaks and spaces are
    /// taken out here.
    private static byte[] bytes(String text) {
        var packed = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char symbol = text.charAt(i);
            if (" \t\r\n".indexOf(symbol) < 0) {
                packed.append(symbol);
            }
        }
        return Base64.getDecoder().decode(packed.toString());
    }
}
