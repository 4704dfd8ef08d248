-- The demo's application schema: the tables of GNU Health 4.0 on Tryton 6.0 that a clinic writes every day, as
-- trytond leaves them in the catalogue. Sequences are not owned by their columns; timestamps are without time zone (PostgreSQL's
-- default), in UTC; only booleans (and id) have defaults; few columns are NOT NULL; no foreign key is deferrable.
--
-- Unlike the real one: fewer tables and columns; gnuhealth_medicament describes itself (there it inherits from a
-- product); country_country.code, country_subdivision.code, gnuhealth_specialty.code, party_category.name and
-- gnuhealth_medicament.active_component are UNIQUE here (there the data is, without a constraint), so that reference
-- data has a natural key.

CREATE SEQUENCE res_user_id_seq;
CREATE TABLE res_user (
    id integer DEFAULT nextval('res_user_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    name varchar, login varchar NOT NULL, active boolean DEFAULT false,
    CONSTRAINT res_user_pkey PRIMARY KEY (id), CONSTRAINT res_user_id_positive CHECK (id >= 0),
    CONSTRAINT res_user_login_uniq UNIQUE (login)
);

CREATE SEQUENCE country_country_id_seq;
CREATE TABLE country_country (
    id integer DEFAULT nextval('country_country_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    active boolean DEFAULT false, code varchar(2), code3 varchar(3), code_numeric varchar, name varchar NOT NULL,
    CONSTRAINT country_country_pkey PRIMARY KEY (id), CONSTRAINT country_country_id_positive CHECK (id >= 0),
    CONSTRAINT country_country_code_uniq UNIQUE (code)
);
CREATE INDEX country_country_name_index ON country_country (name);

CREATE SEQUENCE country_subdivision_id_seq;
CREATE TABLE country_subdivision (
    id integer DEFAULT nextval('country_subdivision_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    active boolean DEFAULT false, code varchar NOT NULL, country integer NOT NULL, name varchar NOT NULL,
    parent integer, type varchar,
    CONSTRAINT country_subdivision_pkey PRIMARY KEY (id),
    CONSTRAINT country_subdivision_id_positive CHECK (id >= 0),
    CONSTRAINT country_subdivision_code_uniq UNIQUE (code)
);
CREATE INDEX country_subdivision_country_index ON country_subdivision (country);
CREATE INDEX country_subdivision_name_index ON country_subdivision (name);

CREATE SEQUENCE gnuhealth_specialty_id_seq;
CREATE TABLE gnuhealth_specialty (
    id integer DEFAULT nextval('gnuhealth_specialty_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    code varchar NOT NULL, name varchar NOT NULL,
    CONSTRAINT gnuhealth_specialty_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_specialty_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_specialty_code_uniq UNIQUE (code)
);

CREATE SEQUENCE gnuhealth_occupation_id_seq;
CREATE TABLE gnuhealth_occupation (
    id integer DEFAULT nextval('gnuhealth_occupation_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    code varchar NOT NULL, name varchar NOT NULL,
    CONSTRAINT gnuhealth_occupation_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_occupation_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_occupation_code_uniq UNIQUE (code), CONSTRAINT gnuhealth_occupation_name_uniq UNIQUE (name)
);

CREATE SEQUENCE gnuhealth_ethnicity_id_seq;
CREATE TABLE gnuhealth_ethnicity (
    id integer DEFAULT nextval('gnuhealth_ethnicity_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    code varchar NOT NULL, name varchar NOT NULL, notes varchar,
    CONSTRAINT gnuhealth_ethnicity_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_ethnicity_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_ethnicity_code_uniq UNIQUE (code), CONSTRAINT gnuhealth_ethnicity_name_uniq UNIQUE (name)
);

CREATE SEQUENCE gnuhealth_pathology_category_id_seq;
CREATE TABLE gnuhealth_pathology_category (
    id integer DEFAULT nextval('gnuhealth_pathology_category_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    name varchar NOT NULL, parent integer,
    CONSTRAINT gnuhealth_pathology_category_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_pathology_category_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_pathology_category_name_uniq UNIQUE (name)
);
CREATE INDEX gnuhealth_pathology_category_parent_index ON gnuhealth_pathology_category (parent);

CREATE SEQUENCE gnuhealth_pathology_id_seq;
CREATE TABLE gnuhealth_pathology (
    id integer DEFAULT nextval('gnuhealth_pathology_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    active boolean DEFAULT false, category integer, chromosome varchar, code varchar NOT NULL, gene varchar,
    info text, name varchar NOT NULL, protein varchar, uri varchar,
    CONSTRAINT gnuhealth_pathology_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_pathology_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_pathology_code_uniq UNIQUE (code)
);
CREATE INDEX gnuhealth_pathology_active_index ON gnuhealth_pathology (active);

CREATE SEQUENCE gnuhealth_medicament_id_seq;
CREATE TABLE gnuhealth_medicament (
    id integer DEFAULT nextval('gnuhealth_medicament_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    active boolean DEFAULT false, active_component varchar, adverse_reaction text, indications text,
    is_vaccine boolean DEFAULT false, notes text, pregnancy_warning boolean DEFAULT false,
    strength double precision, therapeutic_action varchar,
    CONSTRAINT gnuhealth_medicament_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_medicament_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_medicament_active_component_uniq UNIQUE (active_component)
);
CREATE INDEX gnuhealth_medicament_active_index ON gnuhealth_medicament (active);

CREATE SEQUENCE party_category_id_seq;
CREATE TABLE party_category (
    id integer DEFAULT nextval('party_category_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    active boolean DEFAULT false, name varchar NOT NULL, parent integer,
    CONSTRAINT party_category_pkey PRIMARY KEY (id), CONSTRAINT party_category_id_positive CHECK (id >= 0),
    CONSTRAINT party_category_name_uniq UNIQUE (name)
);
CREATE INDEX party_category_parent_index ON party_category (parent);

CREATE SEQUENCE party_party_id_seq;
CREATE TABLE party_party (
    id integer DEFAULT nextval('party_party_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    activation_date date, active boolean DEFAULT false, alternative_identification boolean DEFAULT false,
    birth_certificate integer, citizenship integer, code varchar NOT NULL, deceased boolean DEFAULT false, dob date,
    du integer, education varchar, ethnic_group integer, fed_country varchar, federation_account varchar,
    gender varchar, internal_user integer, is_healthprof boolean DEFAULT false,
    is_institution boolean DEFAULT false, is_patient boolean DEFAULT false, is_person boolean DEFAULT false,
    lastname varchar, marital_status varchar, name varchar, name_representation varchar, occupation integer,
    photo bytea, ref varchar, replaced_by integer, residence integer, unidentified boolean DEFAULT false,
    CONSTRAINT party_party_pkey PRIMARY KEY (id), CONSTRAINT party_party_id_positive CHECK (id >= 0),
    CONSTRAINT party_party_code_uniq UNIQUE (code),
    CONSTRAINT party_party_federation_account_uniq UNIQUE (federation_account),
    CONSTRAINT party_party_internal_user_uniq UNIQUE (internal_user), CONSTRAINT party_party_ref_uniq UNIQUE (ref)
);
CREATE INDEX party_party_code_index ON party_party (code);
CREATE INDEX party_party_name_index ON party_party (name);

CREATE SEQUENCE party_address_id_seq;
CREATE TABLE party_address (
    id integer DEFAULT nextval('party_address_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    active boolean DEFAULT false, city varchar, country integer, delivery boolean DEFAULT false,
    invoice boolean DEFAULT false, is_school boolean DEFAULT false, is_work boolean DEFAULT false, name varchar,
    party integer NOT NULL, party_name varchar, postal_code varchar, relationship varchar, relative_id integer,
    sequence integer, street text, subdivision integer,
    CONSTRAINT party_address_pkey PRIMARY KEY (id), CONSTRAINT party_address_id_positive CHECK (id >= 0)
);
CREATE INDEX party_address_party_index ON party_address (party);

CREATE SEQUENCE party_contact_mechanism_id_seq;
CREATE TABLE party_contact_mechanism (
    id integer DEFAULT nextval('party_contact_mechanism_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    active boolean DEFAULT false, comment text, delivery boolean DEFAULT false, emergency boolean DEFAULT false,
    invoice boolean DEFAULT false, name varchar, party integer NOT NULL, remarks varchar, sequence integer,
    type varchar NOT NULL, value varchar, value_compact varchar,
    CONSTRAINT party_contact_mechanism_pkey PRIMARY KEY (id),
    CONSTRAINT party_contact_mechanism_id_positive CHECK (id >= 0)
);
CREATE INDEX party_contact_mechanism_emergency_index ON party_contact_mechanism (emergency);
CREATE INDEX party_contact_mechanism_party_index ON party_contact_mechanism (party);
CREATE INDEX party_contact_mechanism_value_index ON party_contact_mechanism (value);

CREATE SEQUENCE "party_party-party_category_id_seq";
CREATE TABLE "party_party-party_category" (
    id integer DEFAULT nextval('"party_party-party_category_id_seq"'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    category integer NOT NULL, party integer NOT NULL,
    CONSTRAINT "party_party-party_category_pkey" PRIMARY KEY (id),
    CONSTRAINT "party_party-party_category_id_positive" CHECK (id >= 0)
);
CREATE INDEX "party_party-party_category_category_index" ON "party_party-party_category" (category);
CREATE INDEX "party_party-party_category_party_index" ON "party_party-party_category" (party);

CREATE SEQUENCE gnuhealth_person_name_id_seq;
CREATE TABLE gnuhealth_person_name (
    id integer DEFAULT nextval('gnuhealth_person_name_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    date_from date, date_to date, family varchar, given varchar NOT NULL, party integer, prefix varchar,
    suffix varchar, use varchar NOT NULL,
    CONSTRAINT gnuhealth_person_name_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_person_name_id_positive CHECK (id >= 0)
);

CREATE SEQUENCE gnuhealth_du_id_seq;
CREATE TABLE gnuhealth_du (
    id integer DEFAULT nextval('gnuhealth_du_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    address_city varchar, address_country integer, address_district varchar, address_street varchar,
    address_street_number varchar, address_subdivision integer, altitude integer, bathrooms integer,
    bedrooms integer, "desc" varchar, dwelling varchar, electricity boolean DEFAULT false,
    gas boolean DEFAULT false, housing varchar, internet boolean DEFAULT false, latitude numeric, longitude numeric,
    materials varchar, name varchar NOT NULL, picture bytea, roof_type varchar, sewers boolean DEFAULT false,
    telephone boolean DEFAULT false, television boolean DEFAULT false, total_surface integer,
    trash boolean DEFAULT false, water boolean DEFAULT false,
    CONSTRAINT gnuhealth_du_pkey PRIMARY KEY (id), CONSTRAINT gnuhealth_du_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_du_code_uniq UNIQUE (name)
);

CREATE SEQUENCE gnuhealth_institution_id_seq;
CREATE TABLE gnuhealth_institution (
    id integer DEFAULT nextval('gnuhealth_institution_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    beds integer, code varchar NOT NULL, extra_info text, heliport boolean DEFAULT false,
    institution_type varchar NOT NULL, main_specialty integer, name integer NOT NULL,
    operating_room boolean DEFAULT false, or_number integer, picture bytea, public_level varchar NOT NULL,
    teaching boolean DEFAULT false, trauma_center boolean DEFAULT false, trauma_level varchar,
    CONSTRAINT gnuhealth_institution_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_institution_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_institution_code_uniq UNIQUE (code),
    CONSTRAINT gnuhealth_institution_name_uniq UNIQUE (name)
);

CREATE SEQUENCE gnuhealth_institution_specialties_id_seq;
CREATE TABLE gnuhealth_institution_specialties (
    id integer DEFAULT nextval('gnuhealth_institution_specialties_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    name integer NOT NULL, specialty integer NOT NULL,
    CONSTRAINT gnuhealth_institution_specialties_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_institution_specialties_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_institution_specialties_name_sp_uniq UNIQUE (name, specialty)
);

CREATE SEQUENCE gnuhealth_healthprofessional_id_seq;
CREATE TABLE gnuhealth_healthprofessional (
    id integer DEFAULT nextval('gnuhealth_healthprofessional_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    active boolean DEFAULT false, code varchar, info text, institution integer, main_specialty integer,
    name integer NOT NULL,
    CONSTRAINT gnuhealth_healthprofessional_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_healthprofessional_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_healthprofessional_code_uniq UNIQUE (code),
    CONSTRAINT gnuhealth_healthprofessional_hp_uniq UNIQUE (name)
);
CREATE INDEX gnuhealth_healthprofessional_active_index ON gnuhealth_healthprofessional (active);

CREATE SEQUENCE gnuhealth_hp_specialty_id_seq;
CREATE TABLE gnuhealth_hp_specialty (
    id integer DEFAULT nextval('gnuhealth_hp_specialty_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    name integer NOT NULL, specialty integer NOT NULL,
    CONSTRAINT gnuhealth_hp_specialty_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_hp_specialty_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_hp_specialty_name_uniq UNIQUE (name, specialty)
);

CREATE SEQUENCE gnuhealth_family_id_seq;
CREATE TABLE gnuhealth_family (
    id integer DEFAULT nextval('gnuhealth_family_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    info text, name varchar NOT NULL,
    CONSTRAINT gnuhealth_family_pkey PRIMARY KEY (id), CONSTRAINT gnuhealth_family_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_family_name_uniq UNIQUE (name)
);

CREATE SEQUENCE gnuhealth_family_member_id_seq;
CREATE TABLE gnuhealth_family_member (
    id integer DEFAULT nextval('gnuhealth_family_member_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    name integer NOT NULL, party integer NOT NULL, role varchar,
    CONSTRAINT gnuhealth_family_member_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_family_member_id_positive CHECK (id >= 0)
);

CREATE SEQUENCE gnuhealth_patient_id_seq;
CREATE TABLE gnuhealth_patient (
    id integer DEFAULT nextval('gnuhealth_patient_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    active boolean DEFAULT false, alcohol boolean DEFAULT false, biological_sex varchar, blood_type varchar,
    critical_info text, current_address integer, diet_info varchar, disability boolean DEFAULT false,
    exercise boolean DEFAULT false, exercise_minutes_day integer, family integer, fertile boolean DEFAULT false,
    full_term integer, general_info text, hb varchar, home_institution varchar, lifestyle_info text, menarche integer,
    menopausal boolean DEFAULT false, menopause integer, name integer NOT NULL, pap_test boolean DEFAULT false,
    pap_test_last date, primary_care_doctor integer, rh varchar, salt boolean DEFAULT false, sleep_hours integer,
    smoking boolean DEFAULT false, smoking_number integer, soft_drinks boolean DEFAULT false,
    CONSTRAINT gnuhealth_patient_pkey PRIMARY KEY (id), CONSTRAINT gnuhealth_patient_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_patient_name_uniq UNIQUE (name)
);
CREATE INDEX gnuhealth_patient_active_index ON gnuhealth_patient (active);

CREATE SEQUENCE gnuhealth_patient_disease_id_seq;
CREATE TABLE gnuhealth_patient_disease (
    id integer DEFAULT nextval('gnuhealth_patient_disease_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    age integer, date_start_treatment date, date_stop_treatment date, diagnosed_date date, disease_severity varchar,
    extra_info text, healed_date date, healthprof integer, institution integer, is_active boolean DEFAULT false,
    is_allergy boolean DEFAULT false, is_infectious boolean DEFAULT false, is_on_treatment boolean DEFAULT false,
    lab_confirmed boolean DEFAULT false, name integer, pathology integer NOT NULL,
    pregnancy_warning boolean DEFAULT false, short_comment varchar, status varchar, treatment_description varchar,
    weeks_of_pregnancy integer,
    CONSTRAINT gnuhealth_patient_disease_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_patient_disease_id_positive CHECK (id >= 0)
);
CREATE INDEX gnuhealth_patient_disease_disease_severity_index ON gnuhealth_patient_disease (disease_severity);
CREATE INDEX gnuhealth_patient_disease_status_index ON gnuhealth_patient_disease (status);

CREATE SEQUENCE gnuhealth_appointment_id_seq;
CREATE TABLE gnuhealth_appointment (
    id integer DEFAULT nextval('gnuhealth_appointment_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    appointment_date timestamp(6), appointment_type varchar, checked_in_date timestamp(6), comments text,
    healthprof integer, institution integer, name varchar, patient integer, speciality integer, state varchar,
    urgency varchar, visit_type varchar,
    CONSTRAINT gnuhealth_appointment_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_appointment_id_positive CHECK (id >= 0)
);
CREATE INDEX gnuhealth_appointment_healthprof_index ON gnuhealth_appointment (healthprof);
CREATE INDEX gnuhealth_appointment_patient_index ON gnuhealth_appointment (patient);

CREATE SEQUENCE gnuhealth_patient_evaluation_id_seq;
CREATE TABLE gnuhealth_patient_evaluation (
    id integer DEFAULT nextval('gnuhealth_patient_evaluation_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    abdominal_circ double precision, appointment integer, bmi double precision, bpm integer,
    chief_complaint varchar, cholesterol_total integer, code varchar, dehydration boolean DEFAULT false,
    diagnosis integer, diastolic integer, directions text, discharge_reason varchar NOT NULL,
    evaluation_endtime timestamp(6), evaluation_start timestamp(6) NOT NULL, evaluation_summary text,
    evaluation_type varchar, glycemia double precision, hba1c double precision, head_circumference double precision,
    healthprof integer, height double precision, hip double precision, info_diagnosis text,
    information_source varchar, institution integer, loc integer, loc_eyes varchar, loc_motor varchar,
    loc_verbal varchar, malnutrition boolean DEFAULT false, mood varchar, next_evaluation integer, notes text,
    notes_complaint text, osat integer, patient integer, present_illness text, related_condition integer,
    reliable_info boolean DEFAULT false, respiratory_rate integer, signed_by integer, specialty integer,
    state varchar, systolic integer, temperature double precision, urgency varchar, user_id integer,
    visit_type varchar, weight double precision, whr double precision,
    CONSTRAINT gnuhealth_patient_evaluation_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_patient_evaluation_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_patient_evaluation_code_unique UNIQUE (code)
);

CREATE SEQUENCE gnuhealth_diagnostic_hypothesis_id_seq;
CREATE TABLE gnuhealth_diagnostic_hypothesis (
    id integer DEFAULT nextval('gnuhealth_diagnostic_hypothesis_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    comments varchar, evaluation integer, pathology integer NOT NULL,
    CONSTRAINT gnuhealth_diagnostic_hypothesis_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_diagnostic_hypothesis_id_positive CHECK (id >= 0)
);

CREATE SEQUENCE gnuhealth_secondary_condition_id_seq;
CREATE TABLE gnuhealth_secondary_condition (
    id integer DEFAULT nextval('gnuhealth_secondary_condition_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    comments varchar, evaluation integer, pathology integer NOT NULL,
    CONSTRAINT gnuhealth_secondary_condition_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_secondary_condition_id_positive CHECK (id >= 0)
);

CREATE SEQUENCE gnuhealth_signs_and_symptoms_id_seq;
CREATE TABLE gnuhealth_signs_and_symptoms (
    id integer DEFAULT nextval('gnuhealth_signs_and_symptoms_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    clinical integer NOT NULL, comments varchar, evaluation integer, sign_or_symptom varchar NOT NULL,
    CONSTRAINT gnuhealth_signs_and_symptoms_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_signs_and_symptoms_id_positive CHECK (id >= 0)
);

CREATE SEQUENCE gnuhealth_vaccination_id_seq;
CREATE TABLE gnuhealth_vaccination (
    id integer DEFAULT nextval('gnuhealth_vaccination_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    admin_route varchar, admin_site varchar, amount double precision, date timestamp(6), dose integer,
    healthprof integer, institution integer, name integer NOT NULL, next_dose_date timestamp(6), observations text,
    picture bytea, signed_by integer, state varchar, vaccine integer NOT NULL, vaccine_expiration_date date,
    vaccine_lot varchar,
    CONSTRAINT gnuhealth_vaccination_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_vaccination_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_vaccination_dose_uniq UNIQUE (name, vaccine, dose)
);

CREATE SEQUENCE gnuhealth_birth_certificate_id_seq;
CREATE TABLE gnuhealth_birth_certificate (
    id integer DEFAULT nextval('gnuhealth_birth_certificate_id_seq'::regclass) NOT NULL,
    create_uid integer, create_date timestamp(6), write_uid integer, write_date timestamp(6),
    certification_date timestamp(6), code varchar NOT NULL, country integer NOT NULL, country_subdivision integer,
    digital_signature text, dob date NOT NULL, document_digest varchar, father integer, institution integer,
    mother integer, name integer NOT NULL, observations text, serializer text, signed_by integer, state varchar,
    CONSTRAINT gnuhealth_birth_certificate_pkey PRIMARY KEY (id),
    CONSTRAINT gnuhealth_birth_certificate_id_positive CHECK (id >= 0),
    CONSTRAINT gnuhealth_birth_certificate_code_uniq UNIQUE (code),
    CONSTRAINT gnuhealth_birth_certificate_name_uniq UNIQUE (name)
);

-- Foreign keys: after the tables, because they run in circles.
ALTER TABLE country_subdivision ADD CONSTRAINT country_subdivision_country_fkey FOREIGN KEY (country) REFERENCES country_country (id) ON DELETE RESTRICT;
ALTER TABLE country_subdivision ADD CONSTRAINT country_subdivision_parent_fkey FOREIGN KEY (parent) REFERENCES country_subdivision (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_pathology_category ADD CONSTRAINT gnuhealth_pathology_category_parent_fkey FOREIGN KEY (parent) REFERENCES gnuhealth_pathology_category (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_pathology ADD CONSTRAINT gnuhealth_pathology_category_fkey FOREIGN KEY (category) REFERENCES gnuhealth_pathology_category (id) ON DELETE SET NULL;
ALTER TABLE party_category ADD CONSTRAINT party_category_parent_fkey FOREIGN KEY (parent) REFERENCES party_category (id) ON DELETE RESTRICT;
ALTER TABLE party_party ADD CONSTRAINT party_party_birth_certificate_fkey FOREIGN KEY (birth_certificate) REFERENCES gnuhealth_birth_certificate (id) ON DELETE SET NULL;
ALTER TABLE party_party ADD CONSTRAINT party_party_citizenship_fkey FOREIGN KEY (citizenship) REFERENCES country_country (id) ON DELETE SET NULL;
ALTER TABLE party_party ADD CONSTRAINT party_party_du_fkey FOREIGN KEY (du) REFERENCES gnuhealth_du (id) ON DELETE SET NULL;
ALTER TABLE party_party ADD CONSTRAINT party_party_ethnic_group_fkey FOREIGN KEY (ethnic_group) REFERENCES gnuhealth_ethnicity (id) ON DELETE SET NULL;
ALTER TABLE party_party ADD CONSTRAINT party_party_internal_user_fkey FOREIGN KEY (internal_user) REFERENCES res_user (id) ON DELETE SET NULL;
ALTER TABLE party_party ADD CONSTRAINT party_party_occupation_fkey FOREIGN KEY (occupation) REFERENCES gnuhealth_occupation (id) ON DELETE SET NULL;
ALTER TABLE party_party ADD CONSTRAINT party_party_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES party_party (id) ON DELETE SET NULL;
ALTER TABLE party_party ADD CONSTRAINT party_party_residence_fkey FOREIGN KEY (residence) REFERENCES country_country (id) ON DELETE SET NULL;
ALTER TABLE party_address ADD CONSTRAINT party_address_country_fkey FOREIGN KEY (country) REFERENCES country_country (id) ON DELETE SET NULL;
ALTER TABLE party_address ADD CONSTRAINT party_address_party_fkey FOREIGN KEY (party) REFERENCES party_party (id) ON DELETE CASCADE;
ALTER TABLE party_address ADD CONSTRAINT party_address_relative_id_fkey FOREIGN KEY (relative_id) REFERENCES party_party (id) ON DELETE SET NULL;
ALTER TABLE party_address ADD CONSTRAINT party_address_subdivision_fkey FOREIGN KEY (subdivision) REFERENCES country_subdivision (id) ON DELETE SET NULL;
ALTER TABLE party_contact_mechanism ADD CONSTRAINT party_contact_mechanism_party_fkey FOREIGN KEY (party) REFERENCES party_party (id) ON DELETE CASCADE;
ALTER TABLE "party_party-party_category" ADD CONSTRAINT "party_party-party_category_category_fkey" FOREIGN KEY (category) REFERENCES party_category (id) ON DELETE CASCADE;
ALTER TABLE "party_party-party_category" ADD CONSTRAINT "party_party-party_category_party_fkey" FOREIGN KEY (party) REFERENCES party_party (id) ON DELETE CASCADE;
ALTER TABLE gnuhealth_person_name ADD CONSTRAINT gnuhealth_person_name_party_fkey FOREIGN KEY (party) REFERENCES party_party (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_du ADD CONSTRAINT gnuhealth_du_address_country_fkey FOREIGN KEY (address_country) REFERENCES country_country (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_du ADD CONSTRAINT gnuhealth_du_address_subdivision_fkey FOREIGN KEY (address_subdivision) REFERENCES country_subdivision (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_institution ADD CONSTRAINT gnuhealth_institution_main_specialty_fkey FOREIGN KEY (main_specialty) REFERENCES gnuhealth_institution_specialties (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_institution ADD CONSTRAINT gnuhealth_institution_name_fkey FOREIGN KEY (name) REFERENCES party_party (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_institution_specialties ADD CONSTRAINT gnuhealth_institution_specialties_name_fkey FOREIGN KEY (name) REFERENCES gnuhealth_institution (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_institution_specialties ADD CONSTRAINT gnuhealth_institution_specialties_specialty_fkey FOREIGN KEY (specialty) REFERENCES gnuhealth_specialty (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_healthprofessional ADD CONSTRAINT gnuhealth_healthprofessional_institution_fkey FOREIGN KEY (institution) REFERENCES gnuhealth_institution (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_healthprofessional ADD CONSTRAINT gnuhealth_healthprofessional_main_specialty_fkey FOREIGN KEY (main_specialty) REFERENCES gnuhealth_hp_specialty (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_healthprofessional ADD CONSTRAINT gnuhealth_healthprofessional_name_fkey FOREIGN KEY (name) REFERENCES party_party (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_hp_specialty ADD CONSTRAINT gnuhealth_hp_specialty_name_fkey FOREIGN KEY (name) REFERENCES gnuhealth_healthprofessional (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_hp_specialty ADD CONSTRAINT gnuhealth_hp_specialty_specialty_fkey FOREIGN KEY (specialty) REFERENCES gnuhealth_specialty (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_family_member ADD CONSTRAINT gnuhealth_family_member_name_fkey FOREIGN KEY (name) REFERENCES gnuhealth_family (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_family_member ADD CONSTRAINT gnuhealth_family_member_party_fkey FOREIGN KEY (party) REFERENCES party_party (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_patient ADD CONSTRAINT gnuhealth_patient_current_address_fkey FOREIGN KEY (current_address) REFERENCES party_address (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient ADD CONSTRAINT gnuhealth_patient_family_fkey FOREIGN KEY (family) REFERENCES gnuhealth_family (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient ADD CONSTRAINT gnuhealth_patient_name_fkey FOREIGN KEY (name) REFERENCES party_party (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_patient ADD CONSTRAINT gnuhealth_patient_primary_care_doctor_fkey FOREIGN KEY (primary_care_doctor) REFERENCES gnuhealth_healthprofessional (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_disease ADD CONSTRAINT gnuhealth_patient_disease_healthprof_fkey FOREIGN KEY (healthprof) REFERENCES gnuhealth_healthprofessional (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_disease ADD CONSTRAINT gnuhealth_patient_disease_institution_fkey FOREIGN KEY (institution) REFERENCES gnuhealth_institution (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_disease ADD CONSTRAINT gnuhealth_patient_disease_name_fkey FOREIGN KEY (name) REFERENCES gnuhealth_patient (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_disease ADD CONSTRAINT gnuhealth_patient_disease_pathology_fkey FOREIGN KEY (pathology) REFERENCES gnuhealth_pathology (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_appointment ADD CONSTRAINT gnuhealth_appointment_healthprof_fkey FOREIGN KEY (healthprof) REFERENCES gnuhealth_healthprofessional (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_appointment ADD CONSTRAINT gnuhealth_appointment_institution_fkey FOREIGN KEY (institution) REFERENCES gnuhealth_institution (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_appointment ADD CONSTRAINT gnuhealth_appointment_patient_fkey FOREIGN KEY (patient) REFERENCES gnuhealth_patient (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_appointment ADD CONSTRAINT gnuhealth_appointment_speciality_fkey FOREIGN KEY (speciality) REFERENCES gnuhealth_specialty (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_evaluation ADD CONSTRAINT gnuhealth_patient_evaluation_appointment_fkey FOREIGN KEY (appointment) REFERENCES gnuhealth_appointment (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_evaluation ADD CONSTRAINT gnuhealth_patient_evaluation_diagnosis_fkey FOREIGN KEY (diagnosis) REFERENCES gnuhealth_pathology (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_evaluation ADD CONSTRAINT gnuhealth_patient_evaluation_healthprof_fkey FOREIGN KEY (healthprof) REFERENCES gnuhealth_healthprofessional (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_evaluation ADD CONSTRAINT gnuhealth_patient_evaluation_institution_fkey FOREIGN KEY (institution) REFERENCES gnuhealth_institution (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_evaluation ADD CONSTRAINT gnuhealth_patient_evaluation_next_evaluation_fkey FOREIGN KEY (next_evaluation) REFERENCES gnuhealth_appointment (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_evaluation ADD CONSTRAINT gnuhealth_patient_evaluation_patient_fkey FOREIGN KEY (patient) REFERENCES gnuhealth_patient (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_evaluation ADD CONSTRAINT gnuhealth_patient_evaluation_related_condition_fkey FOREIGN KEY (related_condition) REFERENCES gnuhealth_patient_disease (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_evaluation ADD CONSTRAINT gnuhealth_patient_evaluation_signed_by_fkey FOREIGN KEY (signed_by) REFERENCES gnuhealth_healthprofessional (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_evaluation ADD CONSTRAINT gnuhealth_patient_evaluation_specialty_fkey FOREIGN KEY (specialty) REFERENCES gnuhealth_specialty (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_patient_evaluation ADD CONSTRAINT gnuhealth_patient_evaluation_user_id_fkey FOREIGN KEY (user_id) REFERENCES res_user (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_diagnostic_hypothesis ADD CONSTRAINT gnuhealth_diagnostic_hypothesis_evaluation_fkey FOREIGN KEY (evaluation) REFERENCES gnuhealth_patient_evaluation (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_diagnostic_hypothesis ADD CONSTRAINT gnuhealth_diagnostic_hypothesis_pathology_fkey FOREIGN KEY (pathology) REFERENCES gnuhealth_pathology (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_secondary_condition ADD CONSTRAINT gnuhealth_secondary_condition_evaluation_fkey FOREIGN KEY (evaluation) REFERENCES gnuhealth_patient_evaluation (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_secondary_condition ADD CONSTRAINT gnuhealth_secondary_condition_pathology_fkey FOREIGN KEY (pathology) REFERENCES gnuhealth_pathology (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_signs_and_symptoms ADD CONSTRAINT gnuhealth_signs_and_symptoms_clinical_fkey FOREIGN KEY (clinical) REFERENCES gnuhealth_pathology (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_signs_and_symptoms ADD CONSTRAINT gnuhealth_signs_and_symptoms_evaluation_fkey FOREIGN KEY (evaluation) REFERENCES gnuhealth_patient_evaluation (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_vaccination ADD CONSTRAINT gnuhealth_vaccination_healthprof_fkey FOREIGN KEY (healthprof) REFERENCES gnuhealth_healthprofessional (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_vaccination ADD CONSTRAINT gnuhealth_vaccination_institution_fkey FOREIGN KEY (institution) REFERENCES gnuhealth_institution (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_vaccination ADD CONSTRAINT gnuhealth_vaccination_name_fkey FOREIGN KEY (name) REFERENCES gnuhealth_patient (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_vaccination ADD CONSTRAINT gnuhealth_vaccination_signed_by_fkey FOREIGN KEY (signed_by) REFERENCES gnuhealth_healthprofessional (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_vaccination ADD CONSTRAINT gnuhealth_vaccination_vaccine_fkey FOREIGN KEY (vaccine) REFERENCES gnuhealth_medicament (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_birth_certificate ADD CONSTRAINT gnuhealth_birth_certificate_country_fkey FOREIGN KEY (country) REFERENCES country_country (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_birth_certificate ADD CONSTRAINT gnuhealth_birth_certificate_country_subdivision_fkey FOREIGN KEY (country_subdivision) REFERENCES country_subdivision (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_birth_certificate ADD CONSTRAINT gnuhealth_birth_certificate_father_fkey FOREIGN KEY (father) REFERENCES party_party (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_birth_certificate ADD CONSTRAINT gnuhealth_birth_certificate_institution_fkey FOREIGN KEY (institution) REFERENCES gnuhealth_institution (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_birth_certificate ADD CONSTRAINT gnuhealth_birth_certificate_mother_fkey FOREIGN KEY (mother) REFERENCES party_party (id) ON DELETE SET NULL;
ALTER TABLE gnuhealth_birth_certificate ADD CONSTRAINT gnuhealth_birth_certificate_name_fkey FOREIGN KEY (name) REFERENCES party_party (id) ON DELETE RESTRICT;
ALTER TABLE gnuhealth_birth_certificate ADD CONSTRAINT gnuhealth_birth_certificate_signed_by_fkey FOREIGN KEY (signed_by) REFERENCES gnuhealth_healthprofessional (id) ON DELETE SET NULL;

-- Every Tryton database begins with its administrator.
INSERT INTO res_user (id, name, login, active, create_date)
VALUES (nextval('res_user_id_seq'), 'Administrator', 'admin', true, timezone('UTC', now()));
