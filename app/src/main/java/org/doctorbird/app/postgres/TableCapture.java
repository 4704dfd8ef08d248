package org.doctorbird.app.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.doctorbird.app.postgres.InstallReport.Change;
import org.doctorbird.app.postgres.InstallReport.ModelReport;

/// Brings companion, functions and triggers of one table up to date, and gives companions to rows
/// that have none.
final class TableCapture {

    private final Statements statements;
    private final SyncedTable table;
    private final Capture capture;
    private final CaptureDefinition definition;

    /// @param isUidUnique no two rows can have the same value in the unique id column
    TableCapture(Statements statements, SyncedTable table, Capture capture, boolean isUidUnique) {
        this.statements = statements;
        this.table = table;
        this.capture = capture;
        this.definition = new CaptureDefinition(table, capture, isUidUnique);
    }

    /// Creates the companion if it is missing; corrects its key's type, which the application may
    /// have changed.
    void createCompanion() throws SQLException {
        String name = table.companionName();
        statements.execute(
                """
                create table if not exists %1$s (
                    uid uuid constraint %2$s primary key,
                    id %3$s constraint %4$s unique deferrable initially deferred,
                    former_id %3$s,
                    last_synchronisation timestamptz,
                    base_etag timestamptz,
                    revision bigint not null default 1,
                    changed_fields varbit,
                    etag timestamptz,
                    changed xid8,
                    origin smallint,
                    origin_revision bigint,
                    synchronised_instances varbit not null default '',
                    interested_instances varbit,
                    deleted_at timestamptz,
                    direct_instances varbit,
                    creator smallint,
                    stamped smallint not null default 0,
                    origin_user text,
                    is_taken boolean not null default false)
                """
                        .formatted(
                                table.companion(),
                                Sql.identifier(Sql.fitted(name + "~uid")),
                                table.keyType(),
                                Sql.identifier(Sql.fitted(name + "~id"))));
        addColumns();
        for (var index : capture.indexes().entrySet()) {
            statements.execute(
                    "create index if not exists %s on %s %s"
                            .formatted(
                                    Sql.identifier(Sql.fitted(name + "~" + index.getKey())),
                                    table.companion(),
                                    index.getValue()));
        }
        correctKeyType();
        keepFromFeed();
    }

    /// Has PostgreSQL look records up by the index of their uids. From version 18 on it takes the
    /// feed's for that if a companion was written by few transactions, and reads all of it: a
    /// search for each transaction looks cheaper to it than one for each uid.
    private void keepFromFeed() throws SQLException {
        boolean isDone =
                statements
                        .first(
                                """
                                select attoptions is not null from pg_attribute
                                where attrelid = ?::regclass and attname = 'changed'
                                """,
                                row -> row.getBoolean(1),
                                table.companion())
                        .orElseThrow();
        if (!isDone) {
            statements.execute(
                    "alter table %1$s alter column changed set (n_distinct = -1); analyze %1$s (changed)"
                            .formatted(table.companion()));
        }
    }

    /// Adds the columns that companions of earlier versions of this program lack.
    private void addColumns() throws SQLException {
        boolean isMissing =
                statements
                        .first(
                                """
                                select count(*) < 6 from pg_attribute
                                where attrelid = ?::regclass and not attisdropped
                                  and attname in ('direct_instances', 'creator', 'stamped',
                                    'origin_user', 'modified_at', 'is_taken')
                                """,
                                row -> row.getBoolean(1),
                                table.companion())
                        .orElseThrow();
        if (isMissing) {
            statements.execute(
                    """
                    alter table %s add column if not exists direct_instances varbit,
                        add column if not exists creator smallint,
                        add column if not exists stamped smallint not null default 0,
                        add column if not exists origin_user text,
                        add column if not exists modified_at timestamptz,
                        add column if not exists is_taken boolean not null default false
                    """
                            .formatted(table.companion()));
        }
    }

    private void correctKeyType() throws SQLException {
        String type =
                statements
                        .first(
                                """
                                select format_type(atttypid, null) from pg_attribute
                                where attrelid = ?::regclass and attname = 'id'
                                """,
                                row -> row.getString(1),
                                table.companion())
                        .orElseThrow();
        if (!type.equals(table.keyType())) {
            statements.execute(
                    """
                    alter table %1$s alter column id type %2$s using id::text::%2$s,
                        alter column former_id type %2$s using former_id::text::%2$s
                    """
                            .formatted(table.companion(), table.keyType()));
        }
    }

