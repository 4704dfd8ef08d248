package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.doctorbird.app.plan.PlanFile;
import org.doctorbird.app.testing.TestPostgres;
import org.doctorbird.exchange.CentralExchange;
import org.doctorbird.exchange.CentralModels;
import org.doctorbird.exchange.ExchangeListener;
import org.doctorbird.exchange.PushAnswer;
import org.doctorbird.exchange.Retried;
import org.doctorbird.record.ETag;
import org.doctorbird.record.Fields;
import org.doctorbird.record.InstanceId;
import org.doctorbird.record.PushedRecord;

/// A central with tables as Tryton makes them, to which instances push.
final class HistoryWorld implements AutoCloseable {

    static final String TABLES =
            """
            create table party (id serial primary key, name text, code text,
                create_uid integer, write_uid integer, write_date timestamp);
            create table visit (id serial primary key, note text check (note <> 'bad'),
                party integer not null references party on delete cascade,
                create_uid integer, write_uid integer, write_date timestamp);
            create table link (id serial primary key, note text, create_uid integer);
            """;

    static final String PLAN =
            """
            format = 1
            application = "tryton"
            [[model]]
            name = "party"
            table = "party"
            [[model]]
            name = "visit"
            table = "visit"
            [[model]]
            name = "link"
            table = "link"
            deletes = "propagate"
            """;

    static final InstanceId MAY_PEN = new InstanceId(3);
    static final InstanceId MANDEVILLE = new InstanceId(4);

    final InstalledDatabase database;
    private final List<SyncedTable> tables;
    private final CentralExchange exchange;
    private long revision;

    HistoryWorld(TestPostgres postgres) throws SQLException {
        this.database = new InstalledDatabase(postgres, TABLES);
        database.install(Role.CENTRAL, PLAN);
        database.run(
                """
                insert into doctorbird.engine_instance (id, name, password_hash)
                values (3, 'may-pen', ''), (4, 'mandeville', '')
                """);
        this.tables = SyncedTables.of(PlanFile.parse(PLAN), Catalogue.read(database.engine));
        this.exchange =
                new CentralExchange(
                        new PostgresCentralStore(database.database.dataSource(), tables),
                        new CentralModels(
                                "1",
                                PLAN,
                                PlanFile.parse(PLAN),
                                tables.stream().map(SyncedTable::shape).toList()),
                        ExchangeListener.NONE);
    }

    List<SyncedTable> tables() {
        return tables;
    }

    UUID uid(String table) throws SQLException {
        return UUID.fromString(
                database.value(
                        "select uid from doctorbird.%s order by id limit 1".formatted(table)));
    }

    ETag etag(String table) throws SQLException {
        return new ETag(
                Long.parseLong(
                        database.value(
                                "select %s from doctorbird.%s c order by id limit 1"
                                        .formatted(Times.toMicros("c.etag"), table))));
    }

    /// Pushes changed fields as a user of the instance.
    PushAnswer push(
            InstanceId from,
            String model,
            UUID uid,
            Optional<ETag> base,
            Map<String, String> fields,
            String user) {
        return push(from, model, uid, base, Fields.of(fields), user);
    }

    /// Pushes a deletion as a user of the instance.
    PushAnswer delete(InstanceId from, String model, UUID uid, ETag base, String user) {
        return push(from, model, uid, Optional.of(base), Fields.NONE, user);
    }

    private PushAnswer push(
            InstanceId from,
            String model,
            UUID uid,
            Optional<ETag> base,
            Fields fields,
            String user) {
        revision++;
        var pushed =
                new PushedRecord(
                        uid,
                        base,
                        revision,
                        fields,
                        fields.equals(Fields.NONE),
                        Optional.of(user).filter(some -> !some.isEmpty()));
        return exchange.push(from, model, List.of(pushed)).getFirst();
    }

    /// Tries what central has in quarantine, as if its time had come.
    Retried retry() throws SQLException {
        database.run("update doctorbird.engine_quarantine set next_try = clock_timestamp()");
        return exchange.retryDue();
    }

    RecordVersions versions(String model, UUID uid, int limit, boolean withValues) {
        return new RecordHistory(database.database.dataSource(), tables)
                .read(model, uid, limit, withValues)
                .orElseThrow();
    }

    /// Returns all versions with all that is known of them, newest first.
    List<String> told(String model, UUID uid) {
        return versions(model, uid, 100, true).versions().stream().map(HistoryWorld::told).toList();
    }

    private static String told(RecordVersions.Version version) {
        var changes = new ArrayList<String>();
        version.changes()
                .forEach(change ->
                        changes.add(
                                "%s: %s > %s"
                                        .formatted(
                                                change.field(),
                                                told(change.before()),
                                                told(change.after()))));
        return "%s %s %s %s"
                .formatted(
                        version.name().orElse("?"),
                        version.user().orElse("-"),
                        version.kind(),
                        changes);
    }

    private static String told(RecordVersions.Value value) {
        return value.isKnown() ? String.valueOf(value.text()) : "?";
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
