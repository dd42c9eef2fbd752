-- Since where tickets are to be counted anew, at the node of a park that takes back what its earlier lives told. It stands until that is
-- done, over crashes and further lives.
create table admission.catching_up (
  only_one boolean primary key default true check (only_one),
  -- The end of the own log before anything was taken back.
  behind_since bigint not null check (behind_since >= 0)
);

-- Of what came back in the current life before this was kept nobody knows whether it was looked at: it is once more. No other node than
-- that of a park ever looks.
insert into admission.catching_up (behind_since)
select min(e.position) from store.head h join store.event e on e.incarnation = h.incarnation
where exists (select from store.author a where a.node_id = h.node_id and a.incarnation <> h.incarnation)
having min(e.position) is not null;

grant select, insert, delete on admission.catching_up to skypark_app;
