package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Cycle;
import org.doctorbird.exchange.DirectLink;
import org.doctorbird.exchange.QuarantineChoice;
import org.doctorbird.record.InstanceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What operators meet once in years, on real databases: restored, cloned and moved ones.
final class MisfortunesTest {

    private static final InstanceId MAY_PEN = new InstanceId(1);
    private static final InstanceId LIONEL_TOWN = new InstanceId(2);
    private static final String PARTY = "party.party";

    private final PostgresRegion region =
            new PostgresRegion(
                    TestPostgres.NEWEST,
                    "create table party_party (id serial primary key, name text, note text);",
                    """
                    format = 1
                    [[model]]
                    name = "party.party"
                    table = "party_party"
                    batch = 4
                    deletes = "propagate"
                    """,
                    List.of(PARTY),
                    Map.of(PARTY, List.of("name", "note")));

    @AfterEach
    void closeConnections() throws Exception {
        region.close();
    }

    private Cycle cycle(InstanceId instance) {
        return region.cycle(instance, new DirectLink(instance, region.central()));
    }

    private void synchronise(InstanceId... instances) {
        for (InstanceId instance : instances) {
            Cycle cycle = cycle(instance);
            cycle.run(cycle.begin(0), EnumSet.allOf(Cycle.Work.class));
        }
    }

    private void write(InstanceId instance, String sql) throws SQLException {
        region.database(instance).run(sql);
    }

    private void insert(InstanceId instance, String... names) throws SQLException {
        for (String name : names) {
            write(instance, "insert into party_party (name) values ('" + name + "')");
        }
    }

    private void note(InstanceId instance, String name, String note) throws SQLException {
        write(
                instance,
                "update party_party set note = '%s' where name = '%s'".formatted(note, name));
    }

    private List<String> parties(InstanceId instance) throws SQLException {
        return region.database(instance)
                .rows("select name, note from party_party order by name collate \"C\"");
    }

