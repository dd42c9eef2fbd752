-- Since where tickets are to be counted anew, at the node of a park that takes back what its earlier lives told. It stands until that is
-- done, over crashes and further lives.
create table admission.catching_up (
  only_one boolean primary key default true check (only_one),
  -- The end of the own log before anything was taken back.
  behind_since bigint not null check (behind_since >= 0)
);

-- Of what came back before this was kept nobody knows whether it was looked at: it is once more, all of it.
insert into admission.catching_up (behind_since)
select 0 from store.head h where exists (select from store.author a where a.node_id = h.node_id and a.incarnation <> h.incarnation);

grant select, insert, delete on admission.catching_up to skypark_app;
