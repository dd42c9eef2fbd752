import type { ComponentChildren } from 'preact';
import { lookAt, parkInView, parks } from '../session/parks.ts';
import { may, type Role } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';

type Props = {
  /** Who may see it there. */
  readonly roles: readonly Role[];
  readonly children: (parkId: string) => ComponentChildren;
};

/** What is about one park: asks which one while all are in view, and does not show what the reader may not see there. */
export function NeedsPark({ roles, children }: Props) {
  const { needsPark: words } = texts();
  const here = parkInView.value;
  if (here !== null && may(roles, here)) return <>{children(here)}</>;
  const open = parks.value.filter(({ id }) => may(roles, id));
  return (
    <div class="card stack">
      <p>{here === null ? words.choose : words.notHere}</p>
      <div class="row">
        {open.map(({ id, name }) => (
          <button key={id} type="button" class="secondary" onClick={() => lookAt(id)}>
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}
