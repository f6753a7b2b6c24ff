-- Reports of several devices, perhaps of several offices, kept in one transaction, so that one wait for the disk does for all.
-- Offices are entered one after the other, always in the same order, so that two lots never wait for one another. An office
-- whose numbers another transaction holds is passed over: `apart` says that this one has to be sent by itself.
create function put_reports(_offices uuid[], _devices uuid[], _roles text[], _keys text[], _fingerprints bytea[], _ids uuid[],
                            _kinds text[], _sealed bytea[], _uploads text[])
    returns table (place bigint, apart boolean, state text, role text, problem text, body text) language plpgsql as $$
declare
    one record;
    entered uuid;
    held boolean;
begin
    for one in
        select * from unnest(_offices, _devices, _keys, _fingerprints, _ids, _kinds, _sealed, _uploads)
            with ordinality as u (office, device, key, fingerprint, id, kind, sealed, uploads, place) order by u.office, u.place
    loop
        place := one.place;
        if entered is distinct from one.office then
            entered := one.office;
            perform set_config('app.office_id', entered::text, true);
            perform from heads where office_id = entered for update skip locked;
            held := not found and exists (select from heads where office_id = entered);
        end if;
        apart := held;
        state := null;
        role := null;
        problem := null;
        body := null;
        if not held then
            select p.state, p.role, p.problem, p.body into state, role, problem, body
            from put_report(one.office, one.device, _roles, one.key, one.fingerprint, one.id, one.kind, one.sealed,
                            one.uploads::uuid[]) p;
        end if;
        return next;
    end loop;
end $$;

do $$
begin
    if exists (select from pg_roles where rolname = 'autoenroll_serve') then
        grant execute on function put_reports to autoenroll_serve;
    end if;
end $$;
