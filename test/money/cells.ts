import type { Ending } from '../../tools/demo/money/books.ts';
import { FAULTS, type Fault, type FaultAt, type Moment } from '../../src/infrastructure/provider-sandbox/faults.ts';

export type Method = 'elqr' | 'elcard';
/** What we talk to a provider by. */
export type Wire = 'finik-v1' | 'bakai-v1' | 'elcard';
export type Act = 'pay' | 'decline' | 'expire';

/** One way in which something goes wrong, and how it must end all the same. */
export type Cell = {
  readonly title: string;
  readonly wire: Wire;
  readonly faults: readonly Fault[];
  /** What the payer does, one after another; nothing: the order is left alone. */
  readonly acts: readonly Act[];
  /** Whether we ask how the order is doing before the payer does anything. */
  readonly isAskedEarly: boolean;
  /** What happens before the payer does the last thing: others buy the last place, or the ticket is paid by another method. */
  readonly meanwhile: 'day_is_full' | 'paid_otherwise' | null;
  /** Whether the guest cancels the ticket once it is paid. */
  readonly isCancelled: boolean;
  /** `left_to_statement`: where nobody can be asked, only the provider's statement tells. */
  readonly ending: Ending | 'left_to_statement';
};

/** More than one call repeats by itself, so that a later one has to mend it. */
const BURST = 3;
const always = (moment: Moment, kind: string): Fault => ({ moment, kind, times: 1_000_000 });
const burst = (moment: Moment, kind: string): Fault => ({ moment, kind, times: BURST });
/** No message comes, so that only a question finds out. */
const SILENT = always('webhook', 'lost' satisfies FaultAt<'webhook'>);

type Sketch = Partial<Cell> & Pick<Cell, 'wire' | 'faults' | 'ending'>;

function cell(what: string, sketch: Sketch): Cell {
  const { wire, acts = ['pay'], ending } = sketch;
  const doing = acts.length === 0 ? 'does nothing' : acts.map((act) => `${act}s`).join(', then ');
  return {
    isAskedEarly: false,
    isCancelled: false,
    meanwhile: null,
    ...sketch,
    acts,
    title: `${wire}: ${what}; the payer ${doing}: ${ending}`,
  };
}

/** The answer of the create call is lost, late, or another than it should be. */
const atCreate = (wire: Wire): readonly Cell[] =>
  FAULTS.create.flatMap((kind) => {
    const faults = [burst('create', kind)];
    const what = `${BURST} × ${kind} at create`;
    return [cell(what, { wire, faults, ending: 'honoured' }), cell(what, { wire, faults, acts: [], ending: 'failed' })];
  });

/** Nobody tells us, and the questions go wrong, before the payment and after it. */
const atStatus = (wire: Wire): readonly Cell[] =>
  FAULTS.status.flatMap((kind) => {
    const faults = [SILENT, burst('status', kind)];
    const early = { wire, faults, isAskedEarly: true } as const;
    return [
      cell(`${BURST} × ${kind} at the questions before the payment`, { ...early, ending: 'honoured' }),
      cell(`${BURST} × ${kind} at the questions after the payment`, { wire, faults, ending: 'honoured' }),
      cell(`${BURST} × ${kind} at the questions until the end`, { ...early, acts: [], ending: 'failed' }),
    ];
  });

/** The messages about it go wrong. ElCard sends none. */
const atWebhook = (): readonly Cell[] =>
  FAULTS.webhook.flatMap((kind) => {
    const once = { wire: 'finik-v1', faults: [{ moment: 'webhook', kind, times: 1 }] } as const;
    return [
      cell(`webhook ${kind}`, { ...once, ending: 'honoured' }),
      cell(`webhook ${kind}`, { ...once, acts: ['decline'], ending: 'failed' }),
      cell(`webhook ${kind}, then cancelled`, { ...once, isCancelled: true, ending: 'refunded' }),
    ];
  });

/** By a message, and where there are messages also without one. */
const waysToHear = (wire: Wire): readonly (readonly Fault[])[] => (wire === 'elcard' ? [[]] : [[], [SILENT]]);

