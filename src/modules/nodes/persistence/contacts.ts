import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Contacts, Enrolment } from '../application/ports.ts';
import type { Contact, KnownHeadquarters } from '../contract.ts';

const NOTE = statement(
  'nodes.note-contact',
  `insert into nodes.contact (node_id, at, verdict, trouble, app_version, protocol, incarnation, head_seq, accepted_seq, feed_lag,
     clock_offset_ms, parked, knows_same_types)
   values ($1, store.from_ms($2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
   on conflict (node_id) do update set at = excluded.at, verdict = excluded.verdict, trouble = excluded.trouble,
     app_version = excluded.app_version, protocol = excluded.protocol, incarnation = excluded.incarnation,
     head_seq = excluded.head_seq, accepted_seq = excluded.accepted_seq, feed_lag = excluded.feed_lag,
     clock_offset_ms = excluded.clock_offset_ms, parked = excluded.parked, knows_same_types = excluded.knows_same_types`,
);
const READ = `select node_id as "nodeId", store.to_ms(at) as "atMs", verdict, trouble, app_version as "appVersion", protocol, incarnation,
     head_seq as "headSeq", accepted_seq as "acceptedSeq", feed_lag as "feedLag", clock_offset_ms as "clockOffsetMs",
     parked, knows_same_types as "knowsSameTypes"
   from nodes.contact`;
const ALL = statement('nodes.contacts', `${READ} order by node_id`);
const ONE = statement('nodes.contact', `${READ} where node_id = $1`);

const DOUBT = statement('nodes.doubt-contacts', `update nodes.contact set verdict = 'unknown', trouble = $1`);

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
      JSON.stringify(contact.parked),
      contact.knowsSameTypes,
    ]);
  },
  all: () => database.rows<Contact>(ALL, []),
  of: async (nodeId) => (await database.rows<Contact>(ONE, [nodeId]))[0] ?? null,
  async doubt(why) {
    await database.rows(DOUBT, [why]);
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
