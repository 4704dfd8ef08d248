-- Records that the database refuses are tried again at 'next_try', with growing pauses, unless a person has dropped them.
alter table doctorbird.engine_quarantine
    add column next_try timestamptz not null default clock_timestamp(),
    add column dropped_at timestamptz;
create index on doctorbird.engine_quarantine (next_try) where dropped_at is null;
create index on doctorbird.engine_quarantine (model, uid, instance) where dropped_at is not null;

-- The records whose change makes another try of each worthwhile at once: those that it refers to, and itself.
create table doctorbird.engine_quarantine_on (
    model text not null,
    uid uuid not null,
    instance smallint not null,
    target_model text not null,
    target_uid uuid not null,
    primary key (model, uid, instance, target_model, target_uid),
    foreign key (model, uid, instance) references doctorbird.engine_quarantine on delete cascade
);
create index on doctorbird.engine_quarantine_on (target_uid);