/** The payer pays another sum, or when it is too late. */
const atPayment = (wire: Wire): readonly Cell[] =>
  waysToHear(wire).flatMap((more) => {
    const how = wire === 'elcard' || more.length > 0 ? 'found out' : 'told';
    const late = { wire, faults: [...more, always('payment', 'after_end')] } as const;
    return [
      cell(`half of the amount is paid, ${how}`, {
        wire,
        faults: [...more, always('payment', 'other_amount')],
        ending: 'refunded',
      }),
      cell(`paid after the end, ${how}`, { ...late, acts: ['decline', 'pay'], ending: 'honoured' }),
      cell(`paid after the end, ${how}`, { ...late, acts: ['expire', 'pay'], ending: 'honoured' }),
      cell(`paid after the end, ${how}, then cancelled`, {
        ...late,
        acts: ['expire', 'pay'],
        isCancelled: true,
        ending: 'refunded',
      }),
    ];
  });

/** Money goes back, and the way there breaks. ELQR gives none back: a person does. */
const atRefund = (wire: Wire): readonly Cell[] => {
  const back = { wire, isCancelled: true, ending: 'refunded' } as const;
  if (wire === 'finik-v1') return [cell('cancelled', { ...back, faults: [] })];
  return FAULTS.refund.flatMap((kind) => [
    cell(`${BURST} × ${kind} at the refund`, { ...back, faults: [burst('refund', kind)] }),
    cell(`the refund's answer is lost, then ${BURST} × ${kind} at the questions about it`, {
      ...back,
      faults: [{ moment: 'refund', kind: 'answer_lost', times: 1 }, burst('status', kind)],
    }),
  ]);
};

/** The payer pays in the end, when the place is gone, or is paid for. */
const tooLate = (wire: Wire): readonly Cell[] =>
  waysToHear(wire).flatMap((more) => {
    const how = wire === 'elcard' || more.length > 0 ? 'found out' : 'told';
    const late = { wire, faults: [...more, always('payment', 'after_end')] } as const;
    return [
      cell(`paid when the day is full, ${how}`, {
        ...late,
        acts: ['expire', 'pay'],
        meanwhile: 'day_is_full',
        ending: 'refunded',
      }),
      cell(`paid after another payment, ${how}`, {
        ...late,
        acts: ['decline', 'pay'],
        meanwhile: 'paid_otherwise',
        ending: 'honoured',
      }),
    ];
  });

/** This one cannot be asked, and its messages are not signed. */
const BAKAI: readonly Cell[] = (() => {
  const wire = 'bakai-v1';
  const untold: ReadonlySet<string> = new Set<FaultAt<'webhook'>>(['lost']);
  const late = { wire, faults: [always('payment', 'after_end')] } as const;
  return [
    ...FAULTS.create.flatMap((kind) => {
      const faults = [burst('create', kind)];
      const what = `${BURST} × ${kind} at create`;
      return [
        cell(what, { wire, faults, ending: 'honoured' }),
        cell(what, { wire, faults, acts: [], ending: 'left_to_statement' }),
      ];
    }),
    ...FAULTS.webhook.map((kind) => {
      const faults = [{ moment: 'webhook', kind, times: 1 }] as const;
      return cell(`webhook ${kind}`, { wire, faults, ending: untold.has(kind) ? 'left_to_statement' : 'honoured' });
    }),
    cell('half of the amount is paid', {
      wire,
      faults: [always('payment', 'other_amount')],
      ending: 'left_to_statement',
    }),
    cell('paid after the end', { ...late, acts: ['decline', 'pay'], ending: 'honoured' }),
    cell('paid after the end', { ...late, acts: ['expire', 'pay'], ending: 'honoured' }),
  ];
})();

/** Every moment with every fault that there is at it, by every provider that has that moment. */
export const CELLS: readonly Cell[] = [
  ...(['finik-v1', 'elcard'] as const).flatMap((wire) => [
    ...atCreate(wire),
    ...atStatus(wire),
    ...atPayment(wire),
    ...atRefund(wire),
    ...tooLate(wire),
  ]),
  ...atWebhook(),
  ...BAKAI,
];

/** The fault that a cell is about. */
const subjectOf = ({ faults, meanwhile }: Cell): string => {
  const subject = faults.find((fault) => fault !== SILENT);
  return meanwhile ?? `${subject?.moment} ${subject?.kind}`;
};

/** Of every fault at every moment one cell, by the providers in turn: what is played at every change. */
export const CHOSEN: readonly Cell[] = [...new Set(CELLS.map(subjectOf))].flatMap((subject, turn) => {
  const about = CELLS.filter((one) => subjectOf(one) === subject);
  const wires = [...new Set(about.map(({ wire }) => wire))];
  return about.find(({ wire }) => wire === wires[turn % wires.length]) ?? [];
});
