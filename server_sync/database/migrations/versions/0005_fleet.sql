-- Which version of the program a device last got a token with, and on which day: enough to see when an old one may go.
alter table devices add column release text check (release ~ '^[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}$');
alter table devices add column seen_on date;
