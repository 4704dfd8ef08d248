package org.doctorbird.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.timroes.axmlrpc.XMLRPCClient;
import de.timroes.axmlrpc.XMLRPCException;
import de.timroes.axmlrpc.XMLRPCServerException;
import java.net.MalformedURLException;
import java.util.Map;
import java.util.UUID;
import org.doctorbird.codec.FakeCentral;
import org.doctorbird.codec.LinkContract;
import org.doctorbird.record.Fields;
import org.junit.jupiter.api.Test;

/// A client that is not ours and knows nothing of us.
final class ForeignClientTest {

    @Test
    void aForeignClientLogsInPushesAndReads() throws MalformedURLException, XMLRPCException {
        var central = new FakeCentral(LinkContract.SHAPE);
        try (var served = new ServedCentral(central)) {
            int flags = XMLRPCClient.FLAGS_NIL | XMLRPCClient.FLAGS_8BYTE_INT;
            var client = new XMLRPCClient(served.uri().toURL(), flags);
            var login =
                    (Object[])
                            client.call(
                                    "common.db.login",
                                    MemorySessions.NAME,
                                    Map.of("password", MemorySessions.PASSWORD),
                                    "en");
            client.setCustomHttpHeader(
                    "Authorization",
                    new SessionHeader(MemorySessions.NAME, (Integer) login[0], (String) login[1])
                            .text());
            UUID uid = new UUID(4, 4);
            Map<String, Object> values =
                    Map.of("name", "é<&>", "count", 5_000_000_000L, "height", 0.5);

            var answers =
                    (Object[])
                            client.call(
                                    "model.party.party.synchronise_push",
                                    new Object[] {Map.of("uid", uid.toString(), "values", values)},
                                    Map.of("synchronisation_id", 3));

            assertThat(((Map<?, ?>) answers[0]).get("success")).isEqualTo(true);
            assertThat(central.pushed().getFirst().fields())
                    .isEqualTo(
                            Fields.of(
                                    Map.of(
                                            "name", "é<&>",
                                            "count", "5000000000",
                                            "height", "0.5")));
            central.store(new UUID(4, 5), Fields.of(Map.of("name", "from central")));
            var records = (Object[]) client.call("model.party.party.synchronise_new", Map.of());
            assertThat(records[0].toString()).contains("from central");
            assertThatThrownBy(() -> client.call("model.no.such.synchronise_new", Map.of()))
                    .isInstanceOfSatisfying(
                            XMLRPCServerException.class,
                            e -> assertThat(e.getErrorNr()).isEqualTo(1))
                    .hasMessageContaining("DRB-3001");
        }
    }
}
