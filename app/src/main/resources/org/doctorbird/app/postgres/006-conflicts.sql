-- Central: the conflict list. A row without a resolution waits for a person; 'disputed' names the fields that a person
-- settles, 'settled' those that a policy has settled, with its word.
alter table doctorbird.engine_conflict
    add column number bigint generated always as identity,
    add column kind text not null default 'fields',
    add column settled jsonb not null default '{}',
    add column reason text not null default '',
    add column resolution text,
    add column resolved_at timestamptz,
    add column resolved_by timestamptz;
update doctorbird.engine_conflict set kind = 'deletion' where is_deleted;
create unique index on doctorbird.engine_conflict (number);
create index on doctorbird.engine_conflict (instance, number) where resolution is null;

-- Central: records that are the same as another one, which stays.
create table doctorbird.engine_joined (
    model text not null,
    uid uuid not null,
    survivor uuid not null,
    joined_at timestamptz not null default clock_timestamp(),
    primary key (model, uid)
);

-- Central: when the change was made, if that is not when the version was.
alter table doctorbird.engine_history add column edited_at timestamptz;

-- Satellite: changes of its own that wait for a person at central, as central said last.
create table doctorbird.engine_own_conflict (
    model text not null,
    uid uuid not null,
    kind text not null,
    since timestamptz not null default clock_timestamp(),
    primary key (model, uid)
);
