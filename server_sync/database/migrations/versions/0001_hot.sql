-- The addresses asked most, each one statement: enter the office, do the work, build the JSON. `state` and `role` say who
-- asked; a null body with a state means that the role does not allow it.

create function report_json(r reports) returns text language sql stable as $$
    select '{"id":"' || r.id || '","sequence":' || r.seq || ',"kind":"' || r.kind || '","device":"' || r.device_id
        || '","created_at":"' || stamp(r.created_at) || '","size":' || r.size || ',"sha256":"' || hex(r.sha256)
        || '","uploads":' || coalesce(array_to_json(r.uploads)::text, '[]') || '}'
$$;
create function upload_json(u uploads) returns text language sql stable as $$
    select '{"id":"' || u.id || '","sequence":' || u.seq || ',"kind":"' || u.kind || '","state":"'
        || case when u.complete then 'complete' else 'partial' end || '","device":"' || u.device_id
        || '","created_at":"' || stamp(u.created_at) || '","size":' || u.size || ',"sha256":"' || hex(u.sha256) || '"}'
$$;
create function page_json(_items text[], _next text) returns text language sql immutable as $$
    select '{"items":[' || coalesce(array_to_string(_items, ','), '') || '],"next":' || coalesce(_next, 'null') || '}'
$$;

create function list_reports(_office uuid, _device uuid, _roles text[], _before bigint, _limit int,
                             out state text, out role text, out body text) language plpgsql as $$
declare
    items text[];
    last bigint;
begin
    select e.state, e.role into state, role from enter(_office, _device) e;
    if state is distinct from 'active' or role is null or role <> all (_roles) then
        return;
    end if;
    select array_agg(report_json(r) order by r.seq desc), min(r.seq) into items, last from (
        select * from reports where office_id = _office and seq < coalesce(_before, 9223372036854775807)
        order by office_id, seq desc limit _limit) r;
    body := page_json(items, case when cardinality(items) = _limit then last::text end);
end $$;

create function list_uploads(_office uuid, _device uuid, _roles text[], _before bigint, _limit int,
                             out state text, out role text, out body text) language plpgsql as $$
declare
    items text[];
    last bigint;
begin
    select e.state, e.role into state, role from enter(_office, _device) e;
    if state is distinct from 'active' or role is null or role <> all (_roles) then
        return;
    end if;
    select array_agg(upload_json(u) order by u.seq desc), min(u.seq) into items, last from (
        select * from uploads where office_id = _office and complete and seq < coalesce(_before, 9223372036854775807)
        order by office_id, seq desc limit _limit) u;
    body := page_json(items, case when cardinality(items) = _limit then last::text end);
end $$;

create function list_changes(_office uuid, _device uuid, _roles text[], _after bigint, _limit int, _sealed boolean,
                             out state text, out role text, out problem text, out body text) language plpgsql as $$
declare
    head heads;
    items text[];
    last bigint;
begin
    select e.state, e.role into state, role from enter(_office, _device) e;
    if state is distinct from 'active' or role is null or role <> all (_roles) then
        return;
    end if;
    select * into strict head from heads where office_id = _office;
    if _after > head.change_seq then
        problem := 'cursor-ahead';
        return;
    elsif _after > 0 and _after < head.floor_seq then
        problem := 'cursor-too-old';
        return;
    end if;
    select array_agg('{"sequence":' || c.seq || ',"at":"' || stamp(c.at) || '","what":"' || c.what || '","id":"' || c.id
            || '","kind":' || coalesce('"' || c.kind || '"', 'null') || ',"version":' || c.version || ',"device":'
            || coalesce('"' || c.device_id || '"', 'null') || ',"gone":' || c.gone || ',"sealed":'
            || coalesce('"' || translate(encode(c.sealed, 'base64'), E'\n', '') || '"', 'null') || '}' order by c.seq), max(c.seq)
    into items, last from (
        select f.*, case when not _sealed or f.gone then null
            when f.what = 'report' then
                (select r.sealed from reports r where r.office_id = _office and r.id = f.id and r.size <= 16384)
            when f.what = 'document' then
                (select d.sealed from documents d where d.office_id = _office and d.id = f.id and d.size <= 16384 and d.seq = f.seq)
            end as sealed
        from (select * from changes where office_id = _office and seq > _after order by office_id, seq limit _limit) f) c;
    -- The numbers above were taken in one statement; a head read before it can only be lower, which is safe.
    body := '{"items":[' || coalesce(array_to_string(items, ','), '') || '],"cursor":' || coalesce(last, _after)
        || ',"more":' || coalesce(cardinality(items) = _limit, false) || '}';
end $$;

create function put_report(_office uuid, _device uuid, _roles text[], _key text, _fingerprint bytea, _id uuid, _kind text,
                           _sealed bytea, _uploads uuid[],
                           out state text, out role text, out problem text, out body text) language plpgsql as $$
declare
    kept idempotency;
    made reports;
begin
    select e.state, e.role into state, role from enter(_office, _device) e;
    if state is distinct from 'active' or role is null or role <> all (_roles) then
        return;
    end if;
    select * into kept from idempotency where office_id = _office and key = _key;
    if found then
        if kept.route <> 'put_report' or kept.fingerprint <> _fingerprint then
            problem := 'idempotency-key-reused';
        else
            body := convert_from(kept.answer, 'UTF8');
        end if;
        return;
    end if;
    select * into made from reports where office_id = _office and id = _id;
    if found then -- sent again after its key was forgotten
        if made.sha256 = sha256(_sealed) and made.kind = _kind and made.uploads = _uploads then
            body := report_json(made);
        else
            problem := 'exists';
        end if;
    elsif exists (select from changes where office_id = _office and what = 'report' and id = _id and gone) then
        problem := 'deleted';
    elsif exists (select from unnest(_uploads) u (id) where not exists (
            select from uploads where office_id = _office and uploads.id = u.id and complete)) then
        problem := 'not-found';
    end if;
    if problem is not null then
        return;
    end if;
    if body is null then
        insert into reports (office_id, id, seq, kind, device_id, size, sha256, sealed, uploads)
        values (_office, _id, note_change(_office, 'report', _id, _kind, 0, _device, false, 1, length(_sealed)), _kind, _device,
                length(_sealed), sha256(_sealed), _sealed, _uploads)
        returning * into made;
        body := report_json(made);
    end if;
    -- Of two requests with this key at once the second fails here or above, and finds the first's answer when tried again.
    insert into idempotency (office_id, key, route, fingerprint, status, answer)
    values (_office, _key, 'put_report', _fingerprint, 201, convert_to(body, 'UTF8'));
end $$;
