-- Central: an instance that takes no part any more; its id is free again when its bit is cleared everywhere.
alter table doctorbird.engine_instance
    add column retired_at timestamptz,
    add column cleared_at timestamptz;

-- Central: the last contact of an instance that was counted; NULL: none was, 0: the count begins anew. Incarnations whose
-- place another one has taken. The epoch in which it is noted what the instance holds. What is added to its revisions.
alter table doctorbird.engine_instance
    add column contact bigint,
    add column contact_token uuid,
    add column former_incarnations uuid[] not null default '{}',
    add column epoch text,
    add column revisions_before bigint not null default 0;
update doctorbird.engine_instance set epoch = (select value from doctorbird.engine_meta where key = 'epoch')
    where incarnation is not null;

-- Satellite: models of which central has to be told what is held here, and how far it has been.
create table doctorbird.engine_presenting (
    model text primary key,
    after uuid,
    horizon bigint not null
);
