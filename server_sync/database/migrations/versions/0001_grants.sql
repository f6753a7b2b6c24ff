-- Least privilege: the service may use the tables but owns none; audit is add-only and its numbers are the trigger's.
-- The read-only role is for counting and for replicas. Roles that may not be made here are made by the operator beforehand.
do $$
declare
    name text;
begin
    foreach name in array array['autoenroll_serve', 'autoenroll_read'] loop
        if not exists (select from pg_roles where rolname = name) then
            begin
                execute format('create role %I nologin', name);
            exception when insufficient_privilege then
                raise notice 'role % is not there and may not be made here', name;
            end;
        end if;
    end loop;
    revoke all on schema public from public;
    if exists (select from pg_roles where rolname = 'autoenroll_serve') then
        grant usage on schema public to autoenroll_serve;
        grant select, insert, update, delete on office_directory, device_directory, person_directory, invitation_directory,
            offices, people, devices, device_keys, invitations, reports, documents, uploads, chunks, changes, idempotency,
            rates, used_challenges, jobs to autoenroll_serve;
        grant select on audit, heads, alembic_version to autoenroll_serve;
        grant insert (office_id, person_id, device_id, action, subject) on audit to autoenroll_serve;
        grant insert (office_id), update (change_seq, floor_seq, reports, documents, uploads, stored_bytes) on heads to autoenroll_serve;
        grant execute on all functions in schema public to autoenroll_serve;
    end if;
    if exists (select from pg_roles where rolname = 'autoenroll_read') then
        grant usage on schema public to autoenroll_read;
        grant select on office_directory, jobs, rates to autoenroll_read;
    end if;
end $$;
