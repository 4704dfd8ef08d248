package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.DirectLink;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A rule that cannot be computed on some record's values.
final class FailingConditionTest {

    private static final String PARTY = "party.party";
    private static final InstanceId MAY_PEN = new InstanceId(1);

    private final PostgresRegion region =
            new PostgresRegion(
                    TestPostgres.NEWEST,
                    "create table party_party (id serial primary key, name text, home text)",
                    """
                    format = 1
                    [[model]]
                    name = "party.party"
                    table = "party_party"
                    where = "home::integer = :home::integer"
                    """,
                    List.of(PARTY),
                    Map.of(PARTY, List.of("name", "home")));

    @AfterEach
    void closeConnections() throws Exception {
        region.close();
    }

    @Test
    void aRecordOnWhichTheConditionFailsStopsOnlyItself() {
        var central = region.site(InstanceId.CENTRAL);
        UUID good = central.insert(PARTY, Map.of("name", "Ida", "home", "1"));
        UUID bad = central.insert(PARTY, Map.of("name", "Eda", "home", "a word"));
        UUID other = central.insert(PARTY, Map.of("name", "Oda", "home", "1"));

        Cycle cycle = region.cycle(MAY_PEN, new DirectLink(MAY_PEN, region.central()));
        cycle.run(cycle.begin(0), EnumSet.allOf(Cycle.Work.class));

        assertThat(region.site(MAY_PEN).read(PARTY, good)).isPresent();
        assertThat(region.site(MAY_PEN).read(PARTY, other)).isPresent();
        assertThat(region.site(MAY_PEN).read(PARTY, bad)).isEmpty();
    }
}
