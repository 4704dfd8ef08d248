package org.doctorbird.app.compact;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.doctorbird.record.ETag;

/// Texts that are numbers or bytes in truth. A text is packed only if unpacking gives exactly the
/// same text.
final class PackedText {

    /// Of a UUID.
    static final int UID_BYTES = 16;

    private static final int UID_LENGTH = 36;
    private static final String UID_FORM = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    /// `1.000000` to `9223372036854.775807`.
    private static final int STAMP_LENGTH_MAX = 20;

    private static final String MOMENT_FORM = "dddd-dd-dd dd:dd:dd.";
    private static final int MICROS = 1_000_000;

    private PackedText() {}

    /// Returns the 16 bytes of a UUID in lower case.
    static Optional<byte[]> uid(String text) {
        if (text.length() != UID_LENGTH) {
            return Optional.empty();
        }
        var bytes = new byte[UID_BYTES];
        int count = 0;
        for (int i = 0; i < UID_LENGTH; i++) {
            char symbol = text.charAt(i);
            if (UID_FORM.charAt(i) == '-') {
                if (symbol != '-') {
                    return Optional.empty();
                }
                continue;
            }
            int digit = symbol >= 'a' && symbol <= 'f' ? symbol - 'a' + 10 : symbol - '0';
            if (digit < 0 || digit > 15 || (digit > 9 && symbol < 'a')) {
                return Optional.empty();
            }
            bytes[count >> 1] |= (byte) (digit << ((count & 1) == 0 ? 4 : 0));
            count++;
        }
        return Optional.of(bytes);
    }

    /// @param bytes 16 of them from `offset` are read
    static String uid(byte[] bytes, int offset) {
        var buffer = ByteBuffer.wrap(bytes, offset, UID_BYTES);
        return new UUID(buffer.getLong(), buffer.getLong()).toString();
    }

    /// Returns the microseconds of an ETag's text.
    static OptionalLong stamp(String text) {
        int point = text.length() - 7;
        if (point < 1 || text.length() > STAMP_LENGTH_MAX || text.charAt(point) != '.') {
            return OptionalLong.empty();
        }
        if (text.charAt(0) == '0' && point > 1) {
            return OptionalLong.empty();
        }
        long micros = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (i == point) {
                continue;
            }
            if (digit < 0 || digit > 9 || micros > (Long.MAX_VALUE - digit) / 10) {
                return OptionalLong.empty();
            }
            micros = 10 * micros + digit;
        }
        return OptionalLong.of(micros);
    }

    /// @param micros 0 or more
    static String stamp(long micros) {
        return new ETag(micros).text();
    }

    /// Returns the microseconds since 1970 of a moment in PostgreSQL's text form, with a fraction
    /// of a second.
    static OptionalLong moment(String text) {
        int point = MOMENT_FORM.length() - 1;
        if (text.length() < point + 2
                || text.length() > point + 7
                || text.charAt(text.length() - 1) == '0') {
            return OptionalLong.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            char form = i <= point ? MOMENT_FORM.charAt(i) : 'd';
            char symbol = text.charAt(i);
            if (form == 'd' ? symbol < '0' || symbol > '9' : symbol != form) {
                return OptionalLong.empty();
            }
        }
        int fraction = Integer.parseInt(text, point + 1, text.length(), 10);
        for (int i = text.length(); i < point + 7; i++) {
            fraction *= 10;
        }
        int year = number(text, 0, 4);
        if (year == 0) {
            return OptionalLong.empty();
        }
        try {
            LocalDateTime whole =
                    LocalDateTime.of(
                            year,
                            number(text, 5, 7),
                            number(text, 8, 10),
                            number(text, 11, 13),
                            number(text, 14, 16),
                            number(text, 17, 19));
            return OptionalLong.of(seconds(whole) + fraction);
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    private static int number(String text, int begin, int end) {
        return Integer.parseInt(text, begin, end, 10);
    }

    /// Returns the microseconds since 1970 of the moment's whole second.
    static long seconds(LocalDateTime moment) {
        return moment.toEpochSecond(ZoneOffset.UTC) * MICROS;
    }

    /// Returns a moment: with whole seconds itself, else its text.
    ///
    /// @throws DateTimeException beyond the years 1 to 9999
    static Object moment(long micros) {
        int fraction = Math.floorMod(micros, MICROS);
        var moment =
                LocalDateTime.ofEpochSecond(
                        Math.floorDiv(micros, MICROS), fraction * 1_000, ZoneOffset.UTC);
        if (moment.getYear() < 1 || moment.getYear() > 9_999) {
            throw new DateTimeException("year");
        }
        if (fraction == 0) {
            return moment;
        }
        // The clock part has seconds and a fraction of 3 or 6 digits then.
        String text = moment.toLocalDate() + " " + moment.toLocalTime();
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, end);
    }
}
