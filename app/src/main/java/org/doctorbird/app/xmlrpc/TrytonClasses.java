package org.doctorbird.app.xmlrpc;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.jspecify.annotations.Nullable;

/// The structs with a member `__class__` in which Tryton sends values that XML-RPC has no type for,
/// and two of our own: for texts with characters that XML cannot carry, and [Tables].
final class TrytonClasses {

    static final String CLASS = "__class__";

    private static final long MICROS_PER_SECOND = 1_000_000;

    private TrytonClasses() {}

    /// Returns the value that a struct stands for. A struct that stands for none stays a struct:
    /// whoever expects a value there says so, and the other records of the message are not touched
    /// by it.
    static Object value(Map<String, @Nullable Object> struct) {
        if (!(struct.get(CLASS) instanceof String name)) {
            return struct;
        }
        try {
            return switch (name) {
                case "Decimal" -> decimal(struct);
                case "date" -> date(struct);
                case "time" -> time(struct);
                case "datetime" -> LocalDateTime.of(date(struct), time(struct));
                case "timedelta" -> span(struct);
                case "text" -> text(struct);
                case Tables.CLASS -> Tables.list(struct);
                default -> struct;
            };
        } catch (DateTimeException
                | ArithmeticException
                | IllegalArgumentException
                | CharacterCodingException e) {
            return struct;
        } catch (SyncException e) {
            if (e.code() == ErrorCode.REQUEST_MALFORMED) {
                return struct;
            }
            throw e;
        }
    }

    static Map<String, Object> struct(BigDecimal number) {
        return begin("Decimal", "decimal", number.toString());
    }

    static Map<String, Object> struct(LocalDate date) {
        Map<String, Object> struct = begin("date", "year", date.getYear());
        struct.put("month", date.getMonthValue());
        struct.put("day", date.getDayOfMonth());
        return struct;
    }

    static Map<String, Object> struct(LocalTime time) {
        Map<String, Object> struct = begin("time", "hour", time.getHour());
        struct.put("minute", time.getMinute());
        struct.put("second", time.getSecond());
        struct.put("microsecond", time.getNano() / 1_000);
        return struct;
    }

    static Map<String, Object> struct(Duration span) {
        return begin("timedelta", "seconds", (double) span.toNanos() / 1e9);
    }

    /// @param text with characters that XML cannot carry; each half of a broken surrogate pair
    ///   becomes a question mark
    static Map<String, Object> struct(String text) {
        return begin("text", "base64", text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> begin(String name, String member, Object value) {
        var struct = new LinkedHashMap<String, Object>();
        struct.put(CLASS, name);
        struct.put(member, value);
        return struct;
    }

    private static BigDecimal decimal(Map<String, @Nullable Object> struct) {
        if (struct.get("decimal") instanceof String text) {
            return Scalars.decimal(text);
        }
        throw new IllegalArgumentException("no decimal");
    }

    private static LocalDate date(Map<String, @Nullable Object> struct) {
        LocalDate date =
                LocalDate.of(whole(struct, "year"), whole(struct, "month"), whole(struct, "day"));
        if (date.getYear() < 1 || date.getYear() > 9999) {
            throw new DateTimeException("year");
        }
        return date;
    }

    private static LocalTime time(Map<String, @Nullable Object> struct) {
        return LocalTime.of(
                whole(struct, "hour"),
                whole(struct, "minute"),
                whole(struct, "second"),
                Math.multiplyExact(
                        struct.containsKey("microsecond") ? whole(struct, "microsecond") : 0,
                        1_000));
    }

    private static Duration span(Map<String, @Nullable Object> struct) {
        return switch (struct.get("seconds")) {
            case Long seconds -> Duration.ofSeconds(seconds);
            case Double seconds when Math.abs(seconds) < 1e12 -> {
                long micros = Math.round(seconds * MICROS_PER_SECOND);
                yield Duration.ofSeconds(
                        Math.floorDiv(micros, MICROS_PER_SECOND),
                        Math.floorMod(micros, MICROS_PER_SECOND) * 1_000);
            }
            case null, default -> throw new IllegalArgumentException("no seconds");
        };
    }

    private static String text(Map<String, @Nullable Object> struct)
            throws CharacterCodingException {
        if (struct.get("base64") instanceof byte[] bytes) {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
        throw new IllegalArgumentException("no base64");
    }

    private static int whole(Map<String, @Nullable Object> struct, String member) {
        if (struct.get(member) instanceof Long number) {
            return Math.toIntExact(number);
        }
        throw new IllegalArgumentException("no " + member);
    }
}
