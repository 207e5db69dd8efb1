-- The database of a ledger and its two roles, for psql as a superuser of the server:
--
--   ingest_owner   owns the schema; `ingest migrate` works as it
--   ingest         what the services work as: they read and write rows, and can make, change and drop nothing
--
--   psql --host db --username postgres --file deploy/postgres/roles.sql \
--        --set owner_password_file=owner-password --set user_password_file=ingest-password
--
-- Run it again to change passwords, and with --set schema=ingest_NAME for the ledger of a collection. Names have lower-case English letters, digits and _.
\set ON_ERROR_STOP on
\if :{?database} \else \set database ingest \endif
\if :{?schema} \else \set schema ingest \endif
\if :{?owner} \else \set owner ingest_owner \endif
\if :{?user} \else \set user ingest \endif
\if :{?owner_password_file} \else \set owner_password_file /run/secrets/owner-password \endif
\if :{?user_password_file} \else \set user_password_file /run/secrets/ingest-password \endif
\set owner_password `cat :'owner_password_file'`
\set user_password `cat :'user_password_file'`

-- A role without a password could be anybody's, where the server trusts a network.
SELECT :'owner_password' = '' OR :'user_password' = '' AS none \gset
\if :none
  DO $$ BEGIN RAISE 'A password is empty: name both files with --set owner_password_file=… --set user_password_file=…'; END $$;
\endif

-- The statements below hold passwords, which belong in no log.
SET log_statement = none;
SET log_min_duration_statement = -1;
SET log_min_error_statement = panic;
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY[:'owner', :'user']) name WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
ALTER ROLE :"user" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'user_password';

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8''', :'database', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
\connect :database

-- Nobody else gets in, and the services make no tables of their own, not even temporary ones: a function that works with the owner's rights could
-- be shown such a table in place of the ledger's.
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CONNECT, CREATE ON DATABASE :"database" TO :"owner";
GRANT CONNECT ON DATABASE :"database" TO :"user";
CREATE SCHEMA IF NOT EXISTS :"schema" AUTHORIZATION :"owner";
GRANT USAGE ON SCHEMA :"schema" TO :"user";

-- What migrations will make …
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"user";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" GRANT USAGE, SELECT ON SEQUENCES TO :"user";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" GRANT EXECUTE ON FUNCTIONS TO :"user";
-- … and what they have made.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA :"schema" FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA :"schema" TO :"user";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA :"schema" TO :"user";
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA :"schema" TO :"user";
