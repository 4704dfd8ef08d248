package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.exchange.InterestContract.PARTY;
import static org.doctorbird.exchange.InterestContract.VISIT;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.DirectLink;
import org.doctorbird.exchange.PinRequest;
import org.doctorbird.exchange.Site;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The connection to a database is lost at each call in turn, before the call takes effect and
/// after it, while records are pushed, pulled, taken, acknowledged, imported and withdrawn. Each
/// time whatever was written is where it belongs in the end, once.
///
/// `-Dfaults.every=1` tries all calls instead of each thirty-first.
final class EveryCallFaultsTest {

    private static final InstanceId MAY_PEN = new InstanceId(1);
    private static final InstanceId LIONEL_TOWN = new InstanceId(2);
    private static final int EVERY = Integer.getInteger("faults.every", 31);

    private final PostgresRegion region = PostgresRegion.ofInterest(TestPostgres.NEWEST);

    private final FailingSource.Fault fault = new FailingSource.Fault();

    @AfterEach
    void closeConnections() throws Exception {
        region.close();
    }

    private Site site(InstanceId instance) {
        return region.site(instance);
    }

    /// What one round has written.
    ///
    /// @param moved was at May Pen and belongs to Lionel Town
    private record Written(UUID stays, UUID visit, UUID moved, UUID movedVisit, UUID imported) {}

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noCallOfADatabaseMayFailToAnyEffect(boolean isAfter) {
        region.reachDatabasesBy(source -> new FailingSource(source, fault));
        var rounds = new ArrayList<Written>();
        for (int call = 1; ; call += EVERY) {
            UUID old = party(MAY_PEN, "1", "old");
            UUID oldVisit = visit(MAY_PEN, old, "old");
            cycle(MAY_PEN);
            fault.arm(call, isAfter);
            Written written = write(old, oldVisit);
            boolean isReached = tryAll(written);
            if (!isReached) {
                break;
            }
            rounds.add(written);
            for (int i = 0; i < 3; i++) {
                cycle(MAY_PEN);
                cycle(LIONEL_TOWN);
            }
            assertWhole(written, "call " + call);
        }
        assertThat(rounds.size()).as("calls that were made to fail").isGreaterThan(3);
        rounds.forEach(written -> assertWhole(written, "at the end"));
    }

    private Written write(UUID old, UUID oldVisit) {
        UUID stays = party(MAY_PEN, "1", "new");
        UUID visit = visit(MAY_PEN, stays, "new");
        UUID imported = party(InstanceId.CENTRAL, null, "imported");
        site(MAY_PEN).update(VISIT, oldVisit, Map.of("note", "changed at May Pen"));
        site(InstanceId.CENTRAL).update(PARTY, old, Map.of("home", "2"));
        return new Written(stays, visit, old, oldVisit, imported);
    }

    private UUID party(InstanceId at, @org.jspecify.annotations.Nullable String home, String name) {
        var values = new HashMap<String, @org.jspecify.annotations.Nullable String>();
        values.put("name", name);
        values.put("home", home);
        return site(at).insert(PARTY, values);
    }

    private UUID visit(InstanceId at, UUID party, String note) {
        return site(at).insert(VISIT, Map.of("party", party.toString(), "note", note));
    }

    /// @return whether the fault came
    private boolean tryAll(Written written) {
        List<Runnable> steps =
                List.of(
                        () -> cycle(MAY_PEN),
                        () -> pin(written.imported()),
                        () -> cycle(MAY_PEN),
                        () -> cycle(LIONEL_TOWN));
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (SyncException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNREACHABLE);
                boolean isReached = fault.disarm();
                assertThat(isReached).isTrue();
                pin(written.imported());
                return true;
            }
        }
        return fault.disarm();
    }

    private void pin(UUID uid) {
        var shape = region.models(InstanceId.CENTRAL).shape(PARTY);
        var request = new PinRequest(List.of(uid), "comes today", Optional.empty());
        region.centralStore()
                .inTransaction(transaction -> transaction.pin(shape, MAY_PEN, request));
    }

    private void cycle(InstanceId instance) {
        Cycle cycle = region.cycle(instance, new DirectLink(instance, region.central()));
        cycle.run(cycle.begin(0), EnumSet.allOf(Cycle.Work.class));
    }

    private void assertWhole(Written written, String when) {
        Site central = site(InstanceId.CENTRAL);
        Site mayPen = site(MAY_PEN);
        Site lionelTown = site(LIONEL_TOWN);
        assertThat(central.read(PARTY, written.stays())).as(when).isPresent();
        assertThat(mayPen.read(VISIT, written.visit()))
                .as(when)
                .isPresent()
                .isEqualTo(central.read(VISIT, written.visit()));
        assertThat(central.read(VISIT, written.movedVisit()).orElseThrow())
                .as(when)
                .containsEntry("note", "changed at May Pen");
        assertThat(lionelTown.read(VISIT, written.movedVisit()))
                .as(when)
                .isEqualTo(central.read(VISIT, written.movedVisit()));
        assertThat(mayPen.read(PARTY, written.moved())).as(when).isEmpty();
        assertThat(mayPen.read(PARTY, written.imported()))
                .as(when)
                .isPresent()
                .isEqualTo(central.read(PARTY, written.imported()));
        for (Site site : List.of(central, mayPen, lionelTown)) {
            assertThat(site.parked() + site.quarantined()).as(when).isZero();
        }
        assertThat(mayPen.waiting() + lionelTown.waiting()).as(when).isZero();
    }
}
