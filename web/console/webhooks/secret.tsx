import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { copyText } from '../ui/copy-text.ts';
import { texts } from '../texts/texts.ts';

type Props = { readonly secret: string; readonly onClose: () => unknown };

/** What signs the messages; it is shown this once. */
export function Secret({ secret, onClose }: Props) {
  const { webhooks: words, nodes } = texts();
  return (
    <Dialog title={words.secret} onClose={onClose}>
      <div class="stack" role="status">
        <p>{words.secretLead}</p>
        <p>
          <code>{secret}</code>
        </p>
        <BusyButton class="secondary" onPress={() => copyText(secret)}>
          {nodes.copy}
        </BusyButton>
      </div>
    </Dialog>
  );
}
