import { shownTime } from '../../shared/format/day.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { texts } from '../texts/texts.ts';
import { copyText } from '../ui/copy-text.ts';

export type Code = { readonly code: string; readonly expires_at: string };

/** A code that is shown once, to be typed elsewhere. */
export function OneTimeCode({
  code: { code, expires_at: until },
  lead,
}: {
  readonly code: Code;
  readonly lead: string;
}) {
  const { nodes: words } = texts();
  return (
    <div class="stack" role="status">
      <p>{lead}</p>
      <p class="one-time-code">{code}</p>
      <p class="muted">{words.until(shownTime(until))}</p>
      <BusyButton class="secondary" onPress={() => copyText(code)}>
        {words.copy}
      </BusyButton>
    </div>
  );
}
