-- Whose Stripe customer it is: an event names the customer only. Ids and nothing else, so without an office's wall.
create table customer_directory (
    customer_id text primary key check (customer_id ~ '^[A-Za-z0-9_]{4,80}$'),
    office_id uuid not null unique references office_directory,
    created_at timestamptz not null default now()
);
-- The inbox: which events came, not what was in them. handled_at: what stood in Stripe afterwards was applied.
create table stripe_events (
    event_id text primary key check (event_id ~ '^[A-Za-z0-9_]{4,80}$'),
    kind text not null check (kind ~ '^[a-z0-9_.]{1,100}$'),
    customer_id text not null check (customer_id ~ '^[A-Za-z0-9_]{0,80}$'),
    thing_id text not null check (thing_id ~ '^[A-Za-z0-9_]{0,80}$'),
    happened_at timestamptz not null,
    received_at timestamptz not null default now(),
    handled_at timestamptz
);
create index stripe_events_open on stripe_events (received_at) where handled_at is null;
create index stripe_events_open_by_customer on stripe_events (customer_id) where handled_at is null;
create index stripe_events_by_age on stripe_events (received_at);

-- What an office's grants come to, and what was handed out of it. version rises with every change, serial with every token.
create table licences (
    office_id uuid primary key references office_directory,
    customer_id text,
    version bigint not null default 0,
    serial bigint not null default 0,
    plan text check (plan ~ '^[a-z-]{1,40}$'),
    seats int not null default 0 check (seats >= 0),
    clients int check (clients >= 0),
    employees int check (employees >= 0),
    features text[] not null default '{}',
    valid_until timestamptz,
    ended text not null default '' check (ended in ('', 'refund', 'dispute', 'operator')),
    awaiting boolean not null default false,
    failing boolean not null default false,
    snapshot_until timestamptz,
    mailed_version bigint not null default 0,
    check ((plan is null) = (valid_until is null))
);
-- One grant for each payment, whatever happens: the cause names it, and is unique over all offices.
create table grants (
    office_id uuid not null references office_directory,
    cause text not null check (cause ~ '^(stripe|operator):[A-Za-z0-9_-]{4,80}$'),
    plan text not null,
    seats int not null,
    clients int,
    employees int,
    features text[] not null default '{}',
    valid_from timestamptz not null,
    valid_until timestamptz not null check (valid_until >= valid_from),
    granted_at timestamptz not null default now(),
    taken_back text not null default '' check (taken_back in ('', 'refund', 'dispute', 'operator')),
    primary key (office_id, cause)
);
create unique index grants_by_cause on grants (cause);
-- Every change of a grant with its cause, only ever added to. It stays when an office is erased: ids, plans and dates.
create table licence_ledger (
    office_id uuid not null references office_directory,
    seq int not null,
    at timestamptz not null,
    what text not null check (what in ('granted', 'taken-back', 'given-back', 'changed')),
    cause text not null,
    plan text not null,
    seats int not null,
    valid_until timestamptz not null,
    taken_back text not null default '',
    primary key (office_id, seq)
);
-- Devices that hold a seat; away: one without a network, seated by a request file.
create table seats (
    office_id uuid not null references office_directory,
    device_id uuid not null,
    away boolean not null default false,
    taken_at timestamptz not null default now(),
    version bigint not null default 0,
    issued_at timestamptz,
    token text,
    primary key (office_id, device_id)
);

create trigger ledger_stays before update or delete on licence_ledger for each row execute function audit_stays();
create trigger ledger_stays_whole before truncate on licence_ledger for each statement execute function audit_stays();

do $$
declare
    wall text := 'office_id = (select nullif(current_setting(''app.office_id'', true), '''')::uuid)';
    name text;
begin
    foreach name in array array['licences', 'grants', 'licence_ledger', 'seats'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy office on %I using (%s) with check (%s)', name, wall, wall);
    end loop;
    if exists (select from pg_roles where rolname = 'autoenroll_serve') then
        grant select, insert, update, delete on customer_directory, stripe_events, licences, grants, seats to autoenroll_serve;
        grant select, insert on licence_ledger to autoenroll_serve;
    end if;
end $$;
