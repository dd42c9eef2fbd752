import { enrolAt } from '../../sync/park/enrol.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import type { KeptAtPark } from '../../modules/nodes/application/kept-apart.ts';
import type { NodesModule } from '../../modules/nodes/module.ts';
import { parkIdentity } from '../park-sync.ts';
import { byOperator } from './by-operator.ts';
import type { Command } from './command.ts';

const NODE = { name: 'NODE', pattern: /^[a-z0-9][a-z0-9-]{0,49}$/ };

/** Segments that are read at once. */
const PAGE = 100;

const WHY: Readonly<Record<string, string>> = {
  park_not_found: 'There is no such park.',
  park_has_node: 'The park has another node: revoke that one first.',
  node_name_taken: 'Another node has that name.',
  node_revoked: 'That node was revoked: give the new one another name.',
  node_not_found: 'There is no such node.',
  node_code_invalid: 'The code is not good: it was used, is too old, or is for another name or park.',
  not_set_back: 'Somebody has said so before.',
  kept_segment_not_found: 'No such segment is kept apart: nodes quarantine shows them.',
  kept_segment_settled: 'It was decided otherwise about it before.',
  kept_segment_awaited: 'All that the node wrote after it waits for it: revoke the node or enrol it again first.',
  sync_refused: 'Headquarters does not believe this node: look at NODE_KEY_FILE.',
};

const FENCED =
  'Headquarters was set back: it sells nothing of days at parks with a node of their own, until `nodes restored` says so.';

const OTHER_PROGRAM = ': it knows other events than headquarters, so one of both is to be upgraded';

const wordsOf = (code: string): string => WHY[code] ?? code;

/** Whether headquarters may lack something that an enrolled node knows. */
const isBehind = ({ node, contact }: Awaited<ReturnType<NodesModule['listNodes']>>[number]): boolean =>
  node.status === 'enrolled' &&
  (contact === null || contact.verdict !== 'ok' || contact.trouble !== null || contact.acceptedSeq < contact.headSeq);

const settling = (word: string, how: 'released' | 'discarded', meaning: string): Command => ({
  words: `nodes quarantine ${word}`,
  operands: [{ name: 'SEGMENT', pattern: /^[0-9a-f-]{36}$/ }, { name: 'REASON' }],
  meaning,
  run: ({ operands: [segmentId = '', reason = ''] }, { say, withApp }) =>
    withApp(async ({ modules: { nodes } }) => {
      const settled = await nodes.settleKept({ segmentId, how, reason }, byOperator());
      if (settled.ok) say(`${segmentId} is ${how}.`);
      else {
        const { refusal } = settled;
        say('why' in refusal ? `It is still not taken: ${refusal.why}.` : wordsOf(refusal.code));
      }
      return settled.ok ? 0 : 1;
    }),
});

