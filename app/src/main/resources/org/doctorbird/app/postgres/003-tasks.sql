-- The task engine's table. Source: db-scheduler 16, postgresql_tables.sql.
create table doctorbird.scheduled_tasks (
    task_name text not null,
    task_instance text not null,
    task_data bytea,
    execution_time timestamptz not null,
    picked boolean not null,
    picked_by text,
    last_success timestamptz,
    last_failure timestamptz,
    consecutive_failures integer,
    last_heartbeat timestamptz,
    version bigint not null,
    priority smallint,
    state text,
    primary key (task_name, task_instance)
);
create index on doctorbird.scheduled_tasks (execution_time);
create index on doctorbird.scheduled_tasks (last_heartbeat);
create index on doctorbird.scheduled_tasks (priority desc, execution_time);
