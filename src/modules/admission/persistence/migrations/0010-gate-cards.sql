-- At the node of a park: whom gates look for on a ticket, sealed under a key of the card's own. Null: the card is to be kept no more.
create table admission.gate_cards (
  ticket_id uuid primary key,
  sealed text
);
grant select, insert, update, delete on admission.gate_cards to skypark_app;
