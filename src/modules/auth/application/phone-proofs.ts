/** Port: which accounts have shown that their number is theirs. */
export type PhoneProofs = { has(userId: string): Promise<boolean> };
