-- The bytes of a chunk stand in its row or, under a random key, in the storage of the settings.
alter table chunks alter column bytes drop not null;
alter table chunks add column place text check (place ~ '^[0-9a-f]{32}/[0-9a-f]{32}$');
alter table chunks add constraint chunks_somewhere check ((bytes is null) <> (place is null));
alter table chunks add constraint chunks_bounded check (size between 1 and 1048576);

-- Keys of the storage that no row names, to be cleared away when they are due: of chunks that were deleted, at once; of those
-- just being written, a day later, unless the row that takes one is committed, which deletes it here. No office's: a key only.
create table leavings (
    place text primary key,
    due_at timestamptz not null default now()
);
create index leavings_due on leavings (due_at);

create function chunk_left() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    insert into leavings (place) values (old.place) on conflict (place) do update set due_at = now();
    return null;
end $$;
create trigger chunk_left after delete on chunks for each row when (old.place is not null) execute function chunk_left();

do $$
begin
    if exists (select from pg_roles where rolname = 'autoenroll_serve') then
        grant select, insert, update, delete on leavings to autoenroll_serve;
    end if;
end $$;
