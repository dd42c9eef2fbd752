import { signal } from '@preact/signals';
import { common } from '../i18n/common.ts';
import { takeOver, waitingVersion } from '../pwa/register.ts';

type Toast = {
  readonly id: number;
  readonly text: string;
  readonly look: 'good' | 'warn' | 'bad';
  /** Takes back what was done, where it can be. */
  readonly undo?: { readonly label: string; readonly run: () => unknown };
};

const SHOWN_MS = 6_000;
/** What can be taken back stays until everybody has read it and reached the button. */
const SHOWN_WITH_UNDO_MS = 30_000;
const toasts = signal<readonly Toast[]>([]);
let lastId = 0;

const drop = (id: number): void => void (toasts.value = toasts.value.filter((one) => one.id !== id));

/** Says something in passing. What a reader must act on belongs into the page instead. */
export function say(text: string, look: Toast['look'] = 'good', undo?: Toast['undo']): void {
  const id = ++lastId;
  toasts.value = [...toasts.value.slice(-2), { id, text, look, ...(undo === undefined ? {} : { undo }) }];
  setTimeout(() => drop(id), undo === undefined ? SHOWN_MS : SHOWN_WITH_UNDO_MS);
}

/** Where they appear: once an app. Also says when a newer version of the app waits. */
export const Toasts = () => (
  <div class="toasts" role="status">
    {waitingVersion.value !== null && (
      <div class="notice">
        <div class="words row spread">
          <span>{common().newVersion}</span>
          <button type="button" onClick={takeOver}>
            {common().useNewVersion}
          </button>
        </div>
      </div>
    )}
    {toasts.value.map(({ id, text, look, undo }) => (
      <div key={id} class={`notice ${look}`}>
        <div class="words row spread">
          <span>{text}</span>
          {undo !== undefined && (
            <button
              type="button"
              class="secondary"
              onClick={() => {
                drop(id);
                void undo.run();
              }}
            >
              {undo.label}
            </button>
          )}
        </div>
      </div>
    ))}
  </div>
);
