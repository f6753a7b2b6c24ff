-- The second wall: whatever a statement forgets, only the rows of the office the transaction is for can be seen or made.
-- nullif: after a transaction that used it the setting is '' rather than null. (select …): worked out once a statement.
do $$
declare
    wall text := 'office_id = (select nullif(current_setting(''app.office_id'', true), '''')::uuid)';
    name text;
begin
    foreach name in array array['heads', 'offices', 'people', 'devices', 'device_keys', 'invitations', 'reports', 'documents',
                                'uploads', 'chunks', 'changes', 'audit', 'idempotency'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy office on %I using (%s) with check (%s)', name, wall, wall);
    end loop;
end $$;

-- Audit rows get their number and hash from the trigger, and nobody changes or removes them.
create function audit_link() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    head heads;
begin
    select * into strict head from heads where office_id = new.office_id for update;
    new.seq := head.audit_seq + 1;
    new.at := date_trunc('microseconds', clock_timestamp());
    new.prev_hash := head.audit_hash;
    new.hash := sha256(head.audit_hash || convert_to(concat_ws('|', new.office_id, new.seq,
        (extract(epoch from new.at) * 1000000)::bigint, coalesce(new.person_id::text, ''), coalesce(new.device_id::text, ''),
        new.action, coalesce(new.subject::text, '')), 'UTF8'));
    update heads set audit_seq = new.seq, audit_hash = new.hash where office_id = new.office_id;
    return new;
end $$;
create trigger audit_link before insert on audit for each row execute function audit_link();
create function audit_stays() returns trigger language plpgsql as $$
begin
    raise exception 'audit entries stay' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_stays before update or delete on audit for each row execute function audit_stays();
create trigger audit_stays_whole before truncate on audit for each statement execute function audit_stays();

-- Who calls: sets the office for the rest of the transaction. No row: the device is unknown here or its office erased.
create function enter(_office uuid, _device uuid, out state text, out role text, out person uuid) language plpgsql as $$
begin
    perform set_config('app.office_id', _office::text, true);
    select d.state, p.role, p.id into state, role, person
    from devices d left join people p on p.office_id = d.office_id and p.id = d.person_id
    where d.office_id = _office and d.id = _device;
end $$;

-- The next number of an office's feed. The row stays locked to commit, so that no number is seen before a lower one.
-- _more: things of this sort there are more now (1, 0, -1); _bytes: sealed bytes more.
create function note_change(_office uuid, _what text, _id uuid, _kind text, _version bigint, _device uuid, _gone boolean,
                            _more int, _bytes bigint) returns bigint language plpgsql as $$
declare
    number bigint;
begin
    update heads set change_seq = change_seq + 1, stored_bytes = stored_bytes + _bytes,
        reports = reports + case _what when 'report' then _more else 0 end,
        documents = documents + case _what when 'document' then _more else 0 end,
        uploads = uploads + case _what when 'upload' then _more else 0 end
    where office_id = _office returning change_seq into strict number;
    insert into changes as c (office_id, seq, what, id, kind, version, device_id, gone)
    values (_office, number, _what, _id, _kind, _version, _device, _gone)
    on conflict (office_id, what, id) do update
    set seq = excluded.seq, at = excluded.at, kind = excluded.kind, version = excluded.version,
        device_id = excluded.device_id, gone = excluded.gone;
    return number;
end $$;

create function hex(_bytes bytea) returns text language sql immutable as $$ select encode(_bytes, 'hex') $$;
create function stamp(_at timestamptz) returns text language sql stable as $$
    select to_char(_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
