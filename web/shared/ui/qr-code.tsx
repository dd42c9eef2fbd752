import { encodeQR } from 'qr';
import { useMemo } from 'preact/hooks';

/** Light modules around the symbol that readers count on (ISO/IEC 18004, 6.3.8). */
const QUIET_MODULES = 4;

/** One path over all dark modules: a square for each run of a row. */
function pathOf(modules: readonly (readonly boolean[])[]): string {
  return modules
    .flatMap((row, y) =>
      row.flatMap((isDark, x) => {
        if (!isDark || row[x - 1] === true) return [];
        const end = row.indexOf(false, x);
        const width = (end === -1 ? row.length : end) - x;
        return `M${x} ${y}h${width}v1h-${width}z`;
      }),
    )
    .join('');
}

type Props = { readonly text: string; readonly label: string; readonly class?: string };

/** A QR code of error correction level M, black on white in every theme, drawn here without a network. */
export function QrCode({ text, label, class: look }: Props) {
  const modules = useMemo(() => encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_MODULES }), [text]);
  const path = useMemo(() => pathOf(modules), [modules]);
  return (
    <svg
      class={look}
      viewBox={`0 0 ${modules.length} ${modules.length}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={label}
      data-code={text}
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
