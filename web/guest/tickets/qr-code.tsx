import encodeQR from 'qr';
import { useMemo } from 'preact/hooks';

/** A quiet zone that every reader is content with. */
const BORDER = 4;

/** The dark modules as one path, row by row. */
function pathOf(rows: readonly (readonly boolean[])[]): string {
  let path = '';
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      let end = x + 1;
      while (row[end] === true) end += 1;
      path += `M${x} ${y}h${end - x}v1h${x - end}z`;
      x = end;
    }
  }
  return path;
}

/** A QR code, drawn here without a network. Dark on white in every theme: readers need it so. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const rows = useMemo(() => encodeQR(text, 'raw', { border: BORDER, ecc: 'medium' }), [text]);
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path d={`M0 0h${rows.length}v${rows.length}H0z`} fill="#fff" />
      <path d={pathOf(rows)} fill="#000" />
    </svg>
  );
}
