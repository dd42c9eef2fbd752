import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Contacts, Enrolment } from '../application/ports.ts';
import type { Contact, KnownHeadquarters, Voice } from '../contract.ts';

/** Whoever was not heard for so long is not shown any more. */
const KEPT = '30 days';

const NOTE = statement(
  'nodes.note-contact',
  `with forgotten as (
     delete from nodes.contact where node_id = $1 and process <> $12 and at < store.from_ms($2) - interval '${KEPT}'
   )
   insert into nodes.contact as c (node_id, at, verdict, trouble, app_version, protocol, incarnation, head_seq, accepted_seq,
     feed_lag, clock_offset_ms, process, follows, first_at)
   values ($1, store.from_ms($2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, store.from_ms($2))
   on conflict (node_id, incarnation, process) do update set at = excluded.at, verdict = excluded.verdict,
     trouble = excluded.trouble, app_version = excluded.app_version, protocol = excluded.protocol, head_seq = excluded.head_seq,
     accepted_seq = excluded.accepted_seq, feed_lag = excluded.feed_lag, clock_offset_ms = excluded.clock_offset_ms,
     follows = excluded.follows, is_copy = c.is_copy and c.follows = excluded.follows`,
);
const HEARD = statement(
  'nodes.heard',
  `select node_id as "nodeId", store.to_ms(at) as "atMs", verdict, trouble, app_version as "appVersion", protocol, incarnation,
     head_seq as "headSeq", accepted_seq as "acceptedSeq", feed_lag as "feedLag", clock_offset_ms as "clockOffsetMs", process, follows,
     is_copy as "isCopy"
   from nodes.contact order by node_id, at desc, incarnation, process`,
);
const VOICES = statement(
  'nodes.voices',
  `select incarnation, process, store.to_ms(first_at) as "firstAtMs", store.to_ms(at) as "atMs", is_copy as "isCopy"
   from nodes.contact where node_id = $1 and follows = $2`,
);
const MARK = statement(
  'nodes.mark-copies',
  'update nodes.contact set is_copy = true where node_id = $1 and follows = $2 and process = any($3)',
);

/** What nodes told when they were heard last. */
export const createContacts = (database: Database): Contacts => ({
  async note(contact) {
    await database.rows(NOTE, [
      contact.nodeId,
      contact.atMs,
      contact.verdict,
      contact.trouble,
      contact.appVersion,
      contact.protocol,
      contact.incarnation,
      contact.headSeq,
      contact.acceptedSeq,
      contact.feedLag,
      contact.clockOffsetMs,
      contact.process,
      contact.follows,
    ]);
  },
  all: () => database.rows<Contact & Pick<Voice, 'isCopy'>>(HEARD, []),
  voices: (nodeId, life) => database.rows<Voice>(VOICES, [nodeId, life]),
  async markCopies(nodeId, life, processes) {
    await database.rows(MARK, [nodeId, life, processes]);
  },
});

const KEEP = statement(
  'nodes.keep-enrolment',
  `insert into nodes.enrolment (hq_node_id, hq_key_id, hq_public_key, certificate) values ($1, $2, $3, $4)
   on conflict (only_one) do update set hq_node_id = excluded.hq_node_id, hq_key_id = excluded.hq_key_id,
     hq_public_key = excluded.hq_public_key, certificate = excluded.certificate`,
);
const FIND = statement(
  'nodes.enrolment',
  `select hq_node_id as "nodeId", hq_key_id as "keyId", hq_public_key as "publicKey", certificate from nodes.enrolment`,
);

/** Where this park node is enrolled. */
export const createEnrolment = (database: Database): Enrolment => ({
  find: async () => (await database.rows<KnownHeadquarters>(FIND, []))[0] ?? null,
  async keep({ nodeId, keyId, publicKey, certificate }) {
    await database.rows(KEEP, [nodeId, keyId, publicKey, certificate]);
  },
});
