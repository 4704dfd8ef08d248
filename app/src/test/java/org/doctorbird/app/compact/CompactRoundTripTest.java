package org.doctorbird.app.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.doctorbird.app.message.AnyTree;
import org.doctorbird.app.message.MessageLimits;
import org.doctorbird.app.message.MethodCall;
import org.doctorbird.app.message.MethodResponse;
import org.doctorbird.app.xmlrpc.XmlRpcReader;
import org.doctorbird.app.xmlrpc.XmlRpcWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever is written is read again as it was, and as XML-RPC has it.
final class CompactRoundTripTest {

    private static final MessageLimits LIMITS = MessageLimits.ofBytes(16 << 20);

    static List<Long> seeds() {
        long asked = Long.getLong("seed", -1L);
        return asked >= 0
                ? List.of(asked)
                : java.util.stream.LongStream.range(0, 200).boxed().toList();
    }

    static byte[] written(List<? extends @Nullable Object> params) throws IOException {
        var out = new ByteArrayOutputStream();
        CompactWriter.writeCall(out, "model.party.party.synchronise_push", params);
        return out.toByteArray();
    }

    private static MethodCall read(byte[] body) throws IOException {
        return CompactReader.readCall(new ByteArrayInputStream(body), LIMITS);
    }

    private static @Nullable Object again(@Nullable Object value) throws IOException {
        var out = new ByteArrayOutputStream();
        CompactWriter.writeResponse(out, new MethodResponse.Result(value));
        return ((MethodResponse.Result)
                        CompactReader.readResponse(
                                new ByteArrayInputStream(out.toByteArray()), LIMITS))
                .value();
    }

    private static @Nullable Object byXml(@Nullable Object value) throws IOException {
        var out = new ByteArrayOutputStream();
        XmlRpcWriter.writeResponse(out, XmlRpcWriter.Form.PLAIN, new MethodResponse.Result(value));
        return ((MethodResponse.Result)
                        XmlRpcReader.readResponse(
                                new ByteArrayInputStream(out.toByteArray()), LIMITS))
                .value();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyTreeIsReadAsItWasWritten(long seed) throws IOException {
        List<@Nullable Object> params = new AnyTree(seed).params(20);

        MethodCall call = read(written(params));

        assertThat(call.method()).isEqualTo("model.party.party.synchronise_push");
        assertThat(AnyTree.exact(call.params())).isEqualTo(AnyTree.exact(params));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void bothEncodingsGiveTheSameTree(long seed) throws IOException {
        Object tree = new AnyTree(seed).next();

        assertThat(AnyTree.exact(again(tree))).isEqualTo(AnyTree.exact(byXml(tree)));
    }

    @Test
    void whatXmlRpcRoundsOrReplacesIsTheSameHere() throws IOException {
        List<Object> values =
                List.of(
                        LocalDateTime.of(2026, 1, 5, 13, 5, 0, 900_000_000),
                        LocalTime.of(13, 5, 0, 1_999),
                        "half \uD83D of a pair",
                        "\u0001",
                        7,
                        java.time.Duration.ofNanos(1_499));

        assertThat(AnyTree.exact(again(values))).isEqualTo(AnyTree.exact(byXml(values)));
    }

    @Test
    void faultsArriveWithCodeAndText() throws IOException {
        var fault = new MethodResponse.Fault(255, "DRB-9001 a defect. Ask.");
        var out = new ByteArrayOutputStream();
        CompactWriter.writeResponse(out, fault);

        assertThat(CompactReader.readResponse(new ByteArrayInputStream(out.toByteArray()), LIMITS))
                .isEqualTo(fault);
    }

    @Test
    void theOrderOfMembersStays() throws IOException {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("b", 1L);
        one.put("a", 2L);
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("a", 3L);
        other.put("c", 4L);
        other.put("b", 5L);

        var read = (List<?>) again(List.of(one, other, one, other));

        assertThat(read).hasToString("[{b=1, a=2}, {a=3, c=4, b=5}, {b=1, a=2}, {a=3, c=4, b=5}]");
    }

    private static Map<String, @Nullable Object> change(int i) {
        Map<String, @Nullable Object> change = new LinkedHashMap<>();
        change.put("uid", new java.util.UUID(7_000_000_000_000L * i, -i).toString());
        change.put("revision", 2L);
        change.put("base_etag", "1795374739.679320");
        change.put("values", Map.of(i % 3 == 0 ? "state" : "urgency", i % 2 == 0 ? "a" : "b"));
        return change;
    }

    @Test
    void aTableWritesEachNameAndEachRepeatedTextOnce() throws IOException {
        var changes = new ArrayList<Map<String, @Nullable Object>>();
        for (int i = 0; i < 1_000; i++) {
            changes.add(change(i));
        }

        byte[] body = written(List.of(changes, Map.of()));

        String bytes = new String(body, StandardCharsets.ISO_8859_1);
        for (String once : List.of("base_etag", "values", "state", "urgency")) {
            assertThat(bytes.split(once, -1)).as(once).hasSize(2);
        }
        // A uid of 17, and five columns of one byte.
        assertThat(body.length).isLessThan(1_000 * 22 + 200);
        assertThat(read(body).params()).isEqualTo(Arrays.asList(changes, Map.of()));
    }

    @Test
    void aTextOfManyRepeatedWordsIsWrittenWordByWord() throws IOException {
        var notes = new ArrayList<@Nullable String>();
        for (int i = 0; i < 200; i++) {
            String note = " " + i + " " + "cough\nfever rash ".repeat(4 + i % 3);
            notes.add(i % 7 == 0 ? null : note);
        }

        byte[] body = written(List.of(notes));

        assertThat(new String(body, StandardCharsets.UTF_8).split("rash", -1)).hasSize(2);
        assertThat(body.length).isLessThan(4_000);
        assertThat(read(body).params()).isEqualTo(List.of(notes));
    }

    @Test
    void numbersTakeTheBytesThatTheirDifferencesNeed() throws IOException {
        var ids = new ArrayList<Long>();
        var extremes = new ArrayList<Long>();
        for (long i = 0; i < 1_000; i++) {
            ids.add(5_000_000_000L + 3 * i);
            extremes.add(i % 2 == 0 ? Long.MIN_VALUE : Long.MAX_VALUE - i);
        }

        assertThat(written(List.of(ids)).length).isLessThan(80);
        assertThat(read(written(List.of(ids, extremes))).params())
                .isEqualTo(List.of(ids, extremes));
    }

    /// The bytes that docs/protocol.md shows.
    @Test
    void theExampleOfTheProtocolIsWhatIsWritten() throws IOException {
        var out = new ByteArrayOutputStream();
        Map<String, Object> first = new LinkedHashMap<>();
        first.put("code", "P1");
        first.put("born", java.time.LocalDate.of(1958, 3, 27));
        Map<String, Object> second = new LinkedHashMap<>();
        second.put("code", "P2");
        second.put("born", java.time.LocalDate.of(1958, 3, 28));

        CompactWriter.writeResponse(out, new MethodResponse.Result(List.of(first, second)));

        assertThat(java.util.HexFormat.of().formatHex(out.toByteArray()))
                .isEqualTo(
                        "8201" // an answer
                                + "d9eac4" // a table
                                + "84" // of four elements:
                                + "8264636f646564626f726e" // the names "code" and "born",
                                + "02" // two rows,
                                + "82625031625032" // "P1" and "P2",
                                + "82d8643910c9d8643910c8"); // two dates
    }
}
