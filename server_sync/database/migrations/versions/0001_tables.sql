-- Directories: the only tables without an office's wall. They hold random ids and hashes, to find an office by.
create table office_directory (
    office_id uuid primary key,
    erased boolean not null default false,
    created_at timestamptz not null default now()
);
create table device_directory (
    device_id uuid primary key,
    office_id uuid not null references office_directory
);
create table person_directory (
    email_hash bytea primary key check (length(email_hash) = 32),
    office_id uuid not null references office_directory,
    person_id uuid not null
);
create table invitation_directory (
    code_hash bytea primary key check (length(code_hash) = 32),
    office_id uuid not null references office_directory,
    invitation_id uuid not null
);
create index on device_directory (office_id);
create index on person_directory (office_id);
create index on invitation_directory (office_id);

-- One row an office, locked to commit by whoever takes a number: numbers are therefore in order of commit.
create table heads (
    office_id uuid primary key references office_directory,
    change_seq bigint not null default 0,
    floor_seq bigint not null default 0,
    reports bigint not null default 0,
    documents bigint not null default 0,
    uploads bigint not null default 0,
    stored_bytes bigint not null default 0,
    audit_seq bigint not null default 0,
    audit_hash bytea not null default decode(repeat('00', 32), 'hex')
) with (fillfactor = 50);

create table offices (
    office_id uuid primary key references office_directory,
    created_at timestamptz not null default now(),
    key_generation int not null default 1,
    recovery_key bytea not null check (length(recovery_key) = 32),
    recovery_sealed bytea not null check (length(recovery_sealed) <= 4096)
);
create table people (
    office_id uuid not null references offices on delete cascade,
    id uuid not null,
    role text not null check (role in ('owner', 'manager', 'clerk', 'read-only', 'it')),
    email_hash bytea not null,
    password text not null,
    codes_sealed bytea,
    codes_step bigint not null default 0,
    joined_at timestamptz not null default now(),
    primary key (office_id, id)
);
create table devices (
    office_id uuid not null references offices on delete cascade,
    id uuid not null,
    person_id uuid not null,
    state text not null check (state in ('waiting', 'active', 'revoked')),
    signing_key bytea not null check (length(signing_key) = 32),
    sealing_key bytea not null check (length(sealing_key) = 32),
    created_at timestamptz not null default now(),
    approved_by uuid,
    approved_at timestamptz,
    approval bytea check (length(approval) = 64),
    revoked_at timestamptz,
    primary key (office_id, id)
);
create index on devices (office_id, person_id);
create table device_keys (
    office_id uuid not null,
    device_id uuid not null,
    generation int not null,
    sealed_key bytea not null check (length(sealed_key) <= 4096),
    sealed_by uuid,
    signature bytea check (length(signature) = 64),
    primary key (office_id, device_id, generation),
    foreign key (office_id, device_id) references devices on delete cascade
);
create table invitations (
    office_id uuid not null references offices on delete cascade,
    id uuid not null,
    role text not null check (role in ('owner', 'manager', 'clerk', 'read-only', 'it')),
    created_by uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    withdrawn boolean not null default false,
    used_by uuid,
    primary key (office_id, id)
);

create table reports (
    office_id uuid not null,
    id uuid not null,
    seq bigint not null,
    kind text not null,
    device_id uuid not null,
    created_at timestamptz not null default now(),
    size int not null check (size = length(sealed)),
    sha256 bytea not null check (length(sha256) = 32),
    sealed bytea not null check (length(sealed) between 1 and 262144),
    uploads uuid[] not null default '{}',
    primary key (office_id, id)
);
create unique index reports_by_seq on reports (office_id, seq);
create table documents (
    office_id uuid not null,
    id uuid not null,
    seq bigint not null,
    kind text not null,
    version int not null,
    device_id uuid not null,
    updated_at timestamptz not null default now(),
    size int not null check (size = length(sealed)),
    sha256 bytea not null check (length(sha256) = 32),
    sealed bytea not null check (length(sealed) between 1 and 262144),
    primary key (office_id, id)
);
create unique index documents_by_seq on documents (office_id, seq);
create table uploads (
    office_id uuid not null,
    id uuid not null,
    seq bigint not null default 0,
    kind text not null,
    complete boolean not null default false,
    device_id uuid not null,
    created_at timestamptz not null default now(),
    size bigint not null check (size between 1 and 268435456),
    sha256 bytea not null check (length(sha256) = 32),
    chunks bytea[] not null,
    primary key (office_id, id)
);
create unique index uploads_by_seq on uploads (office_id, seq) where complete;
create index uploads_partial on uploads (office_id, created_at) where not complete;
create index uploads_by_chunk on uploads using gin (chunks);
create table chunks (
    office_id uuid not null,
    sha256 bytea not null check (length(sha256) = 32),
    size int not null check (size = length(bytes)),
    bytes bytea not null check (length(bytes) between 1 and 1048576),
    created_at timestamptz not null default now(),
    primary key (office_id, sha256)
);
alter table chunks alter column bytes set storage external; -- sealed bytes do not compress
create index chunks_by_age on chunks (office_id, created_at);

-- The feed keeps one row a thing: what happened to it last.
create table changes (
    office_id uuid not null,
    seq bigint not null,
    at timestamptz not null default now(),
    what text not null,
    id uuid not null,
    kind text,
    version bigint not null default 0,
    device_id uuid,
    gone boolean not null default false,
    primary key (office_id, seq)
);
create unique index changes_by_thing on changes (office_id, what, id);
create index changes_gone on changes (office_id, at) where gone;

create table audit (
    office_id uuid not null,
    seq bigint not null,
    at timestamptz not null,
    person_id uuid,
    device_id uuid,
    action text not null check (action ~ '^[a-z-]{1,40}$'),
    subject uuid,
    prev_hash bytea not null,
    hash bytea not null,
    primary key (office_id, seq)
);

create table idempotency (
    office_id uuid not null,
    key text not null,
    route text not null,
    fingerprint bytea not null,
    status int,
    answer bytea,
    created_at timestamptz not null default now(),
    primary key (office_id, key)
);
create index idempotency_by_age on idempotency (office_id, created_at);

-- The service's own, no office's: counters, challenges already used, the queue. Unlogged: a crash empties them, which is fine.
create unlogged table rates (
    key bytea not null,
    slot bigint not null,
    n int not null,
    primary key (key, slot)
);
create index on rates (slot);
create unlogged table used_challenges (
    hash bytea primary key,
    expires_at timestamptz not null
);
create table jobs (
    id bigint generated always as identity primary key,
    kind text not null,
    office_id uuid,
    dedupe text,
    run_at timestamptz not null default now(),
    attempts int not null default 0,
    leased_until timestamptz,
    failed_at timestamptz,
    error text,
    created_at timestamptz not null default now()
);
create unique index jobs_dedupe on jobs (dedupe) where failed_at is null;
create index jobs_due on jobs (run_at) where failed_at is null;
