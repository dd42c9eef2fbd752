import { CircleAlert, CircleCheckBig, CircleX } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { shownTime } from '../../shared/format/day.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import type { Passage } from '../device/passage.ts';
import { texts } from '../texts/texts.ts';

const ICONS = { green: CircleCheckBig, amber: CircleAlert, red: CircleX } as const;

type Props = {
  readonly passage: Passage;
  /** What else may be done about a refusal. */
  readonly children?: ComponentChildren;
  readonly onNext: () => unknown;
};

/** The answer, on the whole screen: told by colour, drawing, words, sound and vibration. */
export function Verdict({ passage, children, onNext }: Props) {
  const { light, reason, direction, people, remaining, ticket, firstAdmitted, isAlone, mark } = passage;
  const words = texts().scan;
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => next.current?.focus(), [passage]);
  const names = ticket?.children.map(({ first_name: name, age_band: band }) =>
    name === null ? band : `${name} (${band})`,
  );
  return (
    <section class={`verdict ${light}`} role="alert" data-reason={reason}>
      <Icon of={ICONS[light]} />
      <h2>{words.reasons[reason]}</h2>
      {people > 0 && <p class="how-many">{direction === 'in' ? words.passIn(people) : words.passOut(people)}</p>}
      {remaining > 0 && <p>{words.left(remaining)}</p>}
      {firstAdmitted !== null && <p>{words.firstIn(shownTime(firstAdmitted.at), firstAdmitted.gate)}</p>}
      {names !== undefined && names.length > 0 && <p class="names">{names.join(', ')}</p>}
      {mark !== null && <p>{words.marks[mark]}</p>}
      {light === 'red' && words.advice[reason] !== undefined && <p>{words.advice[reason]}</p>}
      {isAlone && <small>{words.alone}</small>}
      {children}
      <button type="button" ref={next} onClick={() => void onNext()}>
        {words.again}
      </button>
    </section>
  );
}
