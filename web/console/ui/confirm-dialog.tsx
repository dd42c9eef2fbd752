import type { ComponentChildren } from 'preact';
import type { Problem } from '../../shared/api/outcome.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Form } from '../../shared/ui/form.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { texts } from '../texts/texts.ts';
import { TextArea } from './text-area.tsx';

type Props = {
  readonly title: string;
  /** What will happen, in words. */
  readonly children: ComponentChildren;
  /** What the button does: a verb, not `yes`. */
  readonly submit: string;
  /** Asks why; what is written goes on record. */
  readonly asksReason?: boolean;
  /** Most characters of the reason. */
  readonly mostOfReason?: number;
  /** Whether something is gone afterwards. */
  readonly isDanger?: boolean;
  readonly onConfirm: (reason: string, fields: FormData) => Promise<Problem | null>;
  readonly onClose: () => unknown;
};

/** Something that cannot be taken back, or is on record: said in words before it is done. */
export function ConfirmDialog(props: Props) {
  const { title, children, submit, asksReason = false, mostOfReason = 500, isDanger = false, onConfirm } = props;
  const close = useClosing(props.onClose);
  return (
    <Dialog title={title} onClose={close}>
      <Form
        submit={submit}
        isDanger={isDanger}
        onSubmit={async (fields) => {
          const problem = await onConfirm(typed(fields, 'why'), fields);
          if (problem === null) close();
          return problem;
        }}
      >
        {children}
        {asksReason && (
          <TextArea
            label={texts().confirm.reason}
            name="why"
            hint={texts().confirm.reasonHint}
            required
            maxLength={mostOfReason}
          />
        )}
      </Form>
    </Dialog>
  );
}
