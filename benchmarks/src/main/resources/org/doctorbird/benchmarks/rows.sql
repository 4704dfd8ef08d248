-- Invented rows, the same on any machine, and what tells two databases apart.
create schema bench;

-- 1,024 invented words of two to four syllables.
create function bench.words() returns text[] language sql immutable as $$
  select array_agg(
      (select string_agg(
          substr('bdfghklmnprstvyz', 1 + (get_byte(digest, 2 * s) & 15), 1)
            || substr('aeiouaeo', 1 + (get_byte(digest, 2 * s + 1) & 7), 1), '' order by s)
        from generate_series(0, 1 + n % 3) s)
        || (array['n', 's', '', ''])[1 + n % 4]
      order by n)
  from (select n, decode(md5('word ' || n), 'hex') as digest from generate_series(0, 1023) n) w
$$;

-- Makes rows of the three tables in schema `target`: of ten records one is a person, one the patient, and eight are
-- evaluations. Group g, from 1, is person and patient first + g and evaluations first + 8 * (g - 1) + 1 to + 8; its
-- site is 1 + g % sites. Key and content of a row depend on its number only.
create function bench.make(target text, records integer, first integer, sites integer)
returns void language plpgsql as $make$
declare
  words text[] := bench.words();
  groups integer := records / 10;
begin
  execute format($sql$
    insert into %I.party_party
    select n, md5('person ' || n)::uuid,
      initcap($1[1 + get_byte(h, 0) * 4 + get_byte(h, 1) %% 4]),
      initcap($1[1 + get_byte(h, 2) * 4 + get_byte(h, 3) %% 4]),
      'P' || lpad(n::text, 10, '0'),
      case when get_byte(h, 4) < 128 then 'f' else 'm' end,
      date '1930-01-01' + get_byte(h, 5) * 128 + get_byte(h, 6), true,
      'REF' || substr(encode(h, 'hex'), 20, 10), get_byte(h, 7) %% 5,
      (array['s', 'm', 'w', 'd', 'c'])[1 + get_byte(h, 8) %% 5], true,
      1 + (n - $2) %% $3, timestamp '2024-01-01' + n * interval '37 seconds',
      2 + get_byte(h, 9) %% 7, null, null
    from generate_series($2 + 1, $2 + $4) n,
      lateral (select sha256(('person ' || n)::bytea) h offset 0) d
    order by n$sql$, target) using words, first, sites, groups;
  execute format($sql$
    insert into %I.gnuhealth_patient
    select n, md5('patient ' || n)::uuid, n,
      upper(substr(encode(h, 'hex'), 20, 9)) || n,
      (array['A', 'B', 'AB', 'O'])[1 + get_byte(h, 0) %% 4],
      case when get_byte(h, 1) < 38 then '-' else '+' end,
      $1[1 + get_byte(h, 2) * 4] || ' ' || $1[1 + get_byte(h, 3) * 4] || ' '
        || $1[1 + get_byte(h, 4) * 4], null, true,
      1 + (n - $2) %% $3, timestamp '2024-01-01' + n * interval '37 seconds',
      2 + get_byte(h, 5) %% 7, null, null
    from generate_series($2 + 1, $2 + $4) n,
      lateral (select sha256(('patient ' || n)::bytea) h offset 0) d
    order by n$sql$, target) using words, first, sites, groups;
  execute format($sql$
    insert into %I.gnuhealth_patient_evaluation
    select n, md5('evaluation ' || n)::uuid, $2 + (n - $2 - 1) / 8 + 1, begun,
      begun + interval '17 minutes',
      case when get_byte(h, 63) < 230 then 'signed' else 'done' end,
      (array['outpatient', 'inpatient', 'ambulatory'])[1 + get_byte(h, 62) %% 3],
      (array['a', 'b', 'c'])[1 + get_byte(h, 61) %% 3],
      $1[1 + get_byte(h, 60) * 4] || ' ' || $1[2 + get_byte(h, 59) * 4] || ' '
        || $1[3 + get_byte(h, 58) * 4],
      (select string_agg(
          $1[1 + (get_byte(h, 2 * w) * 256 + get_byte(h, 2 * w + 1)) %% 1024], ' ' order by w)
        from generate_series(0, 31) w),
      90 + get_byte(h, 0) / 3, 50 + get_byte(h, 1) / 4, 50 + get_byte(h, 2) / 3,
      10 + get_byte(h, 3) / 16, 85 + get_byte(h, 4) / 17,
      round((350 + get_byte(h, 5) / 4) / 10.0, 1), round((400 + get_byte(h, 6) * 3) / 10.0, 1),
      round((1400 + get_byte(h, 7) * 2) / 10.0, 1), round((180 + get_byte(h, 8)) / 10.0, 1),
      round((600 + get_byte(h, 9) * 5) / 10.0, 1), 1 + get_byte(h, 10) %% 40,
      1 + ((n - $2 - 1) / 8 + 1) %% $3, begun, 2 + get_byte(h, 11) %% 7, null, null
    from generate_series($2 + 1, $2 + $4 * 8) n,
      lateral (select sha512(('evaluation ' || n)::bytea) h,
        timestamp '2024-01-01' + n * interval '4.7 seconds' as begun offset 0) d
    order by n$sql$, target) using words, first, sites, groups;
