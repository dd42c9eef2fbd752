import { DEFAULT_SIZE_PX, layOutQr } from './qr-layout.ts';

/** Each run of dark modules in a row as one rectangle of a path. */
function darkRuns(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (row[x] !== true) continue;
    const start = x;
    while (row[x + 1] === true) x += 1;
    const width = x - start + 1;
    path += `M${start} ${y}h${width}v1h-${width}z`;
  }
  return path;
}

/**
 * A QR code as an SVG image of `sizePx` × `sizePx`, in pixels of its own at any magnification.
 * @throws RangeError as `layOutQr` does.
 */
export function qrSvg(text: string, sizePx = DEFAULT_SIZE_PX): string {
  const { modules, modulePx, offsetPx } = layOutQr(text, sizePx);
  const path = modules.map(darkRuns).join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sizePx}" height="${sizePx}" viewBox="0 0 ${sizePx} ${sizePx}"` +
    ` shape-rendering="crispEdges"><rect width="${sizePx}" height="${sizePx}" fill="#fff"/>` +
    `<path transform="translate(${offsetPx} ${offsetPx}) scale(${modulePx})" d="${path}"/></svg>`
  );
}