    private void assertRefused(InstanceId instance, ErrorCode code) {
        assertThatThrownBy(() -> synchronise(instance))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private void assertAllHold(String... parties) throws SQLException {
        assertThat(parties(InstanceId.CENTRAL)).containsExactly(parties);
        assertThat(parties(MAY_PEN)).containsExactly(parties);
        assertThat(parties(LIONEL_TOWN)).containsExactly(parties);
    }

    @Test
    void aRestoredSatelliteGetsBackWhatItHadPushedAndKeepsWhatIsWrittenSince() throws Exception {
        insert(MAY_PEN, "Ann", "Bob", "Cleo", "Dan", "Eve");
        synchronise(MAY_PEN, LIONEL_TOWN);
        var backup = region.copy(MAY_PEN);
        note(MAY_PEN, "Ann", "pushed and lost");
        write(MAY_PEN, "delete from party_party where name = 'Bob'");
        insert(MAY_PEN, "Fay");
        insert(LIONEL_TOWN, "Gus");
        note(LIONEL_TOWN, "Cleo", "from elsewhere");
        synchronise(MAY_PEN, LIONEL_TOWN, MAY_PEN);

        region.put(MAY_PEN, backup);
        note(MAY_PEN, "Dan", "written since");
        insert(MAY_PEN, "Hal");
        assertRefused(MAY_PEN, ErrorCode.SATELLITE_BEHIND);
        assertRefused(MAY_PEN, ErrorCode.SATELLITE_BEHIND);
        cycle(MAY_PEN).resync();
        synchronise(MAY_PEN, LIONEL_TOWN, MAY_PEN);

        assertThat(parties(MAY_PEN))
                .containsExactly(
                        "Ann|pushed and lost",
                        "Cleo|from elsewhere",
                        "Dan|written since",
                        "Eve|-",
                        "Fay|-",
                        "Gus|-",
                        "Hal|-");
        assertThat(parties(LIONEL_TOWN)).isEqualTo(parties(MAY_PEN));
        assertThat(
                        region.database(InstanceId.CENTRAL)
                                .rows("select count(*) from doctorbird.engine_conflict"))
                .containsExactly("0");
    }

    /// The number of the contact that was begun is in the backup too.
    @Test
    void aBackupFromATimeWithoutAConnectionIsNoticedToo() throws Exception {
        insert(MAY_PEN, "Ann");
        synchronise(MAY_PEN);
        assertThatThrownBy(() ->
                        cycle(MAY_PEN)
                                .begin(
                                        0,
                                        _ -> {
                                            throw new SyncException(
                                                    ErrorCode.CENTRAL_UNREACHABLE, "no line");
                                        }))
                .isInstanceOf(SyncException.class);
        var backup = region.copy(MAY_PEN);
        note(MAY_PEN, "Ann", "pushed");
        synchronise(MAY_PEN);

        region.put(MAY_PEN, backup);

        assertRefused(MAY_PEN, ErrorCode.SATELLITE_BEHIND);
    }

    @Test
    void whatALostDatabaseHadPushedIntoTheQuarantineComesToTheOneInItsPlace() throws Exception {
        insert(MAY_PEN, "Ann");
        synchronise(MAY_PEN, LIONEL_TOWN);
        write(
                InstanceId.CENTRAL,
                "alter table party_party add constraint short check (length(note) < 4)");
        var backup = region.copy(MAY_PEN);
        note(MAY_PEN, "Ann", "changed");
        write(MAY_PEN, "insert into party_party (name, note) values ('Bob', 'new one')");
        synchronise(MAY_PEN);

        region.put(MAY_PEN, backup);
        cycle(MAY_PEN).resync();
        synchronise(MAY_PEN);
        write(InstanceId.CENTRAL, "alter table party_party drop constraint short");
        var _ = region.retry(InstanceId.CENTRAL).chosen(QuarantineChoice.of(PARTY));
        synchronise(MAY_PEN, LIONEL_TOWN);

        assertAllHold("Ann|changed", "Bob|new one");
    }

    /// A restored database counts its changes with numbers that it has given before.
    @Test
    void aRestoredSatelliteNeverTakesItsChangeForOneThatItMadeBefore() throws Exception {
        insert(MAY_PEN, "Ann");
        synchronise(MAY_PEN, LIONEL_TOWN);
        var backup = region.copy(MAY_PEN);
        note(MAY_PEN, "Ann", "first");
        synchronise(MAY_PEN);
        note(MAY_PEN, "Ann", "second");
        synchronise(MAY_PEN);

        region.put(MAY_PEN, backup);
        write(MAY_PEN, "update party_party set name = 'Anna' where name = 'Ann'");
        cycle(MAY_PEN).resync();
        synchronise(MAY_PEN, LIONEL_TOWN);

        assertAllHold("Anna|second");
        assertThat(
                        region.database(InstanceId.CENTRAL)
                                .rows(
                                        """
                                        select uid, origin, origin_revision from doctorbird.engine_history
                                        group by 1, 2, 3 having count(*) > 1
                                        """))
                .isEmpty();
    }

    @Test
    void whatBothSidesOfARestoreWroteIsAConflictAndNothingIsLost() throws Exception {
        insert(MAY_PEN, "Ann");
        synchronise(MAY_PEN);
        var backup = region.copy(MAY_PEN);
        note(MAY_PEN, "Ann", "before");
        synchronise(MAY_PEN);

        region.put(MAY_PEN, backup);
        note(MAY_PEN, "Ann", "since");
        cycle(MAY_PEN).resync();
        synchronise(MAY_PEN, LIONEL_TOWN);

        assertAllHold("Ann|before");
        assertThat(
                        region.database(InstanceId.CENTRAL)
                                .rows("select fields ->> 'note' from doctorbird.engine_conflict"))
                .containsExactly("since");
    }

    @Test
    void aRestoredCentralGetsBackWhatTheSatellitesHave() throws Exception {
        insert(MAY_PEN, "Ann", "Bob", "Cleo");
        synchronise(MAY_PEN, LIONEL_TOWN);
        var backup = region.copy(InstanceId.CENTRAL);
        note(MAY_PEN, "Ann", "lost at central");
        write(MAY_PEN, "delete from party_party where name = 'Bob'");
        insert(MAY_PEN, "Dan");
        insert(InstanceId.CENTRAL, "Eve");
        synchronise(MAY_PEN, LIONEL_TOWN, MAY_PEN);

        region.put(InstanceId.CENTRAL, backup);
        note(InstanceId.CENTRAL, "Cleo", "after the restore");
        assertRefused(MAY_PEN, ErrorCode.CENTRAL_BEHIND);
        region.beginEpoch();
        synchronise(MAY_PEN, LIONEL_TOWN, MAY_PEN, LIONEL_TOWN);

        assertAllHold("Ann|lost at central", "Cleo|after the restore", "Dan|-", "Eve|-");
        assertThat(
                        region.database(InstanceId.CENTRAL)
                                .rows("select count(*) from doctorbird.engine_conflict"))
                .containsExactly("0");
    }

    /// Central stores it no more, and would not know that it is here.
    @Test
    void aVersionInQuarantineThatCentralHasLostIsKeptInTheListOfRefusedChanges() throws Exception {
        insert(MAY_PEN, "Ann");
        synchronise(MAY_PEN, LIONEL_TOWN);
        var backup = region.copy(InstanceId.CENTRAL);
        write(LIONEL_TOWN, "alter table party_party add constraint short check (length(note) < 4)");
        note(InstanceId.CENTRAL, "Ann", "lost at central");
        synchronise(LIONEL_TOWN);

        region.put(InstanceId.CENTRAL, backup);
        region.beginEpoch();
        write(LIONEL_TOWN, "alter table party_party drop constraint short");
        synchronise(MAY_PEN, LIONEL_TOWN);
        var _ = region.retry(LIONEL_TOWN).chosen(QuarantineChoice.of(PARTY));
        synchronise(MAY_PEN, LIONEL_TOWN);

        assertAllHold("Ann|-");
        assertThat(
                        region.database(LIONEL_TOWN)
                                .rows("select fields ->> 'note' from doctorbird.engine_refused"))
                .containsExactly("lost at central");
    }

    @Test
    void aClonedDatabaseIsRefusedAndJoinsAsAnInstanceOfItsOwn() throws Exception {
        insert(MAY_PEN, "Ann");
        synchronise(MAY_PEN, LIONEL_TOWN);
        note(MAY_PEN, "Ann", "waits in both copies");
        var clone = region.copy(MAY_PEN);
        synchronise(MAY_PEN);
        insert(MAY_PEN, "Bob");
        synchronise(MAY_PEN);

        var original = region.database(MAY_PEN).database;
        region.put(MAY_PEN, clone);
        insert(MAY_PEN, "Cleo");
        assertRefused(MAY_PEN, ErrorCode.SATELLITE_BEHIND);
        assertThatThrownBy(() -> cycle(MAY_PEN).separate(0))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_TAKEN));
        var third = new InstanceId(3);
        region.put(third, clone);
        write(
                InstanceId.CENTRAL,
                "insert into doctorbird.engine_instance (id, name, password_hash) values (3, 'c', '')");
        cycle(third).separate(0);
        region.put(MAY_PEN, original);
        synchronise(third, MAY_PEN, LIONEL_TOWN, third);