    /// Creates functions and triggers and adopts rows, in the caller's transaction.
    ///
    /// The application's writers of the table wait from the creation of the first trigger to the
    /// end of the transaction, so that no row is missed; for a table whose triggers are there and
    /// unchanged nobody waits.
    ModelReport bringUpToDate() throws SQLException {
        Optional<String> before = definitionBefore();
        boolean isCapturing = before.isPresent() && areTriggersOn();
        if (isCapturing && before.get().equals(definition.checksum())) {
            return new ModelReport(table.model(), Change.NONE, 0);
        }
        boolean wasKnown = wasKnown();
        for (String sql : definition.statements()) {
            statements.execute(sql);
        }
        if (isCapturing) {
            noteBegunToTravel();
        }
        long adopted = isCapturing ? 0 : adopt(wasKnown);
        note();
        return new ModelReport(table.model(), wasKnown ? Change.CHANGED : Change.CREATED, adopted);
    }

    private Optional<String> definitionBefore() throws SQLException {
        return statements.first(
                """
                select coalesce(definition, '') from doctorbird.engine_capture
                where companion = ? and table_schema = ? and table_name = ?
                    and definition is not null
                """,
                row -> row.getString(1),
                table.companionName(),
                table.schema(),
                table.table());
    }

    private boolean wasKnown() throws SQLException {
        return statements
                .first(
                        "select from doctorbird.engine_capture where companion = ?",
                        _ -> true,
                        table.companionName())
                .orElse(false);
    }

    private boolean areTriggersOn() throws SQLException {
        List<String> triggers =
                CaptureDefinition.KINDS.stream().map(CaptureDefinition::triggerName).toList();
        return statements
                        .first(
                                """
                                select count(*) from pg_trigger
                                where tgrelid = ?::regclass and tgenabled = 'O'
                                    and tgname = any (?::text[])
                                """,
                                row -> row.getInt(1),
                                table.qualified(),
                                triggers.toArray(String[]::new))
                        .orElseThrow()
                == triggers.size();
    }

    /// Gives companions to rows without one. If the table was captured once and then was not,
    /// anything may have happened since: rows that are gone are deleted records, and all others
    /// count as changed.
    ///
    /// @return how many companions are new
    private long adopt(boolean wasKnown) throws SQLException {
        String key = Sql.identifier(table.keyColumn());
        if (wasKnown) {
            statements.execute(
                    """
                    update %1$s c set %2$s where c.id is not null
                        and not exists (select from %3$s t where t.%4$s = c.id);
                    %5$s
                    """
                            .formatted(
                                    table.companion(),
                                    capture.gone(),
                                    table.qualified(),
                                    key,
                                    capture.changedUnseen(table)));
        }
        long before = count();
        for (String sql : NewRows.adopted(table, capture).statements()) {
            statements.execute(sql);
        }
        return count() - before;
    }

    /// The plan or the table has columns that did not travel before: what is in them is news.
    private void noteBegunToTravel() throws SQLException {
        List<String> before =
                statements.query(
                        "select unnest(fields) from doctorbird.engine_capture where companion = ?",
                        row -> row.getString(1),
                        table.companionName());
        List<SyncedColumn> begun =
                table.columns().stream().filter(column -> !before.contains(column.name())).toList();
        if (!begun.isEmpty()) {
            statements.execute(capture.begunToTravel(table, begun));
        }
    }

    private long count() throws SQLException {
        return statements
                .first(
                        "select count(*) from " + table.companion() + " where id is not null",
                        row -> row.getLong(1))
                .orElseThrow();
    }

    private void note() throws SQLException {
        statements.update(
                """
                insert into doctorbird.engine_capture
                    (companion, table_schema, table_name, model, fields, definition)
                values (?, ?, ?, ?, ?, ?)
                on conflict (companion) do update set table_schema = excluded.table_schema,
                    table_name = excluded.table_name, model = excluded.model, fields = excluded.fields,
                    definition = excluded.definition
                """,
                table.companionName(),
                table.schema(),
                table.table(),
                table.model(),
                table.columns().stream().map(SyncedColumn::name).toArray(String[]::new),
                definition.checksum());
    }
}
