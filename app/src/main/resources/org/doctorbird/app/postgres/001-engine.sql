-- The engine's own tables. Companions of the application's tables are made by the installer, one per model.

-- What this installation is: 'role' (central, satellite), 'epoch', 'incarnation', 'plan', 'plan_version', ...
create table doctorbird.engine_meta (
    key text primary key,
    value text not null
);

-- Central: the instances that take part.
create table doctorbird.engine_instance (
    id smallint primary key,
    name text not null unique,
    password_hash text not null,
    created_at timestamptz not null default clock_timestamp(),
    incarnation uuid,
    last_seen timestamptz,
    clock_offset interval
);

-- Central: logged-in sessions, so that any number of processes can serve them.
create table doctorbird.engine_session (
    key_hash bytea primary key,
    instance smallint not null references doctorbird.engine_instance on delete cascade,
    created_at timestamptz not null default clock_timestamp(),
    last_used timestamptz not null default clock_timestamp()
);

-- Central: one row for each version that replaced another one. Append only.
create table doctorbird.engine_history (
    model text not null,
    uid uuid not null,
    etag timestamptz not null,
    origin smallint not null,
    origin_revision bigint not null,
    fields text[] not null,
    before jsonb not null,
    replaced_etag timestamptz not null,
    replaced_origin smallint not null,
    replaced_revision bigint not null
);
create index on doctorbird.engine_history (uid, etag);

-- Central: receipts for a version that was old when they came, while the instance's bit is not set.
create table doctorbird.engine_late_receipt (
    model text not null,
    uid uuid not null,
    instance smallint not null,
    primary key (model, uid, instance)
);

-- Central: the highest revision of an instance that was settled without making a version.
create table doctorbird.engine_settled (
    model text not null,
    uid uuid not null,
    instance smallint not null,
    revision bigint not null,
    primary key (model, uid, instance)
);

-- Pushes that lost a dispute, whole.
create table doctorbird.engine_conflict (
    model text not null,
    uid uuid not null,
    instance smallint not null,
    revision bigint not null,
    base_etag timestamptz,
    disputed text[] not null,
    fields jsonb not null,
    is_deleted boolean not null,
    noticed_at timestamptz not null default clock_timestamp(),
    primary key (model, uid, instance, revision)
);

-- Records that were received and wait for others.
create table doctorbird.engine_parked (
    model text not null,
    uid uuid not null,
    instance smallint not null,
    etag timestamptz,
    base_etag timestamptz,
    revision bigint not null,
    fields jsonb not null,
    is_deleted boolean not null,
    since timestamptz not null default clock_timestamp(),
    primary key (model, uid, instance)
);

-- What each of them waits for.
create table doctorbird.engine_parked_for (
    model text not null,
    uid uuid not null,
    instance smallint not null,
    target_model text not null,
    target_uid uuid not null,
    primary key (model, uid, instance, target_model, target_uid),
    foreign key (model, uid, instance) references doctorbird.engine_parked on delete cascade
);
create index on doctorbird.engine_parked_for (target_uid);

-- Records that the database refuses.
create table doctorbird.engine_quarantine (
    model text not null,
    uid uuid not null,
    instance smallint not null,
    etag timestamptz,
    base_etag timestamptz,
    revision bigint not null,
    fields jsonb not null,
    is_deleted boolean not null,
    code text not null,
    reason text not null,
    detail text not null,
    since timestamptz not null default clock_timestamp(),
    attempts integer not null default 1,
    primary key (model, uid, instance)
);

-- Nullable references whose target is not here yet; the column holds NULL until it comes.
create table doctorbird.engine_missing_reference (
    model text not null,
    uid uuid not null,
    field text not null,
    target_model text not null,
    target_uid uuid not null,
    primary key (model, uid, field)
);
create index on doctorbird.engine_missing_reference (target_uid);

-- Satellite: places in central's feeds.
create table doctorbird.engine_cursor (
    model text not null,
    feed text not null,
    transaction bigint not null,
    uid uuid not null,
    primary key (model, feed)
);

-- Satellite: receipts of new records that central does not have yet, one row a page.
create table doctorbird.engine_receipt (
    page bigint generated always as identity primary key,
    model text not null,
    uids uuid[] not null,
    etags bigint[] not null
);

-- Satellite: changes that central did not store, and when they are pushed again.
create table doctorbird.engine_held (
    model text not null,
    uid uuid not null,
    revision bigint not null,
    code text not null,
    reason text not null,
    since timestamptz not null default clock_timestamp(),
    attempts integer not null default 1,
    next_try timestamptz not null,
    primary key (model, uid)
);

-- Satellite: local changes that the mode does not let out, as they were before central's version took their place.
create table doctorbird.engine_refused (
    model text not null,
    uid uuid not null,
    revision bigint not null,
    fields jsonb not null,
    is_deleted boolean not null,
    overwritten_by timestamptz not null,
    at timestamptz not null default clock_timestamp(),
    primary key (model, uid, revision)
);

-- Who may write the results of a piece of work: the number grows with each taking over.
create table doctorbird.engine_lease (
    work text primary key,
    number bigint not null,
    taken_at timestamptz not null default clock_timestamp()
);

-- When each kind of work last ended, per model, for 'status'.
create table doctorbird.engine_progress (
    model text not null,
    work text not null,
    last_success timestamptz,
    last_failure timestamptz,
    failure_code text,
    records bigint not null default 0,
    primary key (model, work)
);
