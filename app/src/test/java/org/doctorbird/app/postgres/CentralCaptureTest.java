package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.UUID;
import org.doctorbird.app.testing.TestPostgres;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CentralCaptureTest {

    private static final String TABLES =
            """
            create table party (id serial primary key, name text, code text unique, born timestamptz,
                replaced_by integer references party on delete set null);
            create table address (id serial primary key,
                party integer not null references party on delete cascade, city text);
            """;

    private static final String PLAN =
            """
            format = 1
            [[model]]
            name = "address"
            table = "address"
            [[model]]
            name = "party"
            table = "party"
            """;

    private static final String HISTORY =
            """
            select model, fields, before, origin, origin_revision, replaced_origin, replaced_revision
            from doctorbird.engine_history order by etag, model
            """;

    @ParameterizedTest
    @EnumSource
    void givesEachVersionAnEtagAPlaceInTheFeedAndHistory(TestPostgres postgres)
            throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            db.install(Role.CENTRAL, PLAN);
            db.run(
                    "set intervalstyle = 'iso_8601'; set extra_float_digits = -5; set timezone = 'Asia/Tokyo'");
            db.run(
                    "insert into party (name, born) values ('a', '1980-12-31 12:00+0'), ('b', null)");
            assertThat(
                            db.rows(
                                    "select id, etag <= clock_timestamp(), changed < pg_current_xact_id(), origin,"
                                            + " origin_revision, deleted_at, interested_instances,"
                                            + " synchronised_instances, last_synchronisation"
                                            + " from doctorbird.party order by id"))
                    .containsExactly("1|t|t|0|0|-|-||-", "2|t|t|0|0|-|-||-");
            String etag = db.value("select etag from doctorbird.party where id = 1");
            db.run("update doctorbird.party set origin = 3, origin_revision = 7 where id = 1");

            db.run("update party set name = name");
            assertThat(db.rows(HISTORY)).isEmpty();
            assertThat(db.value("select etag from doctorbird.party where id = 1")).isEqualTo(etag);

            db.run("update party set born = null, name = null, replaced_by = 2 where id = 1");
            String target = db.value("select uid from doctorbird.party where id = 2");
            db.run("update party set replaced_by = null where id = 1");

            assertThat(db.rows(HISTORY))
                    .containsExactly(
                            "party|{name,born,replaced_by}|{\"born\": \"1980-12-31 12:00:00+00\", \"name\": \"a\","
                                    + " \"replaced_by\": null}|0|0|3|7",
                            "party|{replaced_by}|{\"replaced_by\": \"" + target + "\"}|0|0|0|0");
            assertThat(
                            db.value(
                                    "select bool_and(h.etag > h.replaced_etag), max(h.etag) = max(c.etag) from"
                                            + " doctorbird.engine_history h join doctorbird.party c using (uid)"))
                    .isEqualTo("t|t");
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsDeletedRecordsInTheFeed(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            db.install(Role.CENTRAL, PLAN);
            db.run("insert into party (name) values ('a'), ('b')");
            db.run("insert into address (party, city) values (1, 'x')");
            String party = db.value("select uid from doctorbird.party where id = 1");
            db.run("update doctorbird.address set origin = 3, synchronised_instances = B'0101'");

            db.run("delete from party where id = 1");

            assertThat(
                            db.rows(
                                    "select id, deleted_at is not null, origin, origin_revision, synchronised_instances,"
                                            + " changed = (select changed from doctorbird.party where id is null)"
                                            + " from doctorbird.address"))
                    .containsExactly("-|t|0|0|0101|t");
            assertThat(db.rows(HISTORY))
                    .containsExactlyInAnyOrder(
                            "address|{party,city}|{\"city\": \"x\", \"party\": \""
                                    + party
                                    + "\"}|0|0|3|0",
                            "party|{name,code,born,replaced_by}|{\"born\": null, \"code\": null,"
                                    + " \"name\": \"a\", \"replaced_by\": null}|0|0|0|0");

            db.run("truncate party cascade");
            assertThat(
                            db.value(
                                    "select count(*), count(id), count(deleted_at) from doctorbird.party"))
                    .isEqualTo("2|0|2");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NEWEST")
    void givesARecordTheSameUidWhenItComesBack(TestPostgres postgres) throws SQLException {
        try (var db = new InstalledDatabase(postgres, TABLES)) {
            db.install(
                    Role.CENTRAL,
                    """
                    format = 1
                    [[model]]
                    name = "party"
                    table = "party"
                    unique_id_column = "code"
                    """);
            db.run("insert into party (code) values ('a')");
            String before = db.value("select uid, etag from doctorbird.party");
            db.run("delete from party");
            db.run("insert into party (code) values ('a')");

            assertThat(
                            db.rows(
                                    "select uid, id, deleted_at, etag > '%s' from doctorbird.party"
                                            .formatted(before.substring(37))))
                    .containsExactly(before.substring(0, 36) + "|2|-|t");
        }
    }

    @ParameterizedTest
    @EnumSource
    void forgetsAMissingReferenceThatTheApplicationFills(TestPostgres postgres)
            throws SQLException {
        for (Role role : Role.values()) {
            try (var db = new InstalledDatabase(postgres, TABLES)) {
                db.install(role, PLAN);
                db.run("insert into party (name) values ('a'), ('b')");
                UUID target = new UUID(1, 2);
                db.run(
                        """
                        insert into doctorbird.engine_missing_reference
                        select 'party', uid, 'replaced_by', 'party', '%s' from doctorbird.party
                        """
                                .formatted(target));

                db.run("update party set name = 'x'");
                assertThat(db.value("select count(*) from doctorbird.engine_missing_reference"))
                        .isEqualTo("2");
                db.run("update party set replaced_by = 2 where id = 1");
                assertThat(
                                db.rows(
                                        "select c.id from doctorbird.engine_missing_reference join doctorbird.party c using (uid)"))
                        .containsExactly("2");
                if (role == Role.CENTRAL) {
                    assertThat(db.rows(HISTORY))
                            .last()
                            .asString()
                            .contains("{\"replaced_by\": \"" + target + "\"}");
                }
            }
        }
    }
}
