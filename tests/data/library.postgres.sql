SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;
COMMENT ON EXTENSION "uuid-ossp" IS 'generate universally unique identifiers (UUIDs)';
CREATE TYPE public.book_status_enum AS ENUM (
    'planned',
    'in_print',
    'gone'
);
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.area (
    id integer NOT NULL,
    name character varying NOT NULL,
    nsleft integer DEFAULT 1 NOT NULL,
    nsright integer DEFAULT 2 NOT NULL,
    "parentId" integer
);
CREATE SEQUENCE public.area_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.area_id_seq OWNED BY public.area.id;
CREATE TABLE public.author (
    id integer NOT NULL,
    "createdAt" timestamp without time zone DEFAULT now() NOT NULL,
    "updatedAt" timestamp without time zone DEFAULT now() NOT NULL,
    version integer NOT NULL,
    "firstName" character varying NOT NULL,
    "lastName" character varying NOT NULL,
    "fullName" character varying GENERATED ALWAYS AS (((("firstName")::text || ' '::text) || ("lastName")::text)) STORED NOT NULL,
    "deletedAt" timestamp without time zone
);
CREATE SEQUENCE public.author_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.author_id_seq OWNED BY public.author.id;
CREATE TABLE public.author_profile (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    biography text DEFAULT 'Nothing yet'::text NOT NULL,
    links text,
    settings text,
    "authorId" integer
);
CREATE TABLE public.book (
    id integer NOT NULL,
    "createdAt" timestamp without time zone DEFAULT now() NOT NULL,
    "updatedAt" timestamp without time zone DEFAULT now() NOT NULL,
    version integer NOT NULL,
    title character varying(200) NOT NULL,
    isbn character varying(13),
    pages integer DEFAULT 1 NOT NULL,
    price numeric(10,2) DEFAULT '0'::numeric NOT NULL,
    available boolean DEFAULT true NOT NULL,
    status public.book_status_enum DEFAULT 'planned'::public.book_status_enum NOT NULL,
    "publishedOn" date,
    "pagesTwice" integer GENERATED ALWAYS AS ((pages * 2)) STORED NOT NULL,
    cover bytea,
    "publisherId" integer,
    "sizeWidth" real NOT NULL,
    "sizeHeight" real NOT NULL,
    CONSTRAINT "CHK_7026bfd47cc517ea8a5aa5bd87" CHECK ((pages > 0))
);
CREATE TABLE public.book_authors_author (
    "bookId" integer NOT NULL,
    "authorId" integer NOT NULL
);
CREATE SEQUENCE public.book_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.book_id_seq OWNED BY public.book.id;
CREATE TABLE public.book_tag (
    "bookId" integer NOT NULL,
    "tagId" integer NOT NULL
);
CREATE VIEW public.book_title AS
 SELECT book.id,
    book.title
   FROM public.book
  WHERE (book.available = true);