/** What operators do with nodes of parks. */
export const nodeCommands: readonly Command[] = [
  {
    words: 'nodes list',
    meaning: 'shows the nodes of parks, how far they are and what was heard of them last',
    run: (_call, { say, withApp }) =>
      withApp(async ({ modules: { nodes } }) => {
        if (await nodes.sellingFence.isUp()) say(FENCED);
        const known = await nodes.listNodes();
        if (known.length === 0) say('No park has a node of its own yet: nodes invite makes a code for one.');
        for (const { node, contact, copies, homeFrom, quarantined, isQuarantineFull } of known) {
          say(`${node.nodeId}  ${node.parkId}  ${node.status}${homeFrom === null ? '' : `, at home from ${homeFrom}`}`);
          if (contact !== null) {
            const backlog = Math.max(0, contact.headSeq - contact.acceptedSeq);
            say(`    heard ${new Date(contact.atMs).toISOString()}: ${contact.trouble ?? contact.verdict}`);
            say(
              `    program ${contact.appVersion}, protocol ${contact.protocol}${contact.knowsSameTypes ? '' : OTHER_PROGRAM}`,
            );
            say(
              `    ${backlog} events to come, ${contact.feedLag} to be read, clock ${contact.clockOffsetMs} ms ahead`,
            );
          }
          for (const { atMs, trouble, verdict } of copies) {
            say(`    beside it, heard ${new Date(atMs).toISOString()}: ${trouble ?? verdict}`);
          }
          const [key, oldKey] = node.keys.filter(({ until }) => until === null);
          if (oldKey !== undefined)
            say(`    signs with key ${key?.keyId ?? ''}; key ${oldKey.keyId} is still good beside it`);
          for (const { subscription, events } of contact?.parked ?? []) {
            say(`    ${events} events parked there by ${subscription}`);
          }
          if (quarantined > 0)
            say(`    ${quarantined} segments wait for a person${isQuarantineFull ? '; no more are kept' : ''}`);
        }
        return 0;
      }),
  },
  {
    words: 'nodes quarantine',
    meaning: 'shows what headquarters did not take from nodes of parks, and why',
    run: (_call, { say, withApp }) =>
      withApp(async ({ modules: { nodes } }) => {
        for (let after: string | null = null; ;) {
          const page: readonly KeptAtPark[] =
            (await nodes.listKeptApart({ showsPark: null, after, limit: PAGE })) ?? [];
          for (const { id, nodeId, incarnation, first, last, types, why, atMs } of page) {
            say(`${id}  ${nodeId}, ${new Date(atMs).toISOString()}: ${why}`);
            say(`    events ${first} to ${last} of ${incarnation}`);
            say(`    ${types.join(', ')}`);
          }
          after = page.at(-1)?.id ?? null;
          if (after === null) return 0;
        }
      }),
  },
  settling('release', 'released', 'takes a segment that was kept apart, if nothing speaks against it any more'),
  settling('discard', 'discarded', 'gives up a segment that was kept apart and that nothing waits for'),
  {
    words: 'nodes invite',
    operands: [NODE, { name: 'PARK' }],
    options: { from: 'DATE' },
    meaning: 'makes a code that enrols the node of a park; from: the day from which on the park is its own home',
    run: ({ operands: [nodeId = '', parkId = ''], options: { from = null } }, { say, withApp }) =>
      withApp(async ({ modules: { nodes } }) => {
        const invited = await nodes.inviteNode({ nodeId, parkId, homeFrom: from }, byOperator());
        say(
          invited.ok
            ? `${invited.value.code} enrols ${nodeId} until ${new Date(invited.value.expiresAtMs).toISOString()}`
            : wordsOf(invited.refusal.code),
        );
        return invited.ok ? 0 : 1;
      }),
  },
  {
    words: 'nodes revoke',
    operands: [NODE],
    meaning: 'takes nothing more from a node, for ever; what headquarters has of it stays',
    run: ({ operands: [nodeId = ''] }, { say, withApp }) =>
      withApp(async ({ modules: { nodes } }) => {
        const revoked = await nodes.keepNodes.revoke(nodeId, byOperator());
        say(revoked.ok ? `${nodeId} is revoked.` : wordsOf(revoked.refusal.code));
        return revoked.ok ? 0 : 1;
      }),
  },
  {
    words: 'nodes restored',
    options: { anyway: null },
    meaning:
      'says that headquarters, which was set back, may sell again for parks with a node of their own, once all of them were heard; anyway: though some were not',
    run: ({ options: { anyway } }, { say, withApp }) =>
      withApp(async ({ modules: { nodes } }) => {
        if (!(await nodes.sellingFence.isUp())) {
          say('Nothing is held back: headquarters was not set back, or somebody has said so before.');
          return 1;
        }
        const unheard = (await nodes.listNodes()).filter(isBehind);
        for (const { node } of unheard) {
          say(
            `${node.nodeId} has not told all it knows: what was sold or granted for ${node.parkId} may be forgotten.`,
          );
        }
        if (unheard.length > 0 && anyway === undefined) {
          say(
            'Nothing was changed. Wait for them (`nodes list`), or add --anyway to answer for what may be sold twice.',
          );
          return 1;
        }
        const lifted = await nodes.sellingFence.lift(byOperator());
        say(lifted.ok ? 'Headquarters sells again for all parks.' : wordsOf(lifted.refusal.code));
        return lifted.ok ? 0 : 1;
      }),
  },
  {
    words: 'enrol',
    options: { code: 'CODE' },
    meaning: 'at the node of a park: makes it known at headquarters by the code that an administrator made there',
    run: ({ options: { code } }, { say, withApp }) =>
      withApp(async (app) => {
        if (code === undefined) {
          say('Name the code: npm run cli -- enrol --code CODE');
          return 2;
        }
        const { incarnation } = await app.replication.head();
        const facts = {
          ...(await parkIdentity(app)),
          code,
          incarnation,
          secret: (bytes: number) => systemIds.secret(bytes),
        };
        const enrolled = await enrolAt(facts);
        if (!enrolled.ok) {
          const { reason } = enrolled.refusal;
          say(WHY[reason] ?? `Headquarters gave no answer that can be believed: ${reason}. Look at SKYPARK_HQ_URL.`);
          return 1;
        }
        await app.modules.nodes.enrolment.keep(enrolled.value);
        say(`Enrolled at ${enrolled.value.nodeId}, whose key is ${enrolled.value.keyId}.`);
        return 0;
      }, true),
  },
];
