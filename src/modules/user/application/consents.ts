/** What was agreed to last; a version of null says that it was withdrawn. */
export type GivenConsent = {
  readonly document: string;
  readonly version: string | null;
  readonly changedAtMs: number;
};

/** Port: the consents of an account, one a document. */
export type Consents = { of(userId: string): Promise<readonly GivenConsent[]> };

/** A document that people are asked to agree to, in the version now shown. */
export type ConsentDocument = {
  readonly document: string;
  readonly version: string;
  /** Registering agrees to it, and an account cannot be without it. */
  readonly required: boolean;
};

/** A document with what the person said about it. */
export type ConsentView = ConsentDocument & {
  /** The version that was agreed to; null when none was, or it was withdrawn. */
  readonly givenVersion: string | null;
  /** When that was said; null when nothing ever was. */
  readonly changedAtMs: number | null;
};

export type ShowConsents = (userId: string) => Promise<readonly ConsentView[]>;

type Dependencies = { readonly consents: Consents; readonly documents: readonly ConsentDocument[] };

export function createShowConsents({ consents, documents }: Dependencies): ShowConsents {
  return async (userId) => {
    const said = await consents.of(userId);
    return documents.map((document) => {
      const last = said.find((consent) => consent.document === document.document);
      return { ...document, givenVersion: last?.version ?? null, changedAtMs: last?.changedAtMs ?? null };
    });
  };
}
