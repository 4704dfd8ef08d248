-- Central: what rules say of an instance, such as its institution: name -> text.
alter table doctorbird.engine_instance add column attributes jsonb not null default '{}';

-- Central: the transaction that made the version, so that what a record pointed to before is found for new versions.
alter table doctorbird.engine_history add column transaction xid8 not null default pg_catalog.pg_current_xact_id();
create index on doctorbird.engine_history (transaction);

-- Central: records that instances asked for.
create table doctorbird.engine_pin (
    model text not null,
    uid uuid not null,
    instance smallint not null,
    reason text not null,
    pinned_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz,
    primary key (model, uid, instance)
);
create index on doctorbird.engine_pin (expires_at) where expires_at is not null;

-- Central: records whose sets of interested instances have to be computed anew. A record may be named twice.
create table doctorbird.engine_interest_due (
    id bigint generated always as identity primary key,
    model text not null,
    kind text not null,
    uid uuid not null
);
create index on doctorbird.engine_interest_due (kind, model, uid);

-- Central: indexes that the installer made on the application's tables, for the references over which interest flows.
create table doctorbird.engine_index (
    table_schema text not null,
    index_name text not null,
    primary key (table_schema, index_name)
);

-- Satellite: records that central has withdrawn and that are still here.
create table doctorbird.engine_withdrawal (
    model text not null,
    uid uuid not null,
    stamp bigint not null,
    since timestamptz not null default clock_timestamp(),
    -- Why it could not be removed yet, and how often that was tried.
    reason text,
    attempts integer not null default 0,
    primary key (model, uid)
);

-- Satellite: a page of receipts for withdrawals has stamps in place of ETags.
alter table doctorbird.engine_receipt add column is_withdrawn boolean not null default false;
