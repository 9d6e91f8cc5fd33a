-- Kinds of stores are as many as there are connectors.
alter table channels.channel drop constraint if exists channel_kind_check;
alter table channels.channel add constraint channel_kind_check check (kind ~ '^[a-z0-9-]{2,40}$');
