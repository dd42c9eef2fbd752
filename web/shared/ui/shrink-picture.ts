const QUALITY = 0.85;

/**
 * A picture small enough for a slow network: photos of phones are larger than the node takes.
 * @param longestSidePx of what comes out
 * @returns the picture as it was where the browser cannot read it; then the node says what is wrong
 */
export async function shrinkPicture(file: File, longestSidePx: number): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture === null) return file;
  const scale = Math.min(1, longestSidePx / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob((drawn) => resolve(drawn ?? file), 'image/jpeg', QUALITY));
}
