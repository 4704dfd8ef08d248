-- The application of the benchmark: three tables as GNU Health has them, with the indexes that it needs.

create table party_party (
    id serial primary key,
    uuid uuid not null,
    name varchar not null,
    lastname varchar,
    code varchar not null,
    sex varchar(1),
    dob date,
    active boolean not null default true,
    ref varchar,
    lang integer,
    marital_status varchar,
    is_patient boolean,
    site smallint not null,
    create_date timestamp(6),
    create_uid integer,
    write_date timestamp(6),
    write_uid integer
);

create table gnuhealth_patient (
    id serial primary key,
    uuid uuid not null,
    party integer not null,
    puid varchar not null,
    blood_type varchar,
    rh varchar(1),
    general_info text,
    current_insurance integer,
    active boolean not null default true,
    site smallint not null,
    create_date timestamp(6),
    create_uid integer,
    write_date timestamp(6),
    write_uid integer
);

create table gnuhealth_patient_evaluation (
    id serial primary key,
    uuid uuid not null,
    patient integer not null,
    evaluation_start timestamp(6) not null,
    evaluation_endtime timestamp(6),
    state varchar,
    evaluation_type varchar,
    urgency varchar(1),
    chief_complaint text,
    present_illness text,
    systolic integer,
    diastolic integer,
    bpm integer,
    respiratory_rate integer,
    osat integer,
    temperature numeric,
    weight numeric,
    height numeric,
    bmi numeric,
    glycemia numeric,
    healthprof integer,
    site smallint not null,
    create_date timestamp(6),
    create_uid integer,
    write_date timestamp(6),
    write_uid integer
);

create unique index party_party_uuid on party_party (uuid);
create unique index party_party_code on party_party (code);
create index party_party_lastname on party_party (lastname);
create unique index gnuhealth_patient_uuid on gnuhealth_patient (uuid);
create unique index gnuhealth_patient_puid on gnuhealth_patient (puid);
create index gnuhealth_patient_party on gnuhealth_patient (party);
create unique index gnuhealth_evaluation_uuid on gnuhealth_patient_evaluation (uuid);
create index gnuhealth_evaluation_patient on gnuhealth_patient_evaluation (patient);
create index gnuhealth_evaluation_start on gnuhealth_patient_evaluation (evaluation_start);

alter table gnuhealth_patient add constraint gnuhealth_patient_party_fkey
    foreign key (party) references party_party (id) on delete restrict;
alter table gnuhealth_patient_evaluation add constraint gnuhealth_evaluation_patient_fkey
    foreign key (patient) references gnuhealth_patient (id) on delete restrict;