        assertAllHold("Ann|waits in both copies", "Bob|-", "Cleo|-");
        assertThat(parties(third)).isEqualTo(parties(MAY_PEN));
    }

    @Test
    void twoCopiesThatGoOnFromTheSameContactAreToldApart() throws Exception {
        insert(MAY_PEN, "Ann");
        synchronise(MAY_PEN);
        var clone = region.copy(MAY_PEN);
        synchronise(MAY_PEN);

        region.put(MAY_PEN, clone);

        assertRefused(MAY_PEN, ErrorCode.SATELLITE_COPIED);
    }

    /// Method: the notes say what a dump of a PostgreSQL says whose transaction numbers are far
    /// ahead of this one's.
    @Test
    void aCentralLoadedIntoAnotherPostgresBeginsAnEpochByItself() throws Exception {
        insert(MAY_PEN, "Ann", "Bob");
        synchronise(MAY_PEN, LIONEL_TOWN);
        write(
                InstanceId.CENTRAL,
                """
                update doctorbird.engine_meta set value = '4711' where key = 'cluster';
                update doctorbird.party_party set changed = '9000000000';
                """);
        String before = epoch();

        note(MAY_PEN, "Ann", "pushed");
        insert(InstanceId.CENTRAL, "Cleo");
        synchronise(MAY_PEN, LIONEL_TOWN, MAY_PEN);

        assertThat(epoch()).isNotEqualTo(before);
        assertAllHold("Ann|pushed", "Bob|-", "Cleo|-");
        String after = epoch();
        synchronise(MAY_PEN);
        assertThat(epoch()).isEqualTo(after);
    }

    private String epoch() throws SQLException {
        return region.database(InstanceId.CENTRAL)
                .value("select value from doctorbird.engine_meta where key = 'epoch'");
    }
}
