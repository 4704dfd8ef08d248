-- Central: who made a version, as the application of the instance calls its user; NULL: not known. What it was:
-- 'changed', 'deleted', 'marked' as deleted by a satellite while central keeps the row, 'returned' after that; NULL in
-- rows that are older than this column.
alter table doctorbird.engine_history
    add column origin_user text,
    add column replaced_user text,
    add column kind text;
create index on doctorbird.engine_history (etag);

-- Who made a change that was kept.
alter table doctorbird.engine_parked add column origin_user text;
alter table doctorbird.engine_quarantine add column origin_user text;
alter table doctorbird.engine_conflict add column origin_user text;

-- Central: the latest version of which the retention has ended the history, by model.
create table doctorbird.engine_forgotten (
    model text primary key,
    etag timestamptz not null
);

-- Central: versions of this instance up to this one were made by a former database of it.
alter table doctorbird.engine_instance add column reset_etag timestamptz;

-- Nobody changes what happened. Only the retention, which says so within its transaction, ends old rows.
create function doctorbird.engine_keep_history() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $doctorbird$
begin
    if tg_op = 'DELETE' and current_setting('doctorbird.forgetting', true) = 'on' then
        return null;
    end if;
    raise exception using errcode = 'DRB01',
        message = 'DRB-4009 the history is append-only',
        hint = 'To end old rows, set history_days in the settings of central.';
end
$doctorbird$;
revoke all on function doctorbird.engine_keep_history() from public;
create trigger keep before update or delete or truncate on doctorbird.engine_history
    for each statement execute function doctorbird.engine_keep_history();
