-- The database and its three roles; may be run again.  runuser -u postgres -- psql -v ON_ERROR_STOP=1 < roles.sql
-- Then give each a password: \password hoithi_owner, \password hoithi_web, \password hoithi_scheduler.
--
-- hoithi_owner owns every table: only `hoithi db upgrade` and `hoithi restore` sign in as it. The web server and the scheduler read and
-- write rows, but can neither make, change, empty nor drop a table.

SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['hoithi_owner', 'hoithi_web', 'hoithi_scheduler']) name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
SELECT 'CREATE DATABASE hoithi OWNER hoithi_owner ENCODING ''UTF8'' TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'hoithi') \gexec

\connect hoithi
REVOKE ALL ON DATABASE hoithi FROM PUBLIC;
GRANT CONNECT ON DATABASE hoithi TO hoithi_web, hoithi_scheduler;
ALTER SCHEMA public OWNER TO hoithi_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO hoithi_web, hoithi_scheduler;
-- In every schema that the owner makes, for a restored copy comes in a new one; and in the one that is there.
ALTER DEFAULT PRIVILEGES FOR ROLE hoithi_owner GRANT USAGE ON SCHEMAS TO hoithi_web, hoithi_scheduler;
ALTER DEFAULT PRIVILEGES FOR ROLE hoithi_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hoithi_web, hoithi_scheduler;
ALTER DEFAULT PRIVILEGES FOR ROLE hoithi_owner GRANT SELECT, USAGE ON SEQUENCES TO hoithi_web, hoithi_scheduler;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO hoithi_web, hoithi_scheduler;
GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA public TO hoithi_web, hoithi_scheduler;

-- No request waits longer than a person does; marking 100,000 attempts may. A migration that cannot have its lock at
-- once gives up instead of making everybody queue behind it.
ALTER ROLE hoithi_web CONNECTION LIMIT 150;
ALTER ROLE hoithi_web SET statement_timeout = '60s';
ALTER ROLE hoithi_web SET lock_timeout = '15s';
ALTER ROLE hoithi_web SET idle_in_transaction_session_timeout = '5min';
ALTER ROLE hoithi_scheduler CONNECTION LIMIT 40;
ALTER ROLE hoithi_scheduler SET statement_timeout = '15min';
ALTER ROLE hoithi_scheduler SET lock_timeout = '60s';
ALTER ROLE hoithi_scheduler SET idle_in_transaction_session_timeout = '30min';
ALTER ROLE hoithi_owner SET lock_timeout = '5s';
