package org.doctorbird.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.record.FieldKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class NaturalTest {

    @Test
    void valuesThatTrytonKnowsTakeItsTypes() {
        assertThat(Natural.of(FieldKind.BOOLEAN, "true")).isEqualTo(true);
        assertThat(Natural.of(FieldKind.INTEGER, "-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(Natural.of(FieldKind.FLOAT, "1.5e-07")).isEqualTo(1.5e-7);
        assertThat(Natural.of(FieldKind.NUMERIC, "18.011790"))
                .isEqualTo(new BigDecimal("18.011790"));
        assertThat(Natural.of(FieldKind.DATE, "1958-03-27")).isEqualTo(LocalDate.of(1958, 3, 27));
        assertThat(Natural.of(FieldKind.TIME, "13:05:00.5"))
                .isEqualTo(LocalTime.of(13, 5, 0, 500_000_000));
        assertThat(Natural.of(FieldKind.TIMESTAMP, "2026-01-05 13:05:00"))
                .isEqualTo(LocalDateTime.of(2026, 1, 5, 13, 5));
        assertThat(Natural.of(FieldKind.BINARY, "\\x00ff")).isEqualTo(new byte[] {0, -1});
        assertThat(Natural.of(FieldKind.TEXT, "true")).isEqualTo("true");
        assertThat(Natural.of(FieldKind.TEXT, null)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "BOOLEAN, t",
        "INTEGER, 007",
        "INTEGER, 9223372036854775808",
        "FLOAT, NaN",
        "FLOAT, -Infinity",
        "FLOAT, 1e+06",
        "NUMERIC, NaN",
        "NUMERIC, Infinity",
        "NUMERIC, 1e5",
        "DATE, infinity",
        "DATE, 0044-03-15 BC",
        "DATE, 10000-01-01",
        "TIME, 24:00:00",
        "TIMESTAMP, 2026-01-05 13:05:00.000001",
        "TIMESTAMP, -infinity",
        "TIMESTAMP, 0044-03-15 00:00:00 BC",
        "BINARY, \\x0",
        "BINARY, \\xFF",
        "BINARY, abc",
    })
    void whatTheNaturalTypeWouldChangeTravelsAsText(FieldKind kind, String text) {
        assertThat(Natural.of(kind, text)).isEqualTo(text);
    }

    @ParameterizedTest
    @EnumSource(FieldKind.class)
    void everyTextOfEveryKindComesBackAsItWas(FieldKind kind) {
        long seed = Long.getLong("seed", 20260105L);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 20_000; i++) {
            String text = AnyValue.text(random);
            assertThat(Natural.text(Natural.of(kind, text))).as("seed %d", seed).isEqualTo(text);
        }
    }

    @Test
    void valuesOfForeignClientsBecomeWhatPostgresqlTakes() {
        assertThat(Natural.text(5)).isEqualTo("5");
        assertThat(Natural.text(new BigInteger("123456789012345678901234567890")))
                .isEqualTo("123456789012345678901234567890");
        assertThat(Natural.text(1e15)).isEqualTo("1e+15");
        assertThat(Natural.text(123456789012345.0)).isEqualTo("123456789012345");
        assertThat(Natural.text(-0.0001)).isEqualTo("-0.0001");
        assertThat(Natural.text(-0.0)).isEqualTo("-0");
        assertThat(Natural.text(Double.NaN)).isEqualTo("NaN");
        assertThat(Natural.text(Double.MIN_VALUE)).isEqualTo("5e-324".replace("5e", "4.9e"));
        assertThat(Natural.text(new BigDecimal("1E+3"))).isEqualTo("1000");
        assertThat(Natural.text(Duration.ofSeconds(90_061, 500_000_000)))
                .isEqualTo("1 day 01:01:01.5");
        assertThat(Natural.text(Duration.ofHours(-1))).isEqualTo("-1 days +23:00:00");
        assertThat(Natural.text(Duration.ofDays(-2))).isEqualTo("-2 days");
        assertThat(Natural.text(Duration.ZERO)).isEqualTo("00:00:00");
    }

    @Test
    void valuesThatNoColumnHoldsAreRefused() {
        for (Object value :
                List.of(
                        List.of(),
                        Map.of(),
                        "zero\0character",
                        new BigDecimal("1E+1000000000"),
                        new BigDecimal("1E-1000000000"))) {
            assertThatThrownBy(() -> Natural.text(value))
                    .isInstanceOfSatisfying(
                            SyncException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE_MALFORMED));
        }
    }
}
