-- Central: what each instance was last asked to compare, and what came of it.
create table doctorbird.engine_verify_order (
    instance smallint primary key references doctorbird.engine_instance,
    number bigint not null,
    models text[] not null,
    is_deep boolean not null,
    repairs boolean not null,
    asked_at timestamptz not null default clock_timestamp(),
    answered_at timestamptz,
    records bigint,
    damaged bigint,
    remaining bigint,
    damaged_models text[],
    failure text
);
