package org.doctorbird.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// That the harness works: how fast anything is, no test judges.
final class CasesTest {

    private static final Size TINY = new Size("tiny", 100, 200, 20, 80, 4, 2, 5, 80, 20, 10, 1, 0);

    private static Servers servers;

    @BeforeAll
    static void start() throws Exception {
        servers = Servers.start(Map.of("fsync", "off"));
    }

    @AfterAll
    static void stop() throws Exception {
        servers.close();
    }

    /// Each case proves at its end that the rows of both sides are equal, and fails otherwise.
    @Test
    void everyCaseDoesItsWorkAndTellsItsFigures() throws Exception {
        var silent =
                new Progress(
                        new PrintStream(
                                OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        List<Result> results = Cases.measure(servers, TINY, 1, Set.of(), silent);

        var report = new Report(Map.of("date", "today"), results);
        JsonNode cases = JsonMapper.shared().readTree(report.json()).get("cases");
        assertThat(cases.propertyNames()).containsExactlyElementsOf(Cases.ALL.keySet());
        for (String upload : List.of("W1", "W1b")) {
            assertThat(cases.get(upload).propertyNames())
                    .contains("ratio", "seconds", "bytes", "xmlrpc_bytes");
            assertThat(cases.get(upload).get("ratio").doubleValue()).isPositive();
            assertThat(cases.get(upload).get("bytes").longValue())
                    .isPositive()
                    .isLessThan(cases.get(upload).get("xmlrpc_bytes").longValue());
        }
        assertThat(cases.get("W2").get("seconds").doubleValue()).isPositive();
        assertThat(cases.get("W3").get("requests").longValue()).isEqualTo(1);
        assertThat(cases.get("W3").propertyNames()).contains("seconds", "bytes");
        assertThat(cases.get("W4").propertyNames()).contains("ratio", "seconds", "bytes");
        assertThat(cases.get("W5").propertyNames()).contains("p50_ms", "p99_ms");
        assertThat(cases.get("capture").propertyNames()).contains("single", "bulk");
        assertThat(cases.get("memory").get("rss_mb").doubleValue()).isPositive();
        assertThat(cases.get("scale").get("records_a_second").doubleValue()).isPositive();
        assertThat(report.plain()).contains("W1: 100 new records");
    }

    @Test
    void aMissingRowAndAnotherValueAreNoticed() throws SQLException {
        Server server = servers.central();
        for (String name : List.of("proof_a", "proof_b")) {
            server.create(name, "template1");
            server.run(name, Clinic.text("clinic.sql") + Clinic.text("rows.sql"));
            Clinic.fill(server, name, 20);
        }
        Proof.sameRows(server, "proof_a", server, "proof_b");

        server.run("proof_b", "update gnuhealth_patient_evaluation set bmi = 1.50 where id = 3");
        server.run("proof_a", "update gnuhealth_patient_evaluation set bmi = 1.5 where id = 3");
        assertNotSame(server);
        server.run("proof_a", "update gnuhealth_patient_evaluation set bmi = 1.50 where id = 3");
        Proof.sameRows(server, "proof_a", server, "proof_b");
        server.run("proof_b", "update gnuhealth_patient_evaluation set patient = 2 where id = 3");
        assertNotSame(server);
        server.run("proof_b", "delete from gnuhealth_patient_evaluation where id = 3");
        assertNotSame(server);
    }

    private static void assertNotSame(Server server) {
        assertThatIllegalStateException()
                .isThrownBy(() -> Proof.sameRows(server, "proof_a", server, "proof_b"));
    }

    @Test
    void figuresGoBetweenTheMarksOfADocument(@TempDir Path folder) throws Exception {
        Path document = folder.resolve("benchmarks.md");
        String before =
                "# Benchmarks\n\n<!-- measured: written by ./doctorbird bench, do not edit -->\n";
        String after = "<!-- end of measured -->\n\nMore.\n";
        Files.writeString(document, before + "old\n" + after);
        var table = new Table("", "seconds");
        table.add("Doctorbird", "1.00");

        new Report(Map.of("date", "today"), List.of(new Result("W9", "nothing", table, Map.of())))
                .writeInto(document);

        assertThat(document)
                .hasContent(
                        before
                                + """

                                ### W9: nothing

                                |  | seconds |
                                |---|---|
                                | Doctorbird | 1.00 |

                                Measured:

                                - date: today

                                """
                                + after);
    }
}
