package org.doctorbird.app.xmlrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.doctorbird.codec.AnyValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever is written is read again as it was.
final class XmlRpcRoundTripTest {

    private static final XmlRpcLimits LIMITS = XmlRpcLimits.ofBytes(16 << 20);

    static List<Long> seeds() {
        long asked = Long.getLong("seed", -1L);
        return asked >= 0
                ? List.of(asked)
                : java.util.stream.LongStream.range(0, 30).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyTreeIsReadAsItWasWritten(long seed) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var params = new ArrayList<@Nullable Object>();
        for (int i = 0; i < 40; i++) {
            params.add(any(random, 4));
        }
        var out = new ByteArrayOutputStream();

        XmlRpcWriter.writeCall(out, "model.party.party.synchronise_push", params);

        MethodCall read =
                XmlRpcReader.readCall(new ByteArrayInputStream(out.toByteArray()), LIMITS);
        assertThat(read.params()).usingRecursiveComparison().isEqualTo(params);
    }

    private static @Nullable Object any(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth > 0 ? 14 : 12)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 ->
                    BigInteger.ONE
                            .shiftLeft(random.nextInt(64, 300))
                            .multiply(BigInteger.valueOf(-3));
            case 4 -> Double.longBitsToDouble(random.nextLong() & 0x7FEF_FFFF_FFFF_FFFFL);
            case 5 ->
                    new BigDecimal(BigInteger.valueOf(random.nextLong()), random.nextInt(-40, 40));
            case 6 ->
                    LocalDate.of(
                            random.nextInt(1, 10_000),
                            random.nextInt(1, 13),
                            random.nextInt(1, 29));
            case 7 -> LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000L) * 1_000);
            case 8 ->
                    LocalDateTime.of(random.nextInt(1, 10_000), 2, 28, random.nextInt(24), 59, 58);
            case 9 -> Duration.ofMillis(random.nextLong(-1L << 40, 1L << 40));
            case 10 -> bytes(random);
            case 11 -> AnyValue.text(random);
            case 12 -> {
                var list = new ArrayList<@Nullable Object>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(any(random, depth - 1));
                }
                yield list;
            }
            default -> {
                Map<String, @Nullable Object> struct = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    struct.put("name <" + i + "> \r\n&", any(random, depth - 1));
                }
                yield struct;
            }
        };
    }

    private static byte[] bytes(RandomGenerator random) {
        var bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }
}
