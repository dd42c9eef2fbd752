/**
 * A picture as the body of a request: the file itself. The API document can only say that it is a string of bytes, which is
 * why it is called one here.
 */
export const uploadOf = (picture: Blob) => ({
  body: picture as unknown as string,
  bodySerializer: (body: unknown) => body as BodyInit,
  headers: { 'content-type': picture.type },
});
