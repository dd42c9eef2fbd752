/** ISO 4217 number of KGS, as this API names currencies. */
export const KGS = 417;

const UUID = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** Our key as the bank's name of an order: an ELQR code has room for 32 characters, which a UUID without hyphens fills. */
export const operationOf = (providerKey: string): string => providerKey.replaceAll('-', '');

/** Null when it is none of ours. */
export const keyOfOperation = (operationId: string): string | null =>
  UUID.exec(operationId.replaceAll('-', '').toLowerCase())?.slice(1).join('-') ?? null;
