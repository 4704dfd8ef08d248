package org.doctorbird.app.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.Closer;
import org.doctorbird.app.central.Central;
import org.doctorbird.app.http.Encoding;
import org.doctorbird.app.http.HttpLink;
import org.doctorbird.app.http.LinkLimits;
import org.doctorbird.app.http.LinkSettings;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.app.settings.SatelliteSettings;
import org.doctorbird.app.settings.Settings;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.UidRange;
import org.doctorbird.record.Fields;
import org.doctorbird.record.PushedRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An answer that does not come, or not whole, costs time and nothing else.
final class LateAnswerTest {

    private static final int RECORDS = 30;
    private static final int BATCH = 20;
    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
    private static final Duration REQUEST_MAX = Duration.ofSeconds(2);
    private static final String VERSIONS =
            "select uid || ' ' || etag || ' ' || origin_revision from doctorbird.party order by 1";

    @TempDir Path folder = Path.of("");

    private final Closer opened = new Closer();
    private Region region;
    private Region.Place clinic;
    private FaultProxy proxy;
    private Satellite satellite;

    @BeforeEach
    void start() throws IOException, SQLException {
        region = new Region(folder, _ -> TestPostgres.NEWEST.freshDatabase().url(), BATCH);
        clinic = region.satellite("may-pen", 1);
        opened.add(Central.open(region.central().settings()));
        var _ = Satellite.install(clinic.settings());
        proxy = opened.add(new FaultProxy(region.port()));
        satellite = opened.add(Satellite.open(overTheProxy(), ExchangeListener.NONE));
    }

    @AfterEach
    void close() {
        opened.close();
    }

    private Settings overTheProxy() throws IOException {
        Settings plain = clinic.settings();
        String password = Files.readString(folder.resolve("may-pen.password"));
        var link =
                new LinkSettings(
                        URI.create("http://127.0.0.1:" + proxy.port() + "/central/"),
                        "may-pen",
                        () -> password,
                        Optional.empty(),
                        Encoding.COMPACT,
                        new LinkLimits(CONNECT_MAX, REQUEST_MAX, 1L << 20));
        return new Settings(
                plain.role(),
                plain.database(),
                Optional.empty(),
                Optional.of(new SatelliteSettings(link, Set.of())),
                plain.tasks());
    }

    private void write() throws SQLException {
        clinic.run(
                "insert into party (name) select 'party ' || n from generate_series(1, %d) n"
                        .formatted(RECORDS));
    }

    private long push() {
        return satellite.push(Region.PARTY, UidRange.ALL);
    }

    private static void assertUnreachable(ThrowingCallable call) {
        assertThatExceptionOfType(SyncException.class)
                .isThrownBy(call)
                .extracting(SyncException::code)
                .isEqualTo(ErrorCode.CENTRAL_UNREACHABLE);
    }

    /// 0: nothing of the answer; 9: not even the status; 150: some of it; 600: most of it.
    @ParameterizedTest
    @ValueSource(longs = {0, 9, 150, 600})
    void aPushWhoseAnswerIsCutIsPushedAgainAndDoublesNothing(long bytes) throws SQLException {
        write();
        var _ = satellite.begin();
        proxy.become(new FaultProxy.Mode.CutAnswerAfter(bytes));

        assertUnreachable(this::push);

        List<String> atCentral = region.central().texts(VERSIONS);
        // The batch behind it was under way, too.
        assertThat(atCentral).as("central had committed").hasSizeBetween(BATCH, RECORDS);
        assertThat(satellite.waiting()).containsEntry(Region.PARTY, (long) RECORDS);
        proxy.become(new FaultProxy.Mode.Pass());

        assertThat(push()).isEqualTo(RECORDS);

        assertThat(region.central().texts(VERSIONS)).hasSize(RECORDS).containsAll(atCentral);
        assertThat(region.central().texts("select count(*) from doctorbird.engine_history"))
                .containsExactly("0");
        assertThat(region.central().written()).doesNotHaveDuplicates().hasSize(RECORDS);
        assertThat(satellite.waiting()).isEmpty();
    }

    @Test
    void aChangeMadeAfterTheLostAnswerArrivesToo() throws SQLException {
        write();
        var _ = satellite.begin();
        proxy.become(new FaultProxy.Mode.CutAnswerAfter(0));
        assertUnreachable(this::push);
        clinic.run("update party set note = 'later ' || id");
        proxy.become(new FaultProxy.Mode.Pass());

        var _ = satellite.synchronise(EnumSet.allOf(Cycle.Work.class));

        assertThat(region.central().written()).hasSize(2 * RECORDS).doesNotHaveDuplicates();
        assertThat(region.central().texts("select count(*) from doctorbird.engine_conflict"))
                .containsExactly("0");
        assertThat(satellite.waiting()).isEmpty();
    }

    /// A network may keep a request and deliver it once more, after its sender has gone on.
    @Test
    void anOldRequestThatArrivesOnceMoreTakesNothingBack() throws SQLException {
        try (var link =
                new HttpLink(
                        clinic.settings().requireSatellite().link(),
                        _ -> satellite.tables().getFirst().shape())) {
            var uid = new UUID(7, 7);
            for (long revision : List.of(1L, 2L, 1L)) {
                var values = Map.of("name", "Ida", "note", "revision " + revision);
                var pushed =
                        new PushedRecord(uid, Optional.empty(), revision, Fields.of(values), false);
                assertThat(link.push(Region.PARTY, List.of(pushed))).hasSize(1);
            }
        }

        assertThat(region.central().written()).containsExactly("Ida", "revision 2");
    }

    @Test
    void aPageWhoseAnswerIsCutIsReadAgain() throws SQLException {
        region.central()
                .run(
                        "insert into party (name) select 'party ' || n from generate_series(1, %d) n"
                                .formatted(RECORDS));
        var _ = satellite.begin();
        proxy.become(new FaultProxy.Mode.CutAnswerAfter(600));
        assertUnreachable(() -> satellite.run(Cycle.Work.NEW, Region.PARTY));
        proxy.become(new FaultProxy.Mode.Pass());

        assertThat(satellite.run(Cycle.Work.NEW, Region.PARTY)).isEqualTo(RECORDS);

        assertThat(clinic.written()).doesNotHaveDuplicates().hasSize(RECORDS);
    }

    @Test
    void aBlackHoleEndsInAnErrorInsteadOfWaitingForever() throws SQLException {
        write();
        var _ = satellite.begin();
        proxy.become(new FaultProxy.Mode.BlackHole());

        assertUnreachable(this::push);
        assertUnreachable(satellite::begin);

        proxy.become(new FaultProxy.Mode.Pass());
        assertThat(satellite.synchronise(EnumSet.allOf(Cycle.Work.class)).pushed())
                .isEqualTo(RECORDS);
    }

    @Test
    void aCentralThatRefusesConnectionsIsUnreachable() throws SQLException {
        write();
        proxy.become(new FaultProxy.Mode.Refuse());

        assertUnreachable(() -> satellite.synchronise(EnumSet.allOf(Cycle.Work.class)));

        proxy.become(new FaultProxy.Mode.Pass());
        assertThat(satellite.synchronise(EnumSet.allOf(Cycle.Work.class)).pushed())
                .isEqualTo(RECORDS);
    }
}
