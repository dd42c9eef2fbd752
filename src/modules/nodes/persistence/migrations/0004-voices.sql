-- Not a read model: which processes of a node were heard, so that a copy that runs beside it is told from a restart.
create table nodes.voice (
  node_id varchar(50) not null,
  life uuid not null,
  process uuid not null,
  incarnation uuid not null,
  first_at timestamptz not null,
  at timestamptz not null,
  verdict text not null,
  trouble text,
  is_copy boolean not null default false,
  primary key (node_id, life, process, incarnation)
);
comment on column nodes.voice.life is 'The life that goes on as far as headquarters knows: the incarnation, or the one that this one says it stands in place of.';
comment on column nodes.voice.process is 'What one start of the node''s program calls itself; all zeros: an older program, which does not say.';
comment on column nodes.voice.is_copy is 'Another process of the node ran before this one and was heard after it.';
grant select, insert, update, delete on nodes.voice to skypark_app;
