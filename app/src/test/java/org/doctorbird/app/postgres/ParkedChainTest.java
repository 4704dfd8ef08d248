package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.SQLException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.DirectLink;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.exchange.QuarantineChoice;
import org.doctorbird.exchange.Retried;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Records that wait for each other over several levels: a remark for its line, that for its visit,
/// and that for a party.
final class ParkedChainTest {

    private static final InstanceId MAY_PEN = new InstanceId(1);

    private static final String TABLES =
            """
            create table party_party (id serial primary key, name text check (name <> 'bad'));
            create table visit (id serial primary key, party integer not null references party_party);
            create table line (id serial primary key, visit integer not null references visit);
            create table remark (id serial primary key, line integer not null references line);
            """;

    private static final String PLAN =
            """
            format = 1
            [[model]]
            name = "party"
            table = "party_party"
            [[model]]
            name = "visit"
            table = "visit"
            [[model]]
            name = "line"
            table = "line"
            [[model]]
            name = "remark"
            table = "remark"
            """;

    private final PostgresRegion region =
            new PostgresRegion(
                    TestPostgres.NEWEST,
                    TABLES,
                    PLAN,
                    List.of("party", "visit", "line", "remark"),
                    Map.of());

    @AfterEach
    void closeConnections() throws Exception {
        region.close();
    }

    private static PushedRecord record(int number, String field, String value) {
        var values = new HashMap<String, @Nullable String>(Map.of(field, value));
        return new PushedRecord(uid(number), Optional.empty(), 1, Fields.of(values), false);
    }

    private PushAnswer push(String model, int number, String field, String value) {
        return region.central()
                .push(MAY_PEN, model, List.of(record(number, field, value)))
                .getFirst();
    }

    private void synchronise() {
        Cycle cycle = region.cycle(MAY_PEN, new DirectLink(MAY_PEN, region.central()));
        cycle.run(cycle.begin(0), EnumSet.allOf(Cycle.Work.class));
    }

    private String count(InstanceId instance, String what) throws SQLException {
        return region.database(instance).value("select count(*) from " + what);
    }

    @Test
    void pushesArriveOnceTheFirstOneIsThere() throws SQLException {
        assertThat(push("remark", 4, "line", uid(3).toString()))
                .isInstanceOf(PushAnswer.Parked.class);
        assertThat(push("line", 3, "visit", uid(2).toString()))
                .isInstanceOf(PushAnswer.Parked.class);
        assertThat(push("visit", 2, "party", uid(1).toString()))
                .isInstanceOf(PushAnswer.Parked.class);

        assertThat(push("party", 1, "name", "Ida")).isInstanceOf(PushAnswer.Accepted.class);

        assertThat(count(InstanceId.CENTRAL, "remark")).isEqualTo("1");
        assertThat(count(InstanceId.CENTRAL, "doctorbird.engine_parked")).isEqualTo("0");
    }

    @Test
    void moreThanOneTransactionTakesArriveWithTheOneTheyWaitedFor() throws SQLException {
        int batches = 3;
        for (int batch = 0; batch < batches; batch++) {
            int first = 10 + 1_000 * batch;
            region.central()
                    .push(
                            MAY_PEN,
                            "visit",
                            IntStream.range(first, first + 1_000)
                                    .mapToObj(number -> record(number, "party", uid(1).toString()))
                                    .toList());
        }
        assertThat(count(InstanceId.CENTRAL, "doctorbird.engine_parked")).isEqualTo("3000");

        assertThat(push("party", 1, "name", "Ida")).isInstanceOf(PushAnswer.Accepted.class);

        assertThat(count(InstanceId.CENTRAL, "visit")).isEqualTo("3000");
        assertThat(count(InstanceId.CENTRAL, "doctorbird.engine_parked")).isEqualTo("0");
    }

    @Test
    void versionsArriveOnceTheFirstOneIsTaken() throws SQLException {
        region.database(InstanceId.CENTRAL)
                .run(
                        """
                        alter table party_party drop constraint party_party_name_check;
                        insert into party_party (id, name) values (7, 'bad');
                        insert into visit (id, party) values (7, 7);
                        insert into line (id, visit) values (7, 7);
                        insert into remark (line) values (7);
                        """);
        synchronise();
        assertThat(count(MAY_PEN, "doctorbird.engine_quarantine")).isEqualTo("1");
        assertThat(count(MAY_PEN, "doctorbird.engine_parked")).isEqualTo("3");
        region.database(MAY_PEN)
                .run("alter table party_party drop constraint party_party_name_check");

        Retried retried = region.retry(MAY_PEN).chosen(QuarantineChoice.of("party"));
        synchronise();

        assertThat(retried).isEqualTo(new Retried(1, 0, 0));
        assertThat(count(MAY_PEN, "remark")).isEqualTo("1");
        assertThat(count(MAY_PEN, "doctorbird.engine_parked")).isEqualTo("0");
        assertThat(count(MAY_PEN, "doctorbird.engine_quarantine")).isEqualTo("0");
    }
}