CREATE TABLE public.category (
    id integer NOT NULL,
    name character varying NOT NULL,
    "parentId" integer
);
CREATE TABLE public.category_closure (
    id_ancestor integer NOT NULL,
    id_descendant integer NOT NULL
);
CREATE SEQUENCE public.category_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.category_id_seq OWNED BY public.category.id;
CREATE TABLE public.country (
    code character varying(2) NOT NULL,
    name character varying NOT NULL
);
CREATE TABLE public.loan (
    "bookId" integer NOT NULL,
    "readerId" integer NOT NULL,
    "dueOn" timestamp without time zone NOT NULL
);
CREATE TABLE public.migrations (
    id integer NOT NULL,
    "timestamp" bigint NOT NULL,
    name character varying NOT NULL
);
CREATE SEQUENCE public.migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.migrations_id_seq OWNED BY public.migrations.id;
CREATE TABLE public.person (
    id integer NOT NULL,
    name character varying NOT NULL,
    card character varying(20),
    salary integer,
    kind character varying NOT NULL
);
CREATE SEQUENCE public.person_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.person_id_seq OWNED BY public.person.id;
CREATE TABLE public.publisher (
    id integer NOT NULL,
    "createdAt" timestamp without time zone DEFAULT now() NOT NULL,
    "updatedAt" timestamp without time zone DEFAULT now() NOT NULL,
    version integer NOT NULL,
    name character varying(80) NOT NULL,
    "countryCode" character varying(2) NOT NULL
);
CREATE SEQUENCE public.publisher_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.publisher_id_seq OWNED BY public.publisher.id;
CREATE TABLE public.remark (
    id integer NOT NULL,
    text text NOT NULL,
    "answerToId" integer
);
CREATE SEQUENCE public.remark_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.remark_id_seq OWNED BY public.remark.id;
CREATE TABLE public.section (
    id integer NOT NULL,
    name character varying NOT NULL,
    mpath character varying DEFAULT ''::character varying,
    "parentId" integer
);
CREATE SEQUENCE public.section_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.section_id_seq OWNED BY public.section.id;
CREATE TABLE public.tag (
    id integer NOT NULL,
    label character varying(40) NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE public.tag_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.tag_id_seq OWNED BY public.tag.id;
CREATE TABLE public.typeorm_metadata (
    type character varying NOT NULL,
    database character varying,
    schema character varying,
    "table" character varying,
    name character varying,
    value text
);
ALTER TABLE ONLY public.area ALTER COLUMN id SET DEFAULT nextval('public.area_id_seq'::regclass);
ALTER TABLE ONLY public.author ALTER COLUMN id SET DEFAULT nextval('public.author_id_seq'::regclass);
ALTER TABLE ONLY public.book ALTER COLUMN id SET DEFAULT nextval('public.book_id_seq'::regclass);
ALTER TABLE ONLY public.category ALTER COLUMN id SET DEFAULT nextval('public.category_id_seq'::regclass);
ALTER TABLE ONLY public.migrations ALTER COLUMN id SET DEFAULT nextval('public.migrations_id_seq'::regclass);
ALTER TABLE ONLY public.person ALTER COLUMN id SET DEFAULT nextval('public.person_id_seq'::regclass);
ALTER TABLE ONLY public.publisher ALTER COLUMN id SET DEFAULT nextval('public.publisher_id_seq'::regclass);
ALTER TABLE ONLY public.remark ALTER COLUMN id SET DEFAULT nextval('public.remark_id_seq'::regclass);
ALTER TABLE ONLY public.section ALTER COLUMN id SET DEFAULT nextval('public.section_id_seq'::regclass);
ALTER TABLE ONLY public.tag ALTER COLUMN id SET DEFAULT nextval('public.tag_id_seq'::regclass);
INSERT INTO public.migrations VALUES (1, 1700000000000, 'CreateLibrary1700000000000');
INSERT INTO public.typeorm_metadata VALUES ('GENERATED_COLUMN', 'library', 'public', 'author', 'fullName', '"firstName" || '' '' || "lastName"');
INSERT INTO public.typeorm_metadata VALUES ('GENERATED_COLUMN', 'library', 'public', 'book', 'pagesTwice', '"pages" * 2');
INSERT INTO public.typeorm_metadata VALUES ('VIEW', NULL, 'public', NULL, 'book_title', 'SELECT "id", "title" FROM "book" WHERE "available" = true');
SELECT pg_catalog.setval('public.area_id_seq', 1, false);
SELECT pg_catalog.setval('public.author_id_seq', 1, false);
SELECT pg_catalog.setval('public.book_id_seq', 1, false);
SELECT pg_catalog.setval('public.category_id_seq', 1, false);
SELECT pg_catalog.setval('public.migrations_id_seq', 1, true);
SELECT pg_catalog.setval('public.person_id_seq', 1, false);
SELECT pg_catalog.setval('public.publisher_id_seq', 1, false);
SELECT pg_catalog.setval('public.remark_id_seq', 1, false);
SELECT pg_catalog.setval('public.section_id_seq', 1, false);
SELECT pg_catalog.setval('public.tag_id_seq', 1, false);
ALTER TABLE ONLY public.area
    ADD CONSTRAINT "PK_39d5e4de490139d6535d75f42ff" PRIMARY KEY (id);
ALTER TABLE ONLY public.section
    ADD CONSTRAINT "PK_3c41d2d699384cc5e8eac54777d" PRIMARY KEY (id);
ALTER TABLE ONLY public.book_tag
    ADD CONSTRAINT "PK_522032d5c77e27c0992b608ef9f" PRIMARY KEY ("bookId", "tagId");
ALTER TABLE ONLY public.author_profile
    ADD CONSTRAINT "PK_58206f4014111211e9414fe3bbf" PRIMARY KEY (id);
ALTER TABLE ONLY public.remark
    ADD CONSTRAINT "PK_58427c64a5e9ff68e1ff44d01f9" PRIMARY KEY (id);
ALTER TABLE ONLY public.author
    ADD CONSTRAINT "PK_5a0e79799d372fe56f2f3fa6871" PRIMARY KEY (id);
ALTER TABLE ONLY public.person
    ADD CONSTRAINT "PK_5fdaf670315c4b7e70cce85daa3" PRIMARY KEY (id);
ALTER TABLE ONLY public.publisher
    ADD CONSTRAINT "PK_70a5936b43177f76161724da3e6" PRIMARY KEY (id);
ALTER TABLE ONLY public.migrations
    ADD CONSTRAINT "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY (id);
ALTER TABLE ONLY public.category_closure
    ADD CONSTRAINT "PK_8da8666fc72217687e9b4f4c7e9" PRIMARY KEY (id_ancestor, id_descendant);
ALTER TABLE ONLY public.tag
    ADD CONSTRAINT "PK_8e4052373c579afc1471f526760" PRIMARY KEY (id);
ALTER TABLE ONLY public.country
    ADD CONSTRAINT "PK_8ff4c23dc9a3f3856555bd86186" PRIMARY KEY (code);
ALTER TABLE ONLY public.loan
    ADD CONSTRAINT "PK_9081f3cc52d991c9820060b3bba" PRIMARY KEY ("bookId", "readerId");
ALTER TABLE ONLY public.book_authors_author
    ADD CONSTRAINT "PK_963de00068693ab6e5767de614b" PRIMARY KEY ("bookId", "authorId");
ALTER TABLE ONLY public.category
    ADD CONSTRAINT "PK_9c4e4a89e3674fc9f382d733f03" PRIMARY KEY (id);
ALTER TABLE ONLY public.book
    ADD CONSTRAINT "PK_a3afef72ec8f80e6e5c310b28a4" PRIMARY KEY (id);
ALTER TABLE ONLY public.author_profile
    ADD CONSTRAINT "REL_64bbd422b2373ee9466bb86b74" UNIQUE ("authorId");
ALTER TABLE ONLY public.country
    ADD CONSTRAINT "UQ_2c5aa339240c0c3ae97fcc9dc4c" UNIQUE (name);
ALTER TABLE ONLY public.tag
    ADD CONSTRAINT "UQ_647c189a51deb35bc452751bc4a" UNIQUE (label);
ALTER TABLE ONLY public.book
    ADD CONSTRAINT "UQ_bd183604b9c828c0bdd92cafab7" UNIQUE (isbn);
ALTER TABLE ONLY public.author
    ADD CONSTRAINT "UQ_cae5e33adeffb5e009874e8b7e1" UNIQUE ("firstName", "lastName");
CREATE INDEX "IDX_4aa1348fc4b7da9bef0fae8ff4" ON public.category_closure USING btree (id_ancestor);
CREATE INDEX "IDX_6a22002acac4976977b1efd114" ON public.category_closure USING btree (id_descendant);
CREATE INDEX "IDX_7b4bce0f4abba3083a4af49f76" ON public.loan USING btree ("dueOn");
CREATE INDEX "IDX_7ecdb3264096c3e095612e492e" ON public.publisher USING btree (name, "countryCode");
CREATE INDEX "IDX_8cd1c1b4e4f7266ba92a8e1545" ON public.person USING btree (kind);
CREATE INDEX "IDX_9bf58ffb2a12a8609a738ee8ca" ON public.book_authors_author USING btree ("bookId");
CREATE INDEX "IDX_a4cafdf2ec9974524a5321c751" ON public.book_authors_author USING btree ("authorId");
CREATE INDEX "IDX_a635a18a66db60596fd6edccc5" ON public.book_tag USING btree ("tagId");
CREATE INDEX "IDX_bd20ce9d957b9e81be7be49b4f" ON public.book_tag USING btree ("bookId");
CREATE INDEX "IDX_c10a44a29ef231062f22b1b7ac" ON public.book USING btree (title);
CREATE INDEX in_print ON public.book USING btree (title) WHERE (status = 'in_print'::public.book_status_enum);
ALTER TABLE ONLY public.loan
    ADD CONSTRAINT "FK_1465982ea6993042a656754f4cc" FOREIGN KEY ("bookId") REFERENCES public.book(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.category_closure
    ADD CONSTRAINT "FK_4aa1348fc4b7da9bef0fae8ff48" FOREIGN KEY (id_ancestor) REFERENCES public.category(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.author_profile
    ADD CONSTRAINT "FK_64bbd422b2373ee9466bb86b743" FOREIGN KEY ("authorId") REFERENCES public.author(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.category_closure
    ADD CONSTRAINT "FK_6a22002acac4976977b1efd114a" FOREIGN KEY (id_descendant) REFERENCES public.category(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.publisher
    ADD CONSTRAINT "FK_733038296c5388d3e7d978201b2" FOREIGN KEY ("countryCode") REFERENCES public.country(code) ON DELETE RESTRICT;
ALTER TABLE ONLY public.remark
    ADD CONSTRAINT "FK_92ac550baa9cf36090e8367ad3a" FOREIGN KEY ("answerToId") REFERENCES public.remark(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.book_authors_author
    ADD CONSTRAINT "FK_9bf58ffb2a12a8609a738ee8cae" FOREIGN KEY ("bookId") REFERENCES public.book(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.section
    ADD CONSTRAINT "FK_9f961c619507c4d6276251445c8" FOREIGN KEY ("parentId") REFERENCES public.section(id);
ALTER TABLE ONLY public.book_authors_author
    ADD CONSTRAINT "FK_a4cafdf2ec9974524a5321c7516" FOREIGN KEY ("authorId") REFERENCES public.author(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.book_tag
    ADD CONSTRAINT "FK_a635a18a66db60596fd6edccc58" FOREIGN KEY ("tagId") REFERENCES public.tag(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.book
    ADD CONSTRAINT "FK_b8988524dd01b5dcb67b4b3ede7" FOREIGN KEY ("publisherId") REFERENCES public.publisher(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.book_tag
    ADD CONSTRAINT "FK_bd20ce9d957b9e81be7be49b4fd" FOREIGN KEY ("bookId") REFERENCES public.book(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.loan
    ADD CONSTRAINT "FK_ca18731243df2f2416bde4a4e1d" FOREIGN KEY ("readerId") REFERENCES public.person(id);
ALTER TABLE ONLY public.category
    ADD CONSTRAINT "FK_d5456fd7e4c4866fec8ada1fa10" FOREIGN KEY ("parentId") REFERENCES public.category(id);
ALTER TABLE ONLY public.area
    ADD CONSTRAINT "FK_f2b11f740f68f3ccc2857a1f140" FOREIGN KEY ("parentId") REFERENCES public.area(id);
