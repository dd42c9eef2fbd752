import type { Clock } from '../../../kernel/time.ts';
import type { CodeSigner, CodeVerifier } from '../contract.ts';
import { CERTIFICATE_MS, parseCertificate, writeCertificate } from '../domain/device-words.ts';

/** A device as far as its key goes. */
export type KeyedDevice = { readonly deviceId: string; readonly parkId: string; readonly publicKey: string };

export type DeviceCertificates = {
  /** Good from now on for some days. The caller knows that the device is not revoked. */
  issue(device: KeyedDevice): { readonly certificate: string; readonly notAfterMs: number };
  /** Whether it is one of ours for this very device and key, and good now. */
  isGood(certificate: string, device: KeyedDevice): Promise<boolean>;
};

type Dependencies = { readonly signer: CodeSigner; readonly verifier: CodeVerifier; readonly clock: Clock };

/** Certificates are signed by the key that signs admission codes: it is the one that gates check everything with. */
export const createDeviceCertificates = ({ signer, verifier, clock }: Dependencies): DeviceCertificates => ({
  issue({ deviceId, parkId, publicKey: key }) {
    const notBeforeMs = clock.now();
    const notAfterMs = notBeforeMs + CERTIFICATE_MS;
    return { certificate: writeCertificate({ deviceId, parkId, key, notBeforeMs, notAfterMs }, signer), notAfterMs };
  },
  async isGood(certificate, { deviceId, parkId, publicKey }) {
    const parsed = parseCertificate(certificate);
    if (parsed === null) return false;
    const { claims, keyId, signed, signature } = parsed;
    const isTheirs = claims.deviceId === deviceId && claims.parkId === parkId && claims.key === publicKey;
    if (!isTheirs || clock.now() > claims.notAfterMs) return false;
    return verifier.verify(keyId, signed, signature, parkId);
  },
});
