import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { plusDays, shownInstant, startOfDay } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { given } from '../api/given.ts';
import { useColleagues } from '../session/colleagues.ts';
import { nameOfPark } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { usePages } from '../../shared/api/use-pages.ts';
import { factsOf, shortId } from './facts.ts';

type Entry = components['schemas']['AuditEntry'];
type NameOf = (userId: string) => string | null;

export type Search = {
  readonly from: string;
  readonly to: string;
  readonly action: string;
  readonly about: string;
  /** Counts the times that the button was pressed: whoever presses it again with the same fields asks anew. */
  readonly turn: number;
};

type Props = { readonly parkId: string | null; readonly search: Search };

const startOf = (day: string): string => (day === '' ? '' : startOfDay(day));

/** What is on record, newest first. */
export function AuditList({ parkId, search: { from, to, action, about, turn } }: Props) {
  const { audit: words, sections } = texts();
  const nameOf = useColleagues(parkId);
  const list = usePages(
    (cursor) => {
      const until = to === '' ? '' : startOf(plusDays(to, 1));
      const asked = given({ park_id: parkId, action, aggregate_id: about, from: startOf(from), to: until, cursor });
      return outcomeOf(api.GET('/api/v1/admin/audit', { params: { query: { limit: 25, ...asked } } }));
    },
    [parkId, from, to, action, about, turn],
  );
  return (
    <PagedTable
      caption={sections.audit}
      of={list}
      keyOf={({ id }) => id}
      empty={words.empty}
      columns={columnsOf(nameOf)}
    />
  );
}

/** Events that have no words yet are shown by their name. */
const actionInWords = (action: string): string =>
  (texts().audit.actions as Readonly<Record<string, string>>)[action] ?? action;

function actorInWords(actor: string, nameOf: NameOf): string {
  if (actor === 'system') return texts().audit.commandLine;
  const [kind = '', id = ''] = actor.split(':');
  if (kind === 'device') return texts().audit.device(shortId(id));
  return nameOf(id) ?? texts().audit.person(shortId(id));
}

function columnsOf(nameOf: NameOf): readonly Column<Entry>[] {
  const { audit: words } = texts();
  return [
    { title: words.when, cell: ({ at }) => shownInstant(at) },
    { title: words.who, cell: ({ actor }) => <span title={actor}>{actorInWords(actor, nameOf)}</span> },
    { title: words.action, cell: ({ action }) => <strong title={action}>{actionInWords(action)}</strong> },
    { title: words.park, cell: ({ park_id: id }) => (id === null ? '–' : nameOfPark(id)) },
    { title: words.details, cell: (entry) => <Details entry={entry} nameOf={nameOf} /> },
  ];
}

function Details({ entry, nameOf }: { readonly entry: Entry; readonly nameOf: NameOf }) {
  const { audit: words, staff } = texts();
  const roles: Readonly<Record<string, string>> = staff.roles;
  const facts = factsOf(entry.details, words.fields, {
    park: nameOfPark,
    person: nameOf,
    role: (role) => roles[role] ?? role,
    sum: money,
    instant: shownInstant,
    yesOrNo: (value) => (value ? words.yes : words.no),
    sealed: words.sealed,
  });
  return (
    <details>
      <summary>{words.more}</summary>
      <dl class="facts">
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{words.about}</dt>
          <dd>
            <code title={entry.aggregate_type}>{entry.aggregate_id}</code>
          </dd>
        </div>
      </dl>
    </details>
  );
}
