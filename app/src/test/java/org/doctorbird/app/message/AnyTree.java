package org.doctorbird.app.message;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.doctorbird.codec.AnyValue;
import org.doctorbird.record.ETag;
import org.jspecify.annotations.Nullable;

/// Trees of plain values as messages hold them, drawn at random: single values of all types, lists
/// of one type, and lists of structs that have many names in common.
public final class AnyTree {

    private static final int DEPTH = 4;

    /// Single values that tree encodings may confuse with each other.
    private static final List<Object> NASTY =
            List.of(
                    "0.000000",
                    "00.000000",
                    "-1.000000",
                    "1.00000",
                    "9223372036854.775807",
                    "9223372036854.775808",
                    "99999999999999.000000",
                    "2026-01-05 13:05:00.10",
                    "2026-01-05 13:05:00.1234567",
                    "2026-02-30 13:05:00.1",
                    "0000-01-01 00:00:00.1",
                    "0001-01-01 00:00:00.000001",
                    "9999-12-31 23:59:59.999999",
                    "1969-12-31 23:59:59.5",
                    "0192d0f6-6f64-4b1c-9a53-0A4b7d1c2e3f",
                    "0192d0f6-6f64-4b1c-9a53-0a4b7d1c2e3g",
                    "0192d0f6x6f64-4b1c-9a53-0a4b7d1c2e3f",
                    -0.0,
                    Double.MIN_VALUE,
                    Double.POSITIVE_INFINITY,
                    Double.NaN,
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    new BigInteger("9223372036854775808"),
                    new BigInteger("-9223372036854775809"),
                    new BigDecimal("0E-20"),
                    new BigDecimal("1E+30"),
                    new BigDecimal("-12345678901234567890.50"),
                    LocalDateTime.of(1, 1, 1, 0, 0),
                    LocalDateTime.of(9999, 12, 31, 23, 59, 59),
                    LocalTime.MIDNIGHT,
                    List.of(),
                    Map.of());

    private final RandomGenerator random;

    /// Draws by a seed.
    public AnyTree(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /// Returns a tree.
    public @Nullable Object next() {
        return any(DEPTH);
    }

    /// Returns the parameters of a call.
    public List<@Nullable Object> params(int count) {
        return list(count, this::next);
    }

    private @Nullable Object any(int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 6)) {
            case 0, 1, 2, 3, 4 -> scalar(random.nextInt(17)).get();
            case 5 -> NASTY.get(random.nextInt(NASTY.size()));
            case 6 -> list(random.nextInt(4), () -> any(depth - 1));
            case 7 -> column();
            case 8 -> structs(depth);
            default -> struct(random.nextInt(4), depth);
        };
    }

    private List<@Nullable Object> list(int size, Supplier<? extends @Nullable Object> element) {
        var list = new ArrayList<@Nullable Object>();
        for (int i = 0; i < size; i++) {
            list.add(element.get());
        }
        return list;
    }

    /// Values of one type, some of them null, some of them often the same.
    private List<@Nullable Object> column() {
        Supplier<@Nullable Object> fresh = scalar(random.nextInt(17));
        List<@Nullable Object> few = list(3, fresh);
        int nullsOf = random.nextInt(2, 30);
        boolean isRepeating = random.nextBoolean();
        int size = random.nextInt(30);
        return list(
                size,
                () ->
                        random.nextInt(nullsOf) == 0
                                ? null
                                : isRepeating ? few.get(random.nextInt(3)) : fresh.get());
    }

    private Map<String, @Nullable Object> struct(int size, int depth) {
        Map<String, @Nullable Object> struct = new LinkedHashMap<>();
        for (int i = size; i > 0; i--) {
            struct.put("name <" + i + "> \r\n&", any(depth - 1));
        }
        return struct;
    }

    private List<@Nullable Object> structs(int depth) {
        int shapes = random.nextInt(1, 4);
        int skipped = random.nextInt(2, 5);
        return list(
                random.nextInt(12),
                () -> {
                    var struct = struct(5, Math.min(depth, 1));
                    if (random.nextInt(shapes) > 0) {
                        struct.remove("name <" + random.nextInt(1, skipped) + "> \r\n&");
                    }
                    return struct;
                });
    }

    private Supplier<@Nullable Object> scalar(int type) {
        return switch (type) {
            case 0 -> () -> null;
            case 1 -> random::nextBoolean;
            case 2 -> () -> random.nextLong() >> random.nextInt(64);
            case 3 -> () -> 1_000L + random.nextInt(50);
            case 4 ->
                    () ->
                            BigInteger.ONE
                                    .shiftLeft(random.nextInt(64, 300))
                                    .multiply(BigInteger.valueOf(-3));
            case 5 -> () -> Double.longBitsToDouble(random.nextLong() & 0x7FEF_FFFF_FFFF_FFFFL);
            case 6 ->
                    () ->
                            new BigDecimal(
                                    BigInteger.valueOf(random.nextLong()), random.nextInt(-40, 40));
            case 7 -> () -> BigDecimal.valueOf(random.nextInt(300, 420), random.nextInt(2));
            case 8 ->
                    () ->
                            LocalDate.of(
                                    random.nextInt(1, 10_000),
                                    random.nextInt(1, 13),
                                    random.nextInt(1, 29));
            case 9 -> () -> LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000L) * 1_000);
            case 10 ->
                    () ->
                            LocalDateTime.of(
                                    random.nextInt(1, 10_000), 2, 28, random.nextInt(24), 59, 58);
            case 11 -> () -> Duration.ofMillis(random.nextLong(-1L << 40, 1L << 40));
            case 12 -> this::bytes;
            case 13 -> () -> new UUID(random.nextLong(), random.nextLong()).toString();
            case 14 -> () -> new ETag(random.nextLong() >>> random.nextInt(1, 63)).text();
            case 15 -> this::sentence;
            default -> () -> AnyValue.text(random);
        };
    }

    private String sentence() {
        var words = new ArrayList<String>();
        for (int i = random.nextInt(9); i > 0; i--) {
            words.add(random.nextInt(4) == 0 ? "" : "word" + random.nextInt(6));
        }
        return String.join(" ", words);
    }

    private byte[] bytes() {
        var bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    /// Returns a text that is equal for equal trees only: types, the order of members and negative
    /// zeros count.
    public static String exact(@Nullable Object tree) {
        return switch (tree) {
            case null -> "null";
            case List<?> list -> list.stream().map(AnyTree::exact).toList().toString();
            case Map<?, ?> struct ->
                    struct.entrySet().stream()
                            .map(member -> member.getKey() + "=" + exact(member.getValue()))
                            .toList()
                            .toString();
            case byte[] bytes -> "bytes " + HexFormat.of().formatHex(bytes);
            default -> tree.getClass().getSimpleName() + " " + tree;
        };
    }
}
