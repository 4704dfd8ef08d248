package org.doctorbird.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.record.FieldKind;
import org.jspecify.annotations.Nullable;

/// Values between PostgreSQL's text form and the types that Tryton's wire knows.
///
/// A value takes its natural type only if turning it back gives exactly the same text; otherwise
/// the text itself travels as a string. So nothing is lost, by construction, and the receiver needs
/// no knowledge of the field. Source: `docs/protocol.md`, "Values".
public final class Natural {

    /// Longer numbers travel as text: PostgreSQL's numeric has up to 131,072 digits before the
    /// point and 16,383 after it.
    static final int DIGITS_MAX = 150_000;

    private static final HexFormat HEX = HexFormat.of();

    private Natural() {}

    /// Returns the value that travels.
    ///
    /// @param text PostgreSQL's text form (ISO dates, UTC, bytea in hex), or null
    /// @return null, Boolean, Long, Double, BigDecimal, LocalDate, LocalTime (whole microseconds),
    ///   LocalDateTime (whole seconds, years 1 to 9999), byte[] or String
    public static @Nullable Object of(FieldKind kind, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (kind) {
            case BOOLEAN -> truth(text);
            case BINARY -> bytes(text);
            case REFERENCE, TEXT -> text;
            case INTEGER, FLOAT, NUMERIC, DATE, TIME, TIMESTAMP -> parsed(kind, text);
        };
    }

    /// Returns PostgreSQL's text form of a value that came.
    ///
    /// @param value any of the types that [#of] gives, or BigInteger, Integer, Float or Duration
    /// @throws SyncException `VALUE_MALFORMED` for any other type, for a text with a zero
    ///   character, which PostgreSQL cannot hold, and for a number of more than 150,000 digits
    public static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String string -> checked(string);
            case Boolean truth -> truth ? "true" : "false";
            case Long number -> number.toString();
            case Integer number -> number.toString();
            case BigInteger number -> plain(new BigDecimal(number));
            case BigDecimal number -> plain(number);
            case Double number -> FloatText.of(number);
            case Float number -> FloatText.of(number);
            case byte[] bytes -> "\\x" + HEX.formatHex(bytes);
            case LocalDate date -> date.toString();
            case LocalTime time -> timeText(time);
            case LocalDateTime moment ->
                    moment.toLocalDate() + " " + timeText(moment.toLocalTime());
            case Duration span -> IntervalText.of(span);
            default -> throw malformed("a value of a kind that no column holds");
        };
    }

    private static Object truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> text;
        };
    }

    private static Object bytes(String text) {
        if (!text.startsWith("\\x") || text.length() % 2 != 0) {
            return text;
        }
        for (int i = 2; i < text.length(); i++) {
            if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
                return text;
            }
        }
        return HEX.parseHex(text, 2, text.length());
    }

    private static Object parsed(FieldKind kind, String text) {
        if (text.isEmpty() || text.length() > DIGITS_MAX) {
            return text;
        }
        try {
            @Nullable Object natural =
                    switch (kind) {
                        case INTEGER -> Long.valueOf(text);
                        case FLOAT -> FloatText.parse(text);
                        case NUMERIC ->
                                Character.isLetter(text.charAt(0)) ? null : new BigDecimal(text);
                        case DATE -> text.length() == 10 ? inRange(LocalDate.parse(text)) : null;
                        case TIME -> LocalTime.parse(text);
                        case TIMESTAMP -> text.length() == 19 ? moment(text) : null;
                        case BOOLEAN, BINARY, REFERENCE, TEXT -> null;
                    };
            return natural != null && text.equals(text(natural)) ? natural : text;
        } catch (NumberFormatException | DateTimeException | SyncException e) {
            return text;
        }
    }

    private static LocalDateTime moment(String text) {
        LocalDate date = inRange(LocalDate.parse(text.substring(0, 10)));
        return date.atTime(LocalTime.parse(text.substring(11)));
    }

    private static LocalDate inRange(LocalDate date) {
        if (date.getYear() < 1 || date.getYear() > 9999) {
            throw new DateTimeException("a year that Python's dates do not have");
        }
        return date;
    }

    private static String timeText(LocalTime time) {
        String whole = time.truncatedTo(ChronoUnit.SECONDS).toString();
        String seconds = whole.length() == 5 ? whole + ":00" : whole;
        int micros = time.get(ChronoField.MICRO_OF_SECOND);
        return micros == 0 ? seconds : seconds + "." + fraction(micros);
    }

    /// Returns the digits after the point, without zeros at the end.
    ///
    /// @param micros 1 to 999,999
    static String fraction(int micros) {
        String digits = Integer.toString(1_000_000 + micros).substring(1);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(0, end);
    }

    private static String plain(BigDecimal number) {
        long digits = Math.max(number.precision(), Math.abs((long) number.scale()));
        if (digits > DIGITS_MAX) {
            throw malformed("a number with too many digits");
        }
        return number.toPlainString();
    }

    private static String checked(String text) {
        if (text.indexOf('\0') >= 0) {
            throw malformed("a text with a zero character");
        }
        return text;
    }

    private static SyncException malformed(String what) {
        return new SyncException(ErrorCode.VALUE_MALFORMED, what);
    }
}
