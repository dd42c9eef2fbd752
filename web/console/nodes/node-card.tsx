import { shownInstant } from '../../shared/format/day.ts';
import { nameOfPark } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { NodeBadge } from '../today/node-badge.tsx';
import type { Node } from './node-list.tsx';

const MS_A_SECOND = 1_000;

/** One node: whether it is well, what is still to come of it, and what a person has to look at. */
export function NodeCard({ node, onRevoke }: { readonly node: Node; readonly onRevoke: (() => unknown) | null }) {
  const { nodes: words } = texts();
  const { id, park_id: parkId, status, contact, copies, quarantined } = node;
  return (
    <section class="card stack node" aria-label={id}>
      <div class="row spread">
        <h2>{nameOfPark(parkId)}</h2>
        {status === 'revoked' ? <span class="badge bad">{words.isRevoked}</span> : <NodeBadge node={node} />}
      </div>
      <p>
        <code>{id}</code>
      </p>
      {contact !== null && (
        <dl class="facts">
          <div>
            <dt>{words.heard}</dt>
            <dd>{shownInstant(contact.at)}</dd>
          </div>
          <div>
            <dt>{words.backlog}</dt>
            <dd>{words.events(contact.backlog)}</dd>
          </div>
          <div>
            <dt>{words.clock}</dt>
            <dd>{words.seconds(Math.round(contact.clock_offset_ms / MS_A_SECOND))}</dd>
          </div>
          <div>
            <dt>{words.version}</dt>
            <dd>
              {contact.app_version}
              {contact.knows_same_events ? '' : `, ${words.otherVersion}`}
            </dd>
          </div>
        </dl>
      )}
      {(contact?.trouble ?? null) !== null && <p class="notice bad">{contact?.trouble}</p>}
      {contact?.parked.map(({ subscription, events }) => (
        <p key={subscription} class="notice warn">
          {words.parked(events)} <code>{subscription}</code>
        </p>
      ))}
      {copies.length > 0 && <p class="notice bad">{words.copies}</p>}
      {quarantined > 0 && <p class="notice warn">{words.quarantined(quarantined)}</p>}
      {onRevoke !== null && status !== 'revoked' && (
        <button type="button" class="outline danger" onClick={() => void onRevoke()}>
          {words.revoke}
        </button>
      )}
    </section>
  );
}
