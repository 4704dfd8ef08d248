-- Central: the searchable texts of living records, without case and accents, at most 500 characters of each. Compared
-- and ordered by their bytes, so that one index finds equal texts and beginnings.
create table doctorbird.engine_search (
    model text not null,
    uid uuid not null,
    field text not null,
    folded text collate "C" not null,
    primary key (model, uid, field)
);
create index on doctorbird.engine_search (model, field, folded);

-- Central: records whose searchable texts have to be read anew.
create table doctorbird.engine_search_due (
    model text not null,
    uid uuid not null,
    primary key (model, uid)
);

-- Central: for each model that can be searched the fields that are kept, and what was visible when changes were last
-- collected (the text of a pg_snapshot).
create table doctorbird.engine_search_state (
    model text primary key,
    fields text[] not null,
    collected text not null
);
