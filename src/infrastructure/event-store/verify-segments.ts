import { statement, type Session } from '../postgres/session.ts';

export type SegmentsReport = {
  readonly checked: number;
  /** Segments that say something else than the events of the log, as `incarnation/first seq`; at most six are named. */
  readonly wrong: readonly string[];
};

const text = (link: string): string => `rtrim(translate(encode(${link}, 'base64'), '+/', '-_'), '=')`;

const SEGMENTS = statement(
  'store.verify-segments',
  `select (select count(*) from store.segment) as checked, array(
     select s.incarnation || '/' || s.first_seq
     from store.segment s
     left join store.event l on l.incarnation = s.incarnation and l.seq = s.last_seq
     left join store.event p on p.incarnation = s.incarnation and p.seq = s.first_seq - 1
     where l.link is null or ${text('l.link')} <> s.header ->> 'lastLink'
       or ${text(`coalesce(p.link, sha256('skypark/log/1'))`)} <> s.header ->> 'previousLink'
       or s.header ->> 'incarnation' <> s.incarnation::text
       or (s.header ->> 'first')::bigint <> s.first_seq or (s.header ->> 'last')::bigint <> s.last_seq
     order by s.incarnation, s.first_seq limit 6
   ) as wrong`,
);

/**
 * Whether what authors signed is what the log holds: a signed segment stands for its events by its first and last link, and
 * `verifyChain` checks the links between. The signatures themselves need the keys of nodes; they are checked where a segment
 * comes in.
 */
export async function verifySegments(session: Session): Promise<SegmentsReport> {
  const [report] = await session.rows<SegmentsReport>(SEGMENTS);
  return report ?? { checked: 0, wrong: [] };
}
