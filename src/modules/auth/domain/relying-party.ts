/** Names of this machine that a browser takes for no address of a site. */
const THIS_MACHINE = ['127.0.0.1', '[::1]'];

/**
 * What passkeys of an installation are bound to: the origin of its public address and the name in it. Browsers bind none to an
 * IP address, so this machine is called `localhost`.
 */
export function relyingPartyOf(publicUrl: string): { readonly origin: string; readonly rpId: string } {
  const url = new URL(publicUrl);
  if (THIS_MACHINE.includes(url.hostname)) url.hostname = 'localhost';
  return { origin: url.origin, rpId: url.hostname };
}
