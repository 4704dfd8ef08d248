-- Central: whom stretches of a restricted model's feed may concern. What is at or above since and below until is for nobody else.
create table doctorbird.engine_audience (
    model text not null,
    since xid8 not null,
    until xid8 not null,
    records bigint not null,
    instances bit varying not null,
    primary key (model, until)
);
