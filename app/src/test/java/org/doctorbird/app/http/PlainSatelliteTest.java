package org.doctorbird.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.doctorbird.codec.FakeCentral;
import org.doctorbird.codec.LinkContract;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.PushedRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Anybody with Python's `xmlrpc.client` and `docs/protocol.md` can write a satellite; this runs
/// one.
final class PlainSatelliteTest {

    private static final String HERE = "0192d0f6-6f64-7b1c-9a53-0a4b7d1c2e3f";
    private static final UUID THERE = UUID.fromString("0192d0f6-6f64-7b1c-9a53-0a4b7d1c2e40");
    private static final String TEXT = "a text-<\"field";
    private static final String NUMBER = "a integer-<\"field";
    private static final String NASTY = "María <&>]]> \r\n\u0001 \uD83D\uDC26";

    private final JsonMapper json = JsonMapper.shared();
    private final FakeCentral central = new FakeCentral(LinkContract.SHAPE);

    @TempDir private Path folder;

    private ObjectNode run(ServedCentral served) throws IOException, InterruptedException {
        Path script = Path.of("src/test/python/plain_satellite.py").toAbsolutePath();
        assertThat(script).exists();
        Process python;
        try {
            python =
                    new ProcessBuilder(
                                    "python3",
                                    script.toString(),
                                    served.uri().toString(),
                                    MemorySessions.NAME,
                                    MemorySessions.PASSWORD,
                                    LinkContract.MODEL,
                                    store().toString())
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException e) {
            if ("true".equals(System.getenv("CI"))) {
                throw e;
            }
            return abort("python3 is not installed: apt-get install python3");
        }
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(python.exitValue()).as(said).isZero();
        assertThat(said).isEmpty();
        return (ObjectNode) json.readTree(Files.readString(store()));
    }

    private Path store() {
        return folder.resolve("store.json");
    }

    private void write(JsonNode records) throws IOException {
        Files.writeString(store(), json.writeValueAsString(records));
    }

    @Test
    void aSatelliteInPlainPythonStaysInStep() throws IOException, InterruptedException {
        try (var served = new ServedCentral(central)) {
            write(
                    json.valueToTree(
                            Map.of(
                                    HERE,
                                    Map.of(
                                            "values",
                                            Map.of(TEXT, NASTY, NUMBER, 5_000_000_000L)))));
            central.store(
                    THERE,
                    Fields.of(
                            Map.of(
                                    TEXT,
                                    "from central",
                                    "a timestamp-<\"field",
                                    "2026-01-05 13:05:00")));

            ObjectNode first = run(served);

            PushedRecord pushed = central.pushed().getFirst();
            assertThat(pushed.uid()).hasToString(HERE);
            assertThat(pushed.base()).isEmpty();
            assertThat(pushed.fields())
                    .isEqualTo(Fields.of(Map.of(TEXT, NASTY, NUMBER, "5000000000")));
            JsonNode there = first.get(THERE.toString());
            assertThat(there.get("values").get(TEXT).asString()).isEqualTo("from central");
            assertThat(there.get("values").get("a timestamp-<\"field").asString())
                    .isEqualTo("2026-01-05 13:05:00");
            assertThat(central.fresh(LinkContract.CLINIC, LinkContract.MODEL)).isEmpty();

            ETag changed =
                    central.store(
                            UUID.fromString(HERE), Fields.of(Map.of(TEXT, "changed", NUMBER, "5")));
            ((ObjectNode) there.get("values")).put(TEXT, "changed here");
            write(first);
            ObjectNode second = run(served);

            assertThat(second.get(HERE).get("values").get(TEXT).asString()).isEqualTo("changed");
            assertThat(second.get(HERE).get("etag").asString()).isEqualTo(changed.text());
            assertThat(central.pushed()).hasSize(2);
            assertThat(central.pushed().getLast().fields())
                    .isEqualTo(Fields.of(Map.of(TEXT, "changed here")));
            assertThat(central.pushed().getLast().base().map(ETag::text))
                    .contains(there.get("etag").asString());

            ((ObjectNode) second.get(THERE.toString())).put("deleted", true);
            write(second);
            ObjectNode third = run(served);

            assertThat(third.propertyNames())
                    .isEqualTo(List.of(HERE).stream().collect(java.util.stream.Collectors.toSet()));
            assertThat(central.pushed().getLast().isDeleted()).isTrue();
            assertThat(run(served)).isEqualTo(third);
            assertThat(central.pushed()).hasSize(3);
        }
    }
}
