package org.doctorbird.app.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.message.AnyTree;
import org.doctorbird.app.message.MalformedBodyException;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What must not be read, and what must not cost much.
final class HostileCborTest {

    private static final MessageLimits LIMITS = new MessageLimits(1 << 20, 32, 10_000);

    /// A call of `m` whose only parameter follows.
    private static final String BEGIN = "8300616d81";

    private static final String TABLE = "d9eac4";
    private static final String COLUMN = "d9eac5";
    private static final String DICTIONARY = "d9eac6";
    private static final String WORDS = "d9eacc";

    static List<Long> seeds() {
        long asked = Long.getLong("seed", -1L);
        return asked >= 0
                ? List.of(asked)
                : java.util.stream.LongStream.range(0, 100).boxed().toList();
    }

    private static MethodCall read(byte[] body) throws IOException {
        return CompactReader.readCall(new ByteArrayInputStream(body), LIMITS);
    }

    private static MethodCall read(String hex) throws IOException {
        return read(HexFormat.of().parseHex(hex));
    }

    private static void assertRefused(ErrorCode code, String hex) {
        assertThatThrownBy(() -> read(hex))
                .as(hex.length() > 100 ? hex.substring(0, 100) : hex)
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff",
                "8300616d81ff",
                // Lengths that are not there: texts, bytes, bignums.
                BEGIN + "7affffffff41",
                BEGIN + "7b00000000ffffffff41",
                BEGIN + "5affffffff41",
                BEGIN + "5b7fffffffffffffff41",
                BEGIN + "c25affffffff41",
                "8300616d9affffffff",
                BEGIN + "9bffffffffffffffff",
                BEGIN + TABLE + "8201",
                BEGIN + TABLE + "83816161018101" + "01",
                // Reserved lengths, no UTF-8, more after the end.
                BEGIN + "1c",
                BEGIN + "62c328",
                BEGIN + "0000",
            })
    void whatIsNotCborIsRefused(String hex) {
        assertThatThrownBy(() -> read(hex)).isInstanceOf(MalformedBodyException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "80",
                "a0",
                "6161",
                "8201f6",
                "8302616d80",
                "83006080",
                "8300016d80",
                "8300616df6",
                "8400616d80f6",
                // Unknown tags, and known ones where they do not belong.
                BEGIN + "d8636161",
                BEGIN + "d8256161",
                BEGIN + "d82541aa",
                BEGIN + "c101",
                BEGIN + "d90100826161d81900",
                BEGIN + "d864d86401",
                BEGIN + "d8646161",
                BEGIN + "d9eac480",
                BEGIN + "d9eac4a0",
                BEGIN + "d9eac401",
                // Numbers that stand for no value.
                BEGIN + "d8641b7fffffffffffffff",
                BEGIN + "d9eac71b000000141dd76000",
                BEGIN + "d9eac720",
                BEGIN + "d9eac820",
                BEGIN + "d9eac91b7fffffffffffffff",
                // Undefined, and simple values.
                BEGIN + "f7",
                BEGIN + "f820",
                // A member twice.
                BEGIN + "a2616101616102",
            })
    void cborThatIsNoRequestIsMalformed(String hex) {
        assertRefused(ErrorCode.REQUEST_MALFORMED, hex);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Tables.
                BEGIN + TABLE + "830102" + "8101",
                BEGIN + TABLE + "8300028101",
                BEGIN + TABLE + "8220",
                BEGIN + TABLE + "83816161" + "20" + "80",
                BEGIN + TABLE + "83816161" + "02" + "8101",
                BEGIN + TABLE + "8382616161610180",
                BEGIN + TABLE + "848161618181002100" + "8101",
                BEGIN + TABLE + "8481616181810081018101",
                BEGIN + TABLE + "848161618181018100" + "8101",
                BEGIN + TABLE + "84816161818200008100820101",
                // Columns: kind, length, nulls, base, step, bytes, scales.
                BEGIN + COLUMN + "860101f600f640",
                BEGIN + COLUMN + "850001f600f6",
                BEGIN + COLUMN + "860020f600f640",
                BEGIN + COLUMN + "860001f600f66161",
                BEGIN + COLUMN + "860001f600f68101",
                BEGIN + COLUMN + "860002f600f641aa",
                BEGIN + COLUMN + "860001f600f649aaaaaaaaaaaaaaaaaa",
                BEGIN + COLUMN + "860001f66161f640",
                BEGIN + COLUMN + "860001f6006161" + "40",
                BEGIN + COLUMN + "8600014000f640",
                BEGIN + COLUMN + "860001420000" + "00f640",
                BEGIN + COLUMN + "8600014102" + "00f640",
                BEGIN + COLUMN + "8600014101" + "00f641aa",
                BEGIN + COLUMN + "8618640" + "1f61b7fffffffffffffff" + "f640",
                BEGIN + COLUMN + "84182501f641aa",
                BEGIN + COLUMN + "84182502f650aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                BEGIN + COLUMN + "860401f600f640",
                BEGIN + COLUMN + "870401f600f64080",
                BEGIN + COLUMN + "870401f600f640820101",
                BEGIN + COLUMN + "870401f600f640811b7fffffffffffffff",
                // A column again.
                BEGIN + "d9eacb00",
                BEGIN + "d9eacb20",
                BEGIN + "d9eacb6161",
                // Dictionaries.
                BEGIN + DICTIONARY + "8281616181" + "01",
                BEGIN + DICTIONARY + "8281616181" + "20",
                BEGIN + DICTIONARY + "8281808100",
                BEGIN + DICTIONARY + "82816161816161",
                // Words.
                BEGIN + WORDS + "83816161810101",
                BEGIN + WORDS + "838161618101" + "8101",
                BEGIN + WORDS + "838161618102" + "8100",
                BEGIN + WORDS + "838161618101" + "820000",
                BEGIN + WORDS + "838161618120" + "80",
                BEGIN + WORDS + "8381018101" + "8100",
            })
    void aListThatDoesNotAddUpIsMalformed(String hex) {
        assertRefused(ErrorCode.REQUEST_MALFORMED, hex);
    }

    @Test
    void depthSizeAndNumberAreLimited() {
        assertRefused(ErrorCode.REQUEST_TOO_LARGE, BEGIN + "81".repeat(33) + "00");
        assertRefused(ErrorCode.REQUEST_TOO_LARGE, BEGIN + "a16161".repeat(33) + "00");
        assertRefused(ErrorCode.REQUEST_TOO_LARGE, BEGIN + (TABLE + "830101").repeat(32) + "8100");
        assertRefused(ErrorCode.REQUEST_TOO_LARGE, BEGIN + "992711" + "00".repeat(10_001));
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE, BEGIN + "5a00100001" + "00".repeat((1 << 20) + 1));
        assertRefused(ErrorCode.REQUEST_TOO_LARGE, BEGIN + "c25a0000fffe" + "7f".repeat(0xfffe));
        assertRefused(ErrorCode.REQUEST_MALFORMED, "830079012d" + "6d".repeat(301) + "80");
    }

    @Test
    void formsWithinFormsEndSomewhere() {
        String deep = (DICTIONARY + "82").repeat(10_000);
        assertThatThrownBy(() -> read(BEGIN + deep)).isInstanceOf(MalformedBodyException.class);
    }

    /// A message of few bytes must not become a tree of many.
    @Test
    void whatIsWrittenOnceAndMeantOftenCountsEachTime() {
        assertRefused(ErrorCode.REQUEST_TOO_LARGE, BEGIN + TABLE + "82801a3b9aca00");
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                BEGIN + TABLE + "8380818099" + "2711" + "00".repeat(10_001));
        String equal = COLUMN + "8600" + "1a000f4240" + "f600f640";
        assertRefused(ErrorCode.REQUEST_TOO_LARGE, BEGIN + equal);
        assertRefused(ErrorCode.REQUEST_TOO_LARGE, BEGIN + equal.replace("8600", "8619eac8"));
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                BEGIN
                        + "982a"
                        + COLUMN
                        + "84182519"
                        + "03e8f6593e80"
                        + "00".repeat(16_000)
                        + "d9eacb00".repeat(41));
        String text = "7a00008000" + "61".repeat(1 << 15);
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                BEGIN + DICTIONARY + "8281" + text + "9840" + "00".repeat(64));
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                BEGIN + WORDS + "8381" + text + "81184198" + "41" + "00".repeat(65));
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                BEGIN + TABLE + "8381" + text + "1840" + "9840" + "00".repeat(64));
        assertRefused(
                ErrorCode.REQUEST_TOO_LARGE,
                BEGIN
                        + TABLE
                        + "8481"
                        + text
                        + "818100"
                        + "9840"
                        + "00".repeat(64)
                        + "9840"
                        + "00".repeat(64));
    }

    @Test
    void asDeepAsAllowedIsRead() throws IOException {
        assertThat(read(BEGIN + "81".repeat(32) + "00").params()).hasSize(1);
        var nested = new ArrayList<Object>(List.of(1L, 2L));
        for (int i = 0; i < 15; i++) {
            nested = new ArrayList<>(List.of(Map.of("a", nested), Map.of("a", List.of())));
        }
        byte[] body = CompactRoundTripTest.written(List.of(nested));

        assertThat(read(body).params()).isEqualTo(List.of(nested));
    }

    /// Whatever is damaged, the answer is a tree or a refusal.
    @ParameterizedTest
    @MethodSource("seeds")
    void aDamagedMessageIsReadOrRefused(long seed) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] body = CompactRoundTripTest.written(new AnyTree(seed).params(5));
        for (int i = 0; i < 300; i++) {
            byte[] damaged = damaged(body, random);
            Optional<MethodCall> call = tried(damaged);
            assertThat(call.map(MethodCall::method).orElse("")).hasSizeLessThanOrEqualTo(300);
        }
    }

    private static Optional<MethodCall> tried(byte[] body) throws IOException {
        try {
            return Optional.of(read(body));
        } catch (MalformedBodyException e) {
            return Optional.empty();
        } catch (SyncException e) {
            assertThat(e.code()).isIn(ErrorCode.REQUEST_MALFORMED, ErrorCode.REQUEST_TOO_LARGE);
            return Optional.empty();
        }
    }

    private static byte[] damaged(byte[] body, RandomGenerator random) {
        int place = random.nextInt(body.length);
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(body, place);
            case 1 -> {
                byte[] longer = Arrays.copyOf(body, body.length + 1);
                System.arraycopy(body, place, longer, place + 1, body.length - place);
                longer[place] = (byte) random.nextInt();
                yield longer;
            }
            default -> {
                byte[] other = body.clone();
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    other[random.nextInt(body.length)] = (byte) random.nextInt();
                }
                yield other;
            }
        };
    }

    @Test
    void aBrokenStreamIsNoMalformedMessage() {
        var broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection reset");
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        return read();
                    }
                };

        assertThatThrownBy(() -> CompactReader.readCall(broken, LIMITS))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(MalformedBodyException.class);
    }
}
