import { Sun } from 'lucide';
import { useEffect } from 'preact/hooks';
import { today } from '../../shared/format/day.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { texts } from '../texts/texts.ts';
import { QrCode } from '../../shared/ui/qr-code.tsx';
import type { Ticket } from './tickets.ts';

/** Keeps the screen from going dark while a code is shown, where browsers can. */
function useLitScreen(): void {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return undefined;
    let held: WakeLockSentinel | null = null;
    let isOver = false;
    const hold = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      // Refused when the battery is low: the code is shown all the same.
      held = await navigator.wakeLock.request('screen').catch(() => null);
      if (isOver) await held?.release();
    };
    const again = (): void => void hold();
    void hold();
    document.addEventListener('visibilitychange', again);
    return () => {
      isOver = true;
      document.removeEventListener('visibilitychange', again);
      void held?.release();
    };
  }, []);
}

/** The code that lets the party in, as large as the screen allows. */
export function Admission({ ticket, code }: { readonly ticket: Ticket; readonly code: string }) {
  useLitScreen();
  const words = texts().ticket;
  return (
    <section class="card admission">
      <h2>{ticket.visit_date === today() ? words.showNow : words.showThen}</h2>
      <QrCode class="qr" text={code} label={words.qr} />
      <p class="big">
        {ticket.remaining === ticket.people
          ? texts().people(ticket.people)
          : words.remaining(ticket.remaining, ticket.people)}
      </p>
      <p class="muted">
        <Icon of={Sun} /> {words.bright}
      </p>
      <p class="muted">{words.worksOffline}</p>
    </section>
  );
}
