package org.doctorbird.codec;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's text form of floating-point numbers: the shortest digits that give the same number
/// again, in exponent notation below 0.0001 and from 10 to the 15th on. For some very large and
/// very small numbers the server writes more digits than needed; the number is the same. Source:
/// PostgreSQL, `src/common/d2s.c`, `to_chars`.
final class FloatText {

    private static final int FIXED_FIRST = -4;
    private static final int FIXED_END = 15;

    private FloatText() {}

    static String of(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "Infinity" : "-Infinity";
        }
        return of(Double.toString(number));
    }

    static String of(float number) {
        if (Float.isNaN(number) || Float.isInfinite(number)) {
            return of((double) number);
        }
        return of(Float.toString(number));
    }

    /// @param shortest Java's text of the number: the same digits, another notation
    private static String of(String shortest) {
        boolean isNegative = shortest.charAt(0) == '-';
        BigDecimal size =
                new BigDecimal(isNegative ? shortest.substring(1) : shortest).stripTrailingZeros();
        String sign = isNegative ? "-" : "";
        if (size.signum() == 0) {
            return sign + "0";
        }
        int exponent = size.precision() - size.scale() - 1;
        return exponent >= FIXED_FIRST && exponent < FIXED_END
                ? sign + size.toPlainString()
                : sign + scientific(size.unscaledValue().toString(), exponent);
    }

    private static String scientific(String digits, int exponent) {
        String mantissa =
                digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String power = Integer.toString(Math.abs(exponent));
        return mantissa + (exponent < 0 ? "e-" : "e+") + (power.length() < 2 ? "0" + power : power);
    }

    /// Returns the number, or null where the text is none that every client can read (NaN and the
    /// infinities).
    ///
    /// @throws NumberFormatException if it is no number at all
    static @Nullable Double parse(String text) {
        double number = Double.parseDouble(text);
        return Double.isNaN(number) || Double.isInfinite(number) ? null : number;
    }
}
