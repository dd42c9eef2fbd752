import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Voices } from '../application/ports.ts';
import type { Voice } from '../contract.ts';

/** Whoever was not heard for so long is not shown any more. */
const KEPT = '30 days';

/** Of one node so many processes are kept, those that were heard last: a node is restarted seldom, whatever its key is used for. */
const MOST = 200;

const NOTE = statement(
  'nodes.note-voice',
  `with forgotten as (
     delete from nodes.voice v using (
       select life, process, incarnation, at, row_number() over (order by at desc) as newest from nodes.voice
       where node_id = $1 and (life, process, incarnation) <> ($2::uuid, $3::uuid, $4::uuid)
     ) other
     where v.node_id = $1 and (v.life, v.process, v.incarnation) = (other.life, other.process, other.incarnation)
       and (other.at < store.from_ms($5) - interval '${KEPT}' or other.newest >= ${MOST})
   )
   insert into nodes.voice (node_id, life, process, incarnation, first_at, at, verdict, trouble)
   values ($1, $2, $3, $4, store.from_ms($5), store.from_ms($5), $6, $7)
   on conflict (node_id, life, process, incarnation) do update
     set at = excluded.at, verdict = excluded.verdict, trouble = excluded.trouble`,
);

const COLUMNS = `node_id as "nodeId", life, process, incarnation, store.to_ms(first_at) as "firstAtMs", store.to_ms(at) as "atMs", verdict,
  trouble, is_copy as "isCopy"`;

const OF = statement('nodes.voices', `select ${COLUMNS} from nodes.voice where node_id = $1 and life = $2`);

const MARK = statement(
  'nodes.mark-copies',
  'update nodes.voice set is_copy = true where node_id = $1 and life = $2 and process = any($3)',
);

const STOPPED = statement(
  'nodes.stopped-voices',
  `select ${COLUMNS} from (select distinct on (node_id, process) * from nodes.voice order by node_id, process, at desc, first_at desc) last
   where is_copy or verdict in ('fork', 'closed', 'unproven') order by node_id, at desc, process`,
);

/** Which processes of each node were heard. */
export const createVoices = (database: Database): Voices => ({
  async note({ nodeId, life, process, incarnation, atMs, verdict, trouble }) {
    await database.rows(NOTE, [nodeId, life, process, incarnation, atMs, verdict, trouble]);
  },
  of: (nodeId, life) => database.rows<Voice>(OF, [nodeId, life]),
  async markCopies(nodeId, life, processes) {
    await database.rows(MARK, [nodeId, life, processes]);
  },
  stopped: () => database.rows<Voice>(STOPPED, []),
});
