type Props<Key extends string> = {
  readonly label: string;
  readonly tabs: readonly { readonly key: Key; readonly label: string }[];
  readonly chosen: Key;
  readonly onChoose: (key: Key) => unknown;
};

/** A choice between a few views of one page. */
export const Tabs = <Key extends string>({ label, tabs, chosen, onChoose }: Props<Key>) => (
  <fieldset class="tabs">
    <legend class="visually-hidden">{label}</legend>
    {tabs.map(({ key, label: name }) => (
      <button
        key={key}
        type="button"
        class={key === chosen ? '' : 'secondary'}
        aria-pressed={key === chosen}
        onClick={() => void onChoose(key)}
      >
        {name}
      </button>
    ))}
  </fieldset>
);
