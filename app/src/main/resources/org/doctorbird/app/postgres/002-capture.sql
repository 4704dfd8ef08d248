-- What the installer made for each model's table.
create table doctorbird.engine_capture (
    companion text primary key,
    table_schema text not null,
    table_name text not null,
    model text not null,
    -- The columns that travel.
    fields text[] not null,
    -- A checksum of functions and triggers; NULL: the model has left the plan and nothing is captured.
    definition text
);

-- Keys that a statement changes, from the moment each row is changed to the end of the same statement. Always empty
-- for others: a transaction sees only its own rows, and removes them.
create table doctorbird.engine_moved_key (
    transaction xid8 not null default pg_catalog.pg_current_xact_id(),
    companion text not null,
    before text not null,
    after text not null
);
create index on doctorbird.engine_moved_key (transaction, companion, before);
