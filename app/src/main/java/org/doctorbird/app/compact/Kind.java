package org.doctorbird.app.compact;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What a column can hold: values of one kind, and nulls.
enum Kind {
    INTEGER(0),
    DECIMAL(Tags.DECIMAL),
    UID(Tags.UID),
    DATE(Tags.DATE),
    TIME(Tags.TIME),
    STAMP(Tags.STAMP),
    MOMENT(Tags.MOMENT),

    /// Any text; such a list is no column, but may get a dictionary.
    TEXT(Tags.NONE),

    /// A double; as for texts.
    REAL(Tags.NONE),

    /// Nothing of these, or several of them.
    OTHER(Tags.NONE);

    private final int tag;

    Kind(int tag) {
        this.tag = tag;
    }

    /// Returns the number that names it: the tag that one such value has by itself, 0 for integers.
    int tag() {
        return tag;
    }

    /// Says whether its values can be written as one number each, besides a decimal's scale.
    boolean isNumber() {
        return tag >= 0 && this != UID;
    }

    /// @param tag of a column
    static Optional<Kind> ofColumn(long tag) {
        for (Kind kind : values()) {
            if (kind.tag == tag && tag >= 0) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    static Kind of(Object value) {
        return switch (value) {
            case String text -> ofText(text);
            case Long _, Integer _ -> INTEGER;
            case LocalDateTime _ -> MOMENT;
            case LocalDate _ -> DATE;
            case LocalTime _ -> TIME;
            case BigDecimal number when number.unscaledValue().bitLength() < Long.SIZE -> DECIMAL;
            case Double _ -> REAL;
            default -> OTHER;
        };
    }

    /// Says whether [#ofText] gives this kind.
    private boolean isOfText(String text) {
        return switch (this) {
            case STAMP -> PackedText.stamp(text).isPresent();
            case MOMENT -> PackedText.moment(text).isPresent();
            case UID -> PackedText.uid(text).isPresent();
            default -> false;
        };
    }

    static Kind ofText(String text) {
        if (STAMP.isOfText(text)) {
            return STAMP;
        }
        if (MOMENT.isOfText(text)) {
            return MOMENT;
        }
        return UID.isOfText(text) ? UID : TEXT;
    }

    /// Returns the kind of all elements that are not null, [#OTHER] if there is none.
    static Kind ofAll(List<? extends @Nullable Object> elements) {
        @Nullable Kind common = null;
        boolean areTexts = true;
        for (Object element : elements) {
            if (element == null) {
                continue;
            }
            areTexts &= element instanceof String;
            if (common == TEXT && areTexts) {
                continue;
            }
            // Most columns are of one kind.
            if (common != null && element instanceof String text && common.isOfText(text)) {
                continue;
            }
            Kind kind = of(element);
            if (common != null && common != kind) {
                kind = areTexts ? TEXT : OTHER;
            }
            if (kind == OTHER) {
                return OTHER;
            }
            common = kind;
        }
        return common == null ? OTHER : common;
    }

    /// Returns the number of a value of this kind; the unscaled one of a decimal.
    long number(Object value) {
        return switch (value) {
            case Long number -> number;
            case Integer number -> number;
            case BigDecimal number -> number.unscaledValue().longValueExact();
            case LocalDate date -> date.toEpochDay();
            case LocalTime time -> time.toNanoOfDay() / 1_000;
            case LocalDateTime moment -> PackedText.seconds(moment);
            case String text -> packed(text).orElseThrow();
            default -> throw new IllegalArgumentException("no number for " + value.getClass());
        };
    }

    private OptionalLong packed(String text) {
        return this == STAMP ? PackedText.stamp(text) : PackedText.moment(text);
    }

    /// Returns the value of a number, for kinds of which the number is all.
    ///
    /// @throws DateTimeException if there is no such value
    /// @throws IllegalArgumentException if there is no such value
    Object value(long number) {
        return switch (this) {
            case INTEGER -> number;
            case DATE -> {
                LocalDate date = LocalDate.ofEpochDay(number);
                if (date.getYear() < 1 || date.getYear() > 9_999) {
                    throw new DateTimeException("year");
                }
                yield date;
            }
            case TIME -> LocalTime.ofNanoOfDay(Math.multiplyExact(number, 1_000));
            case STAMP -> PackedText.stamp(number);
            case MOMENT -> PackedText.moment(number);
            case DECIMAL, UID, TEXT, REAL, OTHER ->
                    throw new IllegalArgumentException("no value of a number alone");
        };
    }
}