end $make$;

-- Rows that are made already and wait for the application to write them, so that making them costs nobody anything.
create unlogged table bench.party_party (like public.party_party);
create unlogged table bench.gnuhealth_patient (like public.gnuhealth_patient);
create unlogged table bench.gnuhealth_patient_evaluation (like public.gnuhealth_patient_evaluation);

-- The application writes all of them in one transaction.
create procedure bench.write_at_once() language plpgsql as $$
begin
  insert into party_party select * from bench.party_party order by id;
  insert into gnuhealth_patient select * from bench.gnuhealth_patient order by id;
  insert into gnuhealth_patient_evaluation
    select * from bench.gnuhealth_patient_evaluation order by id;
end $$;

-- The application writes each group of ten in a transaction of its own.
create procedure bench.write_in_groups() language plpgsql as $$
declare
  least integer := (select min(id) from bench.party_party);
  greatest integer := (select max(id) from bench.party_party);
  evaluation integer := (select min(id) from bench.gnuhealth_patient_evaluation);
begin
  create index if not exists party_party_made on bench.party_party (id);
  create index if not exists gnuhealth_patient_made on bench.gnuhealth_patient (id);
  create index if not exists gnuhealth_patient_evaluation_made
    on bench.gnuhealth_patient_evaluation (id);
  analyze bench.party_party, bench.gnuhealth_patient, bench.gnuhealth_patient_evaluation;
  for n in least..greatest loop
    insert into party_party select * from bench.party_party where id = n;
    insert into gnuhealth_patient select * from bench.gnuhealth_patient where id = n;
    insert into gnuhealth_patient_evaluation select * from bench.gnuhealth_patient_evaluation
      where id between evaluation + 8 * (n - least) and evaluation + 8 * (n - least) + 7;
    commit;
    -- The checks of the foreign keys were planned for empty tables.
    if n - least in (30, 300, 3000) then
      analyze party_party, gnuhealth_patient;
      commit;
    end if;
  end loop;
end $$;

-- Lets the next keys that the application draws lie above all that is there.
create function bench.move_sequences() returns void language sql as $$
  select setval('party_party_id_seq', 1 + (select coalesce(max(id), 0) from party_party));
  select setval('gnuhealth_patient_id_seq',
    1 + (select coalesce(max(id), 0) from gnuhealth_patient));
  select setval('gnuhealth_patient_evaluation_id_seq',
    1 + (select coalesce(max(id), 0) from gnuhealth_patient_evaluation));
$$;

-- Count and digest of all rows: equal where all values are, whatever the local keys. References count as the uuid of
-- their target.
create function bench.digest() returns text language sql as $$
  select string_agg(name || ' ' || rows || ' ' || sum, ', ' order by name) from (
    select 'party_party' as name, count(*) as rows, coalesce(sum(hashtextextended(row(
        t.uuid, t.name, t.lastname, t.code, t.sex, t.dob, t.active, t.ref, t.lang, t.marital_status,
        t.is_patient, t.site, t.create_date, t.create_uid, t.write_date, t.write_uid)::text, 0)
      ::numeric), 0) as sum
    from party_party t
    union all
    select 'gnuhealth_patient', count(*), coalesce(sum(hashtextextended(row(
        t.uuid, r.uuid, t.puid, t.blood_type, t.rh, t.general_info, t.current_insurance, t.active,
        t.site, t.create_date, t.create_uid, t.write_date, t.write_uid)::text, 0)::numeric), 0)
    from gnuhealth_patient t left join party_party r on r.id = t.party
    union all
    select 'gnuhealth_patient_evaluation', count(*), coalesce(sum(hashtextextended(row(
        t.uuid, r.uuid, t.evaluation_start, t.evaluation_endtime, t.state, t.evaluation_type,
        t.urgency, t.chief_complaint, t.present_illness, t.systolic, t.diastolic, t.bpm,
        t.respiratory_rate, t.osat, t.temperature, t.weight, t.height, t.bmi, t.glycemia,
        t.healthprof, t.site, t.create_date, t.create_uid, t.write_date, t.write_uid)::text, 0)
      ::numeric), 0)
    from gnuhealth_patient_evaluation t left join gnuhealth_patient r on r.id = t.patient) d
$$;
