/** What a node is for: headquarters, or one park, which works on when headquarters cannot be reached. */
export type NodeRole = 'hq' | 'park';

/** On which nodes something is done. */
export type Where = NodeRole | 'everywhere';

/** Whether what is done at `where` is done by a node of this role; nothing said means headquarters alone. */
export const isDoneBy = (role: NodeRole, where: Where = 'hq'): boolean => where === 'everywhere' || where === role;
