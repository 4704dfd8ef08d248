package org.doctorbird.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.app.postgres.StoreDatabase.model;
import static org.doctorbird.app.postgres.StoreDatabase.uid;

import java.sql.SQLException;
import java.util.List;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.Settlement;
import org.doctorbird.record.ETag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The flush to the disk at a transaction's end.
final class FlushTest {

    @ParameterizedTest
    @EnumSource(TestPostgres.class)
    void isLeftOutOnlyWhereATransactionNeedNotLast(TestPostgres server) throws SQLException {
        var database =
                StoreDatabase.make(
                        server,
                        "create table party (id serial primary key, name text)",
                        model("party", "party"));
        database.run(
                """
                do 'begin execute format(''alter database %%I set synchronous_commit = on'',
                  current_database()); end';
                create table flushed (value text);
                create function note() returns trigger language plpgsql as
                  'begin insert into flushed values (current_setting(''synchronous_commit''));
                  return null; end';
                insert into party (name) values ('a');
                insert into doctorbird.party (uid, id) values ('%s', 1);
                create trigger note after update on doctorbird.party
                  execute function note()
                """
                        .formatted(uid(1)));
        PostgresSatelliteStore store = database.satellite();
        var settlements =
                List.of(new Settlement.InStep(uid(1), 1, new ETag(1_000_000_000_000_001L)));
        for (boolean needNotLast : new boolean[] {true, false}) {
            store.inTransaction(t -> {
                if (needNotLast) {
                    t.needNotLast();
                }
                t.settle(database.shape("party"), settlements);
                return 0;
            });
        }
        assertThat(database.rows("select value from flushed")).containsExactly("off", "on");
    }
}
